-- Risk points with the grade of their newest assessment.
CREATE VIEW published.risk_points AS
SELECT p.id, p.geom, p.code, p.name, p.town_code, core.stricter(p.secrecy, h.secrecy) AS secrecy, p.is_demo,
       p.surveyed_on, p.grade, p.method, p.assessed_on, h.code AS hazard_source_code, h.name AS hazard_source,
       nullif(array_to_string(p.accident_types, ', '), '') AS accident_types, p.control_level, p.measures,
       p.responsible, p.phone, p.org, p.source_doc, p.version, p.updated_at,
       greatest(p.changed_xid, h.changed_xid) AS changed_xid,
       coalesce(p.surveyed_on < (SELECT core.stale_before('risk_points')), true) AS is_stale
  FROM core.risk_point p
  LEFT JOIN core.hazard_source h ON h.id = p.hazard_source_id
 WHERE p.valid_to IS NULL;
