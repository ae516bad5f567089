-- Roads as people know them. class_rank (1 motorway to 16 unclassified) thins far-out tiles.
CREATE VIEW published.roads AS
SELECT r.id, r.geom, r.code, r.name, r.name_en, r.town_code, r.secrecy, r.is_demo, r.surveyed_on,
       r.road_class, c.rank AS class_rank, r.ref, r.surface, r.access, r.direction, r.is_bridge,
       r.is_tunnel, r.layer, r.max_speed_kph, r.max_weight_t, r.max_height_m, r.source_doc,
       r.org, r.version, r.updated_at, r.changed_xid,
       coalesce(r.surveyed_on < (SELECT core.stale_before('roads')), true) AS is_stale
  FROM core.road r
  JOIN core.road_class c ON c.road_class = r.road_class
 WHERE r.valid_to IS NULL;
