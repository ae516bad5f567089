-- Stock as a ledger of moves, answers kept for repeated requests, and the numbers that grade risk.

-- ---- refusals of the database, in both languages ----------------------------------------------

-- What a rule of the database refuses with reasons for people: db.py turns it into a conflict.
CREATE FUNCTION core.refuse(message text, zh text, field text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'GS409', MESSAGE = message, DETAIL = zh, COLUMN = coalesce(field, '');
END $$;

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

-- ---- the numbers that grade risk ---------------------------------------------------------------

-- Tables and limits of the calculations: dated by their rows, each with its source, to be amended by
-- the district. None was checked against the official text.
CREATE TABLE core.risk_parameter (
  LIKE core.record INCLUDING ALL,
  value       jsonb NOT NULL CHECK (jsonb_typeof(value) = 'object'),
  is_verified boolean NOT NULL DEFAULT false
);
SELECT core.make_register('core.risk_parameter');
INSERT INTO core.risk_parameter (code, name, name_en, value, source_doc, created_by, updated_by)
SELECT p.code, p.name, p.name_en, p.value::jsonb, p.source_doc, 'geoservice', 'geoservice'
  FROM (VALUES
  ('lec', 'LEC 因子与分级', 'LEC factors and bands',
   '{"factors": {"L": [10, 6, 3, 1, 0.5, 0.2, 0.1], "E": [10, 6, 3, 2, 1, 0.5], "C": [100, 40, 15, 7, 3, 1]}, "bands": [{"least": 320, "grade": "red", "zh": "极其危险", "en": "extreme"}, {"least": 160, "grade": "orange", "zh": "高度危险", "en": "high"}, {"least": 70, "grade": "yellow", "zh": "显著危险", "en": "marked"}, {"least": 20, "grade": "blue", "zh": "一般危险", "en": "moderate"}, {"least": 0, "grade": "blue", "zh": "稍有危险", "en": "slight"}]}',
   '因子表见公开资料；颜色对应为地方做法，未核实（2026年11月） · factors from public teaching material; colours are local practice, not verified (November 2026)'),
  ('ram', '风险矩阵分级', 'Bands of the 5x5 matrix',
   '{"factors": {"L": [1, 2, 3, 4, 5], "S": [1, 2, 3, 4, 5]}, "bands": [{"least": 20, "grade": "red", "zh": "重大风险", "en": "major"}, {"least": 15, "grade": "orange", "zh": "较大风险", "en": "considerable"}, {"least": 9, "grade": "yellow", "zh": "一般风险", "en": "moderate"}, {"least": 1, "grade": "blue", "zh": "低风险", "en": "low"}]}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)'),
  ('area_grade', '区域风险等级规则', 'Rule of an area''s grade',
   '{"rule": "worst", "share": 0.1}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)'),
  ('r_alpha', '校正系数 α（500 m 内人数）', 'Alpha by residents within 500 m',
   '{"steps": [[100, 2.0], [50, 1.5], [30, 1.2], [1, 1.0], [0, 0.5]]}',
   '2011年重大危险源暂行规定附录，见于摘录；2018版国标未见 · annex of the 2011 rule, seen as an excerpt; the 2018 standard not seen'),
  ('r_grade', '重大危险源分级', 'Levels of R',
   '{"steps": [[100, "1"], [50, "2"], [10, "3"], [0, "4"]]}',
   '2011年重大危险源暂行规定附录，见于摘录；2018版国标未见 · annex of the 2011 rule, seen as an excerpt; the 2018 standard not seen'),
  ('r_beta_kind', '校正系数 β（按类别）', 'Beta by kind',
   '{"toxic_gas": 2, "highly_toxic": 4, "explosive": 2, "flammable_gas": 1.5, "other": 1}',
   '2011年重大危险源暂行规定附录，见于摘录；2018版国标未见 · annex of the 2011 rule, seen as an excerpt; the 2018 standard not seen'),
  ('r_beta_substance', '校正系数 β（按物质）', 'Beta by substance',
   '{"CO": 2, "一氧化碳": 2, "carbon monoxide": 2, "630-08-0": 2, "SO2": 2, "二氧化硫": 2, "sulphur dioxide": 2, "sulfur dioxide": 2, "7446-09-5": 2, "NH3": 2, "氨": 2, "液氨": 2, "氨气": 2, "ammonia": 2, "7664-41-7": 2, "环氧乙烷": 2, "ethylene oxide": 2, "75-21-8": 2, "HCl": 3, "氯化氢": 3, "hydrogen chloride": 3, "7647-01-0": 3, "CH3Br": 3, "溴甲烷": 3, "methyl bromide": 3, "74-83-9": 3, "Cl2": 4, "氯": 4, "氯气": 4, "液氯": 4, "chlorine": 4, "7782-50-5": 4, "H2S": 5, "硫化氢": 5, "hydrogen sulphide": 5, "hydrogen sulfide": 5, "7783-06-4": 5, "HF": 5, "氟化氢": 5, "hydrogen fluoride": 5, "7664-39-3": 5, "NO2": 10, "二氧化氮": 10, "nitrogen dioxide": 10, "10102-44-0": 10, "HCN": 10, "氰化氢": 10, "hydrogen cyanide": 10, "74-90-8": 10, "COCl2": 20, "光气": 20, "碳酰氯": 20, "phosgene": 20, "75-44-5": 20, "PH3": 20, "磷化氢": 20, "phosphine": 20, "7803-51-2": 20, "MIC": 20, "异氰酸甲酯": 20, "methyl isocyanate": 20, "624-83-9": 20, "LPG": 1.5, "液化石油气": 1.5, "liquefied petroleum gas": 1.5, "天然气": 1.5, "甲烷": 1.5, "natural gas": 1.5, "CNG": 1.5, "LNG": 1.5, "methane": 1.5, "74-82-8": 1.5, "H2": 1.5, "氢": 1.5, "氢气": 1.5, "hydrogen": 1.5, "1333-74-0": 1.5}',
   '2011年重大危险源暂行规定附录，见于摘录；2018版国标未见 · annex of the 2011 rule, seen as an excerpt; the 2018 standard not seen'),
  ('r_critical', '临界量（吨）', 'Critical quantities (t)',
   '{"Cl2": 5, "氯": 5, "氯气": 5, "液氯": 5, "chlorine": 5, "7782-50-5": 5, "NH3": 10, "氨": 10, "液氨": 10, "氨气": 10, "ammonia": 10, "7664-41-7": 10, "LPG": 50, "液化石油气": 50, "liquefied petroleum gas": 50, "甲醇": 500, "methanol": 500, "67-56-1": 500, "苯": 50, "benzene": 50, "71-43-2": 50, "天然气": 50, "甲烷": 50, "natural gas": 50, "CNG": 50, "LNG": 50, "methane": 50, "74-82-8": 50, "煤气": 20, "coal gas": 20, "H2": 5, "氢": 5, "氢气": 5, "hydrogen": 5, "1333-74-0": 5}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)'),
  ('repeats', '重复隐患判定', 'What counts as a repeated danger',
   '{"within_days": 365, "within_m": 50}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)'),
  ('crash_window', '事故路段窗口', 'Window over crashes',
   '{"window_m": 500, "years": 3, "crashes": 3, "deaths": null}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)')
  ) p(code, name, name_en, value, source_doc);

-- Whether a department that is here answers for a kind of hazard: prevents it, or rescues.
CREATE FUNCTION core.has_duty(kind text, phase text) RETURNS boolean LANGUAGE sql STABLE SET search_path = core, public, pg_temp
  AS $$ SELECT EXISTS (SELECT FROM core.duty_link d JOIN core.organisation o ON o.id = d.organisation_id
                        WHERE d.valid_to IS NULL AND o.valid_to IS NULL AND d.hazard_kind = $1 AND d.phase = $2) $$;

-- How stale each register is, counted over its published view.
CREATE FUNCTION core.stale_counts(registers text[], towns text[], secrecies text[])
  RETURNS TABLE (register text, records bigint, stale bigint, never_surveyed bigint, oldest_on date,
                 rule_days integer, is_verified boolean, source_doc text)
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
BEGIN
  FOR register IN
    SELECT r FROM unnest(registers) r
      JOIN pg_attribute a ON a.attrelid = to_regclass(format('published.%I', r)) AND a.attname = 'is_stale'
  LOOP
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE v.is_stale), count(*) FILTER (WHERE v.surveyed_on IS NULL),'
                   '       min(v.surveyed_on)'
                   '  FROM published.%I v'
                   ' WHERE v.secrecy = ANY ($2) AND ($1 IS NULL OR v.town_code IS NULL OR v.town_code = ANY ($1))', register)
       INTO records, stale, never_surveyed, oldest_on USING towns, secrecies;
    rule_days := NULL; is_verified := NULL; source_doc := NULL;
    SELECT s.days, s.is_verified, s.source_doc INTO rule_days, is_verified, source_doc
      FROM core.staleness_rule s WHERE s.code = register AND s.valid_to IS NULL;
    RETURN NEXT;
  END LOOP;
END $$;
