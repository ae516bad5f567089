-- Every assessment; the newest of a subject is current. `inputs` as a line to read.
CREATE VIEW published.risk_assessments AS
SELECT a.id, NULL::geometry(Geometry, 4490) AS geom, a.code, a.name,
       coalesce(a.town_code, p.town_code, h.town_code) AS town_code,
       core.stricter(core.stricter(a.secrecy, p.secrecy), h.secrecy) AS secrecy, a.is_demo, a.surveyed_on,
       p.code AS risk_point_code, h.code AS hazard_source_code, coalesce(p.code, h.code) AS subject_code,
       coalesce(p.name, h.name) AS subject, a.method,
       (SELECT string_agg(i.key || '=' || i.value, ', ' ORDER BY i.key) FROM jsonb_each_text(a.inputs) i) AS inputs,
       a.score, a.grade, a.assessed_on, a.assessor,
       NOT EXISTS (SELECT FROM core.risk_assessment n
                    WHERE n.valid_to IS NULL AND (n.assessed_on, n.id) > (a.assessed_on, a.id)
                      AND (n.risk_point_id = a.risk_point_id OR n.hazard_source_id = a.hazard_source_id)) AS is_current,
       a.remark, a.org, a.source_doc, a.version, a.updated_at,
       greatest(a.changed_xid, p.changed_xid, h.changed_xid) AS changed_xid,
       coalesce(a.surveyed_on < (SELECT core.stale_before('risk_assessments')), true) AS is_stale
  FROM core.risk_assessment a
  LEFT JOIN core.risk_point p ON p.id = a.risk_point_id
  LEFT JOIN core.hazard_source h ON h.id = a.hazard_source_id
 WHERE a.valid_to IS NULL;
