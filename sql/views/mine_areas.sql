-- Where something was treated, argued or cleared, a pillar stays, an aquifer lies in the roof.
CREATE VIEW published.mine_areas AS
SELECT t.id, t.geom, t.code, t.name, t.name_en, coalesce(t.town_code, m.town_code) AS town_code,
       core.stricter(t.secrecy, m.secrecy) AS secrecy, t.is_demo, t.surveyed_on,
       m.name AS mine, s.code AS mine_seam_code, s.seam, t.kind, array_to_string(t.domains, ', ') AS domains, t.document,
       t.is_approved, t.approved_by, t.approved_on, t.is_probed_clean, t.inrush_mpa_per_m,
       w.code AS water_body_code, t.yield_class, t.is_loose, t.cover_m, t.remark,
       t.org, t.source_doc, t.version, t.updated_at, greatest(t.changed_xid, s.changed_xid, m.changed_xid, w.changed_xid) AS changed_xid,
       coalesce(t.surveyed_on < (SELECT core.stale_before('mine_areas')), true) AS is_stale
  FROM core.mine_area t
  LEFT JOIN core.mine_seam s ON s.id = t.mine_seam_id
  LEFT JOIN core.mine m ON m.id = s.mine_id
  LEFT JOIN core.water_body w ON w.id = t.water_body_id
 WHERE t.valid_to IS NULL;
