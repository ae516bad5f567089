-- Risk: what is worked out from the registers (tables and limits: core.risk_parameter).

-- name: parameters
-- The numbers of the calculations, as they stand.
SELECT p.code, p.value, p.is_verified, p.source_doc
  FROM core.risk_parameter p
 WHERE p.valid_to IS NULL AND p.code = ANY (%(codes)s::text[]);

-- name: standing_grades
-- Scores and grades as they stand: what a record repeats of them was not typed anew.
SELECT a.code, a.score, a.grade
  FROM core.risk_assessment a
 WHERE a.valid_to IS NULL AND a.code = ANY (%(codes)s::text[]);

-- name: assessed_sources
-- Hazard sources whose grade follows from an assessment: which one, and the grade that stands.
SELECT h.code, h.grade AS standing, a.grade, a.code AS assessment, a.method
  FROM core.hazard_source h
  JOIN LATERAL (SELECT r.code, r.grade, r.method FROM core.risk_assessment r
                 WHERE r.hazard_source_id = h.id AND r.valid_to IS NULL AND r.grade IS NOT NULL
                 ORDER BY r.assessed_on DESC, r.id DESC LIMIT 1) a ON true
 WHERE h.valid_to IS NULL AND h.code = ANY (%(codes)s::text[]);

-- name: sources_of_substances
-- At which sources these substances are now.
SELECT DISTINCT h.code
  FROM core.hazard_substance s JOIN core.hazard_source h ON h.id = s.hazard_source_id
 WHERE s.valid_to IS NULL AND s.code = ANY (%(codes)s::text[]);

-- name: sources_near
-- Sources whose residents these settlements are, were, or will be: within so many metres, or in the
-- same town, where one more settlement may make their number known.
SELECT DISTINCT h.code
  FROM (SELECT s.geom, s.town_code FROM core.settlement s WHERE s.valid_to IS NULL AND s.code = ANY (%(codes)s::text[])
         UNION ALL
        SELECT n.geom, n.town_code FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (geom geometry, town_code text)) p
  JOIN core.hazard_source h ON h.valid_to IS NULL
   AND (h.town_code = p.town_code
        OR h.geom && ST_Expand(p.geom, %(within_m)s / 50000.0) AND ST_DWithin(h.geom::geography, p.geom::geography, %(within_m)s));

-- name: hold_sources
-- Of these the sources of chemicals, those that have or had an R value included: locked, so that two
-- changes are counted one after the other.
SELECT h.code
  FROM core.hazard_source h
 WHERE h.valid_to IS NULL AND h.code = ANY (%(codes)s::text[])
   AND (h.kind = 'hazchem' OR h.r_value IS NOT NULL OR h.residents_counted IS NOT NULL
        OR EXISTS (SELECT FROM core.hazard_substance s WHERE s.hazard_source_id = h.id AND s.valid_to IS NULL))
 ORDER BY h.code
   FOR NO KEY UPDATE;

-- name: substances
-- What is stored at these sources.
SELECT h.code AS source, s.name, s.quantity_t, s.critical_t, s.beta, s.danger_class AS kind, s.cas_no
  FROM core.hazard_substance s JOIN core.hazard_source h ON h.id = s.hazard_source_id
 WHERE s.valid_to IS NULL AND h.valid_to IS NULL AND h.code = ANY (%(codes)s::text[])
 ORDER BY h.code, s.code;

-- name: residents
-- Who lives within so many metres of these sources: as given by hand, and as counted from the
-- settlements there. Not counted: where the population of one is not known, or where no settlement is
-- near and none of the source's town is registered.
SELECT h.code, h.residents_500m AS given, c.counted
  FROM core.hazard_source h
 CROSS JOIN LATERAL (
       SELECT CASE WHEN count(*) = count(s.population)
                    AND (count(*) > 0 OR EXISTS (SELECT FROM core.settlement t WHERE t.valid_to IS NULL AND t.town_code = h.town_code))
                   THEN coalesce(sum(s.population), 0)::integer END AS counted
         FROM core.settlement s
        WHERE s.valid_to IS NULL AND s.geom && ST_Expand(h.geom, %(within_m)s / 50000.0)
          AND ST_DWithin(s.geom::geography, h.geom::geography, %(within_m)s)) c
 WHERE h.valid_to IS NULL AND h.code = ANY (%(codes)s::text[]);

