-- The rest of the district's registers: who commands, prevents and rescues, what is dangerous and
-- how it is being mended, what can be counted on. Domain terms: docs/terms.md.

-- ---- the district's day, and what has not been looked at for too long -------------------------

-- Today as the district's clock has it; overdue and stale are told by it.
CREATE FUNCTION core.district_day() RETURNS date LANGUAGE sql STABLE SET search_path = core, public, pg_temp
  AS $$ SELECT (now() AT TIME ZONE coalesce((SELECT d.time_zone FROM core.district d WHERE d.valid_to IS NULL), 'Asia/Shanghai'))::date $$;

-- A record not verified for so many days is stale; `code` is the register's.
CREATE TABLE core.staleness_rule (
  LIKE core.record INCLUDING ALL,
  days        integer NOT NULL CHECK (days > 0),
  is_verified boolean NOT NULL DEFAULT false
);
SELECT core.make_register('core.staleness_rule');

-- What was surveyed before this day is stale; without a rule, nothing that has a day is.
CREATE FUNCTION core.stale_before(register text) RETURNS date LANGUAGE sql STABLE SET search_path = core, public, pg_temp
  AS $$ SELECT coalesce(core.district_day() - (SELECT s.days FROM core.staleness_rule s WHERE s.code = register AND s.valid_to IS NULL), '-infinity') $$;

-- The stricter of two levels of secrecy: what tells of a restricted thing is restricted too.
CREATE FUNCTION core.stricter(one text, other text) RETURNS text LANGUAGE sql IMMUTABLE
  AS $$ SELECT CASE WHEN 'restricted' IN (one, other) THEN 'restricted' WHEN 'internal' IN (one, other) THEN 'internal' ELSE 'public' END $$;

-- A record that names another of its own table (`parent_code`) finds it there, or is refused.
-- A trigger and no foreign key, so that one file may bring both.
CREATE FUNCTION core.check_kin() RETURNS trigger LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  named text := to_jsonb(NEW) ->> TG_ARGV[0];
  is_there boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM core.%I t WHERE t.code = $1 AND t.valid_to IS NULL)', TG_TABLE_NAME)
     INTO is_there USING named;
  IF NOT is_there OR named = NEW.code THEN
    RAISE EXCEPTION '%.% names %, which is not there', TG_TABLE_NAME, TG_ARGV[0], named
      USING ERRCODE = 'check_violation', SCHEMA = 'core', TABLE = TG_TABLE_NAME, COLUMN = TG_ARGV[0],
            CONSTRAINT = TG_TABLE_NAME || '_' || TG_ARGV[0] || '_is_there';
  END IF;
  RETURN NULL;
END $$;

-- Which references of these rows lead nowhere, those to records of their own table included.
CREATE FUNCTION core.missing_references(register text, rows jsonb) RETURNS TABLE (code text, field text, given text)
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
DECLARE
  link record;
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
    RETURN QUERY EXECUTE format($f$
      SELECT j.row ->> 'code', %1$L, j.row ->> %1$L FROM jsonb_array_elements($1) AS j (row)
       WHERE j.row ->> %1$L IS NOT NULL
         AND (j.row ->> %1$L = j.row ->> 'code'
              OR NOT EXISTS (SELECT FROM core.%2$I p WHERE p.code = j.row ->> %1$L AND p.valid_to IS NULL)
                 AND NOT EXISTS (SELECT FROM jsonb_array_elements($1) AS k (row) WHERE k.row ->> 'code' = j.row ->> %1$L))
    $f$, link.field, register) USING rows;
  END LOOP;
END $$;

-- ---- who commands, who prevents, who rescues ---------------------------------------------------

