-- Versions of the mine-water zones: by which rules, from what, by whom; from approval on they stand.
-- And one way of jobs: what takes long is done beside the request, told as it goes, and can be stopped.

-- ---- jobs --------------------------------------------------------------------------------------

-- Work of the service's own; files on their way in are core.import_job. Whoever does a job holds the
-- lock (7140426, no) of its session, which ends with the process however that ends.
CREATE TABLE core.job (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  no         integer GENERATED ALWAYS AS IDENTITY UNIQUE,
  kind       text NOT NULL CHECK (kind <> ''),
  asked      jsonb NOT NULL DEFAULT '{}',
  state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed', 'stopped')),
  is_to_stop boolean NOT NULL DEFAULT false,
  result     jsonb,
  problem    jsonb,                                     -- why it failed, en and zh
  created_by text NOT NULL DEFAULT core.actor(),
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at   timestamptz
);
CREATE INDEX job_open ON core.job (kind, created_at) WHERE state IN ('waiting', 'running');

-- How far a job of either kind is; its steps are of its kind.
ALTER TABLE core.import_progress RENAME TO job_progress;
ALTER TABLE core.job_progress DROP CONSTRAINT import_progress_step_check;
ALTER INDEX core.import_progress_pkey RENAME TO job_progress_pkey;

-- ---- rule sets: a changed one is a new one -----------------------------------------------------

ALTER TABLE core.zone_ruleset ADD COLUMN no integer NOT NULL DEFAULT 1 CHECK (no > 0);
ALTER TABLE core.zone_ruleset ADD CONSTRAINT zone_ruleset_is_numbered UNIQUE (code, no);

-- What others rest on is not rewritten: it ends, and another takes its place.
CREATE FUNCTION core.guard_standing() RETURNS trigger
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  moving text[] := ARRAY['valid_to', 'version', 'updated_by', 'updated_at', 'changed_xid'];
BEGIN
  IF (to_jsonb(OLD) - moving) IS DISTINCT FROM (to_jsonb(NEW) - moving) THEN
    PERFORM core.refuse(format('%s is not edited: a new version takes its place', OLD.code),
                        format('%s 不可修改：请另立新版', OLD.code), 'code');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER zone_ruleset_stands BEFORE UPDATE ON core.zone_ruleset
  FOR EACH ROW EXECUTE FUNCTION core.guard_standing();

-- ---- versions ----------------------------------------------------------------------------------

ALTER TABLE core.zone_version
  ADD COLUMN drawn_by        text[] NOT NULL DEFAULT '{}',  -- everybody who derived or drew it, by account
  ADD COLUMN submitted_by    text,
  ADD COLUMN submitted_at    timestamptz,
  ADD COLUMN return_reason   text,                          -- why it last went back to its drawers
  ADD COLUMN checked_by      text,
  ADD COLUMN checked_at      timestamptz,
  ADD COLUMN approved_by     text,                          -- who recorded the mine's approval
  ADD COLUMN approved_at     timestamptz,
  ADD COLUMN approval_doc    text,                          -- number of the signed document
  ADD COLUMN approval_signer text,                          -- the mining company's chief engineer
  ADD COLUMN approval_on     date,
  ADD COLUMN approval_sha256 text CHECK (approval_sha256 ~ '^[0-9a-f]{64}$'),
  ADD COLUMN filed_by        text,
  ADD COLUMN filed_at        timestamptz,
  ADD COLUMN enforced_by     text,
  ADD COLUMN enforced_at     timestamptz,
  ADD COLUMN ended_by        text,                          -- superseded or revoked
  ADD COLUMN ended_at        timestamptz,
  ADD COLUMN end_reason      text,
  ADD COLUMN parameters      jsonb NOT NULL DEFAULT '{}',   -- as used: value, unit, source, is_verified
  ADD COLUMN inputs          jsonb NOT NULL DEFAULT '[]',   -- what it was derived from
  ADD COLUMN notes           jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN geos_version    text,                          -- geom_hash holds for one of these
  ADD COLUMN zones_hash      text,                          -- of the zones as stored, overrides included
  ADD COLUMN mine_area_m2    double precision CHECK (mine_area_m2 > 0);

