-- Orders: what is sent to an incident, reserved once and only once, and followed until it is back.

CREATE SEQUENCE core.dispatch_order_no;
-- Numbered by the day of the district: D20261125-0007; a drill's begins with E.
CREATE FUNCTION core.dispatch_order_code(is_drill boolean) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
  SELECT CASE WHEN is_drill THEN 'E' ELSE 'D' END || to_char(core.district_day(), 'YYYYMMDD') || '-'
         || to_char(nextval('core.dispatch_order_no'), 'FM99990000')
$$;

-- States and steps: geoservice/orders/machine.py. An order is open until it has ended and all that
-- left is back or accounted for.
CREATE TABLE core.dispatch_order (
  id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uid                  uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  code                 text NOT NULL UNIQUE,
  incident_id          bigint NOT NULL REFERENCES core.incident,
  is_drill             boolean NOT NULL,
  is_demo              boolean NOT NULL,
  state                text NOT NULL DEFAULT 'reserved' CHECK (state IN ('reserved', 'confirmed', 'done', 'cancelled', 'expired')),
  is_open              boolean NOT NULL DEFAULT true,
  command_post_id      bigint REFERENCES core.command_post,     -- in whose name it is confirmed
  confirmed_for        text,                                    -- who there said so
  confirmed_by         text,                                    -- who put that down
  confirmed_at         timestamptz,
  profile              text,
  alternative          text,
  note                 text,
  graph_version        bigint,                                  -- of the roads that it was planned on
  closure_ids          bigint[] NOT NULL DEFAULT '{}',
  accepts_road_changes boolean NOT NULL DEFAULT false,
  placed_by            text NOT NULL DEFAULT core.actor(),
  placed_at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at           timestamptz NOT NULL,                    -- released then, unless confirmed
  ended_at             timestamptz,
  version              integer NOT NULL DEFAULT 1,
  updated_at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_xid          xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CHECK ((state IN ('reserved', 'confirmed')) = (ended_at IS NULL))
);
CREATE INDEX dispatch_order_incident ON core.dispatch_order (incident_id);
CREATE INDEX dispatch_order_open ON core.dispatch_order (id) WHERE is_open;
CREATE INDEX dispatch_order_waiting ON core.dispatch_order (expires_at) WHERE state = 'reserved';

-- Lots and teams of an order share their numbers: the layer shows both.
CREATE SEQUENCE core.order_part_id;

CREATE TABLE core.order_line (
  id                bigint PRIMARY KEY DEFAULT nextval('core.order_part_id'),
  dispatch_order_id bigint NOT NULL REFERENCES core.dispatch_order,
  no                integer NOT NULL,
  stock_lot_id      bigint NOT NULL REFERENCES core.stock_lot,
  quantity          numeric NOT NULL CHECK (quantity > 0 AND quantity <= 1e9 AND quantity = round(quantity, 6)),
  for_item_code     text,
  reason            text,
  state             text NOT NULL DEFAULT 'reserved' CHECK (state IN ('reserved', 'in_transit', 'issued', 'returned', 'released')),
  returned          numeric NOT NULL DEFAULT 0 CHECK (returned >= 0),
  lost              numeric NOT NULL DEFAULT 0 CHECK (lost >= 0),
  used              numeric NOT NULL DEFAULT 0 CHECK (used >= 0),
  drive_s           double precision CHECK (drive_s >= 0),
  eta_at            timestamptz,
  distance_m        double precision CHECK (distance_m >= 0),
  departed_at       timestamptz,
  arrived_at        timestamptz,
  ended_at          timestamptz,
  is_drill          boolean NOT NULL,
  is_demo           boolean NOT NULL,
  geom              geometry(LineString, 4490),                 -- the way
  UNIQUE (dispatch_order_id, no),
  CONSTRAINT order_line_accounts CHECK (returned + lost + used <= quantity)
);
CREATE INDEX order_line_lot ON core.order_line (stock_lot_id) WHERE ended_at IS NULL;
SELECT core.guard_geometry('core.order_line');

