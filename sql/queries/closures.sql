-- name: closures
-- Closures with the arcs they lie on, as of an instant; one by its id, or all of a state.
SELECT c.id, c.version, c.code, c.name, c.cause, c.factor, c.depth_m, c.vehicle_classes, c.includes_structures,
       nullif(lower(c.period), '-infinity') AS starts_at, nullif(upper(c.period), 'infinity') AS ends_at,
       c.period @> %(at)s::timestamptz AS is_in_force, c.town_code, a.arcs, a.roads,
       (SELECT g.version FROM core.graph_version g) AS graph_version, c.geom AS geometry
  FROM core.road_closure c
 CROSS JOIN LATERAL (SELECT count(*) AS arcs, coalesce(array_agg(DISTINCT r.name), '{}') AS roads
                       FROM core.closure_arc x JOIN core.road_edge e ON e.id = x.road_edge_id JOIN core.road r ON r.id = e.road_id
                      WHERE x.road_closure_id = c.id) a
 WHERE c.valid_to IS NULL AND (%(id)s::bigint IS NULL OR c.id = %(id)s::bigint)
   AND CASE %(state)s::text WHEN 'in_force' THEN c.period @> %(at)s::timestamptz
                            WHEN 'to_come' THEN lower(c.period) > %(at)s::timestamptz
                            WHEN 'past' THEN upper(c.period) <= %(at)s::timestamptz ELSE true END
 ORDER BY lower(c.period) DESC NULLS LAST, c.id
 LIMIT %(most)s;

-- name: classes
-- What a closure may be said to be for.
SELECT p.code FROM core.vehicle_profile p WHERE p.valid_to IS NULL UNION ALL SELECT 'hazmat' ORDER BY 1;

-- name: town_of
-- The town in which a shape lies, by a point of it.
SELECT core.town_at(ST_PointOnSurface(%(shape)s::geometry));

-- name: floods
-- Flood scenarios, and which are on the roads at an instant.
SELECT f.id, f.version, f.code, f.name, f.state, nullif(lower(f.period), '-infinity') AS starts_at,
       nullif(upper(f.period), 'infinity') AS ends_at,
       f.state = 'in_force' AND (f.period IS NULL OR f.period @> %(at)s::timestamptz) AS is_in_force,
       b.bands, b.deepest_m,
       (SELECT count(DISTINCT a.road_edge_id) FROM core.flood_arc a JOIN core.flood_band x ON x.id = a.flood_band_id
         WHERE x.flood_scenario_id = f.id AND x.valid_to IS NULL) AS arcs,
       (SELECT g.version FROM core.graph_version g) AS graph_version
  FROM core.flood_scenario f
 CROSS JOIN LATERAL (SELECT count(*) AS bands, max(coalesce(b.depth_max_m, b.depth_min_m)) AS deepest_m
                       FROM core.flood_band b WHERE b.flood_scenario_id = f.id AND b.valid_to IS NULL) b
 WHERE f.valid_to IS NULL AND (%(id)s::bigint IS NULL OR f.id = %(id)s::bigint)
 ORDER BY f.id;

-- name: lock_flood
-- The version of a scenario, which nobody else changes meanwhile.
SELECT f.version FROM core.flood_scenario f WHERE f.id = %(id)s AND f.valid_to IS NULL FOR NO KEY UPDATE;

-- name: set_flood
-- Put a scenario on the roads, or take it off; no bounds: while the state says so.
UPDATE core.flood_scenario
   SET state = %(state)s,
       period = CASE WHEN coalesce(%(starts_at)s::timestamptz, %(ends_at)s::timestamptz) IS NOT NULL
                     THEN tstzrange(%(starts_at)s::timestamptz, %(ends_at)s::timestamptz) END
 WHERE id = %(id)s
RETURNING version;
