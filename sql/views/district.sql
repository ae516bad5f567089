-- The district as it stands: its outline, one row.
CREATE VIEW published.district AS
SELECT d.id, d.geom, d.code, d.name, d.name_en, d.town_code, d.secrecy, d.is_demo, d.surveyed_on,
       d.source_doc,
       round((ST_Area(d.geom::geography) / 1e6)::numeric, 2)::double precision AS area_km2,
       d.org, d.version, d.updated_at, d.changed_xid,
       coalesce(d.surveyed_on < (SELECT core.stale_before('district')), true) AS is_stale
  FROM core.district d
 WHERE d.valid_to IS NULL;
