-- Alerts in force as of the reading: neither updated nor cancelled nor expired. A drill says so in its name.
CREATE VIEW published.alerts AS
SELECT a.id, a.geom, a.identifier AS code,
       CASE a.status WHEN 'Exercise' THEN '【演练】' WHEN 'Test' THEN '【测试】' WHEN 'System' THEN '【系统】' ELSE '' END || a.name AS name,
       a.town_code, a.secrecy, a.is_demo, a.surveyed_on, coalesce(a.level, 'unknown') AS level,
       a.status, a.status <> 'Actual' AS is_drill, a.event, array_to_string(a.categories, ', ') AS categories,
       a.urgency, a.severity, a.certainty, floor(extract(epoch FROM now() - a.sent_at) / 60)::integer AS age_min,
       a.sent_at, a.onset_at, a.expires_at, a.description, a.instruction, a.area_desc, a.sender,
       s.code AS sensor_code, t.repeats, a.org, a.source_doc, a.version, a.updated_at, a.changed_xid
  FROM core.alert a
  LEFT JOIN core.sensor s ON s.id = a.sensor_id
  LEFT JOIN core.sensor_state t ON t.sensor_id = a.sensor_id
 WHERE a.valid_to IS NULL AND a.state = 'active' AND a.status <> 'Draft'
   AND (a.expires_at IS NULL OR a.expires_at > now());
