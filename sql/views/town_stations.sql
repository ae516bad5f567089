-- Emergency stations of towns.
CREATE VIEW published.town_stations AS
SELECT s.id, s.geom, s.code, s.name, s.town_code, s.secrecy, s.is_demo, s.surveyed_on,
       nullif(array_to_string(s.tasks, ', '), '') AS tasks, s.headcount, s.address, s.leader, s.phone, s.org,
       s.source_doc, s.version, s.updated_at, s.changed_xid,
       coalesce(s.surveyed_on < (SELECT core.stale_before('town_stations')), true) AS is_stale
  FROM core.town_station s
 WHERE s.valid_to IS NULL;
