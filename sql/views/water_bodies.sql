-- Rivers as lines, reservoirs, lakes, ponds and flooded goaf as areas.
CREATE VIEW published.water_bodies AS
SELECT w.id, w.geom, w.code, w.name, w.name_en, w.town_code, w.secrecy, w.is_demo, w.surveyed_on,
       w.kind, w.org, w.source_doc
  FROM core.water_body w
 WHERE w.valid_to IS NULL;
