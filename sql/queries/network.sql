-- name: graph_state
-- What an answer at an instant rests on. Closures and floods by id: the ones in force then. The
-- service envelope is a box; no district, no bounds.
SELECT g.version, g.state_uid, g.arcs_uid,
       ST_XMin(core.envelope()) AS west, ST_YMin(core.envelope()) AS south,
       ST_XMax(core.envelope()) AS east, ST_YMax(core.envelope()) AS north,
       EXISTS (SELECT FROM core.road_edge) AS has_roads,
       ARRAY(SELECT c.id FROM core.road_closure c
              WHERE c.valid_to IS NULL AND c.period @> %(at)s::timestamptz
              ORDER BY c.id) AS closure_ids,
       ARRAY(SELECT f.id FROM core.flood_scenario f
              WHERE f.valid_to IS NULL AND f.state = 'in_force'
                AND (f.period IS NULL OR f.period @> %(at)s::timestamptz)
              ORDER BY f.id) AS flood_ids
  FROM core.graph_version g;

-- name: graph_uids
-- The state of arcs and closures now: read again after reading them.
SELECT g.state_uid, g.arcs_uid FROM core.graph_version g;

-- name: arcs
-- Every directed arc, its road's limits and where it ends. A column is one run of bytes, in the
-- order of ids (PostgreSQL's binary form): five million rows never become Python objects.
SELECT string_agg(int8send(a.id), '') AS id, string_agg(int8send(a.road_id), '') AS road_id,
       string_agg(int8send(a.from_node), '') AS from_node, string_agg(int8send(a.to_node), '') AS to_node,
       string_agg(float8send(a.length_m), '') AS length_m, string_agg(float8send(a.speed_kph), '') AS speed_kph,
       string_agg(float8send(coalesce(a.gradient_pct, 'NaN')), '') AS gradient_pct,
       string_agg(float8send(coalesce(a.max_height_m, 'NaN')), '') AS max_height_m,
       string_agg(float8send(coalesce(a.max_weight_t, 'NaN')), '') AS max_weight_t,
       string_agg(int2send(a.start_deg), '') AS start_deg, string_agg(int2send(a.end_deg), '') AS end_deg,
       string_agg(int2send(a.surface), '') AS surface,
       string_agg(float8send(a.lon), '') AS lon, string_agg(float8send(a.lat), '') AS lat
  FROM (SELECT e.id, e.road_id, e.from_node, e.to_node, e.length_m, e.speed_kph, e.gradient_pct,
               e.start_deg, e.end_deg, r.max_height_m, r.max_weight_t,
               coalesce(array_position(%(surfaces)s::text[], r.surface), 0)::smallint AS surface,
               ST_X(ST_EndPoint(e.geom)) AS lon, ST_Y(ST_EndPoint(e.geom)) AS lat
          FROM core.road_edge e JOIN core.road r ON r.id = e.road_id) a;

-- name: surfaces
-- What roads are surfaced with: the commonest first, as many as a byte counts.
SELECT r.surface FROM core.road r
 WHERE r.valid_to IS NULL AND r.surface IS NOT NULL
 GROUP BY r.surface ORDER BY count(*) DESC, r.surface LIMIT 250;

-- name: restrictions
-- Turns that are not allowed, or the only ones that are.
SELECT t.kind, t.from_road_id, t.via_node_id, t.to_road_id FROM core.turn_restriction t;

-- name: profiles
-- Every kind of vehicle.
SELECT p.code, p.height_m, p.weight_t, p.wading_m, p.carries_hazmat, p.speed_factor, p.max_kph,
       p.turn_right_s, p.turn_left_s, p.turn_sharp_s, p.turn_back_s, p.max_flow_m2s
  FROM core.vehicle_profile p
 WHERE p.valid_to IS NULL
 ORDER BY p.id;

-- name: rules
-- How surface, gradient, danger, water and turns change driving times.
SELECT p.code, p.value FROM core.risk_parameter p
 WHERE p.valid_to IS NULL AND starts_with(p.code, 'road_');

-- name: obstacles
-- The closures of these ids, the bands of these floods, and dangerous sections, where they lie on
-- any arc. A band counts as deep as it gets.
SELECT 'closure' AS kind, c.id, c.code, c.name, c.factor, c.depth_m, c.vehicle_classes AS classes, NULL::text AS grade,
       NULL::float8 AS flow_m2s
  FROM core.road_closure c
 WHERE c.id = ANY(%(closures)s::bigint[])
   AND EXISTS (SELECT FROM core.closure_arc a WHERE a.road_closure_id = c.id)
UNION ALL
SELECT 'flood', b.id, b.code, f.name || CASE WHEN g.is_stale THEN '（水位站无读数 · gauge silent）' ELSE '' END, 0, coalesce(b.depth_max_m, b.depth_min_m), '{}', NULL,
       coalesce(b.depth_max_m, b.depth_min_m) * b.velocity_ms
  FROM core.flood_band b JOIN core.flood_scenario f ON f.id = b.flood_scenario_id
  LEFT JOIN (SELECT s.flood_scenario_id, bool_and(s.is_stale) AS is_stale FROM core.flood_gauge_state s
              GROUP BY s.flood_scenario_id) g ON g.flood_scenario_id = f.id
 WHERE f.id = ANY(%(floods)s::bigint[]) AND b.valid_to IS NULL
   AND EXISTS (SELECT FROM core.flood_arc a WHERE a.flood_band_id = b.id)
UNION ALL
SELECT 'section', s.id, s.code, s.name, 1, NULL, '{}', s.grade, NULL
  FROM core.dangerous_section s
 WHERE s.valid_to IS NULL AND EXISTS (SELECT FROM core.section_arc a WHERE a.dangerous_section_id = s.id)
 ORDER BY 1, 3, 2;

-- name: laid
-- Which of them lies on which arc.
SELECT 'closure' AS kind, a.road_closure_id AS id, a.road_edge_id AS arc_id
  FROM core.closure_arc a WHERE a.road_closure_id = ANY(%(closures)s::bigint[])
UNION ALL
SELECT 'flood', a.flood_band_id, a.road_edge_id
  FROM core.flood_arc a JOIN core.flood_band b ON b.id = a.flood_band_id
 WHERE b.flood_scenario_id = ANY(%(floods)s::bigint[]) AND b.valid_to IS NULL
UNION ALL
SELECT 'section', a.dangerous_section_id, a.road_edge_id FROM core.section_arc a;

-- name: supposed
-- The arcs under shapes that are asked about, not stored; numbered from 0 as given.
SELECT s.no - 1 AS no, a.road_edge_id AS arc_id
  FROM unnest(%(shapes)s::text[], %(structures)s::boolean[]) WITH ORDINALITY AS s (shape, structures, no)
 CROSS JOIN LATERAL core.arcs_under(ST_SetSRID(s.shape::geometry, 4490), s.structures) a;

-- name: take_time
-- Reading a whole network takes longer than a question may.
SELECT set_config('statement_timeout', '10min', true);

-- name: landings
-- Where each place meets the open road nearest to it, on every arc (direction) that passes
-- there; none within the limit: one row without an arc. The index knows degrees, so its nearest
-- arc only bounds the search (a degree is at least 110.5 km of latitude and 111 km x cos(lat) of
-- longitude); what is nearest is then decided in metres. Along an arc we measure in degrees
-- with longitude squeezed by cos(latitude), in which a foot of a perpendicular is one on the ground.
WITH shut AS MATERIALIZED (
  SELECT unnest(%(shut)s::bigint[]) AS id
), place AS MATERIALIZED (
  SELECT p.no, s.geom, e.id AS nearest_arc, e.nearest_m, o.gap_m, least(o.gap_m, %(limit_m)s) * 1.01 + 1 AS reach_m
    FROM unnest(%(nos)s::integer[], %(lons)s::float8[], %(lats)s::float8[]) AS p (no, lon, lat)
   CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4490) AS geom) s
    LEFT JOIN LATERAL (SELECT e.id, ST_Distance(e.geom::geography, s.geom::geography) AS nearest_m
                         FROM core.road_edge e ORDER BY e.geom <-> s.geom LIMIT 1) e ON true
    LEFT JOIN LATERAL (SELECT ST_Distance(e.geom::geography, s.geom::geography) AS gap_m
                         FROM core.road_edge e WHERE e.id NOT IN (SELECT id FROM shut)
                        ORDER BY e.geom <-> s.geom LIMIT 1) o ON true
), landing AS (
  SELECT p.no, e.id AS arc_id, e.road_id, f.fraction, s.snap_m, min(s.snap_m) OVER (PARTITION BY p.no) AS least_m
    FROM place p
    JOIN core.road_edge e ON e.geom && ST_Expand(p.geom, p.reach_m / (111000 * cos(radians(ST_Y(p.geom)))), p.reach_m / 110500)
                         AND e.id NOT IN (SELECT id FROM shut)
   CROSS JOIN LATERAL (SELECT cos(radians((ST_YMin(e.geom) + ST_YMax(e.geom)) / 2)) AS squeeze) q
   CROSS JOIN LATERAL (SELECT ST_Scale(e.geom, q.squeeze, 1) AS line) l
   CROSS JOIN LATERAL (SELECT ST_LineLocatePoint(l.line, ST_Scale(p.geom, q.squeeze, 1)) AS fraction) f
   CROSS JOIN LATERAL (SELECT ST_Distance(p.geom::geography,
                              ST_Scale(ST_LineInterpolatePoint(l.line, f.fraction), 1 / q.squeeze, 1)::geography) AS snap_m) s
)
SELECT p.no, p.nearest_arc, p.nearest_m, p.gap_m, l.arc_id, l.fraction, l.snap_m, r.name AS road
  FROM place p
  LEFT JOIN landing l ON l.no = p.no AND l.snap_m <= %(limit_m)s AND l.snap_m <= l.least_m + 0.01
  LEFT JOIN core.road r ON r.id = l.road_id
 ORDER BY p.no, l.arc_id;

