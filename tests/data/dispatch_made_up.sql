-- For tests/db/test_nearest_judged.py, on real roads: signs of height and weight, loose surfaces,
-- slopes, dangerous sections and turn restrictions, made up.
UPDATE core.road SET max_height_m = 3.8 WHERE id % 37 = 0;
UPDATE core.road SET max_weight_t = 12, surface = 'gravel' WHERE id % 41 = 0;
UPDATE core.road_edge SET gradient_pct = id % 23 - 11;
INSERT INTO core.dangerous_section (code, name, source_doc, grade, geom)
SELECT 'S' || id, '险', 'test', (ARRAY['red', 'orange', 'yellow', 'blue'])[1 + id % 4], ST_Multi(geom)
  FROM core.road WHERE id % 29 = 0;
INSERT INTO core.turn_restriction (kind, from_road_id, via_node_id, to_road_id)
SELECT CASE WHEN a.id % 3 = 0 THEN 'only_left_turn' ELSE 'no_left_turn' END, a.road_id, a.to_node, b.road_id
  FROM core.road_edge a JOIN core.road_edge b ON b.from_node = a.to_node AND b.road_id <> a.road_id
 WHERE a.id % 31 = 0;
