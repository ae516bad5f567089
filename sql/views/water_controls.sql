-- The three specials of each mine against water.
CREATE VIEW published.water_controls AS
SELECT w.id, NULL::geometry(Geometry, 4490) AS geom, w.code, w.name,
       coalesce(w.town_code, m.town_code) AS town_code, core.stricter(w.secrecy, m.secrecy) AS secrecy,
       w.is_demo, w.surveyed_on, m.code AS mine_code, m.name AS mine, m.hydro_type, w.technicians,
       w.team_headcount, w.rigs, w.remark, w.org, w.source_doc, w.version, w.updated_at,
       greatest(w.changed_xid, m.changed_xid) AS changed_xid,
       coalesce(w.surveyed_on < (SELECT core.stale_before('water_controls')), true) AS is_stale
  FROM core.water_control w
  JOIN core.mine m ON m.id = w.mine_id
 WHERE w.valid_to IS NULL;
