-- Registers. A register is named by its table; what is known of its columns comes from the catalog
-- (migration 0007).

-- name: standing
-- The current records of some codes, locked until the end of the transaction.
SELECT s FROM core.standing(%(register)s, %(codes)s) s;

-- name: missing_references
-- Which references of these rows lead nowhere.
SELECT m.code, m.field, m.given FROM core.missing_references(%(register)s, %(rows)s::jsonb) m;

-- name: store
-- Write records by code; those that were as they are are not answered.
SELECT s.id, s.code, s.version, s.is_new FROM core.store(%(register)s, %(rows)s::jsonb) s;

-- name: record_of
-- One record by its id, retired or not.
SELECT r FROM core.record_of(%(register)s, %(record_id)s, %(is_changed)s) r;

-- name: rewrite
-- Write one record by its id; how many rows were changed.
SELECT core.rewrite(%(register)s, %(record_id)s, %(rows)s::jsonb);

-- name: retire_record
-- The record is no longer current.
SELECT core.retire_record(%(register)s, %(record_id)s);

-- name: versions_of
-- A record through time, oldest first.
SELECT v.version, v.at, v.actor, v.is_retired, v.kept
  FROM core.versions_of(%(register)s, %(record_id)s) v;

-- name: records_as_of
-- A page of a register as it was at an instant.
SELECT r FROM core.records_as_of(%(register)s, %(at)s, %(after)s, %(most)s, %(secrecies)s, %(towns)s,
                                 %(open_to)s) r;

-- name: envelope_now
-- The service envelope; no row before `load boundary`.
SELECT d.envelope
  FROM core.district d
 WHERE d.valid_to IS NULL;

-- name: hold_district
-- Until the end of the transaction nobody else sets the district: of two who start with an empty
-- database the second waits, and then finds one.
SELECT pg_advisory_xact_lock(7140408)::text;

-- name: district_standing
-- The district as it stands, locked until the end of the transaction.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, t.time_zone, t.geom
  FROM core.district t
 WHERE t.valid_to IS NULL
   FOR UPDATE;

-- name: retire_district
-- The district as it stood is kept, no longer current.
UPDATE core.district SET valid_to = clock_timestamp() WHERE valid_to IS NULL;

-- name: store_district
-- The new district and its service envelope.
INSERT INTO core.district (code, name, name_en, org, town_code, secrecy, source_doc, surveyed_on,
  is_demo, time_zone, geom, envelope)
VALUES (%(code)s, %(name)s, %(name_en)s, %(org)s, %(town_code)s, %(secrecy)s, %(source_doc)s,
  %(surveyed_on)s, %(is_demo)s, %(time_zone)s, %(geom)s, %(envelope)s);

-- name: outside_envelope
-- How many rows of each guarded table, retired ones too, lie outside a would-be envelope: every
-- table with the CHECK is asked, so that none is forgotten.
SELECT g.table_name, g.outside
  FROM (SELECT c.conrelid::regclass::text AS table_name,
               (xpath('/row/n/text()', query_to_xml(
                 format('SELECT count(*) AS n FROM %%s WHERE NOT geom @ %%L::geometry',
                        c.conrelid::regclass, ST_AsEWKT(%(envelope)s::geometry)),
                 false, true, '')))[1]::text::bigint AS outside
          FROM pg_constraint c
         WHERE c.conname LIKE '%%\_geom\_in\_envelope' AND c.connamespace = 'core'::regnamespace) g
 WHERE g.outside > 0
 ORDER BY g.table_name;

-- name: guard_all_geometry
-- Write the envelope of the current district into every table.
SELECT core.guard_all_geometry()::text;
