-- The three zones in force, one version a mine and seam: drafts and what is superseded are the
-- planners', not the map's. label is for the map, so that a black-and-white print can be read:
-- zone, water hazards, date of zoning.
CREATE VIEW published.mine_water_zones AS
SELECT p.id, p.geom, p.code, p.name, p.town_code, p.secrecy, p.is_demo, p.surveyed_on,
       p.zone, m.name AS mine, s.seam, v.no AS version_no, v.zoned_on,
       hazards.zh AS water_hazards, hazards.en AS water_hazards_en,
       round((p.area_m2 / 1e4)::numeric, 2)::double precision AS area_ha,
       concat_ws(' ',
         CASE p.zone WHEN 'workable' THEN '可采区' WHEN 'slow_mining' THEN '缓采区' ELSE '禁采区' END,
         hazards.zh, to_char(v.zoned_on, 'YYYY-MM-DD')) AS label,
       nullif(lower(v.effective), '-infinity') AS effective_from,
       nullif(upper(v.effective), 'infinity') AS effective_to, p.source_doc,
       p.org, p.version, p.updated_at, greatest(p.changed_xid, v.changed_xid, m.changed_xid, s.changed_xid) AS changed_xid,
       coalesce(p.surveyed_on < (SELECT core.stale_before('mine_water_zones')), true) AS is_stale
  FROM core.zone_polygon p
  JOIN core.zone_version v ON v.id = p.zone_version_id
  JOIN core.mine m ON m.id = v.mine_id
  JOIN core.mine_seam s ON s.id = v.mine_seam_id
 CROSS JOIN LATERAL (
   SELECT string_agg(h.zh, '、' ORDER BY h.rank) AS zh, string_agg(h.en, ', ' ORDER BY h.rank) AS en
     FROM core.water_hazard h
    WHERE h.code = ANY (p.water_hazards)
 ) hazards
 WHERE p.valid_to IS NULL AND v.valid_to IS NULL AND v.state = 'effective';
