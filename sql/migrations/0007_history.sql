-- What every register keeps: the transaction that wrote a row, how the row was before, and an
-- audit of who did what. And the one way in which records of any register are written and read.

-- Numbers of transactions mean something within one life of a database: a restore begins a new one.
CREATE TABLE core.epoch (
  is_one   boolean PRIMARY KEY DEFAULT true CHECK (is_one),
  number   integer NOT NULL DEFAULT 1,
  uid      uuid NOT NULL DEFAULT gen_random_uuid(),
  began_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO core.epoch DEFAULT VALUES;
CREATE FUNCTION core.epoch_number() RETURNS integer LANGUAGE sql STABLE
  AS $$ SELECT number FROM core.epoch $$;

-- ---- before: how a row was ------------------------------------------------------------------

-- `kept` has the columns of its table, shapes as hexadecimal EWKB: core.as_of makes rows of it.
CREATE TABLE core.history (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_name text NOT NULL,
  row_id     bigint NOT NULL,
  valid      tstzrange NOT NULL,
  ended_by   text NOT NULL DEFAULT core.actor(),
  ended_xid  xid8 NOT NULL DEFAULT pg_current_xact_id(),
  kept       jsonb NOT NULL
);
-- Each span begins where the one before ended. (An exclusion constraint over the spans took half of
-- the time of a large amendment.)
CREATE UNIQUE INDEX history_is_one_line ON core.history (table_name, row_id, lower(valid));
CREATE INDEX history_ended ON core.history (table_name, ended_xid);

-- ---- the audit: who did what, sealed in a chain ------------------------------------------------

CREATE TABLE core.audit_event (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor      text NOT NULL DEFAULT core.actor(),
  action     text NOT NULL,                             -- insert, amend, retire, delete, sign_in, refused ...
  table_name text,
  row_id     bigint,
  code       text,
  change     jsonb,                                     -- {"field": [before, after]}; {"row": [null, row]} of a new one
  result     text NOT NULL DEFAULT 'done',
  reason     text DEFAULT nullif(current_setting('app.reason', true), ''),
  request_id text DEFAULT nullif(current_setting('app.request', true), ''),
  source_ip  text DEFAULT nullif(current_setting('app.address', true), ''),
  epoch      integer NOT NULL DEFAULT core.epoch_number(),
  xid        xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX audit_event_unsealed ON core.audit_event (epoch, xid);
CREATE INDEX audit_event_row ON core.audit_event (table_name, row_id);

-- Seal n covers the events of the transactions from the seal before up to `below`, which had all
-- ended by then: late commits cannot slip in below a seal that is made.
CREATE TABLE core.audit_seal (
  n         bigint PRIMARY KEY,
  epoch     integer NOT NULL,
  below     xid8 NOT NULL,
  events    bigint NOT NULL,
  sha256    bytea NOT NULL,                             -- of the seal before and of these events
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Nobody rewrites what happened.
CREATE FUNCTION core.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_event_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core.audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_rewriting();
CREATE TRIGGER audit_seal_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON core.audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_rewriting();

-- One event that is not the change of a row: a sign-in, a refusal, an export.
CREATE FUNCTION core.note_event(action text, table_name text, row_id bigint, code text, change jsonb, result text)
  RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
  INSERT INTO core.audit_event (action, table_name, row_id, code, change, result)
  VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
$$;

-- An event as the bytes that are sealed, free of the session's settings.
CREATE FUNCTION core.sealed_text(e core.audit_event) RETURNS bytea LANGUAGE sql IMMUTABLE
SET search_path = core, public, pg_temp AS $$
  SELECT convert_to(jsonb_build_array(
    e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor, e.action, e.table_name, e.row_id,
    e.code, e.change, e.result, e.reason, e.request_id, e.source_ip, e.epoch, e.xid::text)::text, 'UTF8')
$$;

CREATE FUNCTION core.seal_digest(before bytea, epoch integer, from_xid xid8, below xid8)
  RETURNS TABLE (events bigint, sha256 bytea)
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT count(*), sha256(before || coalesce(string_agg(sha256(core.sealed_text(e)), ''::bytea ORDER BY e.id), ''::bytea))
    FROM core.audit_event e
   WHERE e.epoch = $2 AND e.xid >= $3 AND e.xid < $4
$$;

-- Seal what has ended since the last seal; NULL when there is nothing, or another is at it.
CREATE FUNCTION core.seal_audit() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
DECLARE
  last core.audit_seal;
  now_epoch integer := core.epoch_number();
  horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  made record;
BEGIN
  IF NOT pg_try_advisory_xact_lock(7140409) THEN RETURN NULL; END IF;
  SELECT * INTO last FROM core.audit_seal s ORDER BY s.n DESC LIMIT 1;
  SELECT * INTO made FROM core.seal_digest(coalesce(last.sha256, ''::bytea), now_epoch,
    CASE WHEN last.epoch = now_epoch THEN last.below ELSE '0'::xid8 END, horizon);
  IF made.events = 0 THEN RETURN NULL; END IF;
  INSERT INTO core.audit_seal (n, epoch, below, events, sha256)
  VALUES (coalesce(last.n, 0) + 1, now_epoch, horizon, made.events, made.sha256);
  RETURN coalesce(last.n, 0) + 1;
END $$;

-- ---- triggers of a register -------------------------------------------------------------------

-- The columns of a table as a select list in which to_jsonb keeps shapes whole.
CREATE FUNCTION core.columns_of(register regclass, alias text) RETURNS text
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT string_agg(CASE WHEN a.atttypid = 'geometry'::regtype THEN format('%1$s.%2$I::text AS %2$I', alias, a.attname)
                         ELSE format('%s.%I', alias, a.attname) END, ', ' ORDER BY a.attnum)
    FROM pg_attribute a
   WHERE a.attrelid = register AND a.attnum > 0 AND NOT a.attisdropped
$$;

-- {"field": [before, after]} of what differs, bookkeeping apart.
CREATE FUNCTION core.difference(before jsonb, after jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(k.key, jsonb_build_array(before -> k.key, k.value))
    FROM jsonb_each(after) k
   WHERE before -> k.key IS DISTINCT FROM k.value
     AND k.key NOT IN ('version', 'updated_by', 'updated_at', 'changed_xid')
$$;

CREATE OR REPLACE FUNCTION core.amend_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.updated_by := core.actor();
  NEW.updated_at := greatest(clock_timestamp(), OLD.updated_at + interval '1 microsecond');  -- a clock may go back
  NEW.changed_xid := pg_current_xact_id();
  RETURN NEW;
END $$;

CREATE FUNCTION core.audit_inserted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  EXECUTE format($f$
    INSERT INTO core.audit_event (action, table_name, row_id, code, change)
    SELECT 'insert', %1$L, n.id, n.code,
           jsonb_build_object('row', jsonb_build_array(NULL, (SELECT to_jsonb(x) FROM (SELECT %2$s) x)))
      FROM new_rows n ORDER BY n.id $f$, TG_TABLE_NAME, core.columns_of(TG_RELID, 'n'));
  RETURN NULL;
END $$;

CREATE FUNCTION core.keep_amended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  EXECUTE format($f$
    WITH change AS MATERIALIZED (
      SELECT n.id, n.code, tstzrange(o.updated_at, n.updated_at) AS valid,
             n.valid_to IS NOT NULL AND o.valid_to IS NULL AS is_retired,
             (SELECT to_jsonb(x) FROM (SELECT %2$s) x) AS before,
             (SELECT to_jsonb(x) FROM (SELECT %3$s) x) AS after
        FROM new_rows n JOIN old_rows o ON o.id = n.id
    ), kept AS (
      INSERT INTO core.history (table_name, row_id, valid, kept)
      SELECT %1$L, c.id, c.valid, c.before FROM change c
    )
    INSERT INTO core.audit_event (action, table_name, row_id, code, change)
    SELECT CASE WHEN c.is_retired THEN 'retire' ELSE 'amend' END, %1$L, c.id, c.code,
           core.difference(c.before, c.after)
      FROM change c ORDER BY c.id $f$,
    TG_TABLE_NAME, core.columns_of(TG_RELID, 'o'), core.columns_of(TG_RELID, 'n'));
  RETURN NULL;
END $$;

-- Only demonstration rows go; what was kept of them goes too, that they went is kept.
CREATE FUNCTION core.audit_deleted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  INSERT INTO core.audit_event (action, table_name, row_id, code)
  SELECT 'delete', TG_TABLE_NAME, o.id, o.code FROM old_rows o ORDER BY o.id;
  DELETE FROM core.history h USING old_rows o WHERE h.table_name = TG_TABLE_NAME AND h.row_id = o.id;
  RETURN NULL;
END $$;

-- Roads come and go by the hundred thousand, as one piece: retired rows are kept, the load is one event.
CREATE FUNCTION core.audit_statement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  INSERT INTO core.audit_event (action, table_name) VALUES (lower(TG_OP) || '_many', TG_TABLE_NAME);
  RETURN NULL;
END $$;

CREATE FUNCTION core.keep_trail(register regclass) RETURNS void
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  bare text := (SELECT relname FROM pg_class WHERE oid = register);
BEGIN
  EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.audit_inserted()',
                 bare || '_inserted', register);
  EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.keep_amended()',
                 bare || '_kept', register);
  EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION core.audit_deleted()',
                 bare || '_deleted', register);
END $$;

CREATE OR REPLACE FUNCTION core.make_register(register regclass) RETURNS void
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  bare text := (SELECT relname FROM pg_class WHERE oid = register);
BEGIN
  EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION core.amend_record()',
                 bare || '_amended', register);
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = register AND attname = 'geom') THEN
    PERFORM core.guard_geometry(register);
  END IF;
  PERFORM core.keep_trail(register);
