-- Files on their way into a register, row by row, and records that are not in it yet.

CREATE TABLE core.import_job (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  register    text NOT NULL,
  file_name   text NOT NULL,                            -- as its owner calls it; never a path of ours
  file_bytes  bigint NOT NULL DEFAULT 0,
  spool       text,                                     -- name of the kept file; NULL: there is none
  state       text NOT NULL DEFAULT 'reading' CHECK (state IN ('reading', 'staged', 'failed', 'applied')),
  options     jsonb NOT NULL DEFAULT '{}',              -- what was said of the file
  found       jsonb NOT NULL DEFAULT '{}',              -- what it is: form, encoding, datum, columns, notes
  problem     jsonb,                                    -- why it failed, en and zh
  result      jsonb,                                    -- what applying answered: a repeated post answers it again
  created_by  text NOT NULL DEFAULT core.actor(),
  created_at  timestamptz NOT NULL DEFAULT now(),
  applied_by  text,
  applied_at  timestamptz
);
CREATE INDEX import_job_of ON core.import_job (created_by, created_at);

-- How far a job is; written by a connection of its own, while the job's own transaction is open.
CREATE TABLE core.import_progress (
  job_id  uuid PRIMARY KEY,
  step    text NOT NULL CHECK (step IN ('reading', 'checking', 'applying')),
  done    integer NOT NULL,
  total   integer NOT NULL,
  told_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE core.import_row (
  job_id     uuid NOT NULL REFERENCES core.import_job ON DELETE CASCADE,
  row        integer NOT NULL,                          -- as its reader sees it: a heading is row 1
  state      text NOT NULL CHECK (state IN ('ok', 'amend', 'unchanged', 'refused', 'aside', 'duplicate')),
  code       text,
  cells      jsonb NOT NULL,                            -- as the file has them, in the order of found.headings
  record     jsonb NOT NULL,                            -- as core.store takes it; of a refused row what could be read
  given      text[] NOT NULL,                           -- fields that the file has
  reasons    jsonb NOT NULL DEFAULT '[]',
  match_code text,                                      -- the record that stands and is meant, or may be
  match_version integer,
  match_m    double precision,                          -- how far it is
  decision   text CHECK (decision IN ('merge', 'new', 'skip')),
  outcome    text CHECK (outcome IN ('inserted', 'amended', 'unchanged', 'skipped', 'drafted', 'refused', 'conflict')),
  PRIMARY KEY (job_id, row)
);
CREATE INDEX import_row_code ON core.import_row (job_id, code);

-- Which heading fills which field, as said once for a set of headings: the next file maps itself.
CREATE TABLE core.column_memory (
  register text NOT NULL,
  headings text NOT NULL,
  columns  jsonb NOT NULL,
  said_by  text NOT NULL DEFAULT core.actor(),
  said_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (register, headings)
);

-- A record before it is one: drawn, typed, or a row of a file that has no place yet.
CREATE TABLE core.census_record (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  round_code   text,
  register     text NOT NULL,
  record_id    bigint,                                  -- NULL: a new record
  base_version integer,                                 -- the version that was looked at
  body         jsonb NOT NULL,                          -- fields by name, as /registry/{register} takes them
  geometry     jsonb,                                   -- GeoJSON in CGCS2000, or null
  town_code    text,
  state        text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'checked', 'merged', 'rejected')),
  reason       text,
  job_id       uuid,
  job_row      integer,
  version      integer NOT NULL DEFAULT 1,
  created_by   text NOT NULL DEFAULT core.actor(),
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_by   text NOT NULL DEFAULT core.actor(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  CHECK ((record_id IS NULL) = (base_version IS NULL))
);
CREATE INDEX census_record_open ON core.census_record (register, created_at) WHERE state IN ('draft', 'checked');

-- The current records of some codes, not locked: what a file is compared with.
CREATE FUNCTION core.standing_now(register text, codes text[]) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT to_jsonb(x) FROM (SELECT %s FROM core.%I t WHERE t.valid_to IS NULL AND t.code = ANY ($1)) x',
    core.fields_of(register), register) USING codes;
END $$;

-- Where every current record of a register is, for finding the same one under another code.
CREATE FUNCTION core.places_of(register text)
  RETURNS TABLE (code text, name text, version integer, lon double precision, lat double precision)
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
BEGIN
  RETURN QUERY EXECUTE format($f$
    SELECT t.code, t.name, t.version, ST_X(p.at), ST_Y(p.at)
      FROM core.%I t, LATERAL (SELECT CASE WHEN ST_GeometryType(t.geom) = 'ST_Point' THEN t.geom ELSE ST_Centroid(t.geom) END) p (at)
     WHERE t.valid_to IS NULL AND t.geom IS NOT NULL $f$, register);
END $$;

-- Rows of a job that are to be written, but whose record is not the one that was compared: it was
-- changed, retired or added meanwhile. The records that stand are locked.
CREATE FUNCTION core.import_conflicts(job uuid, register text) RETURNS SETOF integer
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  EXECUTE format($f$
    SELECT FROM core.%I t JOIN core.import_row r ON r.code = t.code
     WHERE r.job_id = $1 AND r.outcome IS NULL AND t.valid_to IS NULL ORDER BY t.code FOR UPDATE OF t $f$, register) USING job;
  RETURN QUERY EXECUTE format($f$
    SELECT r.row FROM core.import_row r LEFT JOIN core.%I t ON t.code = r.code AND t.valid_to IS NULL
     WHERE r.job_id = $1 AND r.outcome IS NULL AND t.version IS DISTINCT FROM r.match_version
     ORDER BY r.row $f$, register) USING job;
END $$;
