-- What lies in the depots, lot by lot; a lot has the place of its depot and none of its own.
CREATE VIEW published.stock_lots AS
SELECT l.id, NULL::geometry(Geometry, 4490) AS geom, l.code, l.name,
       coalesce(l.town_code, d.town_code) AS town_code, core.stricter(l.secrecy, d.secrecy) AS secrecy,
       l.is_demo, l.surveyed_on, d.code AS depot_code, d.name AS depot, l.item_code,
       l.quantity::double precision AS quantity, l.reserved::double precision AS reserved, l.unit, l.batch,
       l.expires_on, coalesce(l.expires_on < (SELECT core.district_day()), false) AS is_expired,
       l.min_reserve::double precision AS min_reserve, l.org, l.source_doc, l.version, l.updated_at,
       greatest(l.changed_xid, d.changed_xid) AS changed_xid,
       coalesce(l.surveyed_on < (SELECT core.stale_before('stock_lots')), true) AS is_stale
  FROM core.stock_lot l
  JOIN core.depot d ON d.id = l.depot_id
 WHERE l.valid_to IS NULL;
