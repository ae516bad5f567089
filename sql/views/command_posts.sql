-- The headquarters and the special ones.
CREATE VIEW published.command_posts AS
SELECT c.id, c.geom, c.code, c.name, c.name_en, c.town_code, c.secrecy, c.is_demo, c.surveyed_on, c.kind,
       nullif(array_to_string(c.hazard_types, ', '), '') AS hazard_types, c.lead_org, c.office_org,
       c.parent_code, c.address, c.commander, c.duty_phone, c.org, c.source_doc, c.version, c.updated_at,
       c.changed_xid, coalesce(c.surveyed_on < (SELECT core.stale_before('command_posts')), true) AS is_stale
  FROM core.command_post c
 WHERE c.valid_to IS NULL;
