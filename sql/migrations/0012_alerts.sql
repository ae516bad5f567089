-- What instruments measure, and from which value on it is a warning.

CREATE TABLE core.sensor (
  LIKE core.record INCLUDING ALL,
  kind         text NOT NULL CHECK (kind IN ('methane', 'carbon_monoxide', 'toxic_gas', 'oxygen', 'temperature', 'pressure', 'wind', 'water_level', 'water_inflow', 'stage', 'rain', 'displacement', 'other')),
  unit         text NOT NULL CHECK (unit <> ''),          -- UCUM: %, [ppm], m, m3/h, mm, m/s, Cel, kPa
  site_code    text,                                      -- of the hazard source or mine it watches
  interval_s   integer NOT NULL CHECK (interval_s > 0),   -- a reading is expected so often
  silent_after integer NOT NULL DEFAULT 3 CHECK (silent_after > 0),   -- silent after so many intervals without one
  geom         geometry(Point, 4490) NOT NULL
);
SELECT core.make_register('core.sensor');
CREATE INDEX sensor_site ON core.sensor (site_code) WHERE valid_to IS NULL;

-- Working values until somebody has seen the rule they come from: source_doc names it, is_verified says it.
CREATE TABLE core.sensor_threshold (
  LIKE core.record INCLUDING ALL,
  sensor_id    bigint NOT NULL REFERENCES core.sensor,
  level        text NOT NULL CHECK (level IN ('blue', 'yellow', 'orange', 'red')),
  comparison   text NOT NULL DEFAULT 'above' CHECK (comparison IN ('above', 'below')),   -- the limit itself counts
  value        double precision NOT NULL CHECK (value > '-infinity' AND value < 'infinity'),
  window_min   integer CHECK (window_min BETWEEN 1 AND 4320),   -- the sum of the readings of so long; NULL: each reading
  hold_s       integer NOT NULL DEFAULT 0 CHECK (hold_s BETWEEN 0 AND 86400),     -- on once it held so long
  clear_margin double precision NOT NULL DEFAULT 0 CHECK (clear_margin >= 0),     -- off once it is back by so much
  clear_hold_s integer NOT NULL DEFAULT 600 CHECK (clear_hold_s BETWEEN 0 AND 86400),   -- for so long
  is_verified  boolean NOT NULL DEFAULT false
);
SELECT core.make_register('core.sensor_threshold');
CREATE INDEX sensor_threshold_sensor ON core.sensor_threshold (sensor_id) WHERE valid_to IS NULL;

-- Readings are added and never changed. The instant is the instrument's, received_at ours.
CREATE TABLE core.observation (
  sensor_id   bigint NOT NULL REFERENCES core.sensor,
  observed_at timestamptz NOT NULL,
  value       double precision NOT NULL CHECK (value > '-infinity' AND value < 'infinity'),
  quality     text CHECK (quality IN ('good', 'suspect', 'bad', 'calibration')),
  source_id   text,                                       -- how the sending system calls it
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  received_by text NOT NULL DEFAULT core.actor(),
  is_demo     boolean NOT NULL DEFAULT false,             -- as its sensor is
  PRIMARY KEY (sensor_id, observed_at)
);
CREATE INDEX observation_observed ON core.observation USING brin (observed_at);

CREATE FUNCTION core.keep_observation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.is_demo THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'core.observation is only added to';
END $$;
CREATE TRIGGER observation_kept BEFORE UPDATE OR DELETE ON core.observation
  FOR EACH ROW EXECUTE FUNCTION core.keep_observation();
CREATE TRIGGER observation_kept_whole BEFORE TRUNCATE ON core.observation
  FOR EACH STATEMENT EXECUTE FUNCTION core.keep_observation();

-- Where each sensor stands: its last reading, and how far its thresholds are met by then. One row a
-- sensor, made with it; whoever adds readings holds it, so that a sensor's readings are judged one
-- after the other.
CREATE TABLE core.sensor_state (
  sensor_id   bigint PRIMARY KEY REFERENCES core.sensor,
  observed_at timestamptz,
  value       double precision,
  quality     text,
  received_at timestamptz,
  level       text CHECK (level IN ('blue', 'yellow', 'orange', 'red')),   -- NULL: normal
  level_since timestamptz,
  standing    jsonb NOT NULL DEFAULT '{}',   -- threshold id: is it on, since when, since when is it turning
  is_demo     boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70);

CREATE FUNCTION core.begin_sensor_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO core.sensor_state (sensor_id, is_demo) VALUES (NEW.id, NEW.is_demo);
  RETURN NULL;
END $$;
CREATE TRIGGER sensor_state_begun AFTER INSERT ON core.sensor
  FOR EACH ROW EXECUTE FUNCTION core.begin_sensor_state();
ALTER TABLE core.sensor_state ADD COLUMN repeats integer NOT NULL DEFAULT 0;   -- readings since level_since that changed nothing

