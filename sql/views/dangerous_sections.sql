-- Dangerous road sections; the kinds of hazard as one text.
CREATE VIEW published.dangerous_sections AS
SELECT s.id, s.geom, s.code, s.name, s.town_code, s.secrecy, s.is_demo, s.surveyed_on,
       s.grade, array_to_string(s.hazard_kinds, ', ') AS hazard_kinds, s.road_code, s.from_m, s.to_m,
       s.measures, s.org, s.source_doc,
       s.version, s.updated_at, s.changed_xid,
       coalesce(s.surveyed_on < (SELECT core.stale_before('dangerous_sections')), true) AS is_stale
  FROM core.dangerous_section s
 WHERE s.valid_to IS NULL;