CREATE TABLE core.organisation (
  LIKE core.record INCLUDING ALL,
  kind        text NOT NULL CHECK (kind IN ('government', 'town_government', 'enterprise', 'institution', 'utility', 'hospital', 'social', 'other')),
  parent_code text,
  duty_phone  text,
  leader      text,
  address     text,
  geom        geometry(Point, 4490)
);
SELECT core.make_register('core.organisation');
CREATE TRIGGER organisation_kin AFTER INSERT OR UPDATE OF parent_code ON core.organisation
  FOR EACH ROW WHEN (NEW.parent_code IS NOT NULL) EXECUTE FUNCTION core.check_kin('parent_code');

CREATE TABLE core.command_post (
  LIKE core.record INCLUDING ALL,
  kind         text NOT NULL CHECK (kind IN ('HQ', 'SHQ')),
  hazard_types text[] NOT NULL DEFAULT '{}' CHECK (hazard_types <@ ARRAY[
    'coal_mine', 'other_mine', 'tailings', 'dump', 'hazchem', 'metal_gas', 'city_risk', 'geological', 'other',
    'earthquake', 'forest_fire', 'flood', 'weather', 'work_safety', 'traffic', 'tourism', 'school', 'construction',
    'special_equipment', 'environment', 'public_health', 'market', 'animal_epidemic', 'social_security']::text[]),
  lead_org     text,
  office_org   text,
  commander    text,
  duty_phone   text,
  address      text,
  parent_code  text,
  geom         geometry(Point, 4490)
);
SELECT core.make_register('core.command_post');
CREATE TRIGGER command_post_kin AFTER INSERT OR UPDATE OF parent_code ON core.command_post
  FOR EACH ROW WHEN (NEW.parent_code IS NOT NULL) EXECUTE FUNCTION core.check_kin('parent_code');

-- Who prevents a kind of hazard, and who rescues when it strikes.
CREATE TABLE core.duty_link (
  LIKE core.record INCLUDING ALL,
  organisation_id bigint NOT NULL REFERENCES core.organisation,
  hazard_kind     text NOT NULL CHECK (hazard_kind IN (
    'coal_mine', 'other_mine', 'tailings', 'dump', 'hazchem', 'metal_gas', 'city_risk', 'geological', 'other',
    'earthquake', 'forest_fire', 'flood', 'weather', 'work_safety', 'traffic', 'tourism', 'school', 'construction',
    'special_equipment', 'environment', 'public_health', 'market', 'animal_epidemic', 'social_security')),
  phase           text NOT NULL CHECK (phase IN ('prevent', 'rescue')),
  remark          text
);
CREATE INDEX duty_link_organisation ON core.duty_link (organisation_id);
CREATE UNIQUE INDEX duty_link_is_said_once ON core.duty_link (organisation_id, hazard_kind, phase) WHERE valid_to IS NULL;
SELECT core.make_register('core.duty_link');

CREATE TABLE core.census_round (
  LIKE core.record INCLUDING ALL,
  state     text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'running', 'closed')),
  starts_on date NOT NULL,
  ends_on   date CHECK (ends_on >= starts_on),
  scope     text,
  lead_org  text,
  remark    text
);
SELECT core.make_register('core.census_round');

CREATE TABLE core.drill (
  LIKE core.record INCLUDING ALL,
  kind         text NOT NULL CHECK (kind IN ('tabletop', 'live', 'double_blind')),
  hazard_kind  text NOT NULL CHECK (hazard_kind IN (
    'coal_mine', 'other_mine', 'tailings', 'dump', 'hazchem', 'metal_gas', 'city_risk', 'geological', 'other',
    'earthquake', 'forest_fire', 'flood', 'weather', 'work_safety', 'traffic', 'tourism', 'school', 'construction',
    'special_equipment', 'environment', 'public_health', 'market', 'animal_epidemic', 'social_security')),
  held_on      date NOT NULL,
  lead_org     text,
  participants integer CHECK (participants >= 0),
  plan_doc     text,
  findings     text,
  geom         geometry(Geometry, 4490) CHECK (ST_IsValid(geom))
);
SELECT core.make_register('core.drill');

