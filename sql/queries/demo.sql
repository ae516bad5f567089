-- name: state
-- Whose the district is, if there is one, and how many real records there are.
SELECT EXISTS (SELECT FROM core.district WHERE valid_to IS NULL AND is_demo) AS has_demo,
       EXISTS (SELECT FROM core.district WHERE valid_to IS NULL AND NOT is_demo) AS has_district,
       core.real_records() AS real_records;

-- name: counts
-- How many demonstration rows there are, and how many arcs their roads have.
SELECT c.table_name, c.row_count FROM core.demo_counts() c WHERE c.row_count > 0
UNION ALL SELECT 'road_edge', count(*) FROM core.road_edge e JOIN core.road r ON r.id = e.road_id WHERE r.is_demo;

-- name: copy_roads
-- The generated roads as the loader of roads has them, but marked, and of no OpenStreetMap way.
COPY core.road (id, code, name, name_en, secrecy, source_doc, surveyed_on, osm_way_id, road_class,
                ref, surface, access, is_bridge, is_tunnel, layer, direction, max_speed_kph,
                max_weight_t, max_height_m, geom, is_demo)
FROM STDIN;

-- name: add_mine
-- The invented mine.
INSERT INTO core.mine (code, name, name_en, town_code, source_doc, is_demo, company, status, licence_no,
                       licence_area_km2, capacity_mtpa, hydro_type, geom)
SELECT r.code, r.name, r.name_en, r.town_code, r.source_doc, true, r.company, 'operating', r.licence_no,
       r.licence_area_km2, r.capacity_mtpa, 'complex', r.geom
  FROM jsonb_populate_recordset(NULL::core.mine, %(rows)s::jsonb) r;

-- name: add_seam
-- Its one seam.
INSERT INTO core.mine_seam (code, name, name_en, town_code, source_doc, is_demo, mine_id, seam, thickness_m,
                            dip_deg, roof_class, mining_height_m, slices, mining_method, pressure_datum)
SELECT %(code)s, m.name || ' 3 号煤层', m.name_en || ', seam 3', m.town_code, m.source_doc, true, m.id,
       '3', 5.8, 6, 'medium', 5.6, 2, 'layered', 'aquiclude_base'
  FROM core.mine m
 WHERE m.code = %(mine)s AND m.valid_to IS NULL;

-- name: add_ruleset
-- The rules a zoning names, unless they are on record; their official text was not seen.
INSERT INTO core.zone_ruleset (code, name, name_en, secrecy, source_doc, is_demo, issued_on, is_verified)
SELECT %(code)s, '煤矿防治水“三区”管理办法', 'Coal-mine water control: three-zone management', 'public',
       '矿安〔2022〕85号；官方文本未见，参数未核实 · official text not seen, parameters not verified',
       true, NULL, false
 WHERE NOT EXISTS (SELECT FROM core.zone_ruleset z WHERE z.code = %(code)s AND z.valid_to IS NULL);

-- name: add_versions
-- The zonings of the seam.
INSERT INTO core.zone_version (code, name, name_en, town_code, source_doc, is_demo, mine_id, mine_seam_id,
                               zone_ruleset_id, no, zoned_on, drawn_by)
SELECT r.code, r.name, r.name_en, r.town_code, r.source_doc, true, s.mine_id, s.id, z.id, r.no,
       r.zoned_on, ARRAY['演示规划员']
  FROM jsonb_populate_recordset(NULL::core.zone_version, %(rows)s::jsonb) r
  JOIN core.mine_seam s ON s.code = %(seam)s AND s.valid_to IS NULL
  JOIN core.zone_ruleset z ON z.code = %(ruleset)s AND z.valid_to IS NULL;

