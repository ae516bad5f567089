-- Backup, restore, doctor.

-- name: export_snapshot
-- What this transaction sees, for pg_dump to see the same.
SELECT pg_export_snapshot();

-- name: see_one_moment
-- Every statement of this transaction sees the same moment.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;

-- name: tallies
-- Rows of each table.
SELECT t.table_name, t.row_count FROM core.tallies() t;

-- name: identity
-- Which database this is, and of which version.
SELECT e.uid::text AS epoch_uid, e.number AS epoch_number,
       (SELECT max(m.number) FROM core.migration m) AS migration,
       (SELECT d.name FROM core.district d WHERE d.valid_to IS NULL) AS district,
       current_setting('server_version') AS postgresql, postgis_lib_version() AS postgis
  FROM core.epoch e;

-- name: begin_epoch
-- After a restore.
SELECT core.begin_epoch();

-- name: note_backup
-- A backup was made.
INSERT INTO core.backup_run (place, bytes, sha256) VALUES (%(place)s, %(bytes)s, %(sha256)s);

-- name: last_backup
-- When the last backup was made, and where to.
SELECT b.made_at, b.place FROM core.backup_run b ORDER BY b.id DESC LIMIT 1;

-- name: has_registers
-- Whether this database is one of ours already.
SELECT to_regclass('core.migration') IS NOT NULL;

-- name: others_connected
-- Who else is connected to this database.
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend';

-- name: invalid_shapes
-- Shapes that are not valid, by table: none, for none gets in.
SELECT g.table_name, g.invalid
  FROM (SELECT c.oid::regclass::text AS table_name,
               (xpath('/row/n/text()', query_to_xml(
                 format('SELECT count(*) AS n FROM %s WHERE NOT ST_IsValid(geom)', c.oid::regclass),
                 false, true, '')))[1]::text::bigint AS invalid
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'geom'
         WHERE c.relnamespace = 'core'::regnamespace AND c.relkind = 'r') g
 WHERE g.invalid > 0
 ORDER BY 1;

-- name: clock
-- The database's clock.
SELECT clock_timestamp();

-- name: is_boundary_loaded
-- Whether there is a district.
SELECT EXISTS (SELECT FROM core.district WHERE valid_to IS NULL);

-- name: rasters_in_use
-- Files of the rasters that zones are derived from.
SELECT DISTINCT r.file FROM core.mine_raster r WHERE r.valid_to IS NULL ORDER BY r.file;