-- name: way_lines
-- Each way as one line, of the arcs (or parts of arcs) driven in order, and the roads it follows
-- in the order it first meets them. A way of no length keeps two equal ends.
WITH leg AS MATERIALIZED (
  SELECT l.way, l.leg, l.start_fraction AS a, l.end_fraction AS b, e.geom, e.length_m,
         coalesce(r.ref, r.name) AS road,
         -- A road without a name bears that of its class.
         coalesce(r.ref, r.name_en, CASE r.name WHEN c.zh THEN c.en ELSE r.name END) AS road_en,
         cos(radians((ST_YMin(e.geom) + ST_YMax(e.geom)) / 2)) AS squeeze
    FROM unnest(%(ways)s::integer[], %(arcs)s::bigint[], %(starts)s::float8[], %(ends)s::float8[])
                WITH ORDINALITY AS l (way, arc_id, start_fraction, end_fraction, leg)
    JOIN core.road_edge e ON e.id = l.arc_id
    JOIN core.road r ON r.id = e.road_id
    JOIN core.road_class c ON c.road_class = r.road_class
), line AS (
  SELECT way, ST_MakeLine(CASE WHEN a = 0 AND b = 1 THEN geom ELSE
           ST_Scale(ST_LineSubstring(ST_Scale(geom, squeeze, 1), a, b), 1 / squeeze, 1) END ORDER BY leg) AS geom
    FROM leg GROUP BY way
), followed AS (
  SELECT way, road, road_en, sum((b - a) * length_m) AS length_m, min(leg) AS first_leg
    FROM leg GROUP BY way, road, road_en
)
SELECT line.way, f.roads, f.roads_en, f.lengths_m,
       CASE WHEN ST_NPoints(line.geom) > 1 THEN ST_RemoveRepeatedPoints(line.geom)
            ELSE ST_MakeLine(ARRAY[ST_PointN(line.geom, 1), ST_PointN(line.geom, 1)]) END AS geom
  FROM line
  JOIN (SELECT way, array_agg(road ORDER BY first_leg) AS roads, array_agg(road_en ORDER BY first_leg) AS roads_en,
               array_agg(length_m ORDER BY first_leg) AS lengths_m
          FROM followed GROUP BY way) f ON f.way = line.way
 ORDER BY line.way;
