-- Gauges whose level puts a flood zone in force, and what each has in force now.
CREATE VIEW published.flood_gauges AS
SELECT g.id, NULL::geometry(Geometry, 4490) AS geom, g.code, g.name, coalesce(g.town_code, n.town_code) AS town_code,
       core.stricter(g.secrecy, n.secrecy) AS secrecy, g.is_demo, g.surveyed_on, n.code AS sensor_code, g.family,
       g.height_datum, g.zero_m, g.from_m, g.clear_margin_m, f.code AS scenario_in_force, s.level_m, s.observed_at,
       coalesce(s.is_stale, false) AS is_silent, coalesce(s.is_above_all, false) AS is_above_all, g.org, g.source_doc,
       g.version, g.updated_at, greatest(g.changed_xid, n.changed_xid, f.changed_xid) AS changed_xid,
       coalesce(g.surveyed_on < (SELECT core.stale_before('flood_gauges')), true) AS is_stale
  FROM core.flood_gauge g
  JOIN core.sensor n ON n.id = g.sensor_id
  LEFT JOIN core.flood_gauge_state s ON s.flood_gauge_id = g.id
  LEFT JOIN core.flood_scenario f ON f.id = s.flood_scenario_id
 WHERE g.valid_to IS NULL;
