-- Boreholes, one row a seam.
CREATE VIEW published.mine_boreholes AS
SELECT t.id, t.geom, t.code, t.name, t.name_en, coalesce(t.town_code, m.town_code) AS town_code,
       core.stricter(t.secrecy, m.secrecy) AS secrecy, t.is_demo, t.surveyed_on,
       m.name AS mine, s.code AS mine_seam_code, s.seam, t.is_sealed, t.head_mpa, t.head_m, t.floor_m, t.aquiclude_m,
       t.seam_thickness_m, t.overburden_m, t.yield_lpsm, t.height_datum, t.remark,
       t.org, t.source_doc, t.version, t.updated_at, greatest(t.changed_xid, s.changed_xid, m.changed_xid) AS changed_xid,
       coalesce(t.surveyed_on < (SELECT core.stale_before('mine_boreholes')), true) AS is_stale
  FROM core.mine_borehole t
  LEFT JOIN core.mine_seam s ON s.id = t.mine_seam_id
  LEFT JOIN core.mine m ON m.id = s.mine_id
 WHERE t.valid_to IS NULL;
