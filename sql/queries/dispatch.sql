-- Who may come to an incident (one row type for all kinds), and where things are.

-- name: depots
-- Every current depot; with an item (a code or the beginning of one) those that hold some of it
-- that is free: neither expired, nor reserved, nor kept back.
SELECT d.id, d.version, d.code, d.name, d.load_min AS prepare_min, NULL::text AS status, d.phone, d.surveyed_on,
       coalesce(d.surveyed_on < s.before, true) AS is_stale, NULL::integer AS capacity,
       coalesce(h.holds, '[]') AS holds, '[]'::jsonb AS skills, ST_X(d.geom) AS lon, ST_Y(d.geom) AS lat, NULL::text AS vehicle,
       (%(towns)s::text[] IS NULL OR d.town_code IS NULL OR d.town_code = ANY (%(towns)s::text[])) AS is_in_scope
  FROM core.depot d
  LEFT JOIN (SELECT f.depot_id, jsonb_agg(jsonb_build_object('quantity', f.quantity, 'unit', f.unit,
                                                             'is_stale', f.is_stale) ORDER BY f.unit) AS holds
               FROM (SELECT l.depot_id, l.unit, sum(greatest(l.quantity - l.reserved - l.min_reserve, 0)) AS quantity,
                            bool_or(coalesce(l.surveyed_on < c.before, true)) AS is_stale
                       FROM core.stock_lot l,
                            (SELECT core.stale_before('stock_lots') AS before, core.district_day() AS today OFFSET 0) c
                      WHERE l.valid_to IS NULL AND starts_with(l.item_code, %(item)s::text)
                        AND coalesce(l.expires_on >= c.today, true)
                        AND l.quantity - l.reserved > l.min_reserve
                      GROUP BY l.depot_id, l.unit) f
              GROUP BY f.depot_id) h ON h.depot_id = d.id,
       (SELECT core.stale_before('depots') AS before OFFSET 0) s
 WHERE d.valid_to IS NULL AND (%(item)s::text IS NULL OR h.holds IS NOT NULL)
 ORDER BY d.code;

-- name: rescue_teams
-- Every current rescue team; with a skill those that have it, of that type or a better one.
SELECT t.id, t.version, t.code, t.name, t.mobilise_min AS prepare_min, t.status, t.phone, t.surveyed_on,
       coalesce(t.surveyed_on < s.before, true) AS is_stale, t.on_duty AS capacity, '[]'::jsonb AS holds,
       coalesce(c.can, '[]') AS skills, ST_X(t.geom) AS lon, ST_Y(t.geom) AS lat,
       (SELECT v.code FROM core.vehicle_profile v
         WHERE v.valid_to IS NULL AND t.vehicle_class IN (v.code, v.name, v.name_en) ORDER BY v.id LIMIT 1) AS vehicle,
       (%(towns)s::text[] IS NULL OR t.town_code IS NULL OR t.town_code = ANY (%(towns)s::text[])) AS is_in_scope
  FROM core.rescue_team t
  LEFT JOIN (SELECT c.team_id, jsonb_agg(jsonb_build_object('skill', c.skill, 'type_no', c.type_no)
                                         ORDER BY c.type_no, c.skill) AS can
               FROM core.team_capability c
              WHERE c.valid_to IS NULL AND (%(skill)s::text IS NULL OR c.skill = %(skill)s)
                AND (%(type_no)s::integer IS NULL OR c.type_no <= %(type_no)s)
              GROUP BY c.team_id) c ON c.team_id = t.id,
       (SELECT core.stale_before('rescue_teams') AS before OFFSET 0) s
 WHERE t.valid_to IS NULL
   AND (%(skill)s::text IS NULL OR c.can IS NOT NULL
        OR (%(type_no)s::integer IS NULL AND %(skill)s = ANY (t.skills)))
 ORDER BY t.code;

-- name: fire_stations
-- Every current fire station, planned ones too.
SELECT f.id, f.version, f.code, f.name, NULL::float8 AS prepare_min, f.status, f.phone, f.surveyed_on,
       coalesce(f.surveyed_on < s.before, true) AS is_stale, f.vehicles AS capacity,
       '[]'::jsonb AS holds, '[]'::jsonb AS skills, ST_X(f.geom) AS lon, ST_Y(f.geom) AS lat, NULL::text AS vehicle,
       (%(towns)s::text[] IS NULL OR f.town_code IS NULL OR f.town_code = ANY (%(towns)s::text[])) AS is_in_scope
  FROM core.fire_station f, (SELECT core.stale_before('fire_stations') AS before OFFSET 0) s
 WHERE f.valid_to IS NULL
 ORDER BY f.code;

-- name: town_stations
-- Every current emergency station of a town.
SELECT t.id, t.version, t.code, t.name, NULL::float8 AS prepare_min, NULL::text AS status, t.phone, t.surveyed_on,
       coalesce(t.surveyed_on < s.before, true) AS is_stale, t.headcount AS capacity,
       '[]'::jsonb AS holds, '[]'::jsonb AS skills, ST_X(t.geom) AS lon, ST_Y(t.geom) AS lat, NULL::text AS vehicle,
       (%(towns)s::text[] IS NULL OR t.town_code IS NULL OR t.town_code = ANY (%(towns)s::text[])) AS is_in_scope
  FROM core.town_station t, (SELECT core.stale_before('town_stations') AS before OFFSET 0) s
 WHERE t.valid_to IS NULL
 ORDER BY t.code;

-- name: shelters
-- Every current shelter and how many it takes in.
SELECT h.id, h.version, h.code, h.name, NULL::float8 AS prepare_min, NULL::text AS status, h.phone, h.surveyed_on,
       coalesce(h.surveyed_on < s.before, true) AS is_stale, h.capacity,
       '[]'::jsonb AS holds, '[]'::jsonb AS skills, ST_X(h.geom) AS lon, ST_Y(h.geom) AS lat, NULL::text AS vehicle,
       (%(towns)s::text[] IS NULL OR h.town_code IS NULL OR h.town_code = ANY (%(towns)s::text[])) AS is_in_scope
  FROM core.shelter h, (SELECT core.stale_before('shelters') AS before OFFSET 0) s
 WHERE h.valid_to IS NULL
 ORDER BY h.code;

-- name: arc_point
-- A place on an arc, and the road it is on.
SELECT ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat, r.name AS road
  FROM core.road_edge e
  JOIN core.road r ON r.id = e.road_id,
       ST_LineInterpolatePoint(e.geom, %(fraction)s::float8) AS p (geom)
 WHERE e.id = %(arc_id)s;
