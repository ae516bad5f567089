-- What the three zones of a seam are derived from: licence, water, structures, boreholes, areas with their
-- documents, shafts, headings, rasters. Names are those of geoservice/minewater/inputs.py; what is not
-- known stays NULL and is never guessed. Domain terms: docs/terms.md.

-- ---- the seam, and how it is worked -----------------------------------------------------------

ALTER TABLE core.mine_seam
  ADD COLUMN mining_height_m    double precision CHECK (mining_height_m > 0 AND mining_height_m < 200),  -- all slices together
  ADD COLUMN slices             integer CHECK (slices BETWEEN 1 AND 50),
  ADD COLUMN mining_method      text CHECK (mining_method IN ('layered', 'thick_cut')),
  ADD COLUMN stage_height_m     double precision CHECK (stage_height_m > 0 AND stage_height_m < 1000),
  ADD COLUMN fracture_height_m  double precision CHECK (fracture_height_m > 0 AND fracture_height_m < 1000),  -- measured here
  ADD COLUMN floor_damage_m     double precision CHECK (floor_damage_m > 0 AND floor_damage_m < 500),
  ADD COLUMN coal_tensile_mpa   double precision CHECK (coal_tensile_mpa > 0 AND coal_tensile_mpa < 50),
  ADD COLUMN movement_deg       double precision CHECK (movement_deg > 0 AND movement_deg < 90),
  -- Where the head counts: at the base of the aquiclude or at the floor of the seam; it changes zones.
  ADD COLUMN pressure_datum     text CHECK (pressure_datum IN ('aquiclude_base', 'floor'));

-- ---- the licence ------------------------------------------------------------------------------

-- The area a mine may work in. Its area is checked in the plane of its corner table: Gauss-Krueger zones
-- of 3 or of 6 degrees differ by more than the tolerance.
CREATE TABLE core.mine_licence (
  LIKE core.record INCLUDING ALL,
  mine_id        bigint NOT NULL REFERENCES core.mine,
  zone_width_deg integer NOT NULL DEFAULT 3 CHECK (zone_width_deg IN (3, 6)),
  remark         text,
  geom           geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom))
);
CREATE UNIQUE INDEX mine_licence_is_one_a_mine ON core.mine_licence (mine_id) WHERE valid_to IS NULL;
SELECT core.make_register('core.mine_licence');
INSERT INTO core.mine_licence (code, name, name_en, org, town_code, secrecy, source_doc, surveyed_on, is_demo, mine_id, geom)
SELECT m.code, m.name, m.name_en, m.org, m.town_code, m.secrecy, m.source_doc, m.surveyed_on, m.is_demo, m.id, m.licence_geom
  FROM core.mine m WHERE m.licence_geom IS NOT NULL AND m.valid_to IS NULL;
ALTER TABLE core.mine DROP COLUMN licence_geom;

-- ---- water on the ground and in old workings --------------------------------------------------

-- Goaf: `edge` NULL is not known, which counts as suspected; without a seam it counts for every seam.
ALTER TABLE core.water_body
  ADD COLUMN mine_seam_id bigint REFERENCES core.mine_seam,
  ADD COLUMN edge         text CHECK (edge IN ('sure', 'inferred', 'drawings', 'suspected')),
  ADD COLUMN level_m      double precision CHECK (level_m BETWEEN -2000 AND 9000),
  ADD COLUMN floor_m      double precision CHECK (floor_m BETWEEN -2000 AND 9000),
  ADD COLUMN height_datum text CHECK (height_datum IN ('1985', '1956', 'EGM96', 'local')),
  ADD COLUMN volume_m3    double precision CHECK (volume_m3 >= 0),
  ADD COLUMN pressure_mpa double precision CHECK (pressure_mpa >= 0 AND pressure_mpa < 30),
  ADD COLUMN is_drained   boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT water_body_of_a_goaf CHECK (kind = 'goaf' OR NOT is_drained
    AND num_nonnulls(mine_seam_id, edge, level_m, floor_m, height_datum, volume_m3, pressure_mpa) = 0);
