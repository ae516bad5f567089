-- Rivers as lines, reservoirs, lakes, ponds and flooded goaf as areas.
CREATE VIEW published.water_bodies AS
SELECT w.id, w.geom, w.code, w.name, w.name_en, w.town_code, w.secrecy, w.is_demo, w.surveyed_on,
       w.kind, w.org, w.source_doc,
       w.version, w.updated_at, w.changed_xid,
       coalesce(w.surveyed_on < (SELECT core.stale_before('water_bodies')), true) AS is_stale
  FROM core.water_body w
 WHERE w.valid_to IS NULL;