END $$;

-- The tables that are here already; the indexes serve `since=`.
ALTER TABLE core.record ADD COLUMN changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX record_changed ON core.record (changed_xid);
DO $$
DECLARE
  register regclass;
BEGIN
  FOR register IN
    SELECT tgrelid::regclass FROM pg_trigger WHERE tgfoid = 'core.amend_record'::regproc ORDER BY 1
  LOOP
    EXECUTE format('ALTER TABLE %s ADD COLUMN changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id()', register);
    EXECUTE format('CREATE INDEX ON %s (changed_xid)', register);
    IF register <> 'core.road'::regclass THEN PERFORM core.keep_trail(register); END IF;
  END LOOP;
END $$;
CREATE TRIGGER road_changed_many AFTER INSERT OR UPDATE OR DELETE ON core.road
  FOR EACH STATEMENT EXECUTE FUNCTION core.audit_statement();

-- The rows of a register as they were: core.as_of(NULL::core.depot, '2026-11-01').
CREATE FUNCTION core.as_of(of_table anyelement, instant timestamptz) RETURNS SETOF anyelement
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
DECLARE
  bare text := (SELECT c.relname FROM pg_class c WHERE c.reltype = pg_typeof(of_table)::oid);
BEGIN
  RETURN QUERY EXECUTE format($f$
    SELECT t.* FROM core.%1$I t
     WHERE t.updated_at <= $1 AND (t.valid_to IS NULL OR t.valid_to > $1)
    UNION ALL
    SELECT r.* FROM core.history h, jsonb_populate_record(NULL::core.%1$I, h.kept) r
     WHERE h.table_name = %1$L AND h.valid @> $1 AND (r.valid_to IS NULL OR r.valid_to > $1)
  $f$, bare) USING instant;
