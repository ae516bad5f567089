-- Why the zones in force are what they are: each rule's shape with its reason, and the planners' words
-- (rule M1). Shapes may reach beyond the mine, where a buffer does. Both kinds share one row of numbers:
-- evidence even, words odd.
CREATE VIEW published.mine_water_evidence AS
SELECT e.id, e.geom, e.code, e.code AS name, coalesce(v.town_code, m.town_code) AS town_code,
       core.stricter(v.secrecy, m.secrecy) AS secrecy, v.is_demo, v.zoned_on AS surveyed_on,
       e.rule, e.zone, e.domain, e.reason, e.reason_en, e.inputs, m.name AS mine, s.seam, v.code AS version_code,
       v.no AS version_no, v.zoned_on, r.code AS ruleset, r.no AS ruleset_no, e.said_by, v.source_doc, v.org,
       v.version, v.updated_at,
       greatest(v.changed_xid, m.changed_xid, s.changed_xid, r.changed_xid) AS changed_xid
  FROM core.zone_version v
  JOIN core.mine m ON m.id = v.mine_id
  JOIN core.mine_seam s ON s.id = v.mine_seam_id
  JOIN core.zone_ruleset r ON r.id = v.zone_ruleset_id
 CROSS JOIN LATERAL (
   SELECT 2 * z.id AS id, v.code || '-E' || z.no AS code, z.rule, z.zone, z.domain, z.reason_zh AS reason, z.reason_en,
          (SELECT string_agg(i.name, ', ') FROM jsonb_array_elements_text(z.inputs) AS i (name)) AS inputs,
          NULL::text AS said_by, z.geom
     FROM core.zone_evidence z WHERE z.zone_version_id = v.id
    UNION ALL
   SELECT 2 * o.id + 1, o.code, 'M1', o.zone, NULL, o.reason, o.reason, c.code, o.created_by, o.geom
     FROM core.zone_override o
     LEFT JOIN core.zone_conversion c ON c.id = o.zone_conversion_id
    WHERE o.zone_version_id = v.id AND o.valid_to IS NULL
 ) e
 WHERE v.valid_to IS NULL AND v.state = 'effective';
