-- name: depots
-- Every current depot, and whether it is in the caller's towns.
SELECT d.id, d.version, d.code, d.name, d.load_min AS prepare_min, NULL::text AS status,
       ST_X(d.geom) AS lon, ST_Y(d.geom) AS lat,
       (%(towns)s::text[] IS NULL OR d.town_code IS NULL
        OR d.town_code = ANY(%(towns)s::text[])) AS is_in_scope
  FROM core.depot d
 WHERE d.valid_to IS NULL
 ORDER BY d.code;

-- name: rescue_teams
-- Every current rescue team, and whether it is in the caller's towns.
SELECT t.id, t.version, t.code, t.name, t.mobilise_min AS prepare_min, t.status,
       ST_X(t.geom) AS lon, ST_Y(t.geom) AS lat,
       (%(towns)s::text[] IS NULL OR t.town_code IS NULL
        OR t.town_code = ANY(%(towns)s::text[])) AS is_in_scope
  FROM core.rescue_team t
 WHERE t.valid_to IS NULL
 ORDER BY t.code;
