-- Shaft collars and yards with the highest flood level; the difference where one datum has both.
CREATE VIEW published.mine_shafts AS
SELECT t.id, t.geom, t.code, t.name, t.name_en, coalesce(t.town_code, m.town_code) AS town_code,
       core.stricter(t.secrecy, m.secrecy) AS secrecy, t.is_demo, t.surveyed_on,
       m.code AS mine_code, m.name AS mine, t.kind, t.collar_m, t.height_datum, t.flood_level_m, t.flood_datum,
       CASE WHEN t.height_datum = t.flood_datum THEN t.collar_m - t.flood_level_m END AS above_flood_m, t.defence_doc, t.remark,
       t.org, t.source_doc, t.version, t.updated_at, greatest(t.changed_xid, m.changed_xid) AS changed_xid,
       coalesce(t.surveyed_on < (SELECT core.stale_before('mine_shafts')), true) AS is_stale
  FROM core.mine_shaft t
  JOIN core.mine m ON m.id = t.mine_id
 WHERE t.valid_to IS NULL;
