-- For tests/bench: the graph of nodes that pgRouting is raced on. Open arcs, closures worked in, no
-- turn costs; places (vertices below the first incident) are left, and incidents reached, along
-- parts of the arcs they lie on.
CREATE TEMP TABLE judge ON COMMIT DROP AS
WITH arc AS (
  SELECT e.id, e.from_node, e.to_node, e.time_s / c.factor AS time_s
    FROM core.road_edge e
   CROSS JOIN LATERAL (SELECT coalesce(exp(sum(ln(nullif(r.factor, 0)))), 1) AS factor, coalesce(bool_and(r.factor > 0), true) AS is_open
                         FROM core.closure_arc a JOIN core.road_closure r ON r.id = a.road_closure_id
                        WHERE a.road_edge_id = e.id) c
   WHERE c.is_open
), meets AS (
  SELECT * FROM unnest(%(vertices)s::bigint[], %(arcs)s::bigint[], %(fractions)s::float8[]) AS m (vertex, arc_id, fraction)
)
SELECT row_number() OVER () AS id, s.* FROM (
  SELECT from_node AS source, to_node AS target, time_s AS cost FROM arc
  UNION ALL
  SELECT m.vertex, a.to_node, (1 - m.fraction) * a.time_s FROM meets m JOIN arc a ON a.id = m.arc_id WHERE m.vertex < %(incident)s
  UNION ALL
  SELECT a.from_node, m.vertex, m.fraction * a.time_s FROM meets m JOIN arc a ON a.id = m.arc_id WHERE m.vertex >= %(incident)s
  UNION ALL
  SELECT p.vertex, i.vertex, (i.fraction - p.fraction) * a.time_s
    FROM meets p JOIN meets i ON i.arc_id = p.arc_id AND p.vertex < %(incident)s AND i.vertex >= %(incident)s AND p.fraction <= i.fraction
    JOIN arc a ON a.id = p.arc_id) s;