-- ---- what is dangerous -------------------------------------------------------------------------

-- residents_500m, r_value and major_level: the plant's boundary, GB 18218; worked out, not imported.
ALTER TABLE core.hazard_source
  ADD COLUMN subtype        text CHECK (subtype IN ('high_rise', 'complex', 'tunnel_bridge', 'gas', 'power', 'lift', 'pipe_gallery', 'spoil_ground', 'drainage')),
  ADD COLUMN leader         text,
  ADD COLUMN phone          text,
  ADD COLUMN residents_500m integer CHECK (residents_500m >= 0),
  ADD COLUMN r_value        double precision CHECK (r_value >= 0),
  ADD COLUMN major_level    text CHECK (major_level IN ('1', '2', '3', '4')),
  ADD CONSTRAINT hazard_source_subtype_is_of_city_risk CHECK (subtype IS NULL OR kind = 'city_risk');

CREATE TABLE core.hazard_substance (
  LIKE core.record INCLUDING ALL,
  hazard_source_id bigint NOT NULL REFERENCES core.hazard_source,
  cas_no           text CHECK (cas_no ~ '^[0-9]{2,7}-[0-9]{2}-[0-9]$'),
  danger_class     text CHECK (danger_class IN ('toxic_gas', 'highly_toxic', 'explosive', 'flammable_gas', 'other')),
  beta             double precision CHECK (beta > 0),
  quantity_t       double precision NOT NULL CHECK (quantity_t >= 0),
  critical_t       double precision CHECK (critical_t > 0)
);
CREATE INDEX hazard_substance_source ON core.hazard_substance (hazard_source_id);
SELECT core.make_register('core.hazard_substance');

-- grade and method: those of the newest assessment, kept by its trigger below.
CREATE TABLE core.risk_point (
  LIKE core.record INCLUDING ALL,
  hazard_source_id bigint REFERENCES core.hazard_source,
  accident_types   text[] NOT NULL DEFAULT '{}',
  control_level    text CHECK (control_level IN ('company', 'workshop', 'team', 'post')),
  measures         text,
  responsible      text,
  phone            text,
  grade            text CHECK (grade IN ('red', 'orange', 'yellow', 'blue')),
  method           text,
  assessed_on      date,
  geom             geometry(Point, 4490) NOT NULL
);
CREATE INDEX risk_point_source ON core.risk_point (hazard_source_id);
SELECT core.make_register('core.risk_point');

CREATE TABLE core.risk_assessment (
  LIKE core.record INCLUDING ALL,
  risk_point_id    bigint REFERENCES core.risk_point,
  hazard_source_id bigint REFERENCES core.hazard_source,
  method           text NOT NULL CHECK (method IN ('LEC', 'RAM', 'R', 'SCL', 'JHA', 'FMEA', 'HAZOP')),
  inputs           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(inputs) = 'object'),
  score            double precision CHECK (score >= 0),
  grade            text CHECK (grade IN ('red', 'orange', 'yellow', 'blue')),
  assessed_on      date NOT NULL,
  assessor         text,
  remark           text,
  CONSTRAINT risk_assessment_has_one_subject CHECK (num_nonnulls(risk_point_id, hazard_source_id) = 1)
);
CREATE INDEX risk_assessment_point ON core.risk_assessment (risk_point_id, assessed_on DESC, id DESC);
CREATE INDEX risk_assessment_source ON core.risk_assessment (hazard_source_id, assessed_on DESC, id DESC);
SELECT core.make_register('core.risk_assessment');

