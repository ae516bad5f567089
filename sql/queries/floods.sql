-- Floods: scenarios and their bands, what they reach, what lives below them.

-- name: rules
-- The tables that floods are told by.
SELECT p.code, p.value FROM core.risk_parameter p
 WHERE p.valid_to IS NULL AND starts_with(p.code, 'flood_');

-- name: envelope
-- The box that whatever is stored lies in; no row before a boundary is loaded.
SELECT d.envelope FROM core.district d WHERE d.valid_to IS NULL;

-- name: scenarios
-- Scenarios with what their bands come to, newest first; one by its id or code, or a family.
SELECT f.id, f.version, f.code, f.name, f.state, nullif(lower(f.period), '-infinity') AS starts_at,
       nullif(upper(f.period), 'infinity') AS ends_at,
       f.state = 'in_force' AND (f.period IS NULL OR f.period @> %(at)s::timestamptz) AS is_in_force,
       f.return_period_y, f.method, f.method_version, f.height_datum, f.level_m, f.gauge_level_m, f.family, f.is_official,
       f.official_doc, f.source_doc, f.drawn_by, f.created_by, f.created_at, f.parameters, f.inputs_hash,
       f.geom_hash, f.code_version, f.includes_structures, f.unknown_area_m2, f.is_demo,
       b.bands, b.area_m2, b.deepest_m, b.grade, b.arrival_min
  FROM core.flood_scenario f
 CROSS JOIN LATERAL (SELECT count(*) AS bands, coalesce(sum(x.area_m2), 0) AS area_m2,
                            max(coalesce(x.depth_max_m, x.depth_min_m)) AS deepest_m, min(x.arrival_min) AS arrival_min,
                            (array_agg(x.grade ORDER BY array_position(ARRAY['blue', 'yellow', 'orange', 'red'], x.grade) DESC NULLS LAST))[1] AS grade
                       FROM core.flood_band x WHERE x.flood_scenario_id = f.id AND x.valid_to IS NULL) b
 WHERE f.valid_to IS NULL AND (%(id)s::bigint IS NULL OR f.id = %(id)s::bigint)
   AND (%(code)s::text IS NULL OR f.code = %(code)s::text)
   AND (%(family)s::text IS NULL OR f.family = %(family)s::text)
 ORDER BY f.created_at DESC, f.id DESC
 LIMIT %(most)s;

-- name: bands
-- The bands of a scenario, the shallowest first.
SELECT b.id, b.code, b.depth_min_m, b.depth_max_m, b.velocity_ms, b.arrival_min,
       coalesce(b.level_m, f.level_m) AS level_m, f.height_datum, b.grade, b.area_m2, b.geom
  FROM core.flood_band b JOIN core.flood_scenario f ON f.id = b.flood_scenario_id
 WHERE b.flood_scenario_id = %(id)s AND b.valid_to IS NULL
 ORDER BY b.depth_min_m, b.id;

-- name: unknown
-- Where a scenario does not know whether there is water.
SELECT f.unknown_geom FROM core.flood_scenario f WHERE f.id = %(id)s AND f.unknown_geom IS NOT NULL;

-- name: add_scenario
-- A scenario as a draft.
INSERT INTO core.flood_scenario (code, name, name_en, secrecy, source_doc, return_period_y, method, method_version,
                                 height_datum, level_m, gauge_level_m, family, parameters, inputs_hash, geom_hash, code_version,
                                 drawn_by, is_official, official_doc, includes_structures, unknown_area_m2, unknown_geom)
SELECT r.code, r.name, r.name_en, 'internal', r.source_doc, r.return_period_y, r.method, r.method_version,
       r.height_datum, r.level_m, r.gauge_level_m, r.family, r.parameters, r.inputs_hash, r.geom_hash, r.code_version,
       r.drawn_by, r.is_official, r.official_doc, r.includes_structures, r.unknown_area_m2, r.unknown_geom
  FROM jsonb_populate_record(NULL::core.flood_scenario, %(row)s::jsonb) r
RETURNING id;

-- name: add_bands
-- Its bands.
INSERT INTO core.flood_band (code, name, name_en, secrecy, source_doc, flood_scenario_id, depth_min_m, depth_max_m,
                             velocity_ms, arrival_min, level_m, area_m2, grade, geom)
SELECT r.code, r.name, r.name_en, 'internal', r.source_doc, %(scenario)s, r.depth_min_m, r.depth_max_m,
       r.velocity_ms, r.arrival_min, r.level_m, r.area_m2, r.grade, r.geom
  FROM jsonb_populate_recordset(NULL::core.flood_band, %(rows)s::jsonb) r;