END $$;

-- ---- records in and out ------------------------------------------------------------------------

-- A register's references: the field `depot_code` fills the column depot_id.
CREATE FUNCTION core.references_of(register text) RETURNS TABLE (field text, col text, referred text)
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT regexp_replace(a.attname, '_id$', '_code'), a.attname::text, p.relname::text
    FROM pg_constraint f
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
    JOIN pg_class p ON p.oid = f.confrelid
   WHERE f.contype = 'f' AND cardinality(f.conkey) = 1 AND a.attname LIKE '%\_id'
     AND f.conrelid = format('core.%I', register)::regclass
     AND EXISTS (SELECT FROM pg_attribute c WHERE c.attrelid = p.oid AND c.attname = 'code')
$$;

-- A record's row as its fields: references by code, a period by its ends, shapes as EWKB.
CREATE FUNCTION core.fields_of(register text) RETURNS text
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT string_agg(
           CASE WHEN r.col IS NOT NULL
                THEN format('(SELECT p.code FROM core.%I p WHERE p.id = t.%I) AS %I', r.referred, a.attname, r.field)
                WHEN a.atttypid = 'geometry'::regtype THEN format('t.%1$I::text AS %1$I', a.attname)
                WHEN a.attname = 'period' THEN 'lower(t.period) AS starts_at, upper(t.period) AS ends_at'
                ELSE format('t.%I', a.attname) END, ', ' ORDER BY a.attnum)
    FROM pg_attribute a
    LEFT JOIN core.references_of(register) r ON r.col = a.attname
   WHERE a.attrelid = format('core.%I', register)::regclass AND a.attnum > 0 AND NOT a.attisdropped
