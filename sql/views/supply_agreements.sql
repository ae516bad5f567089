-- Agreements with enterprises; in force by the district's day.
CREATE VIEW published.supply_agreements AS
SELECT a.id, NULL::geometry(Geometry, 4490) AS geom, a.code, a.name,
       coalesce(a.town_code, d.town_code, o.town_code) AS town_code,
       core.stricter(core.stricter(a.secrecy, o.secrecy), d.secrecy) AS secrecy, a.is_demo, a.surveyed_on,
       o.code AS organisation_code, o.name AS supplier, d.code AS depot_code, d.name AS depot, a.item_code,
       a.quantity, a.unit, a.agreed_from, a.agreed_to,
       (SELECT core.district_day()) BETWEEN a.agreed_from AND coalesce(a.agreed_to, 'infinity') AS is_in_force,
       a.document, a.org, a.source_doc, a.version, a.updated_at,
       greatest(a.changed_xid, o.changed_xid, d.changed_xid) AS changed_xid,
       coalesce(a.surveyed_on < (SELECT core.stale_before('supply_agreements')), true) AS is_stale
  FROM core.supply_agreement a
  JOIN core.organisation o ON o.id = a.organisation_id
  LEFT JOIN core.depot d ON d.id = a.depot_id
 WHERE a.valid_to IS NULL;