CREATE TABLE core.team_assignment (
  id                bigint PRIMARY KEY DEFAULT nextval('core.order_part_id'),
  dispatch_order_id bigint NOT NULL REFERENCES core.dispatch_order,
  no                integer NOT NULL,
  rescue_team_id    bigint NOT NULL REFERENCES core.rescue_team,
  for_skill         text,
  state             text NOT NULL DEFAULT 'notified' CHECK (state IN ('notified', 'en_route', 'on_scene', 'returning', 'returned', 'released')),
  during            tstzrange NOT NULL,                         -- from notified to returned
  drive_s           double precision CHECK (drive_s >= 0),
  eta_at            timestamptz,
  distance_m        double precision CHECK (distance_m >= 0),
  departed_at       timestamptz,
  arrived_at        timestamptz,
  ended_at          timestamptz,
  is_drill          boolean NOT NULL,
  is_demo           boolean NOT NULL,
  geom              geometry(LineString, 4490),
  UNIQUE (dispatch_order_id, no),
  -- No team on two jobs, nor in two drills. The exclusion is by the period, which ends with the job.
  CONSTRAINT team_is_on_one_job EXCLUDE USING gist (rescue_team_id WITH =, (is_drill::integer) WITH =, during WITH &&)
);
SELECT core.guard_geometry('core.team_assignment');

-- What is asked of a maker: nothing is reserved, for nothing lies there yet.
CREATE TABLE core.order_capability (
  dispatch_order_id     bigint NOT NULL REFERENCES core.dispatch_order,
  no                    integer NOT NULL,
  capability_reserve_id bigint NOT NULL REFERENCES core.capability_reserve,
  quantity              numeric NOT NULL CHECK (quantity > 0 AND quantity <= 1e9),
  ready_at              timestamptz,
  is_demo               boolean NOT NULL,
  PRIMARY KEY (dispatch_order_id, no)
);

-- Every step, by whom and when: the timeline. Appended to, never changed.
CREATE TABLE core.dispatch_event (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at                timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor             text NOT NULL DEFAULT core.actor(),
  incident_id       bigint NOT NULL REFERENCES core.incident,
  dispatch_order_id bigint NOT NULL REFERENCES core.dispatch_order,
  part              text NOT NULL CHECK (part IN ('order', 'lot', 'team')),
  no                integer,
  action            text NOT NULL,
  from_state        text,
  to_state          text NOT NULL,
  details           jsonb NOT NULL DEFAULT '{}',
  is_demo           boolean NOT NULL
);
CREATE INDEX dispatch_event_order ON core.dispatch_event (dispatch_order_id, id);
CREATE INDEX dispatch_event_incident ON core.dispatch_event (incident_id, id);
CREATE FUNCTION core.keep_dispatch_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.is_demo THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'core.dispatch_event is appended to, never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER dispatch_event_kept BEFORE UPDATE OR DELETE ON core.dispatch_event
  FOR EACH ROW EXECUTE FUNCTION core.keep_dispatch_event();
CREATE TRIGGER dispatch_events_kept BEFORE TRUNCATE ON core.dispatch_event
  FOR EACH STATEMENT EXECUTE FUNCTION core.keep_dispatch_event();

-- ---- reservations are an order's alone -----------------------------------------------------------

-- What was reserved by hand is free again; from now on a reservation names the line that it is for.
INSERT INTO core.stock_move (stock_lot_id, kind, quantity, reason)
SELECT l.id, 'release', l.reserved, '改由调度令预留 · reserved by orders from now on'
  FROM core.stock_lot l WHERE l.reserved > 0 ORDER BY l.id;
-- No foreign key: a demonstration's lines go before its lots, which take their moves along. Lines go in no other way.
ALTER TABLE core.stock_move ADD COLUMN order_line_id bigint;
ALTER TABLE core.stock_move ADD CONSTRAINT stock_move_reserved_by_order
  CHECK (kind NOT IN ('reserve', 'release') OR order_line_id IS NOT NULL) NOT VALID;   -- those before stay as they were

-- Lots whose reserved quantity is not what open orders hold: none, ever.
CREATE FUNCTION core.reservation_differences() RETURNS TABLE (code text, reserved numeric, ordered numeric)
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT l.code, l.reserved, coalesce(o.quantity, 0)
    FROM core.stock_lot l
    LEFT JOIN (SELECT n.stock_lot_id, sum(n.quantity) AS quantity FROM core.order_line n
                WHERE n.state = 'reserved' AND NOT n.is_drill GROUP BY n.stock_lot_id) o ON o.stock_lot_id = l.id
   WHERE l.reserved <> coalesce(o.quantity, 0)
$$;

