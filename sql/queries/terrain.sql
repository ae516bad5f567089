-- name: current
-- The terrain in force; no row before one is loaded.
SELECT t.id, t.code, t.name, t.source_doc, t.licence, t.height_datum, t.file_name, t.sha256, t.meridian_deg,
       t.cell_m, t.row_count, t.col_count, t.resampling, t.void_count, t.filled_count, t.least_m, t.most_m
  FROM core.terrain t
 WHERE t.valid_to IS NULL;

-- name: district
-- Where the district is; no row before a boundary is loaded.
SELECT d.geom FROM core.district d WHERE d.valid_to IS NULL;

-- name: hold
-- One load at a time, and none while roads are replaced: whichever comes later sees the other's work.
SELECT pg_advisory_xact_lock(7140407)::text;

-- name: retire
-- What was in force is so no longer.
UPDATE core.terrain SET valid_to = now() WHERE valid_to IS NULL;

-- name: add
-- The terrain that is in force from now on.
INSERT INTO core.terrain (code, name, name_en, secrecy, source_doc, is_demo, file_name, sha256, height_datum, licence,
                          meridian_deg, cell_m, row_count, col_count, resampling, void_count, filled_count,
                          least_m, most_m)
SELECT r.code, r.name, r.name, 'internal', r.source_doc, r.is_demo, r.file_name, r.sha256, r.height_datum, r.licence,
       r.meridian_deg, r.cell_m, r.row_count, r.col_count, r.resampling, r.void_count, r.filled_count,
       r.least_m, r.most_m
  FROM jsonb_populate_record(NULL::core.terrain, %(row)s::jsonb) r
RETURNING id;
