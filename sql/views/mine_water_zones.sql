-- The three zones of every version that was put into force, with the version they belong to;
-- drafts are the planner's own. label is for the map: zone, seam and date, so that a black and
-- white print can be read.
CREATE VIEW published.mine_water_zones AS
SELECT p.id, p.geom, p.code, p.name, p.town_code, p.secrecy, p.is_demo, p.surveyed_on,
       p.zone, m.name AS mine, s.seam, v.no AS version_no, v.state, v.zoned_on,
       array_to_string(p.water_hazards, ', ') AS water_hazards,
       round((p.area_m2 / 1e4)::numeric, 2)::double precision AS area_ha,
       CASE p.zone WHEN 'workable' THEN '可采区' WHEN 'slow_mining' THEN '缓采区' ELSE '禁采区' END
         || ' ' || to_char(v.zoned_on, 'YYYY-MM-DD') AS label,
       lower(v.effective) AS effective_from, upper(v.effective) AS effective_to, p.source_doc
  FROM core.zone_polygon p
  JOIN core.zone_version v ON v.id = p.zone_version_id
  JOIN core.mine m ON m.id = v.mine_id
  JOIN core.mine_seam s ON s.id = v.mine_seam_id
 WHERE p.valid_to IS NULL AND v.valid_to IS NULL;
