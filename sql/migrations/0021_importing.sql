-- A hundred thousand rows at once: moves are followed and lots are opened by the statement, and rows
-- of an import are compared and written by plans that hold whatever the statistics say.

-- ---- the ledger: a statement at a time --------------------------------------------------------

-- An opening is the first move of its lot and what the lot was made with. It asks the lot's moves
-- only whether there are any; its balance is its own quantity.
CREATE FUNCTION core.book_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM core.stock_move m WHERE m.stock_lot_id = NEW.stock_lot_id) THEN
    PERFORM core.refuse_opening(ARRAY[NEW.stock_lot_id]);
  END IF;
  NEW.no := 1;
  NEW.quantity_change := NEW.quantity;
  NEW.reserved_change := 0;
  NEW.quantity_after := NEW.quantity;
  NEW.reserved_after := 0;
  NEW.actor := core.actor();
  NEW.at := clock_timestamp();
  RETURN NEW;
END $$;

CREATE FUNCTION core.refuse_opening(lots bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  listed text := (SELECT string_agg(l.code, ', ' ORDER BY l.code) FROM core.stock_lot l WHERE l.id = ANY (lots));
BEGIN
  PERFORM core.refuse(format('lot %s is opened already', left(listed, 200)), format('批次 %s 已建账', left(listed, 200)), 'kind');
END $$;

DROP TRIGGER stock_move_booked ON core.stock_move;
CREATE TRIGGER stock_move_booked BEFORE INSERT ON core.stock_move FOR EACH ROW
  WHEN (NEW.kind <> 'opening') EXECUTE FUNCTION core.book_move();
CREATE TRIGGER stock_move_opens BEFORE INSERT ON core.stock_move FOR EACH ROW
  WHEN (NEW.kind = 'opening') EXECUTE FUNCTION core.book_opening();

-- Lots follow their last moves; an opening says what its lot holds already, or is none.
CREATE OR REPLACE FUNCTION core.follow_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong bigint[] := ARRAY(SELECT m.stock_lot_id FROM new_moves m JOIN core.stock_lot l ON l.id = m.stock_lot_id
                           WHERE m.kind = 'opening' AND l.quantity <> m.quantity);
BEGIN
  IF wrong <> '{}' THEN PERFORM core.refuse_opening(wrong); END IF;
  IF EXISTS (SELECT FROM new_moves m WHERE m.kind <> 'opening') THEN
    UPDATE core.stock_lot l SET quantity = m.quantity_after, reserved = m.reserved_after
      FROM (SELECT DISTINCT ON (n.stock_lot_id) n.stock_lot_id, n.quantity_after, n.reserved_after
              FROM new_moves n ORDER BY n.stock_lot_id, n.no DESC) m
     WHERE l.id = m.stock_lot_id AND (l.quantity, l.reserved) IS DISTINCT FROM (m.quantity_after, m.reserved_after);
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER stock_move_followed ON core.stock_move;
CREATE TRIGGER stock_move_followed AFTER INSERT ON core.stock_move REFERENCING NEW TABLE AS new_moves
  FOR EACH STATEMENT EXECUTE FUNCTION core.follow_moves();

-- New lots are opened with what they hold; nothing of them is reserved yet.
CREATE OR REPLACE FUNCTION core.open_lot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong text := (SELECT min(n.code) FROM new_lots n WHERE n.reserved <> 0);
BEGIN
  IF wrong IS NOT NULL THEN
    PERFORM core.refuse(format('lot %s is new: nothing of it is reserved yet', wrong),
                        format('批次 %s 为新建：不能已有预留', wrong), 'reserved');
  END IF;
  INSERT INTO core.stock_move (stock_lot_id, kind, quantity, reason, document)
  SELECT n.id, 'opening', n.quantity, '建账 · opening', n.source_doc FROM new_lots n WHERE n.quantity > 0 ORDER BY n.id;
  RETURN NULL;
END $$;
DROP TRIGGER stock_lot_opened ON core.stock_lot;
CREATE TRIGGER stock_lot_opened AFTER INSERT ON core.stock_lot REFERENCING NEW TABLE AS new_lots
  FOR EACH STATEMENT EXECUTE FUNCTION core.open_lot();

-- Lots whose quantity rows say anew: the difference is an adjustment, with the row's source document
-- as the reason.
CREATE FUNCTION core.count_lots(rows jsonb) RETURNS SETOF text
LANGUAGE sql SET search_path = core, public, pg_temp SET enable_nestloop = off AS $$
  WITH said AS (
    SELECT r.code, r.quantity, r.source_doc
      FROM jsonb_to_recordset(rows) AS r (code text, quantity numeric, source_doc text)
  ), held AS MATERIALIZED (
    SELECT l.id, l.code, l.quantity FROM core.stock_lot l
     WHERE l.valid_to IS NULL AND l.code = ANY (ARRAY(SELECT s.code FROM said s))
     ORDER BY l.code
       FOR NO KEY UPDATE
  ), booked AS (
    INSERT INTO core.stock_move AS m (stock_lot_id, kind, quantity, quantity_change, reason, document)
    SELECT h.id, 'adjust', abs(s.quantity - h.quantity), s.quantity - h.quantity, s.source_doc, s.source_doc
      FROM held h JOIN said s ON s.code = h.code
     WHERE s.quantity <> h.quantity
    RETURNING m.stock_lot_id
  )
  SELECT h.code FROM booked b JOIN held h ON h.id = b.stock_lot_id
$$;

-- ---- rows of an import -------------------------------------------------------------------------

-- Nothing has looked at a job that is just being written: the planner takes its hundred thousand rows
-- for one, or for none of the last job's, and loops over them twice (measured: 5 minutes for 20,000
-- rows). These functions scan a job by its key and never loop.
DROP INDEX core.import_row_code;
CREATE INDEX import_row_alike ON core.import_row (job_id) WHERE state = 'duplicate' AND decision IS NULL;

