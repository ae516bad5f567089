-- name: current
-- The terrain in force; no row before one is loaded.
SELECT t.id, t.code, t.name, t.source_doc, t.licence, t.height_datum, t.file_name, t.sha256, t.meridian_deg,
       t.cell_m, t.row_count, t.col_count, t.resampling, t.void_count, t.filled_count, t.least_m, t.most_m
  FROM core.terrain t
 WHERE t.valid_to IS NULL;

-- name: district
-- Where the district is; no row before a boundary is loaded.
SELECT d.geom FROM core.district d WHERE d.valid_to IS NULL;

-- name: hold_terrain
-- One load of terrain at a time.
SELECT pg_advisory_xact_lock(7140427)::text;

-- name: hold_roads
-- None while roads are replaced: whichever comes later sees the other's work.
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

-- name: arcs_after
-- Arcs by id, a batch at a time; bridges and tunnels are told apart.
SELECT e.id, e.from_node, e.to_node, e.length_m, r.is_bridge OR r.is_tunnel AS is_structure, e.geom
  FROM core.road_edge e JOIN core.road r ON r.id = e.road_id
 WHERE e.id > %(after)s
 ORDER BY e.id LIMIT %(most)s;

-- name: set_gradients
-- NaN is not known. Where they are what they were, nothing is written.
UPDATE core.road_edge e SET gradient_pct = g.gradient_pct
  FROM (SELECT n.id, nullif(n.pct, 'NaN') AS gradient_pct
          FROM unnest(%(ids)s::bigint[], %(gradients)s::float8[]) AS n(id, pct)) g
 WHERE e.id = g.id AND e.gradient_pct IS DISTINCT FROM g.gradient_pct;