-- name: arcs_in_water
-- The arcs under each body of water (numbered from 0 as given), and how bridges stand to its level.
SELECT w.no::integer - 1 AS no, a.road_edge_id AS arc_id, a.standing, e.from_node, e.to_node, e.length_m, e.road_id,
       r.name AS road, r.ref, r.is_tunnel
  FROM unnest(%(shapes)s::text[], %(levels_m)s::float8[], %(datums)s::text[]) WITH ORDINALITY AS w (shape, level_m, datum, no)
 CROSS JOIN LATERAL core.arcs_in_water(ST_SetSRID(w.shape::geometry, 4490), w.level_m, w.datum) a
  JOIN core.road_edge e ON e.id = a.road_edge_id
  JOIN core.road r ON r.id = e.road_id
 ORDER BY 1, 2;

-- name: things_in_water
-- What stands in the water, by layer and code; the number of the last (deepest) body it is in.
WITH water AS MATERIALIZED (
  SELECT w.no::integer - 1 AS no, ST_Subdivide(ST_SetSRID(w.shape::geometry, 4490), 128) AS geom
    FROM unnest(%(shapes)s::text[]) WITH ORDINALITY AS w (shape, no)
), thing AS (
  SELECT 'settlements' AS layer, id, code, name, town_code, secrecy, population::float8 AS amount, kind AS detail, geom FROM core.settlement WHERE valid_to IS NULL
  UNION ALL SELECT 'shelters', id, code, name, town_code, secrecy, capacity, kind, geom FROM core.shelter WHERE valid_to IS NULL
  UNION ALL SELECT 'depots', id, code, name, town_code, secrecy, NULL, tier, geom FROM core.depot WHERE valid_to IS NULL
  UNION ALL SELECT 'rescue_teams', id, code, name, town_code, secrecy, headcount, tier, geom FROM core.rescue_team WHERE valid_to IS NULL
  UNION ALL SELECT 'fire_stations', id, code, name, town_code, secrecy, vehicles, status, geom FROM core.fire_station WHERE valid_to IS NULL
  UNION ALL SELECT 'town_stations', id, code, name, town_code, secrecy, headcount, NULL, geom FROM core.town_station WHERE valid_to IS NULL
  UNION ALL SELECT 'command_posts', id, code, name, town_code, secrecy, NULL, kind, geom FROM core.command_post WHERE valid_to IS NULL AND geom IS NOT NULL
  UNION ALL SELECT 'hazard_sources', id, code, name, town_code, secrecy, NULL, coalesce(grade, kind), geom FROM core.hazard_source WHERE valid_to IS NULL
  UNION ALL SELECT 'flash_villages', id, code, name, town_code, secrecy, NULL, grade, geom FROM core.flash_village WHERE valid_to IS NULL
  UNION ALL SELECT 'sensors', id, code, name, town_code, secrecy, NULL, kind, geom FROM core.sensor WHERE valid_to IS NULL
  UNION ALL SELECT 'mines', id, code, name, town_code, secrecy, NULL, status, geom FROM core.mine WHERE valid_to IS NULL
)
SELECT t.layer, t.code, t.name, t.amount, t.detail, max(w.no) AS band,
       (%(towns)s::text[] IS NULL OR t.town_code IS NULL OR t.town_code = ANY (%(towns)s::text[])) AS is_in_scope
  FROM thing t JOIN water w ON ST_Intersects(t.geom, w.geom)
 WHERE t.secrecy = ANY (%(secrecies)s::text[])
 GROUP BY t.layer, t.code, t.name, t.amount, t.detail, t.town_code
 ORDER BY t.layer, t.code;

-- name: hold_villages
-- One judges villages at a time: a message is sent once.
SELECT pg_advisory_xact_lock(7140428)::text;