-- name: set_r_values
-- Residents as counted, R value and level of sources, where they are others.
UPDATE core.hazard_source AS h SET residents_counted = r.counted, r_value = r.r_value, major_level = r.major_level
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (code text, counted integer, r_value float8, major_level text)
 WHERE h.code = r.code AND h.valid_to IS NULL
   AND (h.residents_counted, h.r_value, h.major_level) IS DISTINCT FROM (r.counted, r.r_value, r.major_level);

-- name: earlier_dangers
-- For each new hidden danger the latest earlier one of its category within so many days, at its
-- source or within so many metres. Three ways to find it, each by its index.
SELECT n.code, e.code AS repeat_of, e.found_on
  FROM jsonb_to_recordset(%(rows)s::jsonb)
       AS n (code text, category text, found_on date, hazard_source_code text, geom geometry)
  LEFT JOIN core.hazard_source s ON s.code = n.hazard_source_code AND s.valid_to IS NULL
 CROSS JOIN LATERAL (SELECT coalesce(n.geom, s.geom) AS place) p
 CROSS JOIN LATERAL (
       SELECT f.code, f.found_on
         FROM (SELECT d.code, d.found_on, d.category FROM core.hidden_danger d
                WHERE d.valid_to IS NULL AND d.hazard_source_id = s.id
                UNION ALL
               SELECT d.code, d.found_on, d.category FROM core.hidden_danger d
                WHERE d.valid_to IS NULL AND d.geom && ST_Expand(p.place, %(within_m)s / 50000.0)
                  AND ST_DWithin(d.geom::geography, p.place::geography, %(within_m)s)
                UNION ALL
               SELECT d.code, d.found_on, d.category
                 FROM core.hazard_source h JOIN core.hidden_danger d ON d.hazard_source_id = h.id
                WHERE d.valid_to IS NULL AND d.geom IS NULL AND h.geom && ST_Expand(p.place, %(within_m)s / 50000.0)
                  AND ST_DWithin(h.geom::geography, p.place::geography, %(within_m)s)) f
        WHERE f.category = n.category AND f.code <> n.code AND (f.found_on, f.code) < (n.found_on, n.code)
          AND f.found_on >= n.found_on - %(within_days)s::integer
        ORDER BY f.found_on DESC, f.code DESC
        LIMIT 1) e;

-- name: dangers
-- Hidden dangers that the caller sees, where they are or their source is.
SELECT v.id, v.code, v.name, v.category, v.found_on, v.state, v.hazard_source_code AS source, ST_X(v.geom) AS lon,
       ST_Y(v.geom) AS lat, string_to_array(coalesce(v.root_causes, ''), ', ') AS causes, v.repeat_of
  FROM published.hidden_dangers v
 WHERE v.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR v.town_code IS NULL OR v.town_code = ANY (%(towns)s)
        OR v.secrecy = ANY (%(open_to)s::text[]));

-- name: crashes
-- Crashes that the caller sees; some lack their road or stake.
SELECT v.code, v.road_code, v.at_m, v.occurred_on, v.deaths, v.geom
  FROM published.crash_points v
 WHERE v.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR v.town_code IS NULL OR v.town_code = ANY (%(towns)s)
        OR v.secrecy = ANY (%(open_to)s::text[]));