CREATE INDEX water_body_seam ON core.water_body (mine_seam_id);

-- ---- what leads water -------------------------------------------------------------------------

-- Faults, by their trace or the belt that they broke, and collapse columns, by their outline, in a seam.
CREATE TABLE core.mine_structure (
  LIKE core.record INCLUDING ALL,
  mine_seam_id       bigint REFERENCES core.mine_seam,     -- NULL: in every seam there
  kind               text NOT NULL CHECK (kind IN ('fault', 'column')),
  dip_deg            double precision CHECK (dip_deg > 0 AND dip_deg <= 90),
  throw_m            double precision CHECK (throw_m >= 0 AND throw_m < 5000),
  conducts           boolean,                              -- NULL is not known, which counts as yes
  head_mpa           double precision CHECK (head_mpa >= 0 AND head_mpa < 30),
  is_against_aquifer boolean NOT NULL DEFAULT false,
  remark             text,
  geom               geometry(Geometry, 4490) NOT NULL CHECK (ST_IsValid(geom)),
  CONSTRAINT mine_structure_of_a_fault CHECK (kind = 'fault' OR NOT is_against_aquifer AND num_nonnulls(dip_deg, throw_m) = 0)
);
CREATE INDEX mine_structure_seam ON core.mine_structure (mine_seam_id);
SELECT core.make_register('core.mine_structure');

-- What a borehole tells of one seam; one through several seams has a row for each.
CREATE TABLE core.mine_borehole (
  LIKE core.record INCLUDING ALL,
  mine_seam_id     bigint REFERENCES core.mine_seam,
  is_sealed        boolean,                                -- NULL is not known, which counts as not sealed
  head_mpa         double precision CHECK (head_mpa >= 0 AND head_mpa < 30),
  head_m           double precision CHECK (head_m BETWEEN -2000 AND 9000),     -- of the floor aquifer, highest of three years
  floor_m          double precision CHECK (floor_m BETWEEN -2000 AND 9000),
  aquiclude_m      double precision CHECK (aquiclude_m >= 0 AND aquiclude_m < 1000),
  seam_thickness_m double precision CHECK (seam_thickness_m >= 0 AND seam_thickness_m < 200),
  overburden_m     double precision CHECK (overburden_m >= 0 AND overburden_m < 3000),
  yield_lpsm       double precision CHECK (yield_lpsm >= 0 AND yield_lpsm < 1000),   -- q, L/(s*m): 91 mm hole, 10 m drawdown
  height_datum     text CHECK (height_datum IN ('1985', '1956', 'EGM96', 'local')),
  remark           text,
  geom             geometry(Point, 4490) NOT NULL
);
CREATE INDEX mine_borehole_seam ON core.mine_borehole (mine_seam_id);
SELECT core.make_register('core.mine_borehole');

-- ---- areas with their documents ---------------------------------------------------------------

