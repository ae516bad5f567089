-- What lies in the depots, and the ledger of moves that says so (migration 0009).

-- name: depot
-- A current depot by its id or its code.
SELECT d.id, d.code, d.name, d.town_code, d.secrecy
  FROM core.depot d
 WHERE d.valid_to IS NULL AND (d.id = %(id)s::bigint OR d.code = %(code)s::text);

-- name: lots
-- The lots of a depot (of all without one), of item codes that begin so; the first to expire first.
SELECT l.id, d.code AS depot, l.code, l.name, l.item_code, l.quantity::float8 AS quantity,
       l.reserved::float8 AS reserved,
       (CASE WHEN l.expires_on < core.district_day() THEN 0 ELSE l.quantity - l.reserved END)::float8 AS available,
       l.unit, l.batch, l.expires_on, l.min_reserve::float8 AS min_reserve,
       coalesce(l.expires_on < core.district_day(), false) AS is_expired,
       CASE WHEN l.expires_on < core.district_day() THEN l.min_reserve > 0
            ELSE l.quantity - l.reserved < l.min_reserve END AS is_below_minimum
  FROM core.stock_lot l
  JOIN core.depot d ON d.id = l.depot_id
 WHERE l.valid_to IS NULL AND d.valid_to IS NULL
   AND (%(depot_id)s::bigint IS NULL OR l.depot_id = %(depot_id)s)
   AND l.item_code LIKE %(item)s::text || '%%' AND l.secrecy = ANY (%(secrecies)s::text[])
 ORDER BY d.code, l.item_code, l.expires_on NULLS LAST, l.code;

-- name: misreserved
-- Lots whose reserved quantity is not what open orders hold: none, ever.
SELECT d.code, d.reserved, d.ordered FROM core.reservation_differences() d ORDER BY d.code;

-- name: moves
-- The moves of a depot's lots (or of one of them) below an id, the newest first.
SELECT m.id, m.uid, l.code AS lot, m.no, m.kind, m.quantity::float8 AS quantity,
       m.quantity_after::float8 AS quantity_after, m.reserved_after::float8 AS reserved_after,
       m.transfer_uid, m.reason, m.document, m.actor, m.at
  FROM core.stock_move m
  JOIN core.stock_lot l ON l.id = m.stock_lot_id
 WHERE l.depot_id = %(depot_id)s AND l.secrecy = ANY (%(secrecies)s::text[])
   AND (%(lot)s::text IS NULL OR l.code = %(lot)s)
   AND (%(before)s::bigint IS NULL OR m.id < %(before)s)
 ORDER BY m.id DESC
 LIMIT %(limit)s;

-- name: hold_lots
-- Lots by code, locked in the order of their codes until the end of the transaction.
SELECT l.id, l.code, l.depot_id, l.item_code, l.unit, l.quantity, l.is_demo
  FROM core.stock_lot l
 WHERE l.valid_to IS NULL AND l.code = ANY (%(codes)s::text[])
 ORDER BY l.code
   FOR NO KEY UPDATE;

-- name: add_move
-- Append a move; its trigger books it. Only an adjustment says its signed change.
INSERT INTO core.stock_move AS m (stock_lot_id, kind, quantity, quantity_change, transfer_uid, reason, document)
VALUES (%(lot_id)s, %(kind)s, %(quantity)s, %(change)s, %(transfer_uid)s, %(reason)s, %(document)s)
RETURNING m.id, m.uid, (SELECT l.code FROM core.stock_lot l WHERE l.id = m.stock_lot_id) AS lot, m.no, m.kind,
          m.quantity::float8 AS quantity, m.quantity_after::float8 AS quantity_after,
          m.reserved_after::float8 AS reserved_after, m.transfer_uid, m.reason, m.document, m.actor, m.at;

-- name: lot_alike
-- The lot of another depot that holds the same thing, of the same batch and date.
SELECT l.code
  FROM core.stock_lot s
  JOIN core.stock_lot l ON l.item_code = s.item_code AND l.name = s.name AND l.unit = s.unit
   AND l.batch IS NOT DISTINCT FROM s.batch AND l.expires_on IS NOT DISTINCT FROM s.expires_on
   AND l.secrecy = s.secrecy AND l.is_demo = s.is_demo
 WHERE s.code = %(lot)s AND s.depot_id = %(from_depot)s AND s.valid_to IS NULL
   AND l.depot_id = %(to_depot)s AND l.valid_to IS NULL
 ORDER BY l.code
 LIMIT 1;

-- name: open_alike
-- An empty lot of another depot for the same thing; none when its code is taken.
INSERT INTO core.stock_lot AS t (code, name, name_en, org, town_code, secrecy, source_doc, surveyed_on, is_demo,
                                 depot_id, item_code, quantity, unit, batch, expires_on)
SELECT s.code || '@' || d.code, s.name, s.name_en, d.org, d.town_code, s.secrecy, s.source_doc, s.surveyed_on,
       s.is_demo, d.id, s.item_code, 0, s.unit, s.batch, s.expires_on
  FROM core.stock_lot s, core.depot d
 WHERE s.code = %(lot)s AND s.depot_id = %(from_depot)s AND s.valid_to IS NULL AND d.id = %(to_depot)s
    ON CONFLICT (code) WHERE valid_to IS NULL DO NOTHING
RETURNING t.code;

-- name: count_lots
-- Lots whose quantity a register's records say anew: booked as adjustments.
SELECT c FROM core.count_lots(%(rows)s::jsonb) c;

-- name: differences
-- Lots whose numbers are not the sum of their moves.
SELECT d.code, d.quantity, d.moved, d.reserved, d.moved_reserved, d.missing_moves
  FROM core.ledger_differences() d
 ORDER BY d.code;

-- name: unpaired_transfers
-- Transfers that did not arrive as they left.
SELECT t.transfer_uid, t.sent, t.received FROM core.unpaired_transfers() t ORDER BY t.transfer_uid;

-- name: ledger_size
-- How many lots and moves were compared.
SELECT (SELECT count(*) FROM core.stock_lot) AS lots, (SELECT count(*) FROM core.stock_move) AS moves;
