-- Versions of published layers: every writing statement below a published view leaves a mark of
-- its transaction, so that an answer kept anywhere can be known to be of today. A mark is a row of
-- its own: transactions that write the same table never wait for each other here.

CREATE TABLE core.table_change (
  table_name text NOT NULL,
  xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- Transaction numbers start anew in a restored database; with the instant they stay one of a kind.
  started_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (table_name, xid, started_at)
);
ALTER TABLE core.table_change SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Changes counted already; a table's version is this and its marks.
CREATE TABLE core.table_version (
  table_name text PRIMARY KEY,
  changes    bigint NOT NULL
) WITH (fillfactor = 50);

-- Which tables a published view is made of, and `published` for all of them; written by watch_published.
CREATE TABLE core.view_table (
  view_name  text NOT NULL,
  table_name text NOT NULL,
  PRIMARY KEY (view_name, table_name)
);

-- In which run of which database the counts are. A restart or a restored copy begins anew, for it
-- may have lost changes that somebody saw.
CREATE FUNCTION core.counted_in() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN concat_ws('.', extract(epoch FROM pg_postmaster_start_time()),
                   (SELECT oid FROM pg_database WHERE datname = current_database()),
                   'core.table_version'::regclass::oid);
END $$;

CREATE FUNCTION core.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, pg_temp AS $$
BEGIN
  INSERT INTO core.table_change (table_name) VALUES (TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME)
      ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

-- Move the marks into the count, in one statement: nobody sees a mark missing or counted twice.
-- Gives the number moved; does nothing while another session does it.
CREATE FUNCTION core.fold_changes() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, pg_temp AS $$
DECLARE
  moved bigint;
BEGIN
  IF NOT pg_try_advisory_xact_lock(7140406, 10) THEN
    RETURN 0;
  END IF;
  WITH gone AS (
    DELETE FROM core.table_change RETURNING table_name  -- what is seen is of finished transactions
  ), counted AS (
    INSERT INTO core.table_version AS v (table_name, changes)
    SELECT table_name, count(*) FROM gone GROUP BY table_name
        ON CONFLICT (table_name) DO UPDATE SET changes = v.changes + EXCLUDED.changes
  )
  SELECT count(*) INTO moved FROM gone;
  RETURN moved;
END $$;

-- What a view is made of: relations and functions, through other views and through functions of
-- ours, of whose bodies PostgreSQL keeps the text alone.
CREATE FUNCTION core.made_of(top regclass) RETURNS TABLE (catalog regclass, object oid)
LANGUAGE sql STABLE SET search_path = core, pg_temp AS $$
  WITH RECURSIVE ours (catalog, object, name) AS (
    SELECT 'pg_class'::regclass, oid, relname FROM pg_class
     WHERE relnamespace = 'core'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
     UNION ALL
    SELECT 'pg_proc'::regclass, oid, proname FROM pg_proc WHERE pronamespace = 'core'::regnamespace
  ), below (catalog, object) AS (
    SELECT 'pg_class'::regclass, top::oid
     UNION
    SELECT next.catalog, next.object
      FROM below b
     CROSS JOIN LATERAL (
       SELECT d.refclassid, d.refobjid
         FROM pg_rewrite r
         JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
        WHERE b.catalog = 'pg_class'::regclass AND r.ev_class = b.object
       UNION ALL
       SELECT d.refclassid, d.refobjid FROM pg_depend d
        WHERE b.catalog = 'pg_proc'::regclass AND d.classid = b.catalog AND d.objid = b.object
       UNION ALL
       SELECT o.catalog, o.object
         FROM pg_proc f JOIN ours o ON f.prosrc ~ ('\mcore\.' || o.name || '\M')
        WHERE b.catalog = 'pg_proc'::regclass AND f.oid = b.object
          AND f.pronamespace = 'core'::regnamespace
     ) next (catalog, object)
  )
  SELECT b.catalog, b.object FROM below b WHERE b.catalog IN ('pg_class'::regclass, 'pg_proc'::regclass);
$$;

-- Watch every table below a published view; run by migrate whenever the views were made anew, which
-- is itself a change of all of them.
CREATE FUNCTION core.watch_published() RETURNS void
LANGUAGE plpgsql SET search_path = core, pg_temp AS $$
DECLARE
  watched regclass;
BEGIN
  DELETE FROM core.view_table;
  INSERT INTO core.view_table (view_name, table_name)
  SELECT v.relname, n.nspname || '.' || c.relname
    FROM pg_class v CROSS JOIN LATERAL core.made_of(v.oid) m
    JOIN pg_class c ON m.catalog = 'pg_class'::regclass AND c.oid = m.object AND c.relkind IN ('r', 'p')
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname <> 'pg_catalog'
   WHERE v.relnamespace = 'published'::regnamespace AND v.relkind = 'v';
  FOR watched IN SELECT DISTINCT table_name::regclass FROM core.view_table LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_trigger WHERE tgrelid = watched AND tgname = 'noted_as_changed');
    EXECUTE format('CREATE TRIGGER noted_as_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION core.note_change()', watched);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER noted_as_changed', watched);
  END LOOP;
  INSERT INTO core.view_table (view_name, table_name)
  SELECT relname, 'published' FROM pg_class WHERE relnamespace = 'published'::regnamespace AND relkind = 'v';
  INSERT INTO core.table_change (table_name) VALUES ('published') ON CONFLICT DO NOTHING;
END $$;
