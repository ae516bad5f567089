-- From which value on a sensor's readings are a warning; no shape of their own.
CREATE VIEW published.sensor_thresholds AS
SELECT h.id, NULL::geometry(Point, 4490) AS geom, h.code, h.name, h.town_code, h.secrecy, h.is_demo, h.surveyed_on,
       s.code AS sensor_code, h.level, h.comparison, h.value, s.unit, h.window_min, h.hold_s, h.clear_margin,
       h.clear_hold_s, h.is_verified, h.org, h.source_doc,
       h.version, h.updated_at, greatest(h.changed_xid, s.changed_xid) AS changed_xid,
       coalesce(h.surveyed_on < (SELECT core.stale_before('sensor_thresholds')), true) AS is_stale
  FROM core.sensor_threshold h
  JOIN core.sensor s ON s.id = h.sensor_id
 WHERE h.valid_to IS NULL AND s.valid_to IS NULL;