-- name: add_cells
-- The cells of every version.
INSERT INTO core.zone_cell (zone_version_id, no, zone, rules, evidence, water_hazards, area_m2, geom)
SELECT v.id, r.no, r.zone, r.rules, r.evidence, r.water_hazards, r.area_m2, r.geom
  FROM jsonb_to_recordset(%(rows)s::jsonb)
       AS r(version_code text, no integer, zone text, rules text[], evidence integer[], water_hazards text[],
            area_m2 double precision, geom geometry)
  JOIN core.zone_version v ON v.code = r.version_code AND v.valid_to IS NULL;

-- name: add_evidence
-- Why they are of their zones.
INSERT INTO core.zone_evidence (zone_version_id, no, rule, zone, domain, reason_zh, reason_en, inputs, parameters, geom)
SELECT v.id, r.no, r.rule, r.zone, r.domain, r.reason_zh, r.reason_en, r.inputs, '{}', r.geom
  FROM jsonb_to_recordset(%(rows)s::jsonb)
       AS r(version_code text, no integer, rule text, zone text, domain text, reason_zh text, reason_en text,
            inputs jsonb, geom geometry)
  JOIN core.zone_version v ON v.code = r.version_code AND v.valid_to IS NULL;

-- name: move_versions
-- The versions that are to be in force, one step nearer to it.
UPDATE core.zone_version v
   SET state = %(state)s::text, effective = CASE WHEN %(state)s::text = 'effective' THEN r.effective END,
       approval_doc = '演示批复〔2026〕1号', approval_signer = '演示总工程师', approval_on = r.zoned_on
  FROM jsonb_populate_recordset(NULL::core.zone_version, %(rows)s::jsonb) r
 WHERE v.code = r.code AND v.is_demo AND r.state = 'effective';

-- name: add_zones
-- The three zones of every version.
INSERT INTO core.zone_polygon (code, name, name_en, town_code, source_doc, surveyed_on, is_demo,
                               zone_version_id, zone, water_hazards, area_m2, geom)
SELECT r.code, r.name, r.name_en, r.town_code, r.source_doc, r.surveyed_on, true, v.id, r.zone,
       r.water_hazards, r.area_m2, r.geom
  FROM jsonb_to_recordset(%(rows)s::jsonb)
       AS r(version_code text, code text, name text, name_en text, town_code text, source_doc text,
            surveyed_on date, zone text, water_hazards text[], area_m2 double precision, geom geometry)
  JOIN core.zone_version v ON v.code = r.version_code AND v.valid_to IS NULL;

-- name: add_scenarios
-- The floods: a screening by height above the river, never official.
INSERT INTO core.flood_scenario (code, name, name_en, source_doc, is_demo, return_period_y, method,
                                 method_version, parameters, family, gauge_level_m, height_datum, is_official)
SELECT r.code, r.name, r.name_en, r.source_doc, true, r.return_period_y, 'hand', 'demo', r.parameters, r.family, r.gauge_level_m, 'local', false
  FROM jsonb_populate_recordset(NULL::core.flood_scenario, %(rows)s::jsonb) r;

-- name: add_bands
-- The depth bands of every flood, from the staging table of the load.
INSERT INTO core.flood_band (code, name, name_en, source_doc, is_demo, flood_scenario_id, depth_min_m,
                             depth_max_m, area_m2, grade, geom)
SELECT r.code, r.name, r.name_en, r.source_doc, true, f.id, r.depth_min_m, r.depth_max_m, r.area_m2, r.grade, r.geom
  FROM pg_temp.staging_flood_band r
  JOIN core.flood_scenario f ON f.code = r.scenario_code AND f.valid_to IS NULL;

-- name: in_the_way
-- Real records that refer to demonstration ones, which therefore cannot go.
SELECT w.table_name, w.code, w.refers_to, w.referred_code
  FROM core.in_the_way_of_clear() w
 ORDER BY w.table_name, w.code;

-- name: clear_demo
-- Remove every demonstration row; how many of each table went.
SELECT c.table_name, c.row_count FROM core.clear_demo() c WHERE c.row_count > 0 ORDER BY c.table_name;