-- Which state follows which; `zoning/machine.py` names the steps.
CREATE FUNCTION core.zone_steps() RETURNS TABLE (from_state text, to_state text) LANGUAGE sql IMMUTABLE AS $$
  VALUES ('draft', 'submitted'), ('submitted', 'draft'), ('checked', 'draft'), ('submitted', 'checked'),
         ('checked', 'approved'), ('approved', 'filed'), ('filed', 'effective'), ('effective', 'superseded'),
         ('draft', 'revoked'), ('submitted', 'revoked'), ('checked', 'revoked'), ('approved', 'revoked'),
         ('filed', 'revoked'), ('effective', 'revoked')
$$;

-- A version begins as a draft, moves by these steps, and from approval on nothing but its state
-- changes. Nobody checks or approves what they drew.
CREATE FUNCTION core.guard_zone_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  moving text[] := ARRAY['state', 'effective', 'filed_by', 'filed_at', 'enforced_by', 'enforced_at', 'ended_by',
                         'ended_at', 'end_reason', 'version', 'updated_by', 'updated_at', 'changed_xid'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      PERFORM core.refuse('a zone version begins as a draft', '分区版本须从草案开始', 'state');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state NOT IN ('draft', 'submitted', 'checked')
     AND (to_jsonb(OLD) - moving) IS DISTINCT FROM (to_jsonb(NEW) - moving) THEN
    PERFORM core.refuse(format('%s is %s: it is not changed any more', OLD.code, OLD.state),
                        format('%s 已批准或已终止，不可修改', OLD.code), 'state');
  END IF;
  IF NEW.state = OLD.state THEN RETURN NEW; END IF;
  IF NOT EXISTS (SELECT FROM core.zone_steps() s WHERE (s.from_state, s.to_state) = (OLD.state, NEW.state)) THEN
    PERFORM core.refuse(format('%s is %s: it does not become %s', OLD.code, OLD.state, NEW.state),
                        format('%s 当前状态为 %s，不能变为 %s', OLD.code, OLD.state, NEW.state), 'state');
  END IF;
  IF NEW.state IN ('checked', 'approved', 'filed', 'effective') AND core.actor() = ANY (NEW.drawn_by) THEN
    PERFORM core.refuse(format('%s was drawn by %s, who does not make it %s', OLD.code, core.actor(), NEW.state),
                        format('%s 由 %s 编制，不能由本人审查、批准或施行', OLD.code, core.actor()), 'state');
  END IF;
  IF NEW.state = 'approved'
     AND (NEW.approval_doc IS NULL OR NEW.approval_signer IS NULL OR NEW.approval_on IS NULL) THEN
    PERFORM core.refuse('an approval has the number, the signer and the date of the signed document',
                        '批准须有签批文件的文号、签批人与日期', 'approval_doc');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER zone_version_guarded BEFORE INSERT OR UPDATE ON core.zone_version
  FOR EACH ROW EXECUTE FUNCTION core.guard_zone_version();

-- ---- what a version consists of ----------------------------------------------------------------

-- The derived cells: the smallest areas that the mine and all evidence cut out, exactly a coverage.
-- Written once with the version and never changed; overrides are beside them.
CREATE TABLE core.zone_cell (
  zone_version_id bigint NOT NULL REFERENCES core.zone_version ON DELETE CASCADE,   -- demonstration ones only go
  no              integer NOT NULL CHECK (no > 0),
  zone            text NOT NULL CHECK (zone IN ('workable', 'slow_mining', 'no_mining')),
  rules           text[] NOT NULL CHECK (cardinality(rules) > 0),
  evidence        integer[] NOT NULL,                   -- numbers of the evidence that covers it
  water_hazards   text[] NOT NULL DEFAULT '{}',
  area_m2         double precision NOT NULL CHECK (area_m2 >= 0),
  geom            geometry(Polygon, 4490) NOT NULL,
  PRIMARY KEY (zone_version_id, no)
);
SELECT core.guard_geometry('core.zone_cell');

-- Why: a rule's shape, the zone it asks for, from which inputs by which parameters.
CREATE TABLE core.zone_evidence (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  zone_version_id bigint NOT NULL REFERENCES core.zone_version ON DELETE CASCADE,
  no              integer NOT NULL CHECK (no > 0),
  rule            text NOT NULL,
  zone            text NOT NULL CHECK (zone IN ('workable', 'slow_mining', 'no_mining')),
  domain          text CHECK (domain IN ('surface', 'roof', 'floor', 'goaf')),
  reason_zh       text NOT NULL CHECK (reason_zh <> ''),
  reason_en       text NOT NULL CHECK (reason_en <> ''),
  inputs          jsonb NOT NULL DEFAULT '[]',
  parameters      jsonb NOT NULL DEFAULT '{}',
  geom            geometry(MultiPolygon, 4490) NOT NULL,
  UNIQUE (zone_version_id, no)
);
SELECT core.guard_geometry('core.zone_evidence');

-- A report, approved by the mining company's chief engineer, that a place is safe enough for a lower zone.
CREATE TABLE core.zone_conversion (
  LIKE core.record INCLUDING ALL,                       -- code: number of the report; source_doc: the document
  mine_id      bigint NOT NULL REFERENCES core.mine,
  mine_seam_id bigint NOT NULL,
  from_zone    text NOT NULL,
  to_zone      text NOT NULL,
  signer       text NOT NULL CHECK (signer <> ''),
  approved_on  date NOT NULL,
  sha256       text CHECK (sha256 ~ '^[0-9a-f]{64}$'),  -- of the document
  geom         geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom)),
  FOREIGN KEY (mine_id, mine_seam_id) REFERENCES core.mine_seam (mine_id, id),
  CONSTRAINT zone_conversion_lowers CHECK ((from_zone, to_zone) IN (
    ('no_mining', 'slow_mining'), ('no_mining', 'workable'), ('slow_mining', 'workable')))
);
SELECT core.make_register('core.zone_conversion');
CREATE TRIGGER zone_conversion_stands BEFORE UPDATE ON core.zone_conversion
  FOR EACH ROW EXECUTE FUNCTION core.guard_standing();

