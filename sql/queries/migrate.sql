-- name: lock
-- One migration at a time; freed when the session ends.
SELECT pg_advisory_lock(7140406)::text;

-- name: act_as_owner
-- What is made from here on belongs to the owner.
SELECT set_config('role', 'geoservice_owner', true);

-- name: prepare
-- The record of what was applied.
CREATE TABLE IF NOT EXISTS core.migration (
  number     integer PRIMARY KEY,
  name       text NOT NULL,
  sha256     text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: prepare_views
-- What the views of this database were made of.
CREATE TABLE IF NOT EXISTS core.view_source (
  is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
  sha256 text NOT NULL
);

-- name: views_made_of
-- The digest of the views and grants in place.
SELECT sha256 FROM core.view_source;

-- name: record_views
-- The views and grants were made anew.
INSERT INTO core.view_source (sha256) VALUES (%(sha256)s)
    ON CONFLICT (is_one) DO UPDATE SET sha256 = EXCLUDED.sha256;

-- name: applied
-- What this database has, in order.
SELECT number, name, sha256 FROM core.migration ORDER BY number;

-- name: record
-- A migration was applied.
INSERT INTO core.migration (number, name, sha256) VALUES (%(number)s, %(name)s, %(sha256)s);

-- name: drop_views
-- Every view of `published`, whatever its version.
DO $$
DECLARE
  view_name regclass;
BEGIN
  FOR view_name IN SELECT oid::regclass FROM pg_class
                    WHERE relnamespace = 'published'::regnamespace AND relkind = 'v' LOOP
    EXECUTE format('DROP VIEW IF EXISTS %s CASCADE', view_name);
  END LOOP;
END $$;

-- name: watch_published
-- Every table below a published view tells when it changes.
SELECT core.watch_published()::text;