-- Treatment 治理, argument 论证, clearance 排除, waterproof pillar 防隔水煤柱, aquifer in the roof 顶板含水层. What
-- would make a zone better speaks of one seam; a pillar or an aquifer without one counts for every seam.
CREATE TABLE core.mine_area (
  LIKE core.record INCLUDING ALL,
  mine_seam_id     bigint REFERENCES core.mine_seam,
  kind             text NOT NULL CHECK (kind IN ('treatment', 'argument', 'clearance', 'pillar', 'roof_aquifer')),
  domains          text[] NOT NULL DEFAULT '{}' CHECK (domains <@ ARRAY['surface', 'roof', 'floor', 'goaf']::text[]),
  document         text,
  is_approved      boolean NOT NULL DEFAULT false,
  approved_by      text,
  approved_on      date,
  is_probed_clean  boolean NOT NULL DEFAULT false,         -- both probes show no anomaly there
  inrush_mpa_per_m double precision CHECK (inrush_mpa_per_m >= 0 AND inrush_mpa_per_m < 1),  -- left by a treatment of the floor
  water_body_id    bigint REFERENCES core.water_body,      -- which water on the ground a clearance shows harmless
  yield_class      text CHECK (yield_class IN ('weak', 'medium', 'strong', 'very_strong')),
  is_loose         boolean NOT NULL DEFAULT false,
  cover_m          double precision CHECK (cover_m >= 0 AND cover_m < 3000),
  remark           text,
  geom             geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom)),
  CONSTRAINT mine_area_of_a_seam CHECK (kind IN ('pillar', 'roof_aquifer') OR mine_seam_id IS NOT NULL),
  CONSTRAINT mine_area_domains CHECK (CASE kind WHEN 'argument' THEN cardinality(domains) >= 1
    WHEN 'roof_aquifer' THEN domains <@ ARRAY['roof']::text[] ELSE cardinality(domains) = 1 END),
  CONSTRAINT mine_area_approved_with_document CHECK (NOT is_approved OR num_nulls(document, approved_by, approved_on) = 0),
  CONSTRAINT mine_area_of_a_treatment CHECK (kind = 'treatment' OR inrush_mpa_per_m IS NULL),
  CONSTRAINT mine_area_of_an_argument CHECK (kind = 'argument' OR NOT is_probed_clean),
  CONSTRAINT mine_area_of_a_clearance CHECK (kind = 'clearance' OR water_body_id IS NULL),
  CONSTRAINT mine_area_of_an_aquifer CHECK (kind = 'roof_aquifer' OR NOT is_loose AND num_nonnulls(yield_class, cover_m) = 0)
);
CREATE INDEX mine_area_seam ON core.mine_area (mine_seam_id);
CREATE INDEX mine_area_water ON core.mine_area (water_body_id);
SELECT core.make_register('core.mine_area');

-- ---- ways in, and headings --------------------------------------------------------------------

-- Shaft collars and yards, and the highest flood level there. Two datums: each level keeps its own.
CREATE TABLE core.mine_shaft (
  LIKE core.record INCLUDING ALL,
  mine_id       bigint NOT NULL REFERENCES core.mine,
  kind          text NOT NULL CHECK (kind IN ('main', 'auxiliary', 'air', 'adit', 'yard', 'other')),
  collar_m      double precision CHECK (collar_m BETWEEN -500 AND 9000),
  height_datum  text CHECK (height_datum IN ('1985', '1956', 'EGM96', 'local')),
  flood_level_m double precision CHECK (flood_level_m BETWEEN -500 AND 9000),
  flood_datum   text CHECK (flood_datum IN ('1985', '1956', 'EGM96', 'local')),
  defence_doc   text,
  remark        text,
  geom          geometry(Geometry, 4490) NOT NULL CHECK (ST_IsValid(geom))
);
CREATE INDEX mine_shaft_mine ON core.mine_shaft (mine_id);
SELECT core.make_register('core.mine_shaft');

CREATE TABLE core.mine_heading (
  LIKE core.record INCLUDING ALL,
  mine_id      bigint NOT NULL REFERENCES core.mine,
  mine_seam_id bigint REFERENCES core.mine_seam,
  state        text NOT NULL CHECK (state IN ('planned', 'driving', 'stopped', 'done')),
  started_on   date,
  remark       text,
  geom         geometry(Geometry, 4490) CHECK (ST_IsValid(geom))
);
CREATE INDEX mine_heading_mine ON core.mine_heading (mine_id);
CREATE INDEX mine_heading_seam ON core.mine_heading (mine_seam_id);
SELECT core.make_register('core.mine_heading');

-- A probe is of a heading on record; those from before name it by its words alone.
ALTER TABLE core.heading_probe ADD COLUMN mine_heading_id bigint REFERENCES core.mine_heading;
CREATE INDEX heading_probe_heading ON core.heading_probe (mine_heading_id);

