-- Who prevents and who rescues, by kind of hazard.
CREATE VIEW published.duty_links AS
SELECT d.id, NULL::geometry(Geometry, 4490) AS geom, d.code, d.name,
       coalesce(d.town_code, o.town_code) AS town_code, core.stricter(d.secrecy, o.secrecy) AS secrecy,
       d.is_demo, d.surveyed_on, d.hazard_kind, d.phase, o.code AS organisation_code, o.name AS in_charge,
       o.duty_phone, d.remark, d.org, d.source_doc, d.version, d.updated_at,
       greatest(d.changed_xid, o.changed_xid) AS changed_xid,
       coalesce(d.surveyed_on < (SELECT core.stale_before('duty_links')), true) AS is_stale
  FROM core.duty_link d
  JOIN core.organisation o ON o.id = d.organisation_id
 WHERE d.valid_to IS NULL;
