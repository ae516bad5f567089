-- Seams of the mines.
CREATE VIEW published.mine_seams AS
SELECT s.id, NULL::geometry(Geometry, 4490) AS geom, s.code, s.name,
       coalesce(s.town_code, m.town_code) AS town_code, core.stricter(s.secrecy, m.secrecy) AS secrecy,
       s.is_demo, s.surveyed_on, m.code AS mine_code, m.name AS mine, s.seam, s.thickness_m, s.dip_deg,
       s.roof_class, s.mining_height_m, s.slices, s.mining_method, s.stage_height_m, s.fracture_height_m,
       s.floor_damage_m, s.coal_tensile_mpa, s.movement_deg, s.pressure_datum, s.org, s.source_doc, s.version, s.updated_at,
       greatest(s.changed_xid, m.changed_xid) AS changed_xid,
       coalesce(s.surveyed_on < (SELECT core.stale_before('mine_seams')), true) AS is_stale
  FROM core.mine_seam s
  JOIN core.mine m ON m.id = s.mine_id
 WHERE s.valid_to IS NULL;
