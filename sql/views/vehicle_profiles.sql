-- The vehicles that routes are worked out for.
CREATE VIEW published.vehicle_profiles AS
SELECT p.id, NULL::geometry(Geometry, 4490) AS geom, p.code, p.name, p.name_en, p.town_code, p.secrecy, p.is_demo,
       p.surveyed_on, p.height_m, p.weight_t, p.wading_m, p.max_flow_m2s, p.carries_hazmat, p.speed_factor, p.max_kph,
       p.turn_right_s, p.turn_left_s, p.turn_sharp_s, p.turn_back_s, p.is_verified, p.org, p.source_doc,
       p.version, p.updated_at, p.changed_xid
  FROM core.vehicle_profile p
 WHERE p.valid_to IS NULL;
