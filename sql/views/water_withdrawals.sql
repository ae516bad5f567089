-- Withdrawals on a sign of water.
CREATE VIEW published.water_withdrawals AS
SELECT w.id, NULL::geometry(Geometry, 4490) AS geom, w.code, w.name,
       coalesce(w.town_code, m.town_code) AS town_code, core.stricter(w.secrecy, m.secrecy) AS secrecy,
       w.is_demo, w.surveyed_on, m.code AS mine_code, m.name AS mine, w.withdrawn_at, w.sign, w.place,
       w.people, w.resumed_at, w.remark, w.org, w.source_doc, w.version, w.updated_at,
       greatest(w.changed_xid, m.changed_xid) AS changed_xid,
       coalesce(w.surveyed_on < (SELECT core.stale_before('water_withdrawals')), true) AS is_stale
  FROM core.water_withdrawal w
  JOIN core.mine m ON m.id = w.mine_id
 WHERE w.valid_to IS NULL;