-- name: cut_sections
-- The stretch of each road between the first and the last crash: the road's ways are merged, and of
-- its pieces the one nearest to both is cut. Stakes are not measured along it: a road begins
-- elsewhere, its crashes say where they are.
WITH asked AS (
  SELECT a.no, a.road_code, a.first, a.last, a.widen_m
    FROM jsonb_to_recordset(%(rows)s::jsonb)
         AS a (no integer, road_code text, first geometry, last geometry, widen_m float8)
), piece AS (
  SELECT m.road_code, (ST_Dump(ST_LineMerge(ST_Collect(m.geom)))).geom
    FROM (SELECT c.road_code, r.geom
            FROM (SELECT DISTINCT road_code FROM asked) c
            JOIN core.road r ON r.valid_to IS NULL
             AND c.road_code = ANY (string_to_array(replace(r.ref, ' ', ''), ';'))) m
   GROUP BY m.road_code
)
SELECT a.no, EXISTS (SELECT FROM piece p WHERE p.road_code = a.road_code) AS is_known, n.geom
  FROM asked a
  LEFT JOIN LATERAL (
       SELECT ST_LineSubstring(p.geom, greatest(0, least(l.one, l.two) - l.more), least(1, greatest(l.one, l.two) + l.more)) AS geom
         FROM piece p
        CROSS JOIN LATERAL (SELECT ST_LineLocatePoint(p.geom, a.first) AS one, ST_LineLocatePoint(p.geom, a.last) AS two,
                                   a.widen_m / ST_Length(p.geom::geography) AS more) l
        WHERE p.road_code = a.road_code
          AND ST_DWithin(p.geom::geography, a.first::geography, %(within_m)s)
          AND ST_DWithin(p.geom::geography, a.last::geography, %(within_m)s)
        ORDER BY ST_Distance(p.geom, a.first) + ST_Distance(p.geom, a.last)
        LIMIT 1) n ON ST_Dimension(n.geom) = 1
 ORDER BY a.no;

-- name: standing_sections
-- Dangerous sections that are known already, by road and metre.
SELECT s.code, s.road_code, s.from_m, s.to_m
  FROM published.dangerous_sections s
 WHERE s.from_m IS NOT NULL AND s.to_m IS NOT NULL AND s.road_code = ANY (%(roads)s::text[])
   AND s.secrecy = ANY (%(secrecies)s::text[])
 ORDER BY s.code;

-- name: unowned
-- Sources that no department prevents, or none rescues: neither their own nor one of their kind.
SELECT v.id, v.code, v.name, v.kind, v.town_code, u.lacks
  FROM published.hazard_sources v
 CROSS JOIN LATERAL (
       SELECT array_remove(ARRAY[
                CASE WHEN coalesce(btrim(v.prevention_org), '') = '' AND NOT core.has_duty(v.kind, 'prevent') THEN 'prevent' END,
                CASE WHEN coalesce(btrim(v.rescue_org), '') = '' AND NOT core.has_duty(v.kind, 'rescue') THEN 'rescue' END], NULL) AS lacks) u
 WHERE u.lacks <> '{}' AND v.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR v.town_code IS NULL OR v.town_code = ANY (%(towns)s)
        OR v.secrecy = ANY (%(open_to)s::text[]))
 ORDER BY cardinality(u.lacks) DESC, v.code;

-- name: stale
-- Of each register: how many records the caller sees, how many nobody verified for too long or ever,
-- the oldest survey, and the rule.
SELECT s.register, s.records, s.stale, s.never_surveyed, s.oldest_on, s.rule_days, s.is_verified, s.source_doc
  FROM core.stale_counts(%(registers)s::text[], %(towns)s::text[], %(secrecies)s::text[]) s
 ORDER BY s.stale DESC, s.register;

-- name: points_of_towns
-- The grades of the risk points that the caller sees, by town.
SELECT v.town_code AS place, v.grade, v.method
  FROM published.risk_points v
 WHERE v.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR v.town_code IS NULL OR v.town_code = ANY (%(towns)s)
        OR v.secrecy = ANY (%(open_to)s::text[]));

-- name: points_of_sources
-- The grades of the risk points of each hazard source that the caller sees.
SELECT v.hazard_source_code AS place, v.grade, v.method
  FROM published.risk_points v
 WHERE v.hazard_source_code IS NOT NULL AND v.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR v.town_code IS NULL OR v.town_code = ANY (%(towns)s)
        OR v.secrecy = ANY (%(open_to)s::text[]));

-- name: today
-- The day it is in the district.
SELECT core.district_day();