-- The newest assessment of a subject is the current one. A hazard source may be graded without one.
CREATE FUNCTION core.apply_assessments() RETURNS trigger LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  UPDATE core.risk_point p
     SET grade = a.grade, method = a.method, assessed_on = a.assessed_on
    FROM (SELECT DISTINCT n.risk_point_id AS id FROM new_rows n) touched
    LEFT JOIN LATERAL (SELECT * FROM core.risk_assessment a
                        WHERE a.risk_point_id = touched.id AND a.valid_to IS NULL
                        ORDER BY a.assessed_on DESC, a.id DESC LIMIT 1) a ON true
   WHERE p.id = touched.id
     AND (p.grade, p.method, p.assessed_on) IS DISTINCT FROM (a.grade, a.method, a.assessed_on);
  UPDATE core.hazard_source h
     SET grade = a.grade
    FROM (SELECT DISTINCT n.hazard_source_id AS id FROM new_rows n) touched
    JOIN LATERAL (SELECT * FROM core.risk_assessment a
                   WHERE a.hazard_source_id = touched.id AND a.valid_to IS NULL
                   ORDER BY a.assessed_on DESC, a.id DESC LIMIT 1) a ON true
   WHERE h.id = touched.id AND a.grade IS NOT NULL AND h.grade IS DISTINCT FROM a.grade;
  RETURN NULL;
END $$;
CREATE TRIGGER risk_assessment_applied AFTER INSERT ON core.risk_assessment REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION core.apply_assessments();
CREATE TRIGGER risk_assessment_reapplied AFTER UPDATE ON core.risk_assessment REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION core.apply_assessments();

-- The ledger of hidden dangers. The five fixings: who, how, by what money, until when, under which plan.
CREATE TABLE core.hidden_danger (
  LIKE core.record INCLUDING ALL,
  level            text NOT NULL CHECK (level IN ('general', 'major')),
  state            text NOT NULL DEFAULT 'found' CHECK (state IN ('found', 'assigned', 'fixing', 'review', 'closed')),
  category         text NOT NULL CHECK (category <> ''),
  found_on         date NOT NULL,
  found_by         text,
  hazard_source_id bigint REFERENCES core.hazard_source,
  description      text,
  responsible      text,
  measures         text,
  funds_cny        double precision CHECK (funds_cny >= 0),
  due_on           date,
  plan_doc         text,
  closed_on        date,
  closed_evidence  text,
  repeat_of        text,
  root_causes      text[] NOT NULL DEFAULT '{}' CHECK (root_causes <@ ARRAY['standard', 'system', 'people', 'management', 'facility']::text[]),
  geom             geometry(Point, 4490),
  place            geometry(Point, 4490),            -- its own, else that of its source: kept by triggers
  CONSTRAINT hidden_danger_due_after_found CHECK (due_on >= found_on),
  CONSTRAINT hidden_danger_closed_on_a_day CHECK ((state = 'closed') = (closed_on IS NOT NULL)),
  CONSTRAINT hidden_danger_closed_after_found CHECK (closed_on >= found_on)
);
CREATE INDEX hidden_danger_source ON core.hidden_danger (hazard_source_id);
CREATE INDEX hidden_danger_category ON core.hidden_danger (category, found_on);
CREATE INDEX hidden_danger_place ON core.hidden_danger USING gist (place);
SELECT core.make_register('core.hidden_danger');
-- A danger without a place of its own is where its source is, and goes with it.
CREATE FUNCTION core.place_danger() RETURNS trigger LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  NEW.place := coalesce(NEW.geom, (SELECT h.geom FROM core.hazard_source h WHERE h.id = NEW.hazard_source_id));
  RETURN NEW;
END $$;
CREATE TRIGGER hidden_danger_placed BEFORE INSERT OR UPDATE ON core.hidden_danger
  FOR EACH ROW EXECUTE FUNCTION core.place_danger();
CREATE FUNCTION core.move_dangers() RETURNS trigger LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
BEGIN
  -- Compared here: a restore makes triggers without PostGIS's operators in its path.
  IF NEW.geom IS NOT DISTINCT FROM OLD.geom THEN RETURN NULL; END IF;
  UPDATE core.hidden_danger d SET place = NEW.geom
   WHERE d.hazard_source_id = NEW.id AND d.geom IS NULL AND d.valid_to IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER hazard_source_moved AFTER UPDATE ON core.hazard_source
  FOR EACH ROW EXECUTE FUNCTION core.move_dangers();