-- ---- rasters ----------------------------------------------------------------------------------

-- A raster of a seam: the file lies in GEOSERVICE_HOME/zoning under its SHA-256. One of a kind is in use;
-- those before it are retired, their files stay.
CREATE TABLE core.mine_raster (
  LIKE core.record INCLUDING ALL,
  mine_seam_id bigint NOT NULL REFERENCES core.mine_seam,
  kind         text NOT NULL CHECK (kind IN ('head_m', 'floor_m', 'aquiclude_m', 'seam_thickness_m', 'overburden_m', 'vulnerability')),
  file         text NOT NULL CHECK (file ~ '^[0-9a-f]{64}\.tif$'),
  sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  given_sha256 text CHECK (given_sha256 ~ '^[0-9a-f]{64}$'),              -- of the file that was sent
  height_datum text CHECK (height_datum IN ('1985', 'EGM96', 'local')),   -- heights of 1956 are stored in 1985
  given_datum  text CHECK (given_datum IN ('1985', '1956', 'EGM96', 'local')),
  method       text NOT NULL CHECK (method IN ('file', 'interpolated')),
  details      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object'),  -- of an interpolation: its parameters and points
  error_m      double precision CHECK (error_m >= 0),                     -- leave-one-out, root mean square
  cell_m       double precision NOT NULL CHECK (cell_m > 0),
  cols         integer NOT NULL CHECK (cols > 0),
  rows         integer NOT NULL CHECK (rows > 0),
  west_m       double precision NOT NULL,
  north_m      double precision NOT NULL,
  crs          text NOT NULL,
  nodata_share double precision NOT NULL CHECK (nodata_share BETWEEN 0 AND 1),
  least        double precision NOT NULL,
  most         double precision NOT NULL CHECK (most >= least),
  CONSTRAINT mine_raster_heights_have_a_datum CHECK ((kind IN ('head_m', 'floor_m')) = (height_datum IS NOT NULL)),
  CONSTRAINT mine_raster_interpolated_with_error CHECK ((method = 'interpolated') = (error_m IS NOT NULL))
);
CREATE UNIQUE INDEX mine_raster_is_one_of_a_kind ON core.mine_raster (mine_seam_id, kind) WHERE valid_to IS NULL;
SELECT core.make_register('core.mine_raster');

-- ---- what comes with the service --------------------------------------------------------------

INSERT INTO core.staleness_rule (code, name, name_en, days, secrecy, source_doc, created_by, updated_by)
SELECT r.code, r.name, r.name_en, 365, 'internal',
       '暂定参数，未见正式规定（2026年11月） · provisional, no official text seen (November 2026)', 'geoservice', 'geoservice'
  FROM (VALUES
  ('mine_licences', '矿区范围', 'Licence areas'),
  ('mine_structures', '矿井构造', 'Mine structures'),
  ('mine_boreholes', '钻孔', 'Boreholes'),
  ('mine_areas', '防治水区域', 'Water-control areas'),
  ('mine_shafts', '井口与工业场地', 'Shafts and yards'),
  ('mine_headings', '掘进工作面', 'Headings')
  ) r(code, name, name_en);

-- Three specials, two probes: how many technicians by type of mine (a secondary source), and after how
-- many days the probes of a heading that is driven count no more.
INSERT INTO core.risk_parameter (code, name, name_en, value, source_doc, created_by, updated_by)
VALUES ('water_control', '三专两探一撤', 'Three specials, two probes, one withdrawal',
        '{"technicians": {"simple": 1, "medium": 1, "complex": 2, "very_complex": 2}, "team_headcount": 1, "rigs": 1, "probe_days": 30}',
        '技术人员数为二手资料，其余为暂定（2026年11月） · technicians from a secondary source, the rest provisional (November 2026)',
        'geoservice', 'geoservice');
