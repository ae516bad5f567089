-- Drawn for tests/db/test_nearest_judged.py and tests/bench: crossing streets with seven speeds, as
-- many each way as the setting test.size says. Every fifth street is one way; a slower second arc
-- lies beside the northward arcs from every third crossing; a loop at each crossing of the first street.
CREATE TEMP TABLE crossing ON COMMIT DROP AS
SELECT x * size + y + 1 AS id, x, y, ST_Point(113 + x * 0.004, 36 + y * 0.003, 4490) AS geom
  FROM (SELECT current_setting('test.size')::integer AS size) s, generate_series(0, size - 1) x, generate_series(0, size - 1) y;
ANALYZE crossing;
INSERT INTO core.road_node (id, geom) SELECT id, geom FROM crossing;
INSERT INTO core.road (code, name, source_doc, road_class, geom)
SELECT 'R1', '试验路', 'test', 'tertiary', ST_MakeLine(geom ORDER BY x) FROM crossing WHERE y = 0;
INSERT INTO core.road_edge (road_id, from_node, to_node, length_m, speed_kph, time_s, geom)
SELECT r.id, a.id, b.id, ST_Length(line.geom::geography), v.kph, ST_Length(line.geom::geography) / v.kph * 3.6, line.geom
  FROM core.road r, crossing a
 CROSS JOIN (VALUES (1, 0), (-1, 0), (0, 1), (0, -1), (0, 0)) AS step (dx, dy)
  JOIN crossing b ON b.x = a.x + dx AND b.y = a.y + dy
 CROSS JOIN generate_series(0, 1) lane
 CROSS JOIN LATERAL (SELECT ST_Point((ST_X(a.geom) + ST_X(b.geom)) / 2 + 0.0004, (ST_Y(a.geom) + ST_Y(b.geom)) / 2 + 0.0006, 4490) AS geom) side
 CROSS JOIN LATERAL (SELECT CASE WHEN a.id = b.id THEN ST_MakeLine(ARRAY[a.geom, side.geom, ST_Translate(side.geom, -0.001, 0), b.geom])
                                 WHEN lane = 1 THEN ST_MakeLine(ARRAY[a.geom, side.geom, b.geom])
                                 ELSE ST_MakeLine(a.geom, b.geom) END AS geom) line
 CROSS JOIN LATERAL (SELECT 20 + 7 * ((least(a.id, b.id) * 13 + b.y) % 7)::float8 AS kph) v
 WHERE (a.id <> b.id OR a.x = 0)
   AND (lane = 0 OR a.id % 3 = 0 AND dy = 1)
   AND (dy <> 0 OR a.y % 5 > 0 OR dx >= 0)
   AND (dx <> 0 OR a.x % 5 > 0 OR dy >= 0);
ANALYZE core.road_edge;
