-- Who prevents, rescues and supplies.
CREATE VIEW published.organisations AS
SELECT o.id, o.geom, o.code, o.name, o.town_code, o.secrecy, o.is_demo, o.surveyed_on, o.kind, o.parent_code,
       CASE WHEN p.secrecy <> 'restricted' THEN p.name END AS parent, o.address, o.leader, o.duty_phone, o.org,
       o.source_doc, o.version, o.updated_at, greatest(o.changed_xid, p.changed_xid) AS changed_xid,
       coalesce(o.surveyed_on < (SELECT core.stale_before('organisations')), true) AS is_stale
  FROM core.organisation o
  LEFT JOIN core.organisation p ON p.code = o.parent_code AND p.valid_to IS NULL
 WHERE o.valid_to IS NULL;