-- name: village_gauges
-- Villages with the gauges that speak for each: its own, and for rain those near by unless its own
-- measures rain; those that one of these sensors speaks for, or (NULL) those with a warning.
WITH pair AS (
  SELECT v.id AS village_id, s.id AS sensor_id
    FROM core.flash_village v
    LEFT JOIN core.sensor own ON own.id = v.sensor_id AND own.valid_to IS NULL
    JOIN core.risk_parameter p ON p.code = 'flash_radius' AND p.valid_to IS NULL
    JOIN core.sensor s ON s.valid_to IS NULL AND s.kind IN ('rain', 'stage')
     AND (s.id = own.id OR (s.kind = 'rain' AND own.kind IS DISTINCT FROM 'rain'
          AND ST_DWithin(s.geom::geography, v.geom::geography, (p.value ->> 'within_m')::float8)))
   WHERE v.valid_to IS NULL
)
SELECT v.id, v.code, v.name, coalesce(v.town_code, h.town_code) AS town_code, core.stricter(v.secrecy, h.secrecy) AS secrecy,
       v.is_demo, ST_X(v.geom) AS lon, ST_Y(v.geom) AS lat, h.population, v.is_verified, v.source_doc,
       ARRAY[v.prepare_30min_mm, v.prepare_1h_mm, v.prepare_3h_mm, v.prepare_6h_mm, v.prepare_24h_mm] AS prepare_mm,
       ARRAY[v.transfer_30min_mm, v.transfer_1h_mm, v.transfer_3h_mm, v.transfer_6h_mm, v.transfer_24h_mm] AS transfer_mm,
       v.prepare_stage_m, v.transfer_stage_m, t.level, t.reference,
       s.id AS sensor_id, s.code AS sensor_code, s.name AS sensor, s.kind
  FROM core.flash_village v
  JOIN core.settlement h ON h.id = v.settlement_id
  JOIN pair ON pair.village_id = v.id
  JOIN core.sensor s ON s.id = pair.sensor_id
  LEFT JOIN core.flash_state t ON t.flash_village_id = v.id
 WHERE CASE WHEN %(sensor_ids)s::bigint[] IS NULL THEN t.level IS NOT NULL
            ELSE v.id IN (SELECT x.village_id FROM pair x WHERE x.sensor_id = ANY (%(sensor_ids)s::bigint[])) END
 ORDER BY v.code, s.code;

-- name: measured
-- What fell on each of these gauges in the last 0.5, 1, 3, 6 and 24 hours, and its last reading.
SELECT t.sensor_id, t.value AS last,
       (SELECT ARRAY[coalesce(sum(o.value) FILTER (WHERE o.observed_at > c.now - interval '30 min'), 0),
                     coalesce(sum(o.value) FILTER (WHERE o.observed_at > c.now - interval '1 h'), 0),
                     coalesce(sum(o.value) FILTER (WHERE o.observed_at > c.now - interval '3 h'), 0),
                     coalesce(sum(o.value) FILTER (WHERE o.observed_at > c.now - interval '6 h'), 0),
                     coalesce(sum(o.value), 0)]
          FROM core.observation o
         WHERE o.sensor_id = t.sensor_id AND o.observed_at > c.now - interval '24 h' AND o.observed_at <= c.now + interval '5 min'
           AND coalesce(o.quality, 'good') IN ('good', 'suspect')) AS fallen_mm
  FROM core.sensor_state t, (SELECT %(now)s::timestamptz AS now) c
 WHERE t.sensor_id = ANY (%(sensor_ids)s::bigint[]) AND coalesce(t.quality, 'good') IN ('good', 'suspect');

-- name: set_village
-- Keep what was told of a village.
INSERT INTO core.flash_state AS t (flash_village_id, level, since, reference, is_demo)
VALUES (%(village)s, %(level)s, %(since)s, %(reference)s, %(is_demo)s)
    ON CONFLICT (flash_village_id)
    DO UPDATE SET level = excluded.level, since = excluded.since, reference = excluded.reference;

-- name: water_body
-- A water body by its code.
SELECT w.geom FROM core.water_body w WHERE w.code = %(code)s AND w.valid_to IS NULL;

-- name: hold_gauges
-- One puts zones in force at a time.
SELECT pg_advisory_xact_lock(7140429)::text;

-- name: gauges
-- The gauges that these sensors are, with the newest reading of each that can be trusted, in metres; one
-- of a sensor in another unit than m, cm or mm says no level.
SELECT g.id, g.family, g.height_datum, g.zero_m, g.from_m, g.clear_margin_m, g.is_demo, t.value * u.metres AS value, t.observed_at,
       s.flood_scenario_id AS scenario_id, coalesce(s.was_in_force, false) AS was_in_force
  FROM core.flood_gauge g
  JOIN core.sensor n ON n.id = g.sensor_id
  JOIN (VALUES ('m', 1.0), ('cm', 0.01), ('mm', 0.001)) u (unit, metres) ON u.unit = n.unit
  JOIN core.sensor_state t ON t.sensor_id = g.sensor_id
  LEFT JOIN core.flood_gauge_state s ON s.flood_gauge_id = g.id
 WHERE g.valid_to IS NULL AND g.sensor_id = ANY (%(sensor_ids)s::bigint[]) AND t.value IS NOT NULL
   AND coalesce(t.quality, 'good') IN ('good', 'suspect')
   AND (s.observed_at IS NULL OR t.observed_at >= s.observed_at)
 ORDER BY g.id;

