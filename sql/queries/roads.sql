-- name: service_box
-- The bounds of the service envelope; no row before a boundary is loaded.
SELECT ST_XMin(d.envelope) AS west, ST_YMin(d.envelope) AS south,
       ST_XMax(d.envelope) AS east, ST_YMax(d.envelope) AS north
  FROM core.district d
 WHERE d.valid_to IS NULL;

-- name: road_classes
-- What is drivable, its Chinese name, and its speed where no sign says otherwise.
SELECT c.road_class, c.zh, c.speed_kph FROM core.road_class c ORDER BY c.rank;

-- name: begin_load
-- Retire the roads that are there; the first free ids for the new ones.
SELECT b.retired, b.road_id, b.node_id, b.edge_id FROM core.begin_road_load() b;

-- name: copy_roads
-- One row a way, or a part of a way inside the envelope.
COPY core.road (id, code, name, name_en, secrecy, source_doc, surveyed_on, osm_way_id, road_class,
                ref, surface, access, is_bridge, is_tunnel, layer, direction, max_speed_kph,
                max_weight_t, max_height_m, geom)
FROM STDIN;

-- name: copy_nodes
-- Where arcs meet or end.
COPY core.road_node (id, osm_node_id, geom) FROM STDIN;

-- name: copy_edges
-- One row a direction of travel.
COPY core.road_edge (id, road_id, from_node, to_node, length_m, speed_kph, time_s, geom)
FROM STDIN;

-- name: add_restrictions
-- The turns whose two roads meet at the node in that direction; those kept are returned.
INSERT INTO core.turn_restriction (osm_relation_id, kind, from_road_id, via_node_id, to_road_id)
SELECT DISTINCT t.relation_id, t.kind, a.road_id, a.to_node, b.road_id
  FROM unnest(%(relations)s::bigint[], %(kinds)s::text[], %(from_ways)s::bigint[],
              %(via_nodes)s::bigint[], %(to_ways)s::bigint[])
       AS t(relation_id, kind, from_way, via_node, to_way)
  JOIN core.road f ON f.osm_way_id = t.from_way AND f.valid_to IS NULL
  JOIN core.road_edge a ON a.road_id = f.id
  JOIN core.road_node n ON n.id = a.to_node AND n.osm_node_id = t.via_node
  JOIN core.road_edge b ON b.from_node = n.id
  JOIN core.road g ON g.id = b.road_id AND g.osm_way_id = t.to_way AND g.valid_to IS NULL
RETURNING osm_relation_id;

-- name: finish_load
-- Sequences, statistics, and every closure's arcs on the new network.
SELECT core.finish_road_load()::text;

-- name: closures_without_road
-- Closures in force or to come whose shape meets no arc.
SELECT c.code
  FROM core.road_closure c
 WHERE c.valid_to IS NULL AND NOT c.period << tstzrange(now(), NULL)
   AND NOT EXISTS (SELECT FROM core.closure_arc a WHERE a.road_closure_id = c.id)
 ORDER BY c.code;
