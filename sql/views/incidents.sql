-- Incidents and drills; a drill says so in its name, and has a look of its own.
CREATE VIEW published.incidents AS
SELECT i.id, i.geom, i.code, CASE WHEN i.is_drill THEN '【演练】' ELSE '' END || i.name AS name, i.town_code,
       i.secrecy, i.is_demo, i.surveyed_on, i.kind, i.level::integer AS level, i.is_drill, i.state,
       CASE WHEN i.is_drill THEN 'drill' WHEN i.state = 'closed' THEN 'closed' ELSE i.level::text END AS look,
       p.name AS command_post, i.reported_at, i.reporter, i.phone, i.description, i.closed_at, i.org,
       i.source_doc, i.version, i.updated_at, i.changed_xid
  FROM core.incident i
  LEFT JOIN core.command_post p ON p.id = i.command_post_id
 WHERE i.valid_to IS NULL;