-- name: rungs
-- The scenarios of these families, and the level at their gauge that each is for.
SELECT f.family, f.id AS scenario_id, coalesce(f.gauge_level_m, f.level_m) AS level_m, f.height_datum, f.state
  FROM core.flood_scenario f
 WHERE f.valid_to IS NULL AND f.family = ANY (%(families)s::text[]) AND coalesce(f.gauge_level_m, f.level_m) IS NOT NULL
   AND EXISTS (SELECT FROM core.flood_band b WHERE b.flood_scenario_id = f.id AND b.valid_to IS NULL)
 ORDER BY f.family, 3, f.id;

-- name: set_gauge
-- Keep what a gauge has in force, and the reading that it rests on.
INSERT INTO core.flood_gauge_state AS s
       (flood_gauge_id, flood_scenario_id, level_m, observed_at, is_above_all, was_in_force, is_demo)
VALUES (%(gauge)s, %(scenario)s, %(level_m)s, %(observed_at)s, %(is_above_all)s, %(was_in_force)s, %(is_demo)s)
    ON CONFLICT (flood_gauge_id) DO UPDATE
   SET flood_scenario_id = excluded.flood_scenario_id, level_m = excluded.level_m, observed_at = excluded.observed_at,
       is_above_all = excluded.is_above_all, was_in_force = excluded.was_in_force;

-- name: tell_silence
-- Gauges with a zone in force that are silent for longer than their sensor may be.
UPDATE core.flood_gauge_state s
   SET is_stale = true
  FROM core.flood_gauge g
  JOIN core.sensor n ON n.id = g.sensor_id
 WHERE g.id = s.flood_gauge_id AND NOT s.is_stale AND s.flood_scenario_id IS NOT NULL AND g.valid_to IS NULL
   AND s.observed_at < clock_timestamp() - make_interval(secs => n.interval_s * n.silent_after);

-- name: hear_again
-- Gauges that report again.
UPDATE core.flood_gauge_state s
   SET is_stale = false
  FROM core.flood_gauge g
  JOIN core.sensor n ON n.id = g.sensor_id
 WHERE g.id = s.flood_gauge_id AND s.is_stale AND s.flood_gauge_id = ANY (%(gauges)s::bigint[])
   AND s.observed_at >= clock_timestamp() - make_interval(secs => n.interval_s * n.silent_after);

-- name: standing_gauges
-- Which gauge has a scenario in force, by which reading.
SELECT s.flood_scenario_id AS scenario_id, g.code, n.code AS sensor_code, s.level_m, g.height_datum, s.observed_at,
       s.is_stale, s.is_above_all
  FROM core.flood_gauge_state s
  JOIN core.flood_gauge g ON g.id = s.flood_gauge_id
  JOIN core.sensor n ON n.id = g.sensor_id
 WHERE s.flood_scenario_id IS NOT NULL AND g.valid_to IS NULL
 ORDER BY g.code;

-- name: shafts_in_water
-- Shafts and yards of mines in the extent, with the number of the last (deepest) body each is in.
WITH water AS MATERIALIZED (
  SELECT w.no::integer - 1 AS no, ST_Subdivide(ST_SetSRID(w.shape::geometry, 4490), 128) AS geom
    FROM unnest(%(shapes)s::text[]) WITH ORDINALITY AS w (shape, no)
)
SELECT s.code, s.name, m.name AS mine, s.kind, s.collar_m, s.height_datum, s.defence_doc, max(w.no) AS band
  FROM core.mine_shaft s
  JOIN core.mine m ON m.id = s.mine_id
  JOIN water w ON ST_Intersects(s.geom, w.geom)
 WHERE s.valid_to IS NULL AND core.stricter(s.secrecy, m.secrecy) = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR coalesce(s.town_code, m.town_code) IS NULL
        OR coalesce(s.town_code, m.town_code) = ANY (%(towns)s::text[]))
 GROUP BY s.id, m.name
 ORDER BY s.code;