$$;

-- The current records of some codes, locked until the end of the transaction.
CREATE FUNCTION core.standing(register text, codes text[]) RETURNS SETOF jsonb
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT to_jsonb(x) FROM (SELECT %s FROM core.%I t WHERE t.valid_to IS NULL AND t.code = ANY ($1) ORDER BY t.code FOR UPDATE OF t) x',
    core.fields_of(register), register) USING codes;
END $$;

-- One record by its id, retired or not; locked when it is to be changed.
CREATE FUNCTION core.record_of(register text, record_id bigint, to_change boolean) RETURNS SETOF jsonb
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT to_jsonb(x) FROM (SELECT %s FROM core.%I t WHERE t.id = $1 %s) x',
    core.fields_of(register), register, CASE WHEN to_change THEN 'FOR UPDATE OF t' ELSE '' END) USING record_id;
END $$;

-- How the fields that rows name fill the columns of a table: what to set, and by which expression
-- over `r` (the row as the table has it) and `j.row` (the row as given).
CREATE FUNCTION core.filled_columns(register text, given text[]) RETURNS TABLE (col text, filling text)
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT a.attname::text,
         CASE WHEN r.field = ANY (given)
              THEN format('(SELECT p.id FROM core.%I p WHERE p.code = j.row ->> %L AND p.valid_to IS NULL)', r.referred, r.field)
              WHEN a.attname = 'period'
              THEN 'tstzrange((j.row ->> ''starts_at'')::timestamptz, (j.row ->> ''ends_at'')::timestamptz)'
              ELSE format('r.%I', a.attname) END
    FROM pg_attribute a LEFT JOIN core.references_of(register) r ON r.col = a.attname
   WHERE a.attrelid = format('core.%I', register)::regclass AND a.attnum > 0 AND NOT a.attisdropped
     AND (a.attname = ANY (given) OR r.field = ANY (given) OR (a.attname = 'period' AND 'starts_at' = ANY (given)))
     AND a.attname NOT IN ('id', 'uid', 'version', 'valid_from', 'valid_to', 'created_by', 'created_at',
                           'updated_by', 'updated_at', 'changed_xid')
   ORDER BY a.attnum
$$;

