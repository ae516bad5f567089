-- Rivers as lines, reservoirs, lakes, ponds and flooded goaf as areas.
CREATE VIEW published.water_bodies AS
SELECT w.id, w.geom, w.code, w.name, w.name_en, w.town_code, w.secrecy, w.is_demo, w.surveyed_on,
       w.kind, s.code AS mine_seam_code, w.edge, w.level_m, w.floor_m, w.height_datum, w.volume_m3,
       w.pressure_mpa, w.is_drained, w.org, w.source_doc,
       w.version, w.updated_at, greatest(w.changed_xid, s.changed_xid) AS changed_xid,
       coalesce(w.surveyed_on < (SELECT core.stale_before('water_bodies')), true) AS is_stale
  FROM core.water_body w
  LEFT JOIN core.mine_seam s ON s.id = w.mine_seam_id
 WHERE w.valid_to IS NULL;
