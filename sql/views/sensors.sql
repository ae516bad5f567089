-- Sensors with their last reading, its age, and how they stand as of the reading of this view: silent
-- goes before a level, for what was measured long ago says nothing of now.
CREATE VIEW published.sensors AS
SELECT s.id, s.geom, s.code, s.name, s.town_code, s.secrecy, s.is_demo, s.surveyed_on,
       s.kind, s.unit, s.site_code,
       CASE WHEN coalesce(q.silent_at < now(), true) THEN 'silent' ELSE coalesce(t.level, 'normal') END AS state,
       t.value AS last_value, t.quality AS last_quality, t.observed_at,
       floor(extract(epoch FROM now() - t.observed_at) / 60)::integer AS age_min,
       q.silent_at, t.level, t.level_since, s.interval_s, s.org, s.source_doc, s.version,
       s.updated_at, s.changed_xid,
       coalesce(s.surveyed_on < (SELECT core.stale_before('sensors')), true) AS is_stale
  FROM core.sensor s
  JOIN core.sensor_state t ON t.sensor_id = s.id
 CROSS JOIN LATERAL (SELECT t.observed_at + make_interval(secs => s.interval_s::double precision * s.silent_after) AS silent_at) q
 WHERE s.valid_to IS NULL;