CREATE OR REPLACE FUNCTION core.import_conflicts(job uuid, register text) RETURNS SETOF integer
LANGUAGE plpgsql SET search_path = core, public, pg_temp SET enable_nestloop = off AS $$
DECLARE
  codes text[] := ARRAY(SELECT r.code FROM core.import_row r WHERE r.job_id = job AND r.outcome IS NULL);
BEGIN
  EXECUTE format('SELECT FROM core.%I t WHERE t.valid_to IS NULL AND t.code = ANY ($1) ORDER BY t.code FOR UPDATE OF t', register)
    USING codes;
  RETURN QUERY EXECUTE format($f$
    SELECT r.row FROM core.import_row r
      LEFT JOIN (SELECT t.code, t.version FROM core.%I t WHERE t.valid_to IS NULL AND t.code = ANY ($2)) t ON t.code = r.code
     WHERE r.job_id = $1 AND r.outcome IS NULL AND t.version IS DISTINCT FROM r.match_version
     ORDER BY r.row $f$, register) USING job, codes;
END $$;

-- Write the rows of a job between two of them, by code, and note what became of each; how many. What
-- a lot holds is an adjustment of the ledger.
CREATE FUNCTION core.store_import(job uuid, register text, after integer, upto integer) RETURNS integer
LANGUAGE plpgsql SET search_path = core, public, pg_temp SET enable_nestloop = off AS $$
DECLARE
  records jsonb := (SELECT jsonb_agg(r.record ORDER BY r.row) FROM core.import_row r
                     WHERE r.job_id = job AND r.row > after AND r.row <= upto AND r.outcome IS NULL);
  counted text[] := CASE register WHEN 'stock_lot' THEN ARRAY(SELECT core.count_lots(records)) ELSE '{}' END;
  touched integer;
BEGIN
  WITH stored AS MATERIALIZED (
    SELECT s.code, s.is_new FROM core.store(register, records) s
  ), done AS (
    SELECT s.code, s.is_new FROM stored s
     UNION ALL
    SELECT c, false FROM unnest(counted) c WHERE c NOT IN (SELECT s.code FROM stored s)
  )
  UPDATE core.import_row r
     SET outcome = CASE WHEN d.code IS NULL THEN 'unchanged' WHEN d.is_new THEN 'inserted' ELSE 'amended' END
    FROM (SELECT c.row, d.code, d.is_new FROM core.import_row c LEFT JOIN done d ON d.code = c.code
           WHERE c.job_id = job AND c.row > after AND c.row <= upto AND c.outcome IS NULL) d
   WHERE r.job_id = job AND r.row > after AND r.row <= upto AND r.row = d.row;
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;

-- Files that were sent, whatever becomes of their jobs.
CREATE TABLE core.import_sent (
  sent_by text NOT NULL DEFAULT core.actor(),
  at      timestamptz NOT NULL DEFAULT now(),
  bytes   bigint NOT NULL
);
CREATE INDEX import_sent_of ON core.import_sent (sent_by, at);

-- ---- rows without a place -----------------------------------------------------------------------

CREATE INDEX census_record_waiting ON core.census_record (register, (body ->> 'code'))
 WHERE job_id IS NOT NULL AND record_id IS NULL AND state IN ('draft', 'checked');

