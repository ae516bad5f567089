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

-- name: hold_seam
-- Until the end of the transaction nobody else changes the rasters of the seam.
SELECT s.id FROM core.mine_seam s WHERE s.id = %(mine_seam_id)s AND s.valid_to IS NULL FOR NO KEY UPDATE;

-- name: listed_rasters
-- The rasters in use of every seam of a mine; of one id only, with an id.
SELECT r.id, r.code, r.kind, s.code AS seam_code, s.seam, r.file, r.sha256, r.given_sha256, r.height_datum,
       r.given_datum, r.method, r.details, r.error_m, r.cell_m, r.cols, r.rows, r.west_m, r.north_m, r.crs,
       r.nodata_share, r.least, r.most, r.source_doc, r.created_by, r.created_at
  FROM core.mine_raster r JOIN core.mine_seam s ON s.id = r.mine_seam_id
 WHERE r.valid_to IS NULL AND s.mine_id = %(mine_id)s AND (%(raster_id)s::bigint IS NULL OR r.id = %(raster_id)s)
 ORDER BY s.code, r.kind;

-- name: retire_raster
-- A raster is no longer in use.
UPDATE core.mine_raster r SET valid_to = clock_timestamp()
  FROM core.mine_seam s
 WHERE r.id = %(raster_id)s AND r.valid_to IS NULL AND s.id = r.mine_seam_id AND s.mine_id = %(mine_id)s
RETURNING r.id;

-- name: retire_rasters_of_kind
-- The raster of a kind that was in use is so no longer.
UPDATE core.mine_raster SET valid_to = clock_timestamp()
 WHERE mine_seam_id = %(mine_seam_id)s AND kind = %(kind)s AND valid_to IS NULL;

-- name: add_raster
-- The raster of a kind that is in use from now on; of the demonstration where its seam is.
INSERT INTO core.mine_raster (code, name, name_en, town_code, secrecy, source_doc, is_demo, mine_seam_id, kind, file, sha256,
                              given_sha256, height_datum, given_datum, method, details, error_m, cell_m, cols,
                              rows, west_m, north_m, crs, nodata_share, least, most)
SELECT s.code || '-' || r.kind, s.name || ' ' || r.kind, s.name_en || ' ' || r.kind,
       coalesce(s.town_code, m.town_code), core.stricter(s.secrecy, m.secrecy), r.source_doc, s.is_demo, s.id, r.kind,
       r.file, r.sha256, r.given_sha256, r.height_datum, r.given_datum, r.method, r.details, r.error_m, r.cell_m,
       r.cols, r.rows, r.west_m, r.north_m, r.crs, r.nodata_share, r.least, r.most
  FROM core.mine_seam s
  JOIN core.mine m ON m.id = s.mine_id
 CROSS JOIN jsonb_populate_record(NULL::core.mine_raster, %(row)s::jsonb) r
 WHERE s.id = %(mine_seam_id)s
RETURNING id;

-- name: mine_named
-- The id of a mine by its code.
SELECT m.id FROM core.mine m WHERE m.code = %(code)s AND m.valid_to IS NULL;

-- name: control
-- Technicians, team and rigs of a mine, all records together.
SELECT count(*)::integer AS records, coalesce(sum(w.technicians), 0)::integer AS technicians,
       coalesce(sum(w.team_headcount), 0)::integer AS team_headcount, coalesce(sum(w.rigs), 0)::integer AS rigs
  FROM core.water_control w
 WHERE w.mine_id = %(mine_id)s AND w.valid_to IS NULL;

-- name: headings
-- Headings of a mine.
SELECT h.id, h.code, h.name, h.state
  FROM core.mine_heading h
 WHERE h.mine_id = %(mine_id)s AND h.valid_to IS NULL
 ORDER BY h.code;

-- name: probes
-- Probes of headings of a mine.
SELECT p.mine_heading_id AS heading_id, p.heading, p.geophysics_on, p.drilling_on, p.result
  FROM core.heading_probe p
 WHERE p.mine_id = %(mine_id)s AND p.valid_to IS NULL
 ORDER BY p.code;

-- name: withdrawals
-- Withdrawals of a mine, by the district's day.
SELECT w.code, (w.withdrawn_at AT TIME ZONE d.time_zone)::date AS withdrawn_on,
       (w.resumed_at AT TIME ZONE d.time_zone)::date AS resumed_on, w.place
  FROM core.water_withdrawal w
 CROSS JOIN (SELECT coalesce((SELECT time_zone FROM core.district WHERE valid_to IS NULL), 'Asia/Shanghai')) d(time_zone)
 WHERE w.mine_id = %(mine_id)s AND w.valid_to IS NULL
 ORDER BY w.withdrawn_at;

-- name: district_day
-- Today by the district's clock.
SELECT core.district_day();

-- name: mine_of_licence
-- A mine, the code of its licence area, and the longitude of the district.
SELECT m.code, m.name, m.licence_area_km2, l.code AS licence_code, m.town_code, m.secrecy, m.is_demo,
       (SELECT ST_X(ST_Centroid(d.geom)) FROM core.district d WHERE d.valid_to IS NULL) AS lon
  FROM core.mine m LEFT JOIN core.mine_licence l ON l.mine_id = m.id AND l.valid_to IS NULL
 WHERE m.id = %(mine_id)s AND m.valid_to IS NULL;

-- name: stated_areas
-- What the licences of some mines state.
SELECT m.code, m.licence_area_km2
  FROM core.mine m
 WHERE m.code = ANY (%(codes)s) AND m.valid_to IS NULL AND m.licence_area_km2 IS NOT NULL;
