-- Emergency shelters.
CREATE VIEW published.shelters AS
SELECT s.id, s.geom, s.code, s.name, s.town_code, s.secrecy, s.is_demo, s.surveyed_on, s.kind, s.capacity,
       s.area_m2, s.address, s.keeper, s.phone, s.org, s.source_doc, s.version, s.updated_at, s.changed_xid,
       coalesce(s.surveyed_on < (SELECT core.stale_before('shelters')), true) AS is_stale
  FROM core.shelter s
 WHERE s.valid_to IS NULL;