-- A planner's word on a place (rule M1): higher for a reason, lower by an approved conversion.
CREATE TABLE core.zone_override (
  LIKE core.record INCLUDING ALL,
  zone_version_id    bigint NOT NULL REFERENCES core.zone_version,
  zone               text NOT NULL CHECK (zone IN ('workable', 'slow_mining', 'no_mining')),
  reason             text NOT NULL CHECK (reason <> ''),
  zone_conversion_id bigint REFERENCES core.zone_conversion,
  geom               geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom))
);
CREATE INDEX zone_override_version ON core.zone_override (zone_version_id) WHERE valid_to IS NULL;
SELECT core.make_register('core.zone_override');

-- Parts of a version are written while it is a draft, and at no other time, whoever writes.
CREATE FUNCTION core.guard_zone_parts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
DECLARE
  standing core.zone_version;
BEGIN
  SELECT v.* INTO standing FROM core.zone_version v
   WHERE v.id IN (SELECT t.zone_version_id FROM touched t) AND v.state <> 'draft'
     AND NOT (TG_OP = 'DELETE' AND v.is_demo)
   LIMIT 1;
  IF FOUND THEN
    PERFORM core.refuse(format('%s is %s: its parts are changed in a draft only', standing.code, standing.state),
                        format('%s 已非草案，其分区不可修改', standing.code), 'state');
  END IF;
  RETURN NULL;
END $$;
DO $$
DECLARE
  part text;
BEGIN
  FOREACH part IN ARRAY ARRAY['zone_cell', 'zone_evidence', 'zone_polygon', 'zone_override'] LOOP
    EXECUTE format('CREATE TRIGGER %1$s_added AFTER INSERT ON core.%1$I REFERENCING NEW TABLE AS touched'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION core.guard_zone_parts()', part);
    EXECUTE format('CREATE TRIGGER %1$s_moved_from AFTER UPDATE ON core.%1$I REFERENCING OLD TABLE AS touched'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION core.guard_zone_parts()', part);
    EXECUTE format('CREATE TRIGGER %1$s_moved_to AFTER UPDATE ON core.%1$I REFERENCING NEW TABLE AS touched'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION core.guard_zone_parts()', part);
    EXECUTE format('CREATE TRIGGER %1$s_removed AFTER DELETE ON core.%1$I REFERENCING OLD TABLE AS touched'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION core.guard_zone_parts()', part);
  END LOOP;
END $$;
