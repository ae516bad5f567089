-- Stock as a ledger of moves, answers kept for repeated requests, and the numbers that grade risk.

-- ---- refusals of the database, in both languages ----------------------------------------------

-- What a rule of the database refuses with reasons for people: db.py turns it into a conflict.
CREATE FUNCTION core.refuse(message text, zh text, field text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'GS409', MESSAGE = message, DETAIL = zh, COLUMN = coalesce(field, '');
END $$;

-- The day it is in the district.
CREATE OR REPLACE FUNCTION core.district_day() RETURNS date LANGUAGE sql STABLE SET search_path = core, public, pg_temp
  AS $$ SELECT (now() AT TIME ZONE coalesce((SELECT d.time_zone FROM core.district d WHERE d.valid_to IS NULL), 'Asia/Shanghai'))::date $$;

-- ---- the ledger -------------------------------------------------------------------------------

-- One row a move, appended and never changed. `no` counts the moves of a lot without gaps, and each
-- move says what the lot held after it: the lot's own two numbers are copies of the last one's.
CREATE TABLE core.stock_move (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uid             uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  stock_lot_id    bigint NOT NULL REFERENCES core.stock_lot ON DELETE CASCADE,  -- demonstration lots only go
  no              integer NOT NULL,
  kind            text NOT NULL CHECK (kind IN ('opening', 'receive', 'issue', 'return', 'loss', 'expire', 'transfer_out',
                                                'transfer_in', 'adjust', 'reserve', 'release')),
  quantity        numeric NOT NULL CHECK (quantity > 0 AND quantity <= 1e9),     -- NaN is above every number
  quantity_change numeric NOT NULL,
  reserved_change numeric NOT NULL,
  quantity_after  numeric NOT NULL CHECK (quantity_after >= 0),
  reserved_after  numeric NOT NULL CHECK (reserved_after >= 0 AND reserved_after <= quantity_after),
  transfer_uid    uuid CHECK ((transfer_uid IS NOT NULL) = (kind IN ('transfer_out', 'transfer_in'))),
  reason          text NOT NULL CHECK (reason <> ''),
  document        text,
  actor           text NOT NULL,
  at              timestamptz NOT NULL,
  CONSTRAINT stock_move_six_decimals CHECK (quantity = round(quantity, 6)),     -- so JSON says it exactly
  CONSTRAINT stock_move_no UNIQUE (stock_lot_id, no),
  CONSTRAINT stock_move_sign CHECK (CASE
    WHEN kind IN ('opening', 'receive', 'return', 'transfer_in') THEN quantity_change = quantity AND reserved_change = 0
    WHEN kind IN ('issue', 'loss', 'expire', 'transfer_out') THEN quantity_change = -quantity AND reserved_change = 0
    WHEN kind = 'adjust' THEN abs(quantity_change) = quantity AND reserved_change = 0
    WHEN kind = 'reserve' THEN quantity_change = 0 AND reserved_change = quantity
    ELSE quantity_change = 0 AND reserved_change = -quantity END)
);
CREATE INDEX stock_move_transfer ON core.stock_move (transfer_uid) WHERE transfer_uid IS NOT NULL;

-- Book a move: the lot is locked, the balance follows from the move before, and what the lot does
-- not hold is refused. An adjustment comes with its signed change, every other kind has its own.
CREATE FUNCTION core.book_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lot core.stock_lot;
  last core.stock_move;
BEGIN
  SELECT * INTO lot FROM core.stock_lot l WHERE l.id = NEW.stock_lot_id FOR NO KEY UPDATE;
  SELECT * INTO last FROM core.stock_move m WHERE m.stock_lot_id = lot.id ORDER BY m.no DESC LIMIT 1;
  PERFORM core.check_move(lot, last, NEW.kind, NEW.quantity);
  NEW.quantity_change := CASE
    WHEN NEW.kind IN ('opening', 'receive', 'return', 'transfer_in') THEN NEW.quantity
    WHEN NEW.kind IN ('issue', 'loss', 'expire', 'transfer_out') THEN -NEW.quantity
    WHEN NEW.kind = 'adjust' THEN NEW.quantity_change ELSE 0 END;
  NEW.reserved_change := CASE NEW.kind WHEN 'reserve' THEN NEW.quantity WHEN 'release' THEN -NEW.quantity ELSE 0 END;
  NEW.no := coalesce(last.no, 0) + 1;
  NEW.quantity_after := coalesce(last.quantity_after, 0) + NEW.quantity_change;
  NEW.reserved_after := coalesce(last.reserved_after, 0) + NEW.reserved_change;
  NEW.actor := core.actor();
  NEW.at := greatest(clock_timestamp(), last.at);                              -- a clock may go back
  IF NEW.quantity_after < NEW.reserved_after OR NEW.reserved_after < 0 THEN
    PERFORM core.refuse(
      format('lot %s holds %s %s, %s of them reserved: %s of %s is not possible', lot.code,
             trim_scale(coalesce(last.quantity_after, 0)), lot.unit, trim_scale(coalesce(last.reserved_after, 0)),
             NEW.kind, trim_scale(NEW.quantity)),
      format('批次 %s 现有 %s %s，其中已预留 %s：%s %s 无法完成', lot.code,
             trim_scale(coalesce(last.quantity_after, 0)), lot.unit, trim_scale(coalesce(last.reserved_after, 0)),
             core.move_label(NEW.kind), trim_scale(NEW.quantity)), 'quantity');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION core.move_label(kind text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE kind WHEN 'opening' THEN '建账' WHEN 'receive' THEN '入库' WHEN 'issue' THEN '出库' WHEN 'return' THEN '归还'
    WHEN 'loss' THEN '损耗' WHEN 'expire' THEN '过期报废' WHEN 'transfer_out' THEN '调出' WHEN 'transfer_in' THEN '调入'
    WHEN 'adjust' THEN '盘点调整' WHEN 'reserve' THEN '预留' WHEN 'release' THEN '解除预留' ELSE kind END
$$;

-- What a lot does not take whatever it holds: a retired one, a second opening, the issue of expired goods.
CREATE FUNCTION core.check_move(lot core.stock_lot, last core.stock_move, kind text, quantity numeric) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF kind = 'opening' THEN
    IF last.id IS NOT NULL OR lot.quantity IS DISTINCT FROM quantity THEN
      PERFORM core.refuse(format('lot %s is opened already', lot.code), format('批次 %s 已建账', lot.code), 'kind');
    END IF;
  ELSIF lot.id IS NULL OR lot.valid_to IS NOT NULL THEN
    PERFORM core.refuse(format('lot %s is retired', lot.code), format('批次 %s 已停用', lot.code), 'lot');
  ELSIF kind IN ('issue', 'reserve') AND lot.expires_on < core.district_day() THEN
    PERFORM core.refuse(format('lot %s expired on %s: write it off', lot.code, lot.expires_on),
                        format('批次 %s 已于 %s 过期：请报废', lot.code, lot.expires_on), 'lot');
  END IF;
END $$;

-- The lot follows its last move.
CREATE FUNCTION core.follow_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE core.stock_lot l SET quantity = m.quantity_after, reserved = m.reserved_after
    FROM (SELECT * FROM core.stock_move WHERE stock_lot_id = NEW.stock_lot_id ORDER BY no DESC LIMIT 1) m
   WHERE l.id = NEW.stock_lot_id AND (l.quantity, l.reserved) IS DISTINCT FROM (m.quantity_after, m.reserved_after);
  RETURN NULL;
END $$;

-- Nobody rewrites a move. A demonstration lot takes its moves along when it is cleared: then it is
-- gone before them.
CREATE FUNCTION core.refuse_move_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM core.stock_lot l WHERE l.id = OLD.stock_lot_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'core.stock_move is appended to, never changed' USING ERRCODE = 'insufficient_privilege';
END $$;

-- A lot's two numbers are those of its last move and nothing else's; what lies in a lot neither
-- vanishes with it nor moves with it to another depot.
CREATE FUNCTION core.keep_to_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last core.stock_move;
BEGIN
  IF (NEW.quantity, NEW.reserved) IS DISTINCT FROM (OLD.quantity, OLD.reserved) THEN
    SELECT * INTO last FROM core.stock_move m WHERE m.stock_lot_id = NEW.id ORDER BY m.no DESC LIMIT 1;
    IF last.id IS NULL OR (NEW.quantity, NEW.reserved) IS DISTINCT FROM (last.quantity_after, last.reserved_after) THEN
      PERFORM core.refuse(format('what lot %s holds is kept by the ledger of moves: post a move', NEW.code),
                          format('批次 %s 的数量由出入库流水记账：请登记出入库', NEW.code), 'quantity');
    END IF;
  END IF;
  IF NEW.quantity > 0 AND NEW.valid_to IS NOT NULL AND OLD.valid_to IS NULL THEN
    PERFORM core.refuse(format('lot %s still holds %s %s: move or write it off first', NEW.code, trim_scale(NEW.quantity), NEW.unit),
                        format('批次 %s 尚有 %s %s：请先调出或核销', NEW.code, trim_scale(NEW.quantity), NEW.unit), 'quantity');
  END IF;
  IF NEW.quantity > 0 AND NEW.depot_id <> OLD.depot_id THEN
    PERFORM core.refuse(format('lot %s holds %s %s: transfer it to the other depot', NEW.code, trim_scale(NEW.quantity), NEW.unit),
                        format('批次 %s 尚有 %s %s：请用调拨移到另一储备点', NEW.code, trim_scale(NEW.quantity), NEW.unit), 'depot_code');
  END IF;
  RETURN NEW;
END $$;

-- A new lot is opened with what it holds; nothing of it is reserved yet.
CREATE FUNCTION core.open_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reserved <> 0 THEN
    PERFORM core.refuse(format('lot %s is new: nothing of it is reserved yet', NEW.code),
                        format('批次 %s 为新建：不能已有预留', NEW.code), 'reserved');
  END IF;
  IF NEW.quantity > 0 THEN
    INSERT INTO core.stock_move (stock_lot_id, kind, quantity, reason, document)
    VALUES (NEW.id, 'opening', NEW.quantity, '建账 · opening', NEW.source_doc);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION core.keep_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.is_demo THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'a lot of stock is retired, not deleted' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION core.keep_depot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lots text;
BEGIN
  SELECT string_agg(l.code, ', ' ORDER BY l.code) INTO lots
    FROM core.stock_lot l WHERE l.depot_id = NEW.id AND l.valid_to IS NULL AND l.quantity > 0;
  IF lots IS NOT NULL THEN
    PERFORM core.refuse(format('depot %s still holds stock: %s', NEW.code, left(lots, 200)),
                        format('储备点 %s 尚有库存：%s', NEW.code, left(lots, 200)), NULL);
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER stock_move_booked BEFORE INSERT ON core.stock_move FOR EACH ROW EXECUTE FUNCTION core.book_move();
CREATE TRIGGER stock_move_followed AFTER INSERT ON core.stock_move FOR EACH ROW EXECUTE FUNCTION core.follow_moves();
CREATE TRIGGER stock_move_appended BEFORE UPDATE OR DELETE ON core.stock_move
  FOR EACH ROW EXECUTE FUNCTION core.refuse_move_change();
CREATE TRIGGER stock_move_whole BEFORE TRUNCATE ON core.stock_move
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_move_change();

-- What lies in the lots that are here already.
INSERT INTO core.stock_move (stock_lot_id, kind, quantity, reason, document)
SELECT l.id, 'opening', l.quantity, '建账 · opening', l.source_doc FROM core.stock_lot l WHERE l.quantity > 0 ORDER BY l.id;
INSERT INTO core.stock_move (stock_lot_id, kind, quantity, reason, document)
SELECT l.id, 'reserve', l.reserved, '建账 · opening', l.source_doc
  FROM core.stock_lot l WHERE l.reserved > 0 AND l.valid_to IS NULL AND (l.expires_on >= core.district_day() OR l.expires_on IS NULL);

CREATE TRIGGER stock_lot_opened AFTER INSERT ON core.stock_lot FOR EACH ROW EXECUTE FUNCTION core.open_lot();
CREATE TRIGGER stock_lot_led BEFORE UPDATE OF quantity, reserved, valid_to, depot_id ON core.stock_lot
  FOR EACH ROW EXECUTE FUNCTION core.keep_to_ledger();
CREATE TRIGGER stock_lot_stays BEFORE DELETE ON core.stock_lot FOR EACH ROW EXECUTE FUNCTION core.keep_lot();
CREATE TRIGGER stock_lots_stay BEFORE TRUNCATE ON core.stock_lot FOR EACH STATEMENT EXECUTE FUNCTION core.keep_lot();
CREATE TRIGGER depot_emptied BEFORE UPDATE OF valid_to ON core.depot FOR EACH ROW
  WHEN (NEW.valid_to IS NOT NULL AND OLD.valid_to IS NULL) EXECUTE FUNCTION core.keep_depot();

-- Lots whose numbers are not the sum of their moves, or whose moves have gaps: none, ever.
CREATE FUNCTION core.ledger_differences()
  RETURNS TABLE (code text, quantity numeric, moved numeric, reserved numeric, moved_reserved numeric, missing_moves bigint)
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT l.code, l.quantity, coalesce(m.quantity, 0), l.reserved, coalesce(m.reserved, 0), coalesce(m.missing, 0)
    FROM core.stock_lot l
    LEFT JOIN (SELECT stock_lot_id, sum(quantity_change) AS quantity, sum(reserved_change) AS reserved,
                      max(no) - count(*) AS missing
                 FROM core.stock_move GROUP BY stock_lot_id) m ON m.stock_lot_id = l.id
   WHERE (l.quantity, l.reserved, 0) IS DISTINCT FROM (coalesce(m.quantity, 0), coalesce(m.reserved, 0), coalesce(m.missing, 0))
$$;

-- Transfers that did not arrive as they left: none, ever.
CREATE FUNCTION core.unpaired_transfers() RETURNS TABLE (transfer_uid uuid, sent numeric, received numeric)
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT m.transfer_uid, coalesce(sum(m.quantity) FILTER (WHERE m.kind = 'transfer_out'), 0) AS sent,
         coalesce(sum(m.quantity) FILTER (WHERE m.kind = 'transfer_in'), 0) AS received
    FROM core.stock_move m WHERE m.transfer_uid IS NOT NULL
   GROUP BY m.transfer_uid HAVING sum(m.quantity_change) <> 0
$$;

-- ---- a request that is repeated is answered as the first time -----------------------------------

CREATE TABLE core.kept_answer (
  actor          text NOT NULL,
  key            text NOT NULL CHECK (key <> ''),
  request_sha256 text NOT NULL,
  answer         jsonb,                                  -- NULL only while the first one is at work
  replays        integer NOT NULL DEFAULT 0,
  made_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (actor, key)
);
