-- name: read_long
-- An export may take a minute, and all of its rows are wanted, not the first of them quickly.
SELECT set_config('statement_timeout', '60s', true) || set_config('cursor_tuple_fraction', '1', true);

-- name: moment
-- This snapshot: every transaction below `horizon` has ended and is seen; in which life of which
-- database, under which views.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, now() AS at, core.district_day() AS day,
       concat_ws('.', e.uid, e.number, d.oid, 'core.epoch'::regclass::oid, v.sha256) AS life
  FROM core.epoch e, core.view_source v, pg_database d
 WHERE d.datname = current_database();

-- name: feeders
-- The tables below a view, how each hangs on the table whose rows it publishes, and what happened to
-- it since a transaction: touched at all, and rows deleted of which no trace says what they fed.
WITH base AS (SELECT core.published_base(%(view)s::text) AS oid)
SELECT c.relname::text AS table_name, c.oid = base.oid AS is_base,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'changed_xid') AS is_dated,
       ARRAY(SELECT a.attname::text FROM pg_constraint f
               JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
              WHERE f.contype = 'f' AND cardinality(f.conkey) = 1
                AND f.conrelid = c.oid AND f.confrelid = base.oid ORDER BY 1) AS child_keys,
       ARRAY(SELECT a.attname::text FROM pg_constraint f
               JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
              WHERE f.contype = 'f' AND cardinality(f.conkey) = 1
                AND f.conrelid = base.oid AND f.confrelid = c.oid ORDER BY 1) AS parent_keys,
       ARRAY(SELECT a.attname::text FROM pg_constraint f
               JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
               JOIN pg_constraint g ON g.contype = 'f' AND g.conrelid = base.oid AND g.confrelid = f.confrelid
               JOIN pg_attribute b ON b.attrelid = base.oid AND b.attnum = g.conkey[1] AND b.attname = a.attname
              WHERE f.contype = 'f' AND cardinality(f.conkey) = 1 AND cardinality(g.conkey) = 1
                AND f.conrelid = c.oid AND c.oid <> base.oid ORDER BY 1) AS shared_keys,
       coalesce(v.last_xid >= %(since)s::xid8, false)
       OR EXISTS (SELECT FROM core.table_change m
                   WHERE m.table_name = t.table_name AND m.xid >= %(since)s::xid8) AS is_touched,
       EXISTS (SELECT FROM core.audit_event e
                WHERE e.epoch = core.epoch_number() AND e.xid >= %(since)s::xid8 AND e.table_name = c.relname
                  AND (e.action = 'delete_many' OR e.action = 'delete' AND c.oid <> base.oid)) AS has_gone,
       EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'secrecy')
       AND EXISTS (SELECT FROM pg_depend d JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                    WHERE r.ev_class = format('published.%%I', %(view)s::text)::regclass
                      AND d.refclassid = 'pg_proc'::regclass AND d.refobjid = 'core.stricter'::regproc) AS hides
  FROM core.view_table t
  JOIN pg_class c ON t.table_name = 'core.' || c.relname AND c.relnamespace = 'core'::regnamespace
  LEFT JOIN core.table_version v USING (table_name)
 CROSS JOIN base
 WHERE t.view_name = %(view)s::text;

-- name: district_code
-- The code of the district.
SELECT d.code FROM core.district d WHERE d.valid_to IS NULL;

-- name: place_for_set
-- In the database that a set is written to: whether it has PostGIS, nobody else writes the set now,
-- what is said of the schema (NULL: it is not there), and who may use it ('' for everybody).
SELECT to_regtype('geometry') IS NOT NULL AS has_postgis,
       pg_try_advisory_xact_lock(hashtext('geoservice publish ' || %(schema)s::text)) AS is_free,
       CASE WHEN n.oid IS NOT NULL THEN coalesce(obj_description(n.oid, 'pg_namespace'), '') END AS mark,
       ARRAY(SELECT coalesce(r.rolname, '')::text FROM aclexplode(n.nspacl) a
               LEFT JOIN pg_roles r ON r.oid = a.grantee
              WHERE a.privilege_type = 'USAGE' AND a.grantee <> n.nspowner) AS readers
  FROM (VALUES (%(schema)s::text)) s (name) LEFT JOIN pg_namespace n ON n.nspname = s.name;
