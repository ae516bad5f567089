-- Rescue teams; the skills as one text, because a Shapefile has no lists.
CREATE VIEW published.rescue_teams AS
SELECT t.id, t.geom, t.code, t.name, t.town_code, t.secrecy, t.is_demo, t.surveyed_on,
       t.tier, t.status, array_to_string(t.skills, ', ') AS skills, t.headcount, t.on_duty, t.equipment,
       t.mobilise_min, t.vehicle_class, t.org, t.leader, t.phone, t.source_doc,
       t.version, t.updated_at, t.changed_xid,
       coalesce(t.surveyed_on < (SELECT core.stale_before('rescue_teams')), true) AS is_stale
  FROM core.rescue_team t
 WHERE t.valid_to IS NULL;