-- A refusal with everything that has changed since the plan: db.py reads the list from the hint.
CREATE FUNCTION core.refuse_changed(message text, zh text, changes jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'GS409', MESSAGE = message, DETAIL = zh, HINT = changes::text;
END $$;

-- What is out on an order neither retires nor is closed over.
CREATE FUNCTION core.keep_what_is_out() RETURNS trigger LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  orders text;
BEGIN
  SELECT string_agg(DISTINCT o.code, ', ' ORDER BY o.code) INTO orders
    FROM core.dispatch_order o
   WHERE CASE TG_TABLE_NAME
         WHEN 'stock_lot' THEN EXISTS (SELECT FROM core.order_line n WHERE n.dispatch_order_id = o.id AND n.stock_lot_id = NEW.id
                                          AND n.ended_at IS NULL AND NOT n.is_drill)
         WHEN 'rescue_team' THEN EXISTS (SELECT FROM core.team_assignment a WHERE a.dispatch_order_id = o.id
                                          AND a.rescue_team_id = NEW.id AND a.ended_at IS NULL AND NOT a.is_drill)
         ELSE o.incident_id = NEW.id END
     AND o.is_open;
  IF orders IS NOT NULL THEN
    PERFORM core.refuse(format('%s is on open orders: %s', NEW.code, left(orders, 200)),
                        format('%s 尚有未结束的调度令：%s', NEW.code, left(orders, 200)), NULL);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stock_lot_ordered BEFORE UPDATE OF valid_to ON core.stock_lot FOR EACH ROW
  WHEN (NEW.valid_to IS NOT NULL AND OLD.valid_to IS NULL) EXECUTE FUNCTION core.keep_what_is_out();
CREATE TRIGGER rescue_team_ordered BEFORE UPDATE OF valid_to ON core.rescue_team FOR EACH ROW
  WHEN (NEW.valid_to IS NOT NULL AND OLD.valid_to IS NULL) EXECUTE FUNCTION core.keep_what_is_out();
CREATE TRIGGER incident_ordered BEFORE UPDATE OF state ON core.incident FOR EACH ROW
  WHEN (NEW.state = 'closed' AND OLD.state = 'open') EXECUTE FUNCTION core.keep_what_is_out();

-- A team on a job has the state of its job, whatever a file or a form says of it meanwhile.
CREATE FUNCTION core.follow_assignment() RETURNS trigger LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  NEW.status := coalesce((SELECT a.state FROM core.team_assignment a
                           WHERE a.rescue_team_id = NEW.id AND a.ended_at IS NULL AND NOT a.is_drill), NEW.status);
  RETURN NEW;
END $$;
CREATE TRIGGER rescue_team_led BEFORE UPDATE OF status ON core.rescue_team
  FOR EACH ROW EXECUTE FUNCTION core.follow_assignment();

-- How a row was and what differs, as in migration 0007; but a table without shapes needs no statement
-- made anew each time, which took a quarter of an order's time.
CREATE OR REPLACE FUNCTION core.keep_amended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = TG_RELID AND a.atttypid = 'geometry'::regtype AND NOT a.attisdropped) THEN
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
  END IF;
  WITH change AS MATERIALIZED (
    SELECT n.id, n.code, tstzrange(o.updated_at, n.updated_at) AS valid,
           n.valid_to IS NOT NULL AND o.valid_to IS NULL AS is_retired, to_jsonb(o) AS before, to_jsonb(n) AS after
      FROM new_rows n JOIN old_rows o ON o.id = n.id
  ), kept AS (
    INSERT INTO core.history (table_name, row_id, valid, kept)
    SELECT TG_TABLE_NAME, c.id, c.valid, c.before FROM change c
  )
  INSERT INTO core.audit_event (action, table_name, row_id, code, change)
  SELECT CASE WHEN c.is_retired THEN 'retire' ELSE 'amend' END, TG_TABLE_NAME, c.id, c.code, core.difference(c.before, c.after)
    FROM change c ORDER BY c.id;
  RETURN NULL;
END $$;

-- ---- how an order is told ------------------------------------------------------------------------

