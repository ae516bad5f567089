-- Areas mines may work in.
CREATE VIEW published.mine_licences AS
SELECT t.id, t.geom, t.code, t.name, t.name_en, coalesce(t.town_code, m.town_code) AS town_code,
       core.stricter(t.secrecy, m.secrecy) AS secrecy, t.is_demo, t.surveyed_on,
       m.code AS mine_code, m.name AS mine, m.licence_no, m.licence_area_km2, t.zone_width_deg, t.remark,
       t.org, t.source_doc, t.version, t.updated_at, greatest(t.changed_xid, m.changed_xid) AS changed_xid,
       coalesce(t.surveyed_on < (SELECT core.stale_before('mine_licences')), true) AS is_stale
  FROM core.mine_licence t
  JOIN core.mine m ON m.id = t.mine_id
 WHERE t.valid_to IS NULL;
