-- The two probes ahead of headings; one without the other does not comply.
CREATE VIEW published.heading_probes AS
SELECT p.id, NULL::geometry(Geometry, 4490) AS geom, p.code, p.name,
       coalesce(p.town_code, m.town_code) AS town_code, core.stricter(p.secrecy, m.secrecy) AS secrecy,
       p.is_demo, p.surveyed_on, m.code AS mine_code, m.name AS mine, p.heading,
       h.code AS mine_heading_code, p.geophysics_on,
       p.drilling_on, p.geophysics_on IS NOT NULL AND p.drilling_on IS NOT NULL AS is_compliant, p.result,
       p.remark, p.org, p.source_doc, p.version, p.updated_at,
       greatest(p.changed_xid, m.changed_xid, h.changed_xid) AS changed_xid,
       coalesce(p.surveyed_on < (SELECT core.stale_before('heading_probes')), true) AS is_stale
  FROM core.heading_probe p
  JOIN core.mine m ON m.id = p.mine_id
  LEFT JOIN core.mine_heading h ON h.id = p.mine_heading_id
 WHERE p.valid_to IS NULL;
