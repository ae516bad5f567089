-- Depth bands of each flood scenario. What was derived here is a screening, never official.
-- depth_class: DOMAIN's depth breaks 0.5 / 1 / 2 / 3 m by the shallow edge of the band.
CREATE VIEW published.flood_zones AS
SELECT b.id, b.geom, b.code, b.name, b.town_code, b.secrecy, b.is_demo, b.surveyed_on,
       f.code AS scenario_code, f.name AS scenario, f.state, f.return_period_y, f.method, f.method_version,
       coalesce(b.level_m, f.level_m) AS level_m, f.height_datum, b.depth_min_m, b.depth_max_m,
       CASE WHEN b.depth_min_m >= 3 THEN 'd5' WHEN b.depth_min_m >= 2 THEN 'd4'
            WHEN b.depth_min_m >= 1 THEN 'd3' WHEN b.depth_min_m >= 0.5 THEN 'd2'
            ELSE 'd1' END AS depth_class,
       b.velocity_ms, b.arrival_min, b.grade,
       CASE WHEN f.is_official THEN 'official' ELSE 'screening' END AS standing, f.official_doc,
       round((b.area_m2 / 1e4)::numeric, 2)::double precision AS area_ha, b.source_doc,
       b.org, b.version, b.updated_at, greatest(b.changed_xid, f.changed_xid) AS changed_xid,
       coalesce(b.surveyed_on < (SELECT core.stale_before('flood_zones')), true) AS is_stale
  FROM core.flood_band b
  JOIN core.flood_scenario f ON f.id = b.flood_scenario_id
 WHERE b.valid_to IS NULL AND f.valid_to IS NULL;