CREATE TRIGGER hidden_danger_kin AFTER INSERT OR UPDATE OF repeat_of ON core.hidden_danger
  FOR EACH ROW WHEN (NEW.repeat_of IS NOT NULL) EXECUTE FUNCTION core.check_kin('repeat_of');

-- What third parties found: published where its secrecy is public.
CREATE TABLE core.assessment_report (
  LIKE core.record INCLUDING ALL,
  hazard_source_id bigint REFERENCES core.hazard_source,
  subject          text NOT NULL CHECK (subject <> ''),
  agency           text NOT NULL CHECK (agency <> ''),
  experts          text,
  grade            text CHECK (grade IN ('red', 'orange', 'yellow', 'blue')),
  reported_on      date NOT NULL,
  summary          text
);
CREATE INDEX assessment_report_source ON core.assessment_report (hazard_source_id);
SELECT core.make_register('core.assessment_report');

CREATE TABLE core.crash_point (
  LIKE core.record INCLUDING ALL,
  occurred_on date NOT NULL,
  deaths      integer NOT NULL DEFAULT 0 CHECK (deaths >= 0),
  injured     integer NOT NULL DEFAULT 0 CHECK (injured >= 0),
  road_code   text,
  at_m        double precision CHECK (at_m >= 0),
  remark      text,
  geom        geometry(Point, 4490) NOT NULL
);
CREATE INDEX crash_point_stake ON core.crash_point (road_code, at_m);
SELECT core.make_register('core.crash_point');

-- ---- water in mines: three specials, two probes, one withdrawal --------------------------------

CREATE INDEX mine_seam_mine ON core.mine_seam (mine_id);

CREATE TABLE core.water_control (
  LIKE core.record INCLUDING ALL,
  mine_id          bigint NOT NULL REFERENCES core.mine,
  technicians      integer NOT NULL CHECK (technicians >= 0),
  team_headcount   integer NOT NULL CHECK (team_headcount >= 0),
  rigs             integer NOT NULL CHECK (rigs >= 0),
  remark           text
);
CREATE INDEX water_control_mine ON core.water_control (mine_id);
SELECT core.make_register('core.water_control');

-- Both probes are needed before a heading goes on: geophysics and drilling.
CREATE TABLE core.heading_probe (
  LIKE core.record INCLUDING ALL,
  mine_id       bigint NOT NULL REFERENCES core.mine,
  heading       text NOT NULL CHECK (heading <> ''),
  geophysics_on date,
  drilling_on   date,
  result        text CHECK (result IN ('clear', 'anomaly', 'water')),
  remark        text
);
CREATE INDEX heading_probe_mine ON core.heading_probe (mine_id);
SELECT core.make_register('core.heading_probe');

CREATE TABLE core.water_withdrawal (
  LIKE core.record INCLUDING ALL,
  mine_id      bigint NOT NULL REFERENCES core.mine,
  withdrawn_at timestamptz NOT NULL,
  sign         text NOT NULL CHECK (sign <> ''),
  place        text,
  people       integer CHECK (people >= 0),
  resumed_at   timestamptz CHECK (resumed_at >= withdrawn_at),
  remark       text
);
CREATE INDEX water_withdrawal_mine ON core.water_withdrawal (mine_id);
SELECT core.make_register('core.water_withdrawal');

-- ---- who and what can be counted on ------------------------------------------------------------

ALTER TABLE core.rescue_team ADD COLUMN on_duty integer CHECK (on_duty >= 0);

