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

-- name: sources_of_substances
-- At which sources these substances are now.
SELECT DISTINCT h.code
  FROM core.hazard_substance s JOIN core.hazard_source h ON h.id = s.hazard_source_id
 WHERE s.valid_to IS NULL AND s.code = ANY (%(codes)s::text[]);

-- name: hold_sources
-- Sources that have substances, or had: locked, so that two changes are counted one after the other.
SELECT h.code, h.residents_500m
  FROM core.hazard_source h
 WHERE h.valid_to IS NULL AND h.code = ANY (%(codes)s::text[])
   AND (h.r_value IS NOT NULL OR EXISTS (SELECT FROM core.hazard_substance s
                                          WHERE s.hazard_source_id = h.id AND s.valid_to IS NULL))
 ORDER BY h.code
   FOR NO KEY UPDATE;

-- name: substances
-- What is stored at these sources.
SELECT h.code AS source, s.name, s.quantity_t, s.critical_t, s.beta, s.danger_class AS kind, s.cas_no
  FROM core.hazard_substance s JOIN core.hazard_source h ON h.id = s.hazard_source_id
 WHERE s.valid_to IS NULL AND h.valid_to IS NULL AND h.code = ANY (%(codes)s::text[])
 ORDER BY h.code, s.code;

-- name: residents
-- Who lives within 500 m of a source, as given; no row without such a source.
SELECT h.code, h.residents_500m FROM core.hazard_source h
 WHERE h.valid_to IS NULL AND h.code = ANY (%(codes)s::text[]);

-- name: set_r_values
-- R value and level of sources, where they are others.
UPDATE core.hazard_source AS h SET r_value = r.r_value, major_level = r.major_level
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (code text, r_value float8, major_level text)
 WHERE h.code = r.code AND h.valid_to IS NULL
   AND (h.r_value, h.major_level) IS DISTINCT FROM (r.r_value, r.major_level);

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