-- These are in PL/pgSQL because it keeps their plans; in SQL they took a third of an order's time.
CREATE FUNCTION core.order_told(order_id bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
BEGIN
  RETURN (SELECT jsonb_build_object(
    'id', o.id, 'code', o.code, 'incident_id', o.incident_id, 'is_drill', o.is_drill, 'state', o.state,
    'is_open', o.is_open, 'command_post', (SELECT jsonb_build_object('id', p.id, 'code', p.code, 'name', p.name, 'name_en', p.name_en)
                                             FROM core.command_post p WHERE p.id = o.command_post_id),
    'confirmed_for', o.confirmed_for, 'confirmed_by', o.confirmed_by, 'confirmed_at', o.confirmed_at,
    'profile', o.profile, 'alternative', o.alternative, 'note', o.note, 'graph_version', o.graph_version,
    'placed_by', o.placed_by, 'placed_at', o.placed_at, 'expires_at', o.expires_at, 'ended_at', o.ended_at, 'version', o.version,
    'lines', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'no', n.no, 'lot_id', n.stock_lot_id, 'lot', l.code, 'name', l.name, 'item_code', l.item_code, 'unit', l.unit,
                'depot_id', d.id, 'depot', d.code, 'depot_name', d.name, 'quantity', n.quantity, 'for_item_code', n.for_item_code,
                'reason', n.reason, 'state', n.state, 'returned', n.returned, 'lost', n.lost, 'used', n.used, 'drive_s', n.drive_s,
                'eta_at', n.eta_at, 'distance_m', n.distance_m, 'departed_at', n.departed_at, 'arrived_at', n.arrived_at,
                'ended_at', n.ended_at) ORDER BY n.no), '[]')
                FROM core.order_line n JOIN core.stock_lot l ON l.id = n.stock_lot_id JOIN core.depot d ON d.id = l.depot_id
               WHERE n.dispatch_order_id = o.id),
    'teams', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'no', a.no, 'team_id', a.rescue_team_id, 'team', t.code, 'name', t.name, 'for_skill', a.for_skill, 'state', a.state,
                'drive_s', a.drive_s, 'eta_at', a.eta_at, 'distance_m', a.distance_m, 'departed_at', a.departed_at,
                'arrived_at', a.arrived_at, 'ended_at', a.ended_at) ORDER BY a.no), '[]')
                FROM core.team_assignment a JOIN core.rescue_team t ON t.id = a.rescue_team_id WHERE a.dispatch_order_id = o.id),
    'capability_lines', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'no', c.no, 'reserve_id', c.capability_reserve_id, 'reserve', r.code, 'name', r.name, 'quantity', c.quantity,
                'ready_at', c.ready_at) ORDER BY c.no), '[]')
                FROM core.order_capability c JOIN core.capability_reserve r ON r.id = c.capability_reserve_id
               WHERE c.dispatch_order_id = o.id))
    FROM core.dispatch_order o WHERE o.id = order_id);
END $$;

-- ---- what has changed since a plan was made --------------------------------------------------------

