-- For tests/db/test_nearest_judged.py: the graph that pgRouting is asked on, worked out here anew
-- from the tables. A vertex is the end of an arc, an edge the turn into the next arc and the drive
-- along it, so that turn costs and restrictions are in. Places (vertices below the first incident)
-- are left, and incidents reached, along parts of the arcs they lie on.
-- The curve of speed by depth of water was fitted for cars, which 300 mm stop. It falls to 2 km/h at
-- 307 mm and then rises (10 km/h at 400 mm), so beyond its lowest point that is the speed: trucks
-- and heavy vehicles wade deeper, and deeper water never makes a vehicle faster.
CREATE TEMP TABLE judge ON COMMIT DROP AS
WITH vehicle AS (
  SELECT * FROM core.vehicle_profile WHERE code = %(profile)s
), rule AS (
  SELECT (SELECT value FROM core.risk_parameter WHERE code = 'road_surfaces') AS surfaces,
         (SELECT value FROM core.risk_parameter WHERE code = 'road_sections') AS sections
), arc AS (
  SELECT e.id, e.road_id, e.from_node, e.to_node, e.start_deg, e.end_deg,
         greatest(e.length_m * 3.6 / least(v.max_kph, e.speed_kph * v.speed_factor * coalesce((rule.surfaces ->> r.surface)::float8, 1)
                                           * greatest(0.4, 1 - 0.03 * greatest(0, abs(coalesce(e.gradient_pct, 0)) - 4)))
                  / c.factor / s.factor, e.length_m * 3.6 / w.kph) AS time_s
    FROM core.road_edge e JOIN core.road r ON r.id = e.road_id CROSS JOIN vehicle v CROSS JOIN rule
   CROSS JOIN LATERAL (SELECT coalesce(exp(sum(ln(nullif(r.factor, 0)))), 1) AS factor, coalesce(bool_and(coalesce(r.depth_m < v.wading_m, r.factor > 0)), true) AS is_open
                         FROM core.closure_arc a JOIN core.road_closure r ON r.id = a.road_closure_id
                        WHERE a.road_edge_id = e.id AND (r.vehicle_classes = '{}' OR v.code = ANY(r.vehicle_classes))) c
   CROSS JOIN LATERAL (SELECT min(0.0009 * d.mm ^ 2 - 0.5529 * d.mm + 86.9448) AS kph, coalesce(bool_and(d.m < v.wading_m), true) AS is_open
                         FROM (SELECT w.m, least(1000 * w.m, 0.5529 / 0.0018) AS mm FROM (SELECT r.depth_m AS m FROM core.closure_arc a JOIN core.road_closure r ON r.id = a.road_closure_id
                                WHERE a.road_edge_id = e.id AND r.depth_m IS NOT NULL
                               UNION ALL
                               SELECT b.depth_max_m FROM core.flood_arc a JOIN core.flood_band b ON b.id = a.flood_band_id WHERE a.road_edge_id = e.id) w) d) w
   CROSS JOIN LATERAL (SELECT coalesce(exp(sum(ln((rule.sections ->> d.grade)::float8))), 1) AS factor
                         FROM core.section_arc a JOIN core.dangerous_section d ON d.id = a.dangerous_section_id WHERE a.road_edge_id = e.id) s
   WHERE c.is_open AND w.is_open AND coalesce(r.max_height_m >= v.height_m, true) AND coalesce(r.max_weight_t >= v.weight_t, true)
), junction AS (
  SELECT node FROM (SELECT from_node AS node, to_node AS other FROM core.road_edge UNION SELECT to_node, from_node FROM core.road_edge) n
   WHERE node <> other GROUP BY node HAVING count(*) >= 3
), turn AS (
  SELECT a.id AS a, b.id AS b, a.time_s AS a_s, b.time_s AS b_s, b.to_node = a.from_node AS is_back,
         CASE WHEN b.to_node = a.from_node THEN v.turn_back_s
              WHEN NOT EXISTS (SELECT FROM junction j WHERE j.node = a.to_node) THEN 0
              WHEN least(g.deg, 360 - g.deg) >= 135 THEN v.turn_sharp_s
              WHEN least(g.deg, 360 - g.deg) < 30 THEN 0
              WHEN g.deg <= 180 THEN v.turn_right_s ELSE v.turn_left_s END AS turn_s
    FROM arc a JOIN arc b ON b.from_node = a.to_node CROSS JOIN vehicle v
   CROSS JOIN LATERAL (SELECT (b.start_deg - a.end_deg + 360) %% 360 AS deg) g
   WHERE NOT EXISTS (SELECT FROM core.turn_restriction t
                      WHERE t.kind LIKE 'no%%' AND t.from_road_id = a.road_id AND t.via_node_id = a.to_node AND t.to_road_id = b.road_id
                        AND (t.from_road_id <> t.to_road_id OR (b.to_node = a.from_node) = (t.kind = 'no_u_turn')))
     AND NOT EXISTS (SELECT FROM core.turn_restriction t JOIN core.road_edge o ON o.road_id = t.to_road_id AND o.from_node = a.to_node
                      WHERE t.kind LIKE 'only%%' AND t.from_road_id = a.road_id AND t.via_node_id = a.to_node
                        AND NOT EXISTS (SELECT FROM core.turn_restriction u WHERE u.kind LIKE 'only%%' AND u.from_road_id = a.road_id
                                           AND u.via_node_id = a.to_node AND u.to_road_id = b.road_id))
), meets AS (
  SELECT m.vertex, m.fraction, arc.id, arc.time_s FROM unnest(%(vertices)s::bigint[], %(arcs)s::bigint[], %(fractions)s::float8[]) AS m (vertex, arc_id, fraction)
    JOIN arc ON arc.id = m.arc_id
)
SELECT row_number() OVER () AS id, s.* FROM (
  SELECT a AS source, b AS target, turn_s + b_s AS cost FROM turn
  UNION ALL
  SELECT m.vertex, m.id, (1 - m.fraction) * m.time_s FROM meets m WHERE m.vertex < %(incident)s
  UNION ALL
  SELECT t.a, m.vertex, t.turn_s + m.fraction * m.time_s FROM meets m JOIN turn t ON t.b = m.id WHERE m.vertex >= %(incident)s
  UNION ALL
  SELECT p.vertex, i.vertex, (i.fraction - p.fraction) * p.time_s
    FROM meets p JOIN meets i ON i.id = p.id AND p.vertex < %(incident)s AND i.vertex >= %(incident)s AND p.fraction <= i.fraction) s;
