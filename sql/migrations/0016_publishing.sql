-- Publication by itself: what is published where and how often, and what came of it.

-- The password of a target is no part of this: it lies in a file of the state folder, which
-- `secret_name` names, or where libpq finds it by itself (a service, ~/.pgpass).
CREATE TABLE core.publish_job (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,47}$'),
  target      text NOT NULL CHECK (target <> ''),
  schema_name text,
  layers      text[] CHECK (cardinality(layers) > 0),        -- NULL: all
  format      text,
  crs         text,
  encoding    text NOT NULL DEFAULT 'utf-8',
  partner     text,                                          -- its code: what is granted to it, not what a viewer sees
  secret_name text,
  every_min   integer CHECK (every_min BETWEEN 1 AND 10080),
  daily_at    time,
  is_enabled  boolean NOT NULL DEFAULT true,
  next_at     timestamptz,                                   -- NULL: only when asked for
  asked_by    text,                                          -- who wants it run now
  failures    integer NOT NULL DEFAULT 0 CHECK (failures >= 0),   -- in a row
  created_by  text NOT NULL DEFAULT core.actor(),
  created_at  timestamptz NOT NULL DEFAULT now(),
  removed_by  text,
  removed_at  timestamptz,
  CHECK (num_nonnulls(every_min, daily_at) <= 1),
  CHECK ((removed_by IS NULL) = (removed_at IS NULL))
);
CREATE UNIQUE INDEX publish_job_standing ON core.publish_job (name) WHERE removed_at IS NULL;

CREATE TABLE core.publish_run (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id          bigint NOT NULL REFERENCES core.publish_job,
  cause           text NOT NULL CHECK (cause IN ('schedule', 'asked')),
  started_by      text NOT NULL DEFAULT core.actor(),
  due_at          timestamptz,
  started_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at        timestamptz,
  result          text NOT NULL DEFAULT 'running' CHECK (result IN ('running', 'done', 'failed', 'cut_short')),
  layers          integer,
  row_count       bigint,
  manifest_sha256 text,
  error_zh        text,
  error_en        text,
  CHECK ((result = 'running') = (ended_at IS NULL)),
  CHECK ((result = 'done') = (manifest_sha256 IS NOT NULL))
);
CREATE INDEX publish_run_of_job ON core.publish_run (job_id, id DESC);
