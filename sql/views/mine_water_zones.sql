-- The three zones of every version, whatever its state, with the version they belong to.
-- label is for the map, so that a black and white print can be read: zone, date, and the state
-- unless it is in force.
CREATE VIEW published.mine_water_zones AS
SELECT p.id, p.geom, p.code, p.name, p.town_code, p.secrecy, p.is_demo, p.surveyed_on,
       p.zone, m.name AS mine, s.seam, v.no AS version_no, v.state, v.zoned_on,
       array_to_string(p.water_hazards, ', ') AS water_hazards,
       round((p.area_m2 / 1e4)::numeric, 2)::double precision AS area_ha,
       concat_ws(' ',
         CASE p.zone WHEN 'workable' THEN '可采区' WHEN 'slow_mining' THEN '缓采区' ELSE '禁采区' END,
         to_char(v.zoned_on, 'YYYY-MM-DD'),
         CASE WHEN v.state IN ('superseded', 'revoked') THEN '（已失效）'
              WHEN v.state <> 'effective' THEN '（未生效）' END) AS label,
       nullif(lower(v.effective), '-infinity') AS effective_from,
       nullif(upper(v.effective), 'infinity') AS effective_to, p.source_doc
  FROM core.zone_polygon p
  JOIN core.zone_version v ON v.id = p.zone_version_id
  JOIN core.mine m ON m.id = v.mine_id
  JOIN core.mine_seam s ON s.id = v.mine_seam_id
 WHERE p.valid_to IS NULL AND v.valid_to IS NULL;
