-- What the zones of a seam are derived from (migration 0025).

-- name: seam
-- A seam with what is known of it, its mine and the mine's licence; the plane's longitude is the district's.
SELECT s.id, s.code, s.seam, s.mine_id, m.code AS mine_code, m.hydro_type, m.licence_area_km2, s.thickness_m,
       s.mining_height_m, s.dip_deg, s.roof_class, s.slices, s.mining_method, s.stage_height_m, s.fracture_height_m,
       s.floor_damage_m, s.coal_tensile_mpa, s.movement_deg, s.pressure_datum, l.code AS licence_code,
       l.zone_width_deg, l.geom AS licence, ST_X(ST_Centroid(d.geom)) AS lon
  FROM core.mine_seam s
  JOIN core.mine m ON m.id = s.mine_id AND m.valid_to IS NULL
  LEFT JOIN core.mine_licence l ON l.mine_id = m.id AND l.valid_to IS NULL
  LEFT JOIN core.district d ON d.valid_to IS NULL
 WHERE s.id = %(mine_seam_id)s AND s.valid_to IS NULL;

-- name: waters
-- Waters on the ground and in old workings, near or of this seam.
SELECT w.code, w.geom, w.mine_seam_id, s.seam, s.mine_id, w.id, w.kind, w.edge, w.level_m, w.floor_m, w.height_datum,
       w.volume_m3, w.pressure_mpa, w.is_drained
  FROM core.water_body w LEFT JOIN core.mine_seam s ON s.id = w.mine_seam_id
 WHERE w.valid_to IS NULL AND (w.mine_seam_id = %(mine_seam_id)s OR w.geom && %(around)s::geometry)
 ORDER BY w.code;

-- name: structures
-- Faults and collapse columns, near or of this seam.
SELECT t.code, t.geom, t.mine_seam_id, s.seam, s.mine_id, t.kind, t.dip_deg, t.throw_m, t.conducts, t.head_mpa,
       t.is_against_aquifer
  FROM core.mine_structure t LEFT JOIN core.mine_seam s ON s.id = t.mine_seam_id
 WHERE t.valid_to IS NULL AND (t.mine_seam_id = %(mine_seam_id)s OR t.geom && %(around)s::geometry)
 ORDER BY t.code;

-- name: boreholes
-- Boreholes, near or of this seam.
SELECT b.code, b.geom, b.mine_seam_id, s.seam, s.mine_id, b.is_sealed, b.head_mpa, b.head_m, b.floor_m, b.aquiclude_m,
       b.seam_thickness_m, b.overburden_m, b.height_datum
  FROM core.mine_borehole b LEFT JOIN core.mine_seam s ON s.id = b.mine_seam_id
 WHERE b.valid_to IS NULL AND (b.mine_seam_id = %(mine_seam_id)s OR b.geom && %(around)s::geometry)
 ORDER BY b.code;

-- name: areas
-- Areas with their documents, near or of this seam.
SELECT a.code, a.geom, a.mine_seam_id, s.seam, s.mine_id, a.kind, a.domains, a.document, a.is_approved,
       a.is_probed_clean, a.inrush_mpa_per_m, a.water_body_id, a.yield_class, a.is_loose, a.cover_m
  FROM core.mine_area a LEFT JOIN core.mine_seam s ON s.id = a.mine_seam_id
 WHERE a.valid_to IS NULL AND (a.mine_seam_id = %(mine_seam_id)s OR a.geom && %(around)s::geometry)
 ORDER BY a.code;

-- name: shafts
-- Shaft collars and yards of a mine.
SELECT t.id, t.code, t.name, t.kind, t.geom, t.collar_m, t.height_datum, t.flood_level_m, t.flood_datum, t.defence_doc
  FROM core.mine_shaft t
 WHERE t.valid_to IS NULL AND t.mine_id = %(mine_id)s
 ORDER BY t.code;

-- name: rasters
-- The rasters in use of a seam.
SELECT r.kind, r.file, r.sha256, r.height_datum
  FROM core.mine_raster r
 WHERE r.valid_to IS NULL AND r.mine_seam_id = %(mine_seam_id)s
 ORDER BY r.kind;
