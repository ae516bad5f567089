-- Incidents: what happened where, how bad it is, what it needs, and which command post answers for it.

CREATE SEQUENCE core.incident_no;
-- Numbered by the day of the district on which it was put down: 20261125-0007.
CREATE FUNCTION core.incident_code() RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = core, public, pg_temp
  AS $$ SELECT to_char(core.district_day(), 'YYYYMMDD') || '-' || to_char(nextval('core.incident_no'), 'FM99990000') $$;

-- Who commands an incident of this kind and must confirm what is ordered for it: the special post
-- that names the kind (one that another special post has below it comes after it), else the
-- headquarters; NULL when there is neither.
CREATE FUNCTION core.command_post_of(hazard text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT p.id
    FROM core.command_post p
    LEFT JOIN core.command_post u ON u.code = p.parent_code AND u.valid_to IS NULL
   WHERE p.valid_to IS NULL AND (hazard = ANY (p.hazard_types) OR p.kind = 'HQ')
   ORDER BY hazard = ANY (p.hazard_types) DESC, u.kind IS NOT DISTINCT FROM 'SHQ', p.code
   LIMIT 1
$$;

-- The town in whose area a place lies, if the areas are known.
CREATE FUNCTION core.town_at(place geometry) RETURNS text LANGUAGE sql STABLE SET search_path = core, public, pg_temp
  AS $$ SELECT t.code FROM core.town t WHERE t.valid_to IS NULL AND ST_Covers(t.geom, place) ORDER BY t.code LIMIT 1 $$;

CREATE TABLE core.incident (
  LIKE core.record INCLUDING ALL,
  kind            text NOT NULL CHECK (kind IN (
    'coal_mine', 'other_mine', 'tailings', 'dump', 'hazchem', 'metal_gas', 'city_risk', 'geological', 'other',
    'earthquake', 'forest_fire', 'flood', 'weather', 'work_safety', 'traffic', 'tourism', 'school', 'construction',
    'special_equipment', 'environment', 'public_health', 'market', 'animal_epidemic', 'social_security')),
  level           smallint NOT NULL CHECK (level BETWEEN 1 AND 4),      -- 1 特别重大 … 4 一般
  is_drill        boolean NOT NULL DEFAULT false,
  state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  reported_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  reporter        text,
  phone           text,
  description     text,
  command_post_id bigint REFERENCES core.command_post,                  -- follows the kind
  closed_at       timestamptz,
  closed_by       text,
  geom            geometry(Point, 4490) NOT NULL,
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
ALTER TABLE core.incident ALTER COLUMN code SET DEFAULT core.incident_code();
SELECT core.make_register('core.incident');
CREATE INDEX incident_open ON core.incident (id) WHERE state = 'open';

CREATE FUNCTION core.complete_incident() RETURNS trigger
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.kind <> OLD.kind THEN
    NEW.command_post_id := core.command_post_of(NEW.kind);
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.is_drill <> OLD.is_drill THEN
    PERFORM core.refuse('a drill stays a drill, and an incident an incident', '演练与实战事件不能互换', 'is_drill');
  END IF;
  IF NEW.state = 'closed' AND NEW.closed_at IS NULL THEN
    NEW.closed_at := clock_timestamp();
    NEW.closed_by := core.actor();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER incident_completed BEFORE INSERT OR UPDATE ON core.incident
  FOR EACH ROW EXECUTE FUNCTION core.complete_incident();

-- What an incident needs: goods by code (GB/T 38565), or teams by skill.
CREATE TABLE core.incident_need (
  incident_id bigint NOT NULL REFERENCES core.incident ON DELETE CASCADE,   -- demonstration ones only go
  no          integer NOT NULL CHECK (no > 0),
  item_code   text CHECK (item_code ~ '^[1-3]([0-9]{2}){0,3}$'),
  quantity    numeric CHECK (quantity > 0 AND quantity <= 1e9),
  unit        text,
  deadline_at timestamptz,
  weight      double precision NOT NULL DEFAULT 1 CHECK (weight > 0 AND weight <= 1000),
  skill       text,
  type_no     integer CHECK (type_no BETWEEN 1 AND 4),
  number      integer CHECK (number BETWEEN 1 AND 1000),
  PRIMARY KEY (incident_id, no),
  CHECK ((item_code IS NULL) = (quantity IS NULL) AND (skill IS NULL) = (number IS NULL)
         AND (item_code IS NULL) <> (skill IS NULL))
);

-- The needs of an incident as JSON, in order.
CREATE FUNCTION core.needs_of(of_incident bigint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT coalesce(jsonb_agg(to_jsonb(n) - 'incident_id' ORDER BY n.no), '[]') FROM core.incident_need n WHERE n.incident_id = $1
$$;

-- Say anew what an incident needs; what it needed before stays in the audit.
CREATE FUNCTION core.set_needs(of_incident bigint, needs jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
DECLARE
  before jsonb := core.needs_of(of_incident);
BEGIN
  DELETE FROM core.incident_need n WHERE n.incident_id = of_incident;
  INSERT INTO core.incident_need (incident_id, no, item_code, quantity, unit, deadline_at, weight, skill, type_no, number)
  SELECT of_incident, j.no, r.item_code, r.quantity, r.unit, r.deadline_at, coalesce(r.weight, 1), r.skill, r.type_no, r.number
    FROM jsonb_array_elements(needs) WITH ORDINALITY AS j (need, no),
         jsonb_populate_record(NULL::core.incident_need, j.need) r;
  IF before IS DISTINCT FROM core.needs_of(of_incident) THEN
    PERFORM core.note_event('amend', 'incident', of_incident, (SELECT i.code FROM core.incident i WHERE i.id = of_incident),
                            jsonb_build_object('needs', jsonb_build_array(before, core.needs_of(of_incident))), 'done');
  END IF;
  RETURN jsonb_array_length(needs);
END $$;
REVOKE EXECUTE ON FUNCTION core.set_needs(bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.set_needs(bigint, jsonb) TO geoservice_app;