-- Write records by code: insert the new, amend the changed, and answer with these only.
CREATE FUNCTION core.store(register text, rows jsonb)
  RETURNS TABLE (id bigint, code text, version integer, is_new boolean)
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  part record;
BEGIN
  SELECT string_agg(format('%I', f.col), ', ') AS cols, string_agg(f.filling, ', ') AS vals,
         string_agg(format('%1$I = excluded.%1$I', f.col), ', ') AS sets,
         string_agg(format('t.%I', f.col), ', ') AS olds, string_agg(format('excluded.%I', f.col), ', ') AS news
    INTO part FROM core.filled_columns(register, ARRAY(SELECT jsonb_object_keys(rows -> 0))) f;
  RETURN QUERY EXECUTE format($f$
    INSERT INTO core.%1$I AS t (%2$s)
    SELECT %3$s FROM jsonb_array_elements($1) AS j (row), jsonb_populate_record(NULL::core.%1$I, j.row) r
     ORDER BY r.code
        ON CONFLICT (code) WHERE valid_to IS NULL DO UPDATE SET %4$s
     WHERE ROW(%5$s) IS DISTINCT FROM ROW(%6$s)
    RETURNING t.id, t.code, t.version, t.xmax = 0 $f$, register, part.cols, part.vals, part.sets, part.olds, part.news)
    USING rows;
END $$;

-- Write one record by its id, its code too; a row that is as it was is left alone.
CREATE FUNCTION core.rewrite(register text, record_id bigint, rows jsonb) RETURNS integer
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  part record;
  touched integer;
BEGIN
  SELECT string_agg(format('%I', f.col), ', ') AS cols, string_agg(f.filling, ', ') AS vals,
         string_agg(format('t.%I', f.col), ', ') AS olds
    INTO part FROM core.filled_columns(register, ARRAY(SELECT jsonb_object_keys(rows -> 0))) f;
  EXECUTE format($f$
    UPDATE core.%1$I AS t SET (%2$s) = ROW(%3$s)
      FROM jsonb_array_elements($1) AS j (row), jsonb_populate_record(NULL::core.%1$I, j.row) r
     WHERE t.id = $2 AND ROW(%4$s) IS DISTINCT FROM ROW(%3$s) $f$, register, part.cols, part.vals, part.olds)
    USING rows, record_id;
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;

-- A record is no longer current; its row stays.
CREATE FUNCTION core.retire_record(register text, record_id bigint) RETURNS integer
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  touched integer;
BEGIN
  EXECUTE format('UPDATE core.%I SET valid_to = greatest(clock_timestamp(), valid_from) WHERE id = $1 AND valid_to IS NULL', register)
    USING record_id;
  GET DIAGNOSTICS touched = ROW_COUNT;
  RETURN touched;
END $$;

-- A record through time, oldest first: each row as it was, who made it so, and until when.
CREATE FUNCTION core.versions_of(register text, record_id bigint)
  RETURNS TABLE (version integer, at timestamptz, actor text, is_retired boolean, kept jsonb)
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format($f$
    SELECT (w.kept ->> 'version')::integer, (w.kept ->> 'updated_at')::timestamptz, w.kept ->> 'updated_by',
           w.kept ->> 'valid_to' IS NOT NULL, w.kept
      FROM (SELECT h.kept FROM core.history h WHERE h.table_name = %1$L AND h.row_id = $1
             UNION ALL
            SELECT to_jsonb(x) FROM (SELECT %2$s FROM core.%1$I t WHERE t.id = $1) x) w
     ORDER BY 1 $f$, register, core.columns_of(format('core.%I', register)::regclass, 't')) USING record_id;
END $$;

-- A page of a register as it was at an instant, by id: what some may read.
CREATE FUNCTION core.records_as_of(register text, instant timestamptz, after bigint, most integer,
                                   secrecies text[], towns text[], open_to text[]) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format($f$
    SELECT to_jsonb(x) FROM (
      SELECT %1$s FROM core.as_of(NULL::core.%2$I, $1) t
       WHERE t.id > $2 AND t.secrecy = ANY ($4)
         AND ($5 IS NULL OR t.town_code IS NULL OR t.town_code = ANY ($5) OR t.secrecy = ANY ($6))
       ORDER BY t.id LIMIT $3) x $f$, core.fields_of(register), register)
    USING instant, after, most, secrecies, towns, open_to;
END $$;