CREATE FUNCTION core.change_told(what text, id bigint, code text, why text, why_zh text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('what', what, 'id', id, 'code', code, 'why', why, 'why_zh', why_zh)
$$;

-- Closures in force that the plan did not know of, and those that it reckoned with and are gone.
CREATE FUNCTION core.road_changes(planned_on bigint, closure_ids bigint[]) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT core.change_told('roads', g.version, NULL, format('the roads are at version %s, the plan was made on %s', g.version, planned_on),
                          format('路网已为第 %s 版，方案基于第 %s 版', g.version, planned_on))
    FROM core.graph_version g WHERE g.version <> planned_on
   UNION ALL
  SELECT core.change_told('closure', c.id, c.code, format('closure %s %s is in force', c.code, c.name), format('道路封闭 %s %s 已生效', c.code, c.name))
    FROM core.road_closure c
   WHERE c.valid_to IS NULL AND c.period @> clock_timestamp() AND c.id <> ALL (closure_ids)
     AND EXISTS (SELECT FROM core.closure_arc a WHERE a.road_closure_id = c.id)
   UNION ALL
  SELECT core.change_told('closure', k.id, c.code, format('closure %s is not in force any more', coalesce(c.code, k.id::text)),
                          format('道路封闭 %s 已不再生效', coalesce(c.code, k.id::text)))
    FROM unnest(closure_ids) k(id) LEFT JOIN core.road_closure c ON c.id = k.id
   WHERE c.id IS NULL OR c.valid_to IS NOT NULL OR NOT c.period @> clock_timestamp();
END $$;

-- Teams that cannot be sent. A drill asks of the same state, and of other drills.
CREATE FUNCTION core.team_changes(teams jsonb, for_drill boolean, towns text[]) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT core.change_told('team', w.team_id, t.code, m.why, m.why_zh)
    FROM (SELECT (j.team ->> 'team_id')::bigint AS team_id, min(j.no) AS no, count(*) AS times
            FROM jsonb_array_elements(teams) WITH ORDINALITY j(team, no) GROUP BY 1) w
    LEFT JOIN core.rescue_team t ON t.id = w.team_id AND (towns IS NULL OR t.town_code = ANY (towns))
    LEFT JOIN LATERAL (SELECT o.code FROM core.team_assignment a JOIN core.dispatch_order o ON o.id = a.dispatch_order_id
                        WHERE a.rescue_team_id = t.id AND a.ended_at IS NULL AND (for_drill OR NOT a.is_drill) LIMIT 1) busy ON true
   CROSS JOIN LATERAL (VALUES (CASE
      WHEN t.id IS NULL THEN format('there is no team %s', w.team_id) WHEN t.valid_to IS NOT NULL THEN format('team %s is retired', t.code)
      WHEN w.times > 1 THEN format('team %s is asked for twice', t.code)
      WHEN busy.code IS NOT NULL THEN format('team %s is on order %s', t.code, busy.code)
      WHEN t.status <> 'ready' THEN format('team %s is not ready: %s', t.code, t.status) END, CASE
      WHEN t.id IS NULL THEN format('没有队伍 %s', w.team_id) WHEN t.valid_to IS NOT NULL THEN format('队伍 %s 已停用', t.code)
      WHEN w.times > 1 THEN format('队伍 %s 重复', t.code)
      WHEN busy.code IS NOT NULL THEN format('队伍 %s 已在调度令 %s 中', t.code, busy.code)
      WHEN t.status <> 'ready' THEN format('队伍 %s 不在待命状态：%s', t.code, t.status) END)) m(why, why_zh)
   WHERE m.why IS NOT NULL
   ORDER BY w.no;
END $$;

-- Lots that do not hold what is asked of them, or are not to be taken at all.
CREATE FUNCTION core.stock_changes(lines jsonb, towns text[]) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
DECLARE
  today date := core.district_day();
BEGIN
  RETURN QUERY
  SELECT core.change_told('lot', w.lot_id, l.code, m.why, m.why_zh)
         || jsonb_build_object('asked', w.quantity, 'available', l.quantity - l.reserved)
    FROM (SELECT (j.line ->> 'lot_id')::bigint AS lot_id, min(j.no) AS no, sum((j.line ->> 'quantity')::numeric) AS quantity
            FROM jsonb_array_elements(lines) WITH ORDINALITY j(line, no) GROUP BY 1) w
    LEFT JOIN (core.stock_lot l JOIN core.depot d ON d.id = l.depot_id) ON l.id = w.lot_id AND (towns IS NULL OR d.town_code = ANY (towns))
   CROSS JOIN LATERAL (VALUES (CASE
      WHEN l.id IS NULL THEN format('there is no lot %s', w.lot_id) WHEN l.valid_to IS NOT NULL THEN format('lot %s is retired', l.code)
      WHEN d.valid_to IS NOT NULL THEN format('depot %s is retired', d.code)
      WHEN l.expires_on < today THEN format('lot %s expired on %s', l.code, l.expires_on)
      WHEN l.quantity - l.reserved < w.quantity THEN format('lot %s has %s %s available, %s asked', l.code,
        trim_scale(l.quantity - l.reserved), l.unit, trim_scale(w.quantity)) END, CASE
      WHEN l.id IS NULL THEN format('没有批次 %s', w.lot_id) WHEN l.valid_to IS NOT NULL THEN format('批次 %s 已停用', l.code)
      WHEN d.valid_to IS NOT NULL THEN format('储备点 %s 已停用', d.code)
      WHEN l.expires_on < today THEN format('批次 %s 已于 %s 过期', l.code, l.expires_on)
      WHEN l.quantity - l.reserved < w.quantity THEN format('批次 %s 可用 %s %s，需要 %s', l.code,
        trim_scale(l.quantity - l.reserved), l.unit, trim_scale(w.quantity)) END)) m(why, why_zh)
   WHERE m.why IS NOT NULL
   ORDER BY w.no;
END $$;

CREATE FUNCTION core.refuse_if_changed(changes jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF jsonb_array_length(changes) > 0 THEN
    PERFORM core.refuse_changed(changes -> 0 ->> 'why', changes -> 0 ->> 'why_zh', changes);
  END IF;
END $$;

-- ---- placing an order --------------------------------------------------------------------------------

-- The key of a request: NULL when it is new, else what was answered. A replay writes, for a read would
-- not wait for a standby and could confirm what is on a dying primary alone.
CREATE FUNCTION core.answered_before(of_key text, sha256 text) RETURNS jsonb
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  kept core.kept_answer;
BEGIN
  INSERT INTO core.kept_answer (actor, key, request_sha256) VALUES (core.actor(), of_key, sha256) ON CONFLICT DO NOTHING;
  IF FOUND THEN RETURN NULL; END IF;
  UPDATE core.kept_answer k SET replays = k.replays + 1 WHERE k.actor = core.actor() AND k.key = of_key RETURNING * INTO kept;
  IF kept.request_sha256 <> sha256 THEN RETURN '{"outcome": "key_reused"}'; END IF;
  RETURN jsonb_build_object('outcome', 'replayed', 'answer', kept.answer);
END $$;

-- Write an order's rows, and let its teams know. (A statement that writes nothing has its triggers, too.)
CREATE FUNCTION core.write_order(o core.dispatch_order, body jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  IF body -> 'teams' <> '[]' THEN
    INSERT INTO core.team_assignment (dispatch_order_id, no, rescue_team_id, for_skill, during, drive_s, eta_at, distance_m, is_drill, is_demo, geom)
    SELECT o.id, j.no, r.team_id, r.for_skill, tstzrange(o.placed_at, NULL), r.drive_s, r.eta_at, r.distance_m, o.is_drill, o.is_demo,
           ST_SetSRID(ST_GeomFromGeoJSON(r.route), 4490)
      FROM jsonb_array_elements(body -> 'teams') WITH ORDINALITY j(part, no),
           jsonb_to_record(j.part) r(team_id bigint, for_skill text, drive_s float8, eta_at timestamptz, distance_m float8, route jsonb);
    UPDATE core.rescue_team t SET status = 'notified'
      FROM core.team_assignment a WHERE a.dispatch_order_id = o.id AND a.rescue_team_id = t.id AND NOT o.is_drill;
  END IF;
  IF body -> 'lines' <> '[]' THEN
    INSERT INTO core.order_line (dispatch_order_id, no, stock_lot_id, quantity, for_item_code, reason, drive_s, eta_at, distance_m, is_drill, is_demo, geom)
    SELECT o.id, j.no, r.lot_id, r.quantity, r.for_item_code, r.reason, r.drive_s, r.eta_at, r.distance_m, o.is_drill, o.is_demo,
           ST_SetSRID(ST_GeomFromGeoJSON(r.route), 4490)
      FROM jsonb_array_elements(body -> 'lines') WITH ORDINALITY j(part, no),
           jsonb_to_record(j.part) r(lot_id bigint, quantity numeric, for_item_code text, reason text, drive_s float8, eta_at timestamptz,
                                     distance_m float8, route jsonb);
  END IF;
  IF body -> 'capability_lines' <> '[]' THEN
    INSERT INTO core.order_capability (dispatch_order_id, no, capability_reserve_id, quantity, ready_at, is_demo)
    SELECT o.id, j.no, r.reserve_id, r.quantity, r.ready_at, o.is_demo
      FROM jsonb_array_elements(body -> 'capability_lines') WITH ORDINALITY j(part, no),
           jsonb_to_record(j.part) r(reserve_id bigint, quantity numeric, ready_at timestamptz);
  END IF;
  INSERT INTO core.dispatch_event (incident_id, dispatch_order_id, part, action, to_state, is_demo)
  VALUES (o.incident_id, o.id, 'order', 'place', 'reserved', o.is_demo);
  PERFORM core.note_event('place', 'dispatch_order', o.id, o.code, jsonb_build_object('order', jsonb_build_array(NULL,
    (body - 'lines' - 'teams') || jsonb_build_object(
      'lines', (SELECT coalesce(jsonb_agg(x - 'route'), '[]') FROM jsonb_array_elements(body -> 'lines') x),
      'teams', (SELECT coalesce(jsonb_agg(x - 'route'), '[]') FROM jsonb_array_elements(body -> 'teams') x)))), 'done');
END $$;

-- Place an order: all of it or nothing, in one round trip. Teams come first, locked in the order of their
-- ids, stock last, in the same order: a lot that everybody wants is held for the shortest time.
CREATE FUNCTION core.place_order(body jsonb, of_key text, sha256 text, hold interval, towns text[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  before jsonb := core.answered_before(of_key, sha256);
  i core.incident;
  o core.dispatch_order;
  changes jsonb := '[]';
  told jsonb;
BEGIN
  IF before IS NOT NULL THEN RETURN before; END IF;
  SELECT * INTO i FROM core.incident n WHERE n.id = (body ->> 'incident_id')::bigint AND n.valid_to IS NULL
     AND (towns IS NULL OR n.town_code = ANY (towns)) FOR SHARE;
  IF i.id IS NULL THEN RETURN '{"outcome": "no_incident"}'; END IF;
  IF i.state = 'closed' THEN
    changes := jsonb_build_array(core.change_told('incident', i.id, i.code, format('incident %s is closed', i.code), format('事件 %s 已结束', i.code)));
  END IF;
  IF NOT i.is_drill THEN
    PERFORM FROM core.rescue_team t
      WHERE t.id IN (SELECT (x ->> 'team_id')::bigint FROM jsonb_array_elements(body -> 'teams') x) ORDER BY t.id FOR NO KEY UPDATE;
  END IF;
  IF body ->> 'graph_version' IS NOT NULL AND NOT (body ->> 'accept_road_changes')::boolean THEN
    changes := changes || coalesce((SELECT jsonb_agg(r) FROM core.road_changes((body ->> 'graph_version')::bigint,
      ARRAY(SELECT x::bigint FROM jsonb_array_elements_text(body -> 'closure_ids') x)) r), '[]');
  END IF;
  changes := changes || coalesce((SELECT jsonb_agg(t) FROM core.team_changes(body -> 'teams', i.is_drill, towns) t), '[]')
                     || coalesce((SELECT jsonb_agg(s) FROM core.stock_changes(body -> 'lines', towns) s), '[]');
  PERFORM core.refuse_if_changed(changes);
  INSERT INTO core.dispatch_order (code, incident_id, is_drill, is_demo, command_post_id, profile, alternative, note, graph_version,
                                   closure_ids, accepts_road_changes, expires_at)
  VALUES (core.dispatch_order_code(i.is_drill), i.id, i.is_drill, i.is_demo, i.command_post_id, body ->> 'profile', body ->> 'alternative',
          body ->> 'note', (body ->> 'graph_version')::bigint, ARRAY(SELECT x::bigint FROM jsonb_array_elements_text(body -> 'closure_ids') x),
          (body ->> 'accept_road_changes')::boolean, clock_timestamp() + hold)
  RETURNING * INTO o;
  PERFORM core.write_order(o, body);
  told := core.order_told(o.id);
  UPDATE core.kept_answer k SET answer = told WHERE k.actor = core.actor() AND k.key = of_key;
  IF NOT i.is_drill THEN PERFORM core.reserve_lines(o, body -> 'lines', towns); END IF;
  RETURN jsonb_build_object('outcome', 'placed', 'answer', told);
END $$;

-- Reserve what an order's lines say, through the ledger. What was taken since it was first looked at is told.
CREATE FUNCTION core.reserve_lines(o core.dispatch_order, lines jsonb, towns text[]) RETURNS void
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  PERFORM FROM core.stock_lot l
    WHERE l.id IN (SELECT (x ->> 'lot_id')::bigint FROM jsonb_array_elements(lines) x) ORDER BY l.id FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM core.order_line n JOIN core.stock_lot l ON l.id = n.stock_lot_id WHERE n.dispatch_order_id = o.id
              GROUP BY l.id HAVING l.quantity - l.reserved < sum(n.quantity) OR l.valid_to IS NOT NULL) THEN
    PERFORM core.refuse_if_changed(coalesce((SELECT jsonb_agg(s) FROM core.stock_changes(lines, towns) s), '[]'));
  END IF;
  INSERT INTO core.stock_move (stock_lot_id, kind, quantity, reason, document, order_line_id)
  SELECT n.stock_lot_id, 'reserve', n.quantity, '调度预留 · reserved by order', o.code, n.id
    FROM core.order_line n WHERE n.dispatch_order_id = o.id ORDER BY n.stock_lot_id, n.no;
END $$;

-- ---- steps -------------------------------------------------------------------------------------------

-- A step of a lot, as the ledger has it: what leaves is released and issued; what comes back is returned,
-- and what was lost of it is written off.
CREATE FUNCTION core.move_line(n core.order_line, order_code text, action text, details jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  lost numeric := coalesce((details ->> 'lost')::numeric, 0);
  back numeric := coalesce((details ->> 'returned')::numeric, 0) + lost;
BEGIN
  INSERT INTO core.stock_move (stock_lot_id, kind, quantity, reason, document, order_line_id)
  SELECT n.stock_lot_id, m.kind, m.quantity, m.reason, order_code, n.id
    FROM (VALUES (1, 'release', CASE WHEN action IN ('depart', 'release') THEN n.quantity ELSE 0 END, '调度令解除预留 · released by order'),
                 (2, 'issue', CASE action WHEN 'depart' THEN n.quantity ELSE 0 END, '调度出库 · issued by order'),
                 (3, 'return', CASE WHEN action LIKE 'return%' THEN back ELSE 0 END, '调度归还 · returned from order'),
                 (4, 'loss', CASE WHEN action LIKE 'return%' THEN lost ELSE 0 END, '调度损耗 · lost on order')) m(no, kind, quantity, reason)
   WHERE m.quantity > 0 ORDER BY m.no;
END $$;

-- Write one step: the table of steps has decided what it leads to. The order is locked by who calls.
CREATE FUNCTION core.take_step(order_id bigint, part text, part_no integer, action text, to_state text, details jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  o core.dispatch_order;
  n core.order_line;
  a core.team_assignment;
  from_state text;
  at timestamptz := clock_timestamp();
BEGIN
  SELECT * INTO o FROM core.dispatch_order d WHERE d.id = order_id;
  IF part = 'order' THEN
    from_state := o.state;
    UPDATE core.dispatch_order d SET state = to_state, ended_at = CASE WHEN to_state NOT IN ('reserved', 'confirmed') THEN at END,
           confirmed_by = CASE action WHEN 'confirm' THEN core.actor() ELSE d.confirmed_by END,
           confirmed_at = CASE action WHEN 'confirm' THEN at ELSE d.confirmed_at END,
           confirmed_for = CASE action WHEN 'confirm' THEN details ->> 'confirmed_for' ELSE d.confirmed_for END
     WHERE d.id = order_id;
  ELSIF part = 'lot' THEN
    SELECT * INTO n FROM core.order_line l WHERE l.dispatch_order_id = order_id AND l.no = part_no;
    from_state := n.state;
    UPDATE core.order_line l SET state = to_state, departed_at = CASE action WHEN 'depart' THEN at ELSE l.departed_at END,
           arrived_at = CASE action WHEN 'arrive' THEN at ELSE l.arrived_at END,
           ended_at = CASE WHEN to_state IN ('returned', 'released') THEN at END,
           returned = l.returned + coalesce((details ->> 'returned')::numeric, 0),
           lost = l.lost + coalesce((details ->> 'lost')::numeric, 0), used = l.used + coalesce((details ->> 'used')::numeric, 0)
     WHERE l.id = n.id;
    IF NOT o.is_drill THEN PERFORM core.move_line(n, o.code, action, details); END IF;
  ELSE
    SELECT * INTO a FROM core.team_assignment t WHERE t.dispatch_order_id = order_id AND t.no = part_no;
    from_state := a.state;
    UPDATE core.team_assignment t SET state = to_state, departed_at = CASE action WHEN 'depart' THEN at ELSE t.departed_at END,
           arrived_at = CASE action WHEN 'arrive' THEN at ELSE t.arrived_at END,
           ended_at = CASE WHEN to_state IN ('returned', 'released') THEN at END,
           during = CASE WHEN to_state IN ('returned', 'released') THEN tstzrange(lower(t.during), greatest(at, lower(t.during))) ELSE t.during END
     WHERE t.id = a.id;
    UPDATE core.rescue_team t SET status = CASE WHEN to_state IN ('returned', 'released') THEN 'ready' ELSE to_state END
     WHERE t.id = a.rescue_team_id AND NOT o.is_drill;
  END IF;
  INSERT INTO core.dispatch_event (incident_id, dispatch_order_id, part, no, action, from_state, to_state, details, is_demo)
  VALUES (o.incident_id, o.id, part, part_no, action, from_state, to_state, details, o.is_demo);
  PERFORM core.note_event(action, 'dispatch_order', o.id, o.code, details || jsonb_build_object(
    concat_ws(' ', part, part_no), jsonb_build_array(from_state, to_state)), 'done');
  UPDATE core.dispatch_order d SET version = d.version + 1, updated_at = at, changed_xid = pg_current_xact_id(),
         is_open = d.ended_at IS NULL
                   OR EXISTS (SELECT FROM core.order_line l WHERE l.dispatch_order_id = d.id AND l.ended_at IS NULL)
                   OR EXISTS (SELECT FROM core.team_assignment t WHERE t.dispatch_order_id = d.id AND t.ended_at IS NULL)
   WHERE d.id = order_id;
END $$;

-- Kept answers live seven days.
CREATE FUNCTION core.forget_answers() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  DELETE FROM core.kept_answer k WHERE k.made_at < clock_timestamp() - interval '7 days';
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
REVOKE EXECUTE ON FUNCTION core.forget_answers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.forget_answers() TO geoservice_app;
