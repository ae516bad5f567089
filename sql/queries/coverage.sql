-- Service areas: where people live, and the roads that are reached.

-- name: settlements
-- Every current settlement with its town, and whether it is in the caller's towns.
SELECT s.id, s.version, s.code, s.name, s.town_code, t.name AS town, s.population,
       ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat,
       (%(towns)s::text[] IS NULL OR s.town_code IS NULL OR s.town_code = ANY (%(towns)s::text[])) AS is_in_scope
  FROM core.settlement s
  LEFT JOIN core.town t ON t.code = s.town_code AND t.valid_to IS NULL
 WHERE s.valid_to IS NULL
 ORDER BY s.code;

-- name: reached_lines
-- These arcs from one fraction of their length to another.
SELECT l.no::integer AS no,
       CASE WHEN l.a = 0 AND l.b = 1 THEN e.geom ELSE ST_LineSubstring(e.geom, l.a, l.b) END AS geom
  FROM unnest(%(arcs)s::bigint[], %(starts)s::float8[], %(ends)s::float8[]) WITH ORDINALITY AS l (arc_id, a, b, no)
  JOIN core.road_edge e ON e.id = l.arc_id
 WHERE l.b > l.a
 ORDER BY l.no;
