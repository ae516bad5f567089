-- Villages below flash floods, and how each stands.
CREATE VIEW published.flash_villages AS
SELECT v.id, v.geom, v.code, v.name, coalesce(v.town_code, s.town_code) AS town_code,
       core.stricter(v.secrecy, s.secrecy) AS secrecy, v.is_demo, v.surveyed_on, s.code AS settlement_code,
       s.population, n.code AS sensor_code, v.grade, v.return_period_y,
       v.prepare_30min_mm, v.prepare_1h_mm, v.prepare_3h_mm, v.prepare_6h_mm, v.prepare_24h_mm,
       v.transfer_30min_mm, v.transfer_1h_mm, v.transfer_3h_mm, v.transfer_6h_mm, v.transfer_24h_mm,
       v.prepare_stage_m, v.transfer_stage_m, coalesce(t.level, 'normal') AS level, t.since AS level_since,
       v.contact, v.phone, v.remark, v.is_verified, v.org, v.source_doc, v.version, v.updated_at,
       greatest(v.changed_xid, s.changed_xid) AS changed_xid,
       coalesce(v.surveyed_on < (SELECT core.stale_before('flash_villages')), true) AS is_stale
  FROM core.flash_village v
  JOIN core.settlement s ON s.id = v.settlement_id
  LEFT JOIN core.sensor n ON n.id = v.sensor_id
  LEFT JOIN core.flash_state t ON t.flash_village_id = v.id
 WHERE v.valid_to IS NULL;
