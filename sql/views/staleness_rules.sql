-- After how many days a register's record is stale.
CREATE VIEW published.staleness_rules AS
SELECT s.id, NULL::geometry(Geometry, 4490) AS geom, s.code, s.name, s.town_code, s.secrecy, s.is_demo,
       s.surveyed_on, s.days, s.is_verified, s.org, s.source_doc, s.version, s.updated_at, s.changed_xid
  FROM core.staleness_rule s
 WHERE s.valid_to IS NULL;
