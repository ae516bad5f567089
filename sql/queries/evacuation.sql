-- Evacuation: who is in danger, and which shelters are not.

-- name: flood_area
-- The whole of a flood, by the code of its scenario or of one of its bands.
SELECT ST_Multi(ST_Union(b.geom)) AS geom
  FROM core.flood_band b
  JOIN core.flood_scenario f ON f.id = b.flood_scenario_id
 WHERE b.valid_to IS NULL AND f.valid_to IS NULL AND (f.code = %(code)s OR b.code = %(code)s)
HAVING count(*) > 0;

-- name: settlements_in_danger
-- The settlements in an area, or of these codes, and whether they are in the caller's towns.
SELECT s.id, s.version, s.code, s.name, s.town_code, s.population, s.vulnerable, s.contact, s.phone,
       coalesce(s.surveyed_on < d.before, true) AS is_stale, ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat,
       (%(towns)s::text[] IS NULL OR s.town_code IS NULL OR s.town_code = ANY (%(towns)s::text[])) AS is_in_scope
  FROM core.settlement s, (SELECT core.stale_before('settlements') AS before OFFSET 0) d
 WHERE s.valid_to IS NULL
   AND (s.code = ANY (%(codes)s::text[]) OR ST_Intersects(s.geom, %(area)s::geometry))
 ORDER BY s.code;

-- name: shelters_for
-- Every shelter, and whether it is itself in the danger; those of other towns take people in too.
SELECT h.id, h.version, h.code, h.name, h.capacity, h.keeper, h.phone,
       coalesce(h.surveyed_on < d.before, true) AS is_stale, ST_X(h.geom) AS lon, ST_Y(h.geom) AS lat,
       coalesce(ST_Intersects(h.geom, %(area)s::geometry), false) AS is_in_danger
  FROM core.shelter h, (SELECT core.stale_before('shelters') AS before OFFSET 0) d
 WHERE h.valid_to IS NULL
 ORDER BY h.code;
