-- Where people live, and how many.
CREATE VIEW published.settlements AS
SELECT s.id, s.geom, s.code, s.name, s.town_code, s.secrecy, s.is_demo, s.surveyed_on, s.kind, s.population,
       s.households, s.vulnerable, s.contact, s.phone, s.address, s.remark, s.org, s.source_doc, s.version,
       s.updated_at, s.changed_xid,
       coalesce(s.surveyed_on < (SELECT core.stale_before('settlements')), true) AS is_stale
  FROM core.settlement s
 WHERE s.valid_to IS NULL;
