-- Drawn for tests/db/test_nearest.py: a main street A-B-C-D, a way round its middle by the north,
-- and a road that nothing joins. 36 km/h everywhere, both directions.
WITH line (name, wkt) AS (VALUES
  ('主街', 'LINESTRING(113.00 36.3, 113.01 36.3)'), ('主街', 'LINESTRING(113.01 36.3, 113.02 36.3)'),
  ('主街', 'LINESTRING(113.02 36.3, 113.03 36.3)'), ('北路', 'LINESTRING(113.01 36.3, 113.015 36.31)'),
  ('北路', 'LINESTRING(113.015 36.31, 113.02 36.3)'), ('孤路', 'LINESTRING(113.2 36.3, 113.21 36.3)')
), road AS (
  INSERT INTO core.road (code, name, source_doc, road_class, geom)
  SELECT 'R' || row_number() OVER (), name, 'test', 'tertiary', ST_GeomFromText(wkt, 4490) FROM line
  RETURNING id, geom
), arc AS (
  SELECT id, geom FROM road UNION ALL SELECT id, ST_Reverse(geom) FROM road
), node AS (
  INSERT INTO core.road_node (geom) SELECT DISTINCT ST_StartPoint(geom) FROM arc RETURNING id, geom
)
INSERT INTO core.road_edge (road_id, from_node, to_node, length_m, speed_kph, time_s, geom)
SELECT arc.id, a.id, b.id, ST_Length(arc.geom::geography), 36, ST_Length(arc.geom::geography) / 10, arc.geom
  FROM arc JOIN node a ON a.geom = ST_StartPoint(arc.geom) JOIN node b ON b.geom = ST_EndPoint(arc.geom);
