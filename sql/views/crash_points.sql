-- Where crashes happened.
CREATE VIEW published.crash_points AS
SELECT c.id, c.geom, c.code, c.name, c.town_code, c.secrecy, c.is_demo, c.surveyed_on, c.occurred_on, c.deaths,
       c.injured, c.road_code, c.at_m, c.remark, c.org, c.source_doc, c.version, c.updated_at, c.changed_xid,
       coalesce(c.surveyed_on < (SELECT core.stale_before('crash_points')), true) AS is_stale
  FROM core.crash_point c
 WHERE c.valid_to IS NULL;
