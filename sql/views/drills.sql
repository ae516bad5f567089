-- Drills that were held; one may have a place or an area.
CREATE VIEW published.drills AS
SELECT d.id, d.geom, d.code, d.name, d.town_code, d.secrecy, d.is_demo, d.surveyed_on, d.kind, d.hazard_kind,
       d.held_on, d.lead_org, d.participants, d.plan_doc, d.findings, d.org, d.source_doc, d.version,
       d.updated_at, d.changed_xid,
       coalesce(d.surveyed_on < (SELECT core.stale_before('drills')), true) AS is_stale
  FROM core.drill d
 WHERE d.valid_to IS NULL;
