-- Rounds of the resource census.
CREATE VIEW published.census_rounds AS
SELECT c.id, NULL::geometry(Geometry, 4490) AS geom, c.code, c.name, c.town_code, c.secrecy, c.is_demo,
       c.surveyed_on, c.state, c.starts_on, c.ends_on, c.scope, c.lead_org, c.remark, c.org, c.source_doc,
       c.version, c.updated_at, c.changed_xid,
       coalesce(c.surveyed_on < (SELECT core.stale_before('census_rounds')), true) AS is_stale
  FROM core.census_round c
 WHERE c.valid_to IS NULL;