-- What a team can do, by type: 1 the most capable. Social teams are graded by line and level.
CREATE TABLE core.team_capability (
  LIKE core.record INCLUDING ALL,
  team_id       bigint NOT NULL REFERENCES core.rescue_team,
  skill         text NOT NULL CHECK (skill <> ''),
  type_no       integer NOT NULL CHECK (type_no BETWEEN 1 AND 4),
  min_headcount integer CHECK (min_headcount >= 0),
  min_equipment text,
  grading_line  text CHECK (grading_line IN ('urban_search', 'rope', 'mountain', 'medical', 'water', 'diving')),
  grading_level integer CHECK (grading_level BETWEEN 1 AND 3),
  CONSTRAINT team_capability_level_of_a_line CHECK ((grading_line IS NULL) = (grading_level IS NULL))
);
CREATE INDEX team_capability_team ON core.team_capability (team_id);
SELECT core.make_register('core.team_capability');

CREATE TABLE core.town_station (
  LIKE core.record INCLUDING ALL,
  tasks     text[] NOT NULL DEFAULT '{}' CHECK (tasks <@ ARRAY['safety_check', 'danger_survey', 'statistics', 'disaster_report', 'fire_prevention', 'rescue_command']::text[]),
  headcount integer CHECK (headcount >= 0),
  leader    text,
  phone     text,
  address   text,
  geom      geometry(Point, 4490) NOT NULL
);
SELECT core.make_register('core.town_station');

CREATE TABLE core.fire_station (
  LIKE core.record INCLUDING ALL,
  status    text NOT NULL CHECK (status IN ('pilot', 'built', 'planned')),
  vehicles  integer CHECK (vehicles >= 0),
  headcount integer CHECK (headcount >= 0),
  leader    text,
  phone     text,
  address   text,
  geom      geometry(Point, 4490) NOT NULL
);
SELECT core.make_register('core.fire_station');

CREATE TABLE core.shelter (
  LIKE core.record INCLUDING ALL,
  kind     text NOT NULL CHECK (kind IN ('outdoor', 'indoor', 'both')),
  capacity integer CHECK (capacity >= 0),
  area_m2  double precision CHECK (area_m2 > 0),
  keeper   text,
  phone    text,
  address  text,
  geom     geometry(Point, 4490) NOT NULL
);
SELECT core.make_register('core.shelter');

-- What can be made in time, by a depot's own works or an enterprise: so much a day, from lead_h on.
CREATE TABLE core.capability_reserve (
  LIKE core.record INCLUDING ALL,
  depot_id        bigint REFERENCES core.depot,
  organisation_id bigint REFERENCES core.organisation,
  item_code       text NOT NULL CHECK (item_code ~ '^[1-3]([0-9]{2}){0,3}$'),   -- GB/T 38565-2020
  per_day         double precision NOT NULL CHECK (per_day > 0),
  unit            text NOT NULL CHECK (unit <> ''),
  lead_h          double precision NOT NULL DEFAULT 0 CHECK (lead_h >= 0),
  CONSTRAINT capability_reserve_has_one_maker CHECK (num_nonnulls(depot_id, organisation_id) = 1)
);
CREATE INDEX capability_reserve_depot ON core.capability_reserve (depot_id);
CREATE INDEX capability_reserve_organisation ON core.capability_reserve (organisation_id);
SELECT core.make_register('core.capability_reserve');

CREATE TABLE core.supply_agreement (
  LIKE core.record INCLUDING ALL,
  organisation_id bigint NOT NULL REFERENCES core.organisation,
  depot_id        bigint REFERENCES core.depot,
  item_code       text NOT NULL CHECK (item_code ~ '^[1-3]([0-9]{2}){0,3}$'),
  quantity        double precision NOT NULL CHECK (quantity > 0),
  unit            text NOT NULL CHECK (unit <> ''),
  agreed_from     date NOT NULL,
  agreed_to       date,
  document        text,
  CONSTRAINT supply_agreement_ends_after_start CHECK (agreed_to >= agreed_from)
);
CREATE INDEX supply_agreement_organisation ON core.supply_agreement (organisation_id);
CREATE INDEX supply_agreement_depot ON core.supply_agreement (depot_id);
SELECT core.make_register('core.supply_agreement');

