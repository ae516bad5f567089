-- name: graph_state
-- What an answer at an instant rests on. Closures by id: the ones in force then. The service
-- envelope is a box; no district, no bounds.
SELECT g.version, g.state_uid, g.arcs_uid,
       ST_XMin(core.envelope()) AS west, ST_YMin(core.envelope()) AS south,
       ST_XMax(core.envelope()) AS east, ST_YMax(core.envelope()) AS north,
       EXISTS (SELECT FROM core.road_edge) AS has_roads,
       ARRAY(SELECT c.id FROM core.road_closure c
              WHERE c.valid_to IS NULL AND c.period @> %(at)s::timestamptz
              ORDER BY c.id) AS closure_ids
  FROM core.graph_version g;

-- name: graph_uids
-- The state of arcs and closures now: read again after reading them.
SELECT g.state_uid, g.arcs_uid FROM core.graph_version g;

-- name: arcs
-- Every directed arc.
SELECT e.id, e.from_node, e.to_node, e.time_s, e.length_m
  FROM core.road_edge e
 ORDER BY e.id;

-- name: closures
-- The closures of these ids that shut or slow any arc.
SELECT c.id, c.code, c.name, c.factor
  FROM core.road_closure c
 WHERE c.id = ANY(%(ids)s::bigint[])
   AND EXISTS (SELECT FROM core.closure_arc a WHERE a.road_closure_id = c.id)
 ORDER BY c.code, c.id;

-- name: closed_arcs
-- Which of these closures lies on which arc.
SELECT a.road_closure_id, a.road_edge_id
  FROM core.closure_arc a
 WHERE a.road_closure_id = ANY(%(ids)s::bigint[])
 ORDER BY a.road_closure_id, a.road_edge_id;

-- name: landings
-- Where each place meets the open road nearest to it, on every arc (direction) that passes
-- there; none within the limit: one row without an arc. The index knows degrees, so its nearest
-- arc only bounds the search (a degree is at least 110.5 km of latitude and 111 km x cos(lat) of
-- longitude); what is nearest is then decided in metres. Along an arc we measure in degrees
-- with longitude squeezed by cos(latitude), in which a foot of a perpendicular is one on the ground.
WITH shut AS MATERIALIZED (
  SELECT unnest(%(shut)s::bigint[]) AS id
), place AS MATERIALIZED (
  SELECT p.no, s.geom, e.id AS nearest_arc, e.nearest_m, o.gap_m, least(o.gap_m, %(limit_m)s) * 1.01 + 1 AS reach_m
    FROM unnest(%(nos)s::integer[], %(lons)s::float8[], %(lats)s::float8[]) AS p (no, lon, lat)
   CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4490) AS geom) s
    LEFT JOIN LATERAL (SELECT e.id, ST_Distance(e.geom::geography, s.geom::geography) AS nearest_m
                         FROM core.road_edge e ORDER BY e.geom <-> s.geom LIMIT 1) e ON true
    LEFT JOIN LATERAL (SELECT ST_Distance(e.geom::geography, s.geom::geography) AS gap_m
                         FROM core.road_edge e WHERE e.id NOT IN (SELECT id FROM shut)
                        ORDER BY e.geom <-> s.geom LIMIT 1) o ON true
), landing AS (
  SELECT p.no, e.id AS arc_id, e.road_id, f.fraction, s.snap_m, min(s.snap_m) OVER (PARTITION BY p.no) AS least_m
    FROM place p
    JOIN core.road_edge e ON e.geom && ST_Expand(p.geom, p.reach_m / (111000 * cos(radians(ST_Y(p.geom)))), p.reach_m / 110500)
                         AND e.id NOT IN (SELECT id FROM shut)
   CROSS JOIN LATERAL (SELECT cos(radians((ST_YMin(e.geom) + ST_YMax(e.geom)) / 2)) AS squeeze) q
   CROSS JOIN LATERAL (SELECT ST_Scale(e.geom, q.squeeze, 1) AS line) l
   CROSS JOIN LATERAL (SELECT ST_LineLocatePoint(l.line, ST_Scale(p.geom, q.squeeze, 1)) AS fraction) f
   CROSS JOIN LATERAL (SELECT ST_Distance(p.geom::geography,
                              ST_Scale(ST_LineInterpolatePoint(l.line, f.fraction), 1 / q.squeeze, 1)::geography) AS snap_m) s
)
SELECT p.no, p.nearest_arc, p.nearest_m, p.gap_m, l.arc_id, l.fraction, l.snap_m, r.name AS road
  FROM place p
  LEFT JOIN landing l ON l.no = p.no AND l.snap_m <= %(limit_m)s AND l.snap_m <= l.least_m + 0.01
  LEFT JOIN core.road r ON r.id = l.road_id
 ORDER BY p.no, l.arc_id;

-- name: way_lines
-- Each way as one line, of the arcs (or parts of arcs) driven in order, and the roads it follows
-- in the order it first meets them. A way of no length keeps two equal ends.
WITH leg AS MATERIALIZED (
  SELECT l.way, l.leg, l.start_fraction AS a, l.end_fraction AS b, e.geom, e.length_m,
         coalesce(r.ref, r.name) AS road,
         -- A road without a name bears that of its class.
         coalesce(r.ref, r.name_en, CASE r.name WHEN c.zh THEN c.en ELSE r.name END) AS road_en,
         cos(radians((ST_YMin(e.geom) + ST_YMax(e.geom)) / 2)) AS squeeze
    FROM unnest(%(ways)s::integer[], %(arcs)s::bigint[], %(starts)s::float8[], %(ends)s::float8[])
                WITH ORDINALITY AS l (way, arc_id, start_fraction, end_fraction, leg)
    JOIN core.road_edge e ON e.id = l.arc_id
    JOIN core.road r ON r.id = e.road_id
    JOIN core.road_class c ON c.road_class = r.road_class
), line AS (
  SELECT way, ST_MakeLine(CASE WHEN a = 0 AND b = 1 THEN geom ELSE
           ST_Scale(ST_LineSubstring(ST_Scale(geom, squeeze, 1), a, b), 1 / squeeze, 1) END ORDER BY leg) AS geom
    FROM leg GROUP BY way
), followed AS (
  SELECT way, road, road_en, sum((b - a) * length_m) AS length_m, min(leg) AS first_leg
    FROM leg GROUP BY way, road, road_en
)
SELECT line.way, f.roads, f.roads_en, f.lengths_m,
       CASE WHEN ST_NPoints(line.geom) > 1 THEN ST_RemoveRepeatedPoints(line.geom)
            ELSE ST_MakeLine(ARRAY[ST_PointN(line.geom, 1), ST_PointN(line.geom, 1)]) END AS geom
  FROM line
  JOIN (SELECT way, array_agg(road ORDER BY first_leg) AS roads, array_agg(road_en ORDER BY first_leg) AS roads_en,
               array_agg(length_m ORDER BY first_leg) AS lengths_m
          FROM followed GROUP BY way) f ON f.way = line.way
 ORDER BY line.way;