-- Rows without a place become drafts, one a code: a draft that waits since an earlier file and that
-- nobody has touched says what the newer file says; a touched one stays as it is. How many are new.
CREATE FUNCTION core.draft_import(job uuid, register text) RETURNS integer
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  touched integer;
BEGIN
  UPDATE core.census_record d
     SET body = r.record, town_code = r.record ->> 'town_code', reason = r.reasons #>> '{0,zh}', job_id = r.job_id,
         job_row = r.row, updated_by = core.actor(), updated_at = clock_timestamp()
    FROM core.import_row r
   WHERE r.job_id = job AND r.outcome = 'drafted' AND d.register = draft_import.register AND d.body ->> 'code' = r.code
     AND d.job_id IS NOT NULL AND d.record_id IS NULL AND d.state = 'draft' AND d.version = 1;
  INSERT INTO core.census_record (register, body, town_code, reason, job_id, job_row)
  SELECT draft_import.register, r.record, r.record ->> 'town_code', r.reasons #>> '{0,zh}', r.job_id, r.row
    FROM core.import_row r
   WHERE r.job_id = job AND r.outcome = 'drafted'
     AND NOT EXISTS (SELECT FROM core.census_record d
                      WHERE d.register = draft_import.register AND d.body ->> 'code' = r.code
                        AND d.job_id IS NOT NULL AND d.record_id IS NULL AND d.state IN ('draft', 'checked'));
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;

-- Drafts of earlier files whose row is in its register now, by this one, are merged into that record.
CREATE FUNCTION core.merge_import_drafts(job uuid, register text, of_table text) RETURNS integer
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  waiting text[] := ARRAY(SELECT d.body ->> 'code' FROM core.census_record d
                           WHERE d.register = merge_import_drafts.register AND d.job_id IS NOT NULL
                             AND d.record_id IS NULL AND d.state IN ('draft', 'checked'));
  touched integer;
BEGIN
  EXECUTE format($f$
    UPDATE core.census_record d
       SET state = 'merged', record_id = t.id, base_version = t.version, version = d.version + 1,
           reason = '已由后来的文件导入 · brought in by a later file: ' || j.file_name,
           updated_by = core.actor(), updated_at = clock_timestamp()
      FROM core.%I t, core.import_row r, core.import_job j
     WHERE j.id = $1 AND r.job_id = j.id AND r.outcome IN ('inserted', 'amended', 'unchanged') AND r.code = ANY ($3)
       AND t.code = r.code AND t.valid_to IS NULL AND d.register = $2 AND d.body ->> 'code' = r.code
       AND d.job_id IS NOT NULL AND d.record_id IS NULL AND d.state IN ('draft', 'checked') $f$, of_table)
    USING job, register, waiting;
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;

-- As in 0008; a record's kin may be in the same rows, which are now asked by their codes, hashed, and
-- no longer each by each.
CREATE OR REPLACE FUNCTION core.missing_references(register text, rows jsonb) RETURNS TABLE (code text, field text, given text)
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
DECLARE
  link record;
  codes text[];
BEGIN
  FOR link IN SELECT * FROM core.references_of(register) LOOP
    RETURN QUERY EXECUTE format($f$
      SELECT j.row ->> 'code', %1$L, j.row ->> %1$L FROM jsonb_array_elements($1) AS j (row)
       WHERE j.row ->> %1$L IS NOT NULL
         AND NOT EXISTS (SELECT FROM core.%2$I p WHERE p.code = j.row ->> %1$L AND p.valid_to IS NULL)
    $f$, link.field, link.referred) USING rows;
  END LOOP;
  FOR link IN
    SELECT split_part(encode(t.tgargs, 'escape'), '\000', 1) AS field FROM pg_trigger t
     WHERE t.tgrelid = format('core.%I', register)::regclass AND t.tgfoid = 'core.check_kin'::regproc
  LOOP
    codes := coalesce(codes, ARRAY(SELECT k.row ->> 'code' FROM jsonb_array_elements(rows) AS k (row)));
    RETURN QUERY EXECUTE format($f$
      SELECT j.row ->> 'code', %1$L, j.row ->> %1$L FROM jsonb_array_elements($1) AS j (row)
       WHERE j.row ->> %1$L IS NOT NULL
         AND (j.row ->> %1$L = j.row ->> 'code'
              OR j.row ->> %1$L <> ALL ($2)
                 AND NOT EXISTS (SELECT FROM core.%2$I p WHERE p.code = j.row ->> %1$L AND p.valid_to IS NULL))
    $f$, link.field, register) USING rows, codes;
  END LOOP;
END $$;
