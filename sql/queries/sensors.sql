-- name: clock
-- The database's clock: the only one that says when something came in.
SELECT clock_timestamp();

-- name: hold_sensors
-- The sensors of these codes in the caller's towns (NULL: all), held one after the other in one
-- order, so that two posts can neither judge a sensor at once nor wait for each other.
SELECT s.id, s.code, s.name, s.kind, s.unit, s.town_code, s.secrecy, s.is_demo, ST_X(s.geom) AS lon,
       ST_Y(s.geom) AS lat, t.observed_at, t.level, t.level_since, t.standing
  FROM core.sensor s
  JOIN core.sensor_state t ON t.sensor_id = s.id
 WHERE s.code = ANY (%(codes)s::text[]) AND s.valid_to IS NULL
   AND (%(towns)s::text[] IS NULL OR s.town_code = ANY (%(towns)s::text[]))
 ORDER BY s.id
   FOR UPDATE OF t;

-- name: spent_sums
-- Sensors that stand above a level by sums of readings alone, the last reading of which is older than the
-- longest of these sums reaches back; held, those that somebody else holds left out.
SELECT s.id, s.code, s.name, s.kind, s.unit, s.town_code, s.secrecy, s.is_demo, ST_X(s.geom) AS lon,
       ST_Y(s.geom) AS lat, t.observed_at, t.level, t.level_since, t.standing
  FROM core.sensor s
  JOIN core.sensor_state t ON t.sensor_id = s.id
 CROSS JOIN LATERAL (
       SELECT max(h.window_min) AS longest_min, bool_and(h.window_min IS NOT NULL) AS are_sums
         FROM core.sensor_threshold h
        WHERE h.sensor_id = s.id AND h.valid_to IS NULL AND (t.standing -> h.id::text ->> 'on')::boolean) w
 WHERE s.valid_to IS NULL AND t.level IS NOT NULL AND w.are_sums
   AND t.observed_at < clock_timestamp() - make_interval(mins => w.longest_min)
 ORDER BY s.id
   FOR UPDATE OF t SKIP LOCKED;

-- name: add_observations
-- Add readings, parallel arrays; an instant that is known stays as it is, and is told.
WITH given AS (
  SELECT * FROM unnest(%(nos)s::integer[], %(sensor_ids)s::bigint[], %(observed_at)s::timestamptz[],
                       %(values)s::double precision[], %(qualities)s::text[], %(source_ids)s::text[])
             AS g (no, sensor_id, observed_at, value, quality, source_id)
), added AS (
  INSERT INTO core.observation (sensor_id, observed_at, value, quality, source_id, is_demo)
  SELECT g.sensor_id, g.observed_at, g.value, g.quality, g.source_id, s.is_demo
    FROM given g JOIN core.sensor s ON s.id = g.sensor_id
      ON CONFLICT (sensor_id, observed_at) DO NOTHING
  RETURNING sensor_id, observed_at
)
SELECT g.no, a.sensor_id IS NOT NULL AS is_new, o.value, o.quality
  FROM given g
  LEFT JOIN added a ON a.sensor_id = g.sensor_id AND a.observed_at = g.observed_at
  LEFT JOIN core.observation o ON o.sensor_id = g.sensor_id AND o.observed_at = g.observed_at
 ORDER BY g.no;

-- name: set_last
-- Keep the newest reading of each sensor beside it.
UPDATE core.sensor_state t
   SET observed_at = g.observed_at, value = g.value, quality = g.quality,
       received_at = clock_timestamp()
  FROM unnest(%(sensor_ids)s::bigint[], %(observed_at)s::timestamptz[],
              %(values)s::double precision[], %(qualities)s::text[])
    AS g (sensor_id, observed_at, value, quality)
 WHERE t.sensor_id = g.sensor_id AND (t.observed_at IS NULL OR t.observed_at < g.observed_at);

-- name: sensor_seen
-- One sensor, as far as this caller sees sensors.
SELECT s.id, s.code, s.name, s.kind, s.unit, s.interval_s
  FROM core.sensor s
 WHERE s.code = %(code)s::text AND s.valid_to IS NULL AND s.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR s.town_code IS NULL OR s.town_code = ANY (%(towns)s::text[]));

-- name: series
-- The latest readings of a sensor within a span, both ends in, the newest first.
SELECT o.observed_at, o.value, o.quality, o.received_at
  FROM core.observation o
 WHERE o.sensor_id = %(sensor_id)s::bigint
   AND o.observed_at BETWEEN coalesce(%(first)s::timestamptz, '-infinity')
                         AND coalesce(%(last)s::timestamptz, 'infinity')
 ORDER BY o.observed_at DESC
 LIMIT %(limit)s::integer;

-- name: limits
-- The thresholds of these sensors.
SELECT h.sensor_id, h.id, h.level, h.comparison, h.value, h.window_min, h.hold_s, h.clear_margin,
       h.clear_hold_s, h.source_doc, h.is_verified
  FROM core.sensor_threshold h
 WHERE h.sensor_id = ANY (%(sensor_ids)s::bigint[]) AND h.valid_to IS NULL
 ORDER BY h.id;

-- name: marks
-- What can be judged of these sensors, each from its own instant on, in the order it was observed.
SELECT o.sensor_id, o.observed_at AS at, o.value
  FROM unnest(%(sensor_ids)s::bigint[], %(froms)s::timestamptz[]) AS g (sensor_id, first)
  JOIN core.observation o ON o.sensor_id = g.sensor_id AND o.observed_at >= g.first
 WHERE coalesce(o.quality, 'good') IN ('good', 'suspect')
 ORDER BY o.sensor_id, o.observed_at;

-- name: set_standing
-- Keep how far a sensor's thresholds are met; readings that repeat its level are counted.
UPDATE core.sensor_state t
   SET standing = %(standing)s::jsonb, level = %(level)s::text,
       level_since = CASE WHEN t.level IS DISTINCT FROM %(level)s::text
                          THEN %(since)s::timestamptz ELSE t.level_since END,
       repeats = CASE WHEN t.level IS DISTINCT FROM %(level)s::text
                      THEN 0 ELSE t.repeats END + %(repeats)s::integer
 WHERE t.sensor_id = %(sensor_id)s::bigint;
