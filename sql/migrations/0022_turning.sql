-- What changes without anybody writing it, or without a trace until now.

-- The last reading of a sensor is part of what is published of it: `since=` finds it by its transaction.
ALTER TABLE core.sensor_state ADD COLUMN changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE FUNCTION core.date_sensor_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_xid := pg_current_xact_id();
  RETURN NEW;
END $$;
CREATE TRIGGER sensor_state_dated BEFORE UPDATE ON core.sensor_state
  FOR EACH ROW EXECUTE FUNCTION core.date_sensor_state();

-- An alert whose time is over says so itself, wherever it is looked up.
ALTER TABLE core.alert DROP CONSTRAINT alert_state_check;
ALTER TABLE core.alert ADD CONSTRAINT alert_state_check
  CHECK (state IN ('active', 'updated', 'cancelled', 'expired', 'kept'));
UPDATE core.alert SET state = 'expired', ended_at = expires_at
 WHERE state = 'active' AND valid_to IS NULL AND expires_at <= now();
