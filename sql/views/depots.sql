-- Depots with what lies in them: lots, item codes (GB/T 38565) and a line to read.
CREATE VIEW published.depots AS
SELECT d.id, d.geom, d.code, d.name, d.town_code, d.secrecy, d.is_demo, d.surveyed_on,
       d.owner, d.form, d.layout, d.tier, coalesce(s.lot_count, 0) AS lot_count,
       s.item_codes, s.stock, d.load_min, d.address, d.org, d.keeper, d.phone, d.source_doc,
       d.version, d.updated_at, greatest(d.changed_xid, s.changed_xid) AS changed_xid,
       coalesce(d.surveyed_on < (SELECT core.stale_before('depots')), true) AS is_stale
  FROM core.depot d
  LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE l.valid_to IS NULL) AS lot_count,
              string_agg(DISTINCT l.item_code, ', ' ORDER BY l.item_code) FILTER (WHERE l.valid_to IS NULL) AS item_codes,
              string_agg(l.name || ' ' || trim_scale(l.quantity) || l.unit, '；' ORDER BY l.item_code, l.id)
                FILTER (WHERE l.valid_to IS NULL) AS stock,
              (array_agg(l.changed_xid ORDER BY l.changed_xid DESC))[1] AS changed_xid
         FROM core.stock_lot l
        WHERE l.depot_id = d.id
       ) s ON true
 WHERE d.valid_to IS NULL;
