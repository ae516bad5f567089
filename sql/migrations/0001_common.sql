-- What every table shares: the common columns, who did it, and the service envelope.

-- Who acts: set for each transaction by the service (app.actor), else the database user.
CREATE FUNCTION core.actor() RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT coalesce(nullif(current_setting('app.actor', true), ''), session_user::text) $$;

-- The common columns. Never filled: tables are made LIKE it.
CREATE TABLE core.record (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  uid         uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  code        text NOT NULL CHECK (code <> ''),
  name        text NOT NULL CHECK (name <> ''),
  name_en     text,
  org         text,
  town_code   text CHECK (town_code ~ '^[0-9]{9}$'),      -- GB/T 2260 county + GB/T 10114 town
  secrecy     text NOT NULL DEFAULT 'internal' CHECK (secrecy IN ('public', 'internal', 'restricted')),
  source_doc  text NOT NULL CHECK (source_doc <> ''),
  surveyed_on date,
  valid_from  timestamptz NOT NULL DEFAULT now(),
  valid_to    timestamptz CHECK (valid_to >= valid_from),  -- retired then; NULL: current
  version     integer NOT NULL DEFAULT 1,
  is_demo     boolean NOT NULL DEFAULT false,
  created_by  text NOT NULL DEFAULT core.actor(),
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_by  text NOT NULL DEFAULT core.actor(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX record_current_code ON core.record (code) WHERE valid_to IS NULL;

CREATE FUNCTION core.amend_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.updated_by := core.actor();
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;

-- One district is one database: the current row is the district, and its envelope
-- (boundary + 20 km) bounds every other geometry.
CREATE TABLE core.district (
  LIKE core.record INCLUDING ALL,
  time_zone text NOT NULL DEFAULT 'Asia/Shanghai' CHECK (time_zone <> ''),  -- IANA name: times are shown in it
  envelope  geometry(Polygon, 4490) NOT NULL,
  geom      geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom))
);
CREATE UNIQUE INDEX district_is_one ON core.district ((true)) WHERE valid_to IS NULL;
CREATE INDEX district_geom_idx ON core.district USING gist (geom);
CREATE TRIGGER district_amended BEFORE UPDATE ON core.district
  FOR EACH ROW EXECUTE FUNCTION core.amend_record();

CREATE FUNCTION core.envelope() RETURNS geometry LANGUAGE sql STABLE
  AS $$ SELECT envelope FROM core.district WHERE valid_to IS NULL $$;

-- Give a table its spatial index and the CHECK that keeps its shapes in the envelope. Without
-- a district nothing fits. The CHECK also catches swapped axes and metres stored as degrees.
CREATE FUNCTION core.guard_geometry(guarded regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
DECLARE
  bare text := (SELECT relname FROM pg_class WHERE oid = guarded);
  rule text := CASE WHEN core.envelope() IS NULL THEN 'geom IS NULL'
                    ELSE format('geom @ %L::geometry', ST_AsEWKT(core.envelope())) END;
BEGIN
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %s USING gist (geom)', bare || '_geom_idx', guarded);
  EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', guarded, bare || '_geom_in_envelope');
  EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (%s)', guarded, bare || '_geom_in_envelope', rule);
END $$;

-- Write the envelope anew into every table that has one (after `load boundary`).
CREATE FUNCTION core.guard_all_geometry() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
DECLARE
  guarded regclass;
BEGIN
  FOR guarded IN
    SELECT conrelid::regclass FROM pg_constraint
     WHERE conname LIKE '%\_geom\_in\_envelope' AND connamespace = 'core'::regnamespace
     ORDER BY 1
  LOOP
    PERFORM core.guard_geometry(guarded);
  END LOOP;
END $$;

-- A register: the common columns are there already; add what makes it one.
CREATE FUNCTION core.make_register(register regclass) RETURNS void
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  bare text := (SELECT relname FROM pg_class WHERE oid = register);
BEGIN
  EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION core.amend_record()',
                 bare || '_amended', register);
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = register AND attname = 'geom') THEN
    PERFORM core.guard_geometry(register);
  END IF;
END $$;
