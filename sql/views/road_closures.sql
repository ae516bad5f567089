-- Closures and slow-downs, past, present and to come; is_active is as of the reading.
-- An open end of the period is NULL.
CREATE VIEW published.road_closures AS
SELECT c.id, c.geom, c.code, c.name, c.town_code, c.secrecy, c.is_demo, c.surveyed_on,
       c.cause, c.factor = 0 AND c.depth_m IS NULL AS is_closed, c.factor AS speed_factor, c.period @> now() AS is_active,
       nullif(lower(c.period), '-infinity') AS starts_at,
       nullif(upper(c.period), 'infinity') AS ends_at, c.includes_structures, c.org,
       nullif(array_to_string(c.vehicle_classes, ', '), '') AS vehicle_classes, c.depth_m,
       c.source_doc,
       c.version, c.updated_at, c.changed_xid,
       coalesce(c.surveyed_on < (SELECT core.stale_before('road_closures')), true) AS is_stale
  FROM core.road_closure c
 WHERE c.valid_to IS NULL;