-- ---- what comes with the service: the district's own from the first change on --------------------

-- 1 + 17 command posts. The district's own list was not found: this is the province's of July 2019, which
-- the district's documents follow; which hazards each commands is our reading of the names.
INSERT INTO core.command_post (code, name, name_en, kind, parent_code, hazard_types, source_doc, created_by, updated_by)
SELECT p.code, p.name, p.name_en, p.kind, p.parent_code, p.hazard_types::text[],
       '山西省“1+17”应急指挥体系（2019年7月）；区级清单未见，险情类型的对应未核实 · Shanxi 1 + 17 command system, July 2019; the district''s own list not seen, its hazards not verified',
       'geoservice', 'geoservice'
  FROM (VALUES
  ('HQ', '应急救援总指挥部', 'Emergency rescue headquarters', 'HQ', NULL, '{}'),
  ('SHQ01', '抗震救灾指挥部', 'Earthquake relief headquarters', 'SHQ', 'HQ', '{earthquake}'),
  ('SHQ02', '森林草原防灭火指挥部', 'Forest and grassland fire headquarters', 'SHQ', 'HQ', '{forest_fire}'),
  ('SHQ03', '防汛抗旱指挥部', 'Flood control and drought relief headquarters', 'SHQ', 'HQ', '{flood}'),
  ('SHQ04', '重大地质灾害应急救援指挥部', 'Major geological disasters headquarters', 'SHQ', 'HQ', '{geological}'),
  ('SHQ05', '重大气象灾害应急救援指挥部', 'Major weather disasters headquarters', 'SHQ', 'HQ', '{weather}'),
  ('SHQ06', '重大生产安全事故应急救援指挥部', 'Major work accidents headquarters', 'SHQ', 'HQ', '{work_safety,other_mine,tailings,dump,hazchem,metal_gas,other}'),
  ('SHQ07', '重大煤矿生产安全事故应急救援指挥部', 'Major coal-mine accidents headquarters', 'SHQ', 'HQ', '{coal_mine}'),
  ('SHQ08', '重大交通事故应急救援指挥部', 'Major traffic accidents headquarters', 'SHQ', 'HQ', '{traffic}'),
  ('SHQ09', '重大文化旅游事故应急救援指挥部', 'Major tourism accidents headquarters', 'SHQ', 'HQ', '{tourism}'),
  ('SHQ10', '重大校园安全事故应急救援指挥部', 'Major school accidents headquarters', 'SHQ', 'HQ', '{school}'),
  ('SHQ11', '重大城乡建设事故应急救援指挥部', 'Major construction accidents headquarters', 'SHQ', 'HQ', '{construction,city_risk}'),
  ('SHQ12', '重大特种设备事故应急救援指挥部', 'Major special-equipment accidents headquarters', 'SHQ', 'HQ', '{special_equipment}'),
  ('SHQ13', '重大生态环境事件应急救援指挥部', 'Major environmental incidents headquarters', 'SHQ', 'HQ', '{environment}'),
  ('SHQ14', '重大公共卫生事件应急救援指挥部', 'Major public-health incidents headquarters', 'SHQ', 'HQ', '{public_health}'),
  ('SHQ15', '重大市场监管事件应急救援指挥部', 'Major market incidents headquarters', 'SHQ', 'HQ', '{market}'),
  ('SHQ16', '重大动物疫情应急救援指挥部', 'Major animal epidemics headquarters', 'SHQ', 'HQ', '{animal_epidemic}'),
  ('SHQ17', '重大社会安全事件应急救援指挥部', 'Major public-security incidents headquarters', 'SHQ', 'HQ', '{social_security}')
  ) p(code, name, name_en, kind, parent_code, hazard_types);

