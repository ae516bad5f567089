-- Headings, and the way of those that are drawn.
CREATE VIEW published.mine_headings AS
SELECT t.id, t.geom, t.code, t.name, t.name_en, coalesce(t.town_code, m.town_code) AS town_code,
       core.stricter(t.secrecy, m.secrecy) AS secrecy, t.is_demo, t.surveyed_on,
       m.code AS mine_code, m.name AS mine, s.code AS mine_seam_code, s.seam, t.state, t.started_on, t.remark,
       t.org, t.source_doc, t.version, t.updated_at, greatest(t.changed_xid, s.changed_xid, m.changed_xid) AS changed_xid,
       coalesce(t.surveyed_on < (SELECT core.stale_before('mine_headings')), true) AS is_stale
  FROM core.mine_heading t
  JOIN core.mine m ON m.id = t.mine_id
  LEFT JOIN core.mine_seam s ON s.id = t.mine_seam_id
 WHERE t.valid_to IS NULL;
