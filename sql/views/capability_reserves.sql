-- What can be made in time, by depots and organisations.
CREATE VIEW published.capability_reserves AS
SELECT r.id, NULL::geometry(Geometry, 4490) AS geom, r.code, r.name,
       coalesce(r.town_code, d.town_code, o.town_code) AS town_code,
       core.stricter(core.stricter(r.secrecy, d.secrecy), o.secrecy) AS secrecy, r.is_demo, r.surveyed_on,
       d.code AS depot_code, o.code AS organisation_code, coalesce(d.name, o.name) AS maker, r.item_code,
       r.per_day, r.unit, r.lead_h, r.org, r.source_doc, r.version, r.updated_at,
       greatest(r.changed_xid, d.changed_xid, o.changed_xid) AS changed_xid,
       coalesce(r.surveyed_on < (SELECT core.stale_before('capability_reserves')), true) AS is_stale
  FROM core.capability_reserve r
  LEFT JOIN core.depot d ON d.id = r.depot_id
  LEFT JOIN core.organisation o ON o.id = r.organisation_id
 WHERE r.valid_to IS NULL;