-- After how many days a record counts as stale. No official text was seen: provisional, to be amended.
INSERT INTO core.staleness_rule (code, name, name_en, days, secrecy, source_doc, created_by, updated_by)
SELECT r.code, r.name, r.name_en, r.days, 'internal',
       '暂定参数，未见正式规定（2026年11月） · provisional, no official text seen (November 2026)', 'geoservice', 'geoservice'
  FROM (VALUES
  ('district', '行政区界', 'District', 1825),
  ('towns', '乡镇街道', 'Towns', 1825),
  ('water_bodies', '水系水体', 'Water bodies', 1095),
  ('flood_zones', '淹没区', 'Flood zones', 1095),
  ('mine_water_zones', '矿井水害三区', 'Mine-water zones', 365),
  ('roads', '道路', 'Roads', 730),
  ('dangerous_sections', '危险路段', 'Dangerous sections', 365),
  ('crash_points', '交通事故点', 'Crash points', 1825),
  ('road_closures', '道路封闭', 'Road closures', 30),
  ('drills', '演练', 'Drills', 1825),
  ('mines', '煤矿', 'Mines', 365),
  ('hazard_sources', '危险源', 'Hazard sources', 365),
  ('risk_points', '风险点', 'Risk points', 365),
  ('hidden_dangers', '隐患', 'Hidden dangers', 90),
  ('depots', '物资储备点', 'Depots', 180),
  ('shelters', '避难场所', 'Shelters', 180),
  ('town_stations', '乡镇应急管理站', 'Town stations', 180),
  ('fire_stations', '消防站', 'Fire stations', 180),
  ('rescue_teams', '救援队伍', 'Rescue teams', 180),
  ('organisations', '单位', 'Organisations', 365),
  ('command_posts', '指挥部', 'Command posts', 365),
  ('stock_lots', '物资库存', 'Stock lots', 90),
  ('duty_links', '防救责任', 'Duty links', 365),
  ('census_rounds', '普查轮次', 'Census rounds', 1825),
  ('hazard_substances', '危险物质', 'Hazardous substances', 365),
  ('risk_assessments', '风险评估', 'Risk assessments', 365),
  ('assessment_reports', '第三方评估报告', 'Assessment reports', 365),
  ('team_capabilities', '队伍能力', 'Team capabilities', 180),
  ('capability_reserves', '能力储备', 'Capability reserves', 365),
  ('supply_agreements', '供应协议', 'Supply agreements', 365),
  ('mine_seams', '煤层', 'Mine seams', 365),
  ('water_controls', '防治水三专', 'Water control', 365),
  ('heading_probes', '掘进两探', 'Heading probes', 365),
  ('water_withdrawals', '透水撤人', 'Withdrawals', 1825),
  ('sensors', '监测传感器', 'Sensors', 180),
  ('sensor_thresholds', '监测阈值', 'Sensor thresholds', 365)
  ) r(code, name, name_en, days);

-- How many records on the map are real, retired ones too. What came with the service and was never
-- touched is not the district's yet.
CREATE OR REPLACE FUNCTION core.real_records() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
DECLARE
  marked text;
  here bigint;
  total bigint := 0;
BEGIN
  FOR marked IN SELECT t.name FROM core.demo_tables() t WHERE t.has_geom LOOP
    EXECUTE format('SELECT count(*) FROM core.%I WHERE NOT is_demo', marked)
         || CASE WHEN marked = 'command_post' THEN ' AND NOT (created_by = ''geoservice'' AND version = 1)' ELSE '' END
       INTO here;
    total := total + here;
  END LOOP;
  RETURN total;
END $$;

-- How many demonstration rows each table has.
CREATE FUNCTION core.demo_counts() RETURNS TABLE (table_name text, row_count bigint)
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
BEGIN
  FOR table_name IN SELECT t.name FROM core.demo_tables() t ORDER BY 1 LOOP
    EXECUTE format('SELECT count(*) FROM core.%I WHERE is_demo', table_name) INTO row_count;
    RETURN NEXT;
  END LOOP;
END $$;
