-- What each team can do, by type.
CREATE VIEW published.team_capabilities AS
SELECT c.id, NULL::geometry(Geometry, 4490) AS geom, c.code, c.name,
       coalesce(c.town_code, t.town_code) AS town_code, core.stricter(c.secrecy, t.secrecy) AS secrecy,
       c.is_demo, c.surveyed_on, t.code AS team_code, t.name AS team, c.skill, c.type_no, c.min_headcount,
       c.min_equipment, c.grading_line, c.grading_level, c.org, c.source_doc, c.version, c.updated_at,
       greatest(c.changed_xid, t.changed_xid) AS changed_xid,
       coalesce(c.surveyed_on < (SELECT core.stale_before('team_capabilities')), true) AS is_stale
  FROM core.team_capability c
  JOIN core.rescue_team t ON t.id = c.team_id
 WHERE c.valid_to IS NULL;
