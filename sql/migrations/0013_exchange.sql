-- Exchange with the city: what changed since an export.

-- The table whose rows a view publishes one by one: the origin of its column `id`; NULL if it has none.
-- PostgreSQL keeps it in the tree of the view's rule, where the outermost list of columns stands last.
-- A UNION names no origin there: then it is the table that all its branches have.
CREATE FUNCTION core.published_base(view_name text) RETURNS regclass
LANGUAGE sql STABLE SET search_path = core, pg_temp AS $$
  SELECT CASE WHEN (array_agg(f.origin ORDER BY f.place DESC))[1] <> '0' THEN (array_agg(f.origin ORDER BY f.place DESC))[1]
              WHEN count(DISTINCT f.origin) FILTER (WHERE f.origin <> '0') = 1 THEN max(nullif(f.origin, '0')) END::oid::regclass
    FROM pg_rewrite r
   CROSS JOIN LATERAL (
         SELECT m.found[1] AS origin, m.place
           FROM regexp_matches(r.ev_action::text, ':resname id :ressortgroupref \d+ :resorigtbl (\d+)', 'g')
                WITH ORDINALITY AS m (found, place)) f
   WHERE r.ev_class = format('published.%I', view_name)::regclass
$$;

-- The last transaction that wrote each table, kept when its marks are folded (0010).
ALTER TABLE core.table_version ADD COLUMN last_xid xid8 NOT NULL DEFAULT '0';
CREATE OR REPLACE FUNCTION core.fold_changes() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, pg_temp AS $$
DECLARE
  moved bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(7140406, 10) THEN
    RETURN 0;
  END IF;
  WITH gone AS (
    DELETE FROM core.table_change RETURNING table_name, xid  -- what is seen is of finished transactions
  ), counted AS (
    INSERT INTO core.table_version AS v (table_name, changes, last_xid)
    SELECT g.table_name, count(*), (array_agg(g.xid ORDER BY g.xid DESC))[1] FROM gone g GROUP BY g.table_name
        ON CONFLICT (table_name) DO UPDATE
       SET changes = v.changes + EXCLUDED.changes, last_xid = greatest(v.last_xid, EXCLUDED.last_xid)
  )
  SELECT count(*) INTO moved FROM gone;
  RETURN moved;
END $$;

-- ---- readers of the database: GIS servers of the city ------------------------------------------

-- Views ask these two in the name of whoever reads, who may not see the tables they look into.
ALTER FUNCTION core.district_day() SECURITY DEFINER;
ALTER FUNCTION core.stale_before(text) SECURITY DEFINER;

-- A login that reads the schema `shared` and nothing else. Run as a database user who may make roles.
-- The password comes as its SCRAM verifier, so that no log can have it.
CREATE FUNCTION core.make_reader(reader text, verifier text) RETURNS void
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 16 PASSWORD %L',
                 reader, verifier);
  EXECUTE format('GRANT geoservice_read TO %I', reader);
  EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', reader);
  EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', reader, '60s');
  EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', reader, '5min');
  EXECUTE format('ALTER ROLE %I SET search_path = shared, public', reader);
  -- Temporary functions could look below a view; the service itself needs temporary tables.
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO geoservice_app, geoservice_owner', current_database());
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  -- Behind a security barrier an operator that might tell of hidden rows does not use the index. What this
  -- one could tell is a box of a restricted place in an error text, and it raises none.
  BEGIN
    ALTER FUNCTION public.geometry_overlaps(geometry, geometry) LEAKPROOF;
  EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'geometry_overlaps is not LEAKPROOF: reading by box does not use the index';
  END;
END $$;

CREATE FUNCTION core.set_reader_password(reader text, verifier text) RETURNS void
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER ROLE %I PASSWORD %L', reader, verifier);
END $$;

CREATE FUNCTION core.drop_reader(reader text) RETURNS void
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = reader;
  EXECUTE format('DROP ROLE %I', reader);
END $$;

-- ---- grants: what a partner reads, by layer and field ------------------------------------------

CREATE TABLE core.partner_grant (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  partner_id bigint NOT NULL REFERENCES core.partner,
  layer      text NOT NULL CHECK (layer <> ''),
  fields     text[] CHECK (cardinality(fields) > 0),   -- NULL: all that a viewer sees
  towns      text[] CHECK (cardinality(towns) > 0),    -- NULL: all
  secrecies  text[] NOT NULL CHECK (cardinality(secrecies) > 0 AND secrecies <@ ARRAY['public', 'internal']),
  granted_by text NOT NULL DEFAULT core.actor(),
  granted_at timestamptz NOT NULL DEFAULT now(),
  revoked_by text,
  revoked_at timestamptz,
  CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);
CREATE UNIQUE INDEX partner_grant_standing ON core.partner_grant (partner_id, layer) WHERE revoked_at IS NULL;
CREATE FUNCTION core.note_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM core.note_event(CASE WHEN NEW.revoked_at IS NULL THEN 'grant' ELSE 'revoke' END,
                          'partner_grant', NEW.id, NEW.layer, to_jsonb(NEW), 'done');
  RETURN NULL;
END $$;
CREATE TRIGGER partner_grant_noted AFTER INSERT OR UPDATE ON core.partner_grant
  FOR EACH ROW EXECUTE FUNCTION core.note_grant();

-- A token has roles, or it is a partner's and has what is granted to that one, and no role.
ALTER TABLE core.api_token ADD COLUMN partner_id bigint REFERENCES core.partner;
ALTER TABLE core.api_token DROP CONSTRAINT api_token_roles_check;
ALTER TABLE core.api_token ADD CONSTRAINT api_token_roles_check
  CHECK (roles <@ ARRAY['viewer', 'keeper', 'planner', 'dispatcher', 'publisher', 'admin', 'auditor']);
ALTER TABLE core.api_token ADD CONSTRAINT api_token_partner_check
  CHECK ((partner_id IS NULL) = (cardinality(roles) > 0) AND (partner_id IS NULL OR towns IS NULL));
