-- For tests/db/test_nearest_judged.py: water deep enough to stop cars alone, water that slows
-- everybody, and water that stops all.
WITH scenario AS (
  INSERT INTO core.flood_scenario (code, name, source_doc, method, height_datum, state)
  VALUES ('F1', '洪水', 'test', 'imported', '1985', 'in_force') RETURNING id
)
INSERT INTO core.flood_band (code, name, source_doc, flood_scenario_id, depth_min_m, depth_max_m, area_m2, geom)
SELECT 'B' || no, '水', 'test', scenario.id, depth / 2, depth, 1,
       ST_Multi(ST_SetSRID(ST_Buffer(ST_Point(lon, lat, 4490)::geography, 900)::geometry, 4490))
  FROM scenario, (VALUES (1, 1.52, 42.51, 0.4), (2, 1.49, 42.47, 0.15), (3, 1.6, 42.57, 0.9)) AS f (no, lon, lat, depth);