-- Messages of the Common Alerting Protocol 1.2, ours and others': the whole message as JSON, and of
-- its first part for people here what lists and maps need. A message is never changed: an update or a
-- cancellation is a message of its own, which ends those it refers to.
CREATE TABLE core.alert (
  LIKE core.record INCLUDING ALL,                -- code: sender,identifier,sent in seconds
  identifier  text NOT NULL,
  sender      text NOT NULL,
  sent_at     timestamptz NOT NULL,
  status      text NOT NULL CHECK (status IN ('Actual', 'Exercise', 'System', 'Test', 'Draft')),
  msg_type    text NOT NULL CHECK (msg_type IN ('Alert', 'Update', 'Cancel', 'Ack', 'Error')),
  scope       text NOT NULL CHECK (scope IN ('Public', 'Restricted', 'Private')),
  categories  text[] NOT NULL DEFAULT '{}',
  event       text,
  urgency     text,
  severity    text,
  certainty   text,
  level       text CHECK (level IN ('blue', 'yellow', 'orange', 'red')),   -- by severity
  onset_at    timestamptz,
  expires_at  timestamptz,
  headline    text,
  description text,
  instruction text,
  area_desc   text,
  refs        text[] NOT NULL DEFAULT '{}',      -- codes of the messages it refers to
  message     jsonb NOT NULL,
  state       text NOT NULL CHECK (state IN ('active', 'updated', 'cancelled', 'kept')),   -- kept: says nothing by itself
  ended_at    timestamptz,
  sensor_id   bigint REFERENCES core.sensor,
  rule        text CHECK (rule IN ('above', 'below')),
  geom        geometry(Geometry, 4490) CHECK (ST_IsValid(geom)),           -- what of its areas lies here
  CHECK ((sensor_id IS NULL) = (rule IS NULL))
);
SELECT core.make_register('core.alert');
CREATE UNIQUE INDEX alert_one_open ON core.alert (sensor_id, rule) WHERE state = 'active' AND sensor_id IS NOT NULL;
CREATE INDEX alert_refs ON core.alert USING gin (refs);
CREATE INDEX alert_active ON core.alert (expires_at) WHERE state = 'active';

-- Whom alerts go to and come from: up the city and province, down the towns, sideways the departments.
CREATE TABLE core.partner (
  LIKE core.record INCLUDING ALL,
  direction      text NOT NULL CHECK (direction IN ('up', 'down', 'sideways')),
  endpoint       text CHECK (endpoint ~ '^https?://[^[:space:]]+$'),   -- where messages are posted; NULL: it fetches them
  token_id       bigint REFERENCES core.api_token,                     -- with which it comes here
  least_level    text NOT NULL DEFAULT 'blue' CHECK (least_level IN ('blue', 'yellow', 'orange', 'red')),
  categories     text[],                                               -- of CAP; NULL: all
  town_codes     text[],                                               -- NULL: all
  takes_internal boolean NOT NULL DEFAULT false,                       -- what is not public, too
  takes_drills   boolean NOT NULL DEFAULT false
);
SELECT core.make_register('core.partner');
CREATE UNIQUE INDEX partner_token ON core.partner (token_id) WHERE valid_to IS NULL;

-- What we show an endpoint to be let in; beside the partner, so that no history keeps it.
CREATE TABLE core.partner_secret (
  partner_id bigint PRIMARY KEY REFERENCES core.partner,
  secret     text NOT NULL CHECK (secret <> '')
);

-- One row a message and partner, made in the transaction of the message. Delivered in order: while the
-- first is pending, the others of that partner wait. sent: fetched, not yet acknowledged.
CREATE TABLE core.outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  partner_id bigint NOT NULL REFERENCES core.partner,
  alert_id   bigint NOT NULL REFERENCES core.alert,
  state      text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'acked', 'failed')),
  attempts   integer NOT NULL DEFAULT 0,
  next_at    timestamptz NOT NULL DEFAULT now(),
  last_error text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  acked_at   timestamptz,
  is_demo    boolean NOT NULL DEFAULT false,
  UNIQUE (partner_id, alert_id)
);
CREATE INDEX outbox_open ON core.outbox (partner_id, id) WHERE state IN ('pending', 'sent');

CREATE TABLE core.exchange_log (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  partner_id bigint NOT NULL REFERENCES core.partner,
  alert_id   bigint REFERENCES core.alert,
  direction  text NOT NULL CHECK (direction IN ('in', 'out')),
  outcome    text NOT NULL CHECK (outcome IN ('received', 'repeated', 'fetched', 'acked', 'retried', 'failed')),
  detail     text,
  actor      text NOT NULL DEFAULT core.actor(),
  is_demo    boolean NOT NULL DEFAULT false
);
CREATE INDEX exchange_log_partner ON core.exchange_log (partner_id, id);
CREATE FUNCTION core.keep_exchange() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.is_demo THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'core.exchange_log is only added to';
END $$;
CREATE TRIGGER exchange_log_kept BEFORE UPDATE OR DELETE ON core.exchange_log
  FOR EACH ROW EXECUTE FUNCTION core.keep_exchange();
