-- What third parties found. A report may be public though its subject is not: then its code is not told.
CREATE VIEW published.assessment_reports AS
SELECT r.id, NULL::geometry(Geometry, 4490) AS geom, r.code, r.name, r.town_code, r.secrecy, r.is_demo,
       r.surveyed_on, r.subject, CASE WHEN h.secrecy <> 'restricted' THEN h.code END AS hazard_source_code,
       r.grade, r.agency, r.experts, r.reported_on, r.summary, r.org, r.source_doc, r.version, r.updated_at,
       greatest(r.changed_xid, h.changed_xid) AS changed_xid,
       coalesce(r.surveyed_on < (SELECT core.stale_before('assessment_reports')), true) AS is_stale
  FROM core.assessment_report r
  LEFT JOIN core.hazard_source h ON h.id = r.hazard_source_id
 WHERE r.valid_to IS NULL;
