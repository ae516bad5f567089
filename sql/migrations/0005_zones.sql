-- Mines and their water zones, flood scenarios and their depth bands: the tables that drawing
-- and derivation fill.

CREATE TABLE core.mine (
  LIKE core.record INCLUDING ALL,
  company          text,
  status           text CHECK (status IN ('operating', 'proposed', 'building', 'suspended', 'closed')),
  licence_no       text,
  licence_area_km2 double precision CHECK (licence_area_km2 > 0),
  capacity_mtpa    double precision CHECK (capacity_mtpa >= 0),
  hydro_type       text CHECK (hydro_type IN ('simple', 'medium', 'complex', 'very_complex')),
  licence_geom     geometry(MultiPolygon, 4490) CHECK (ST_IsValid(licence_geom)),
  geom             geometry(Point, 4490) NOT NULL
);
SELECT core.make_register('core.mine');

CREATE TABLE core.mine_seam (
  LIKE core.record INCLUDING ALL,
  mine_id     bigint NOT NULL REFERENCES core.mine,
  seam        text NOT NULL,
  thickness_m double precision CHECK (thickness_m > 0),
  dip_deg     double precision CHECK (dip_deg BETWEEN 0 AND 90),
  roof_class  text CHECK (roof_class IN ('hard', 'medium', 'soft', 'very_soft')),
  UNIQUE (mine_id, id)
);
SELECT core.make_register('core.mine_seam');

CREATE TABLE core.zone_ruleset (
  LIKE core.record INCLUDING ALL,
  issued_on   date,
  params      jsonb NOT NULL DEFAULT '{}',
  is_verified boolean NOT NULL DEFAULT false
);
SELECT core.make_register('core.zone_ruleset');

CREATE TABLE core.zone_version (
  LIKE core.record INCLUDING ALL,
  mine_id         bigint NOT NULL REFERENCES core.mine,
  mine_seam_id    bigint NOT NULL,
  zone_ruleset_id bigint NOT NULL REFERENCES core.zone_ruleset,
  no              integer NOT NULL CHECK (no > 0),
  state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'checked', 'approved', 'filed', 'effective', 'superseded', 'revoked')),
  zoned_on        date NOT NULL,
  inputs_hash     text,
  geom_hash       text,
  code_version    text,
  effective       tstzrange,
  FOREIGN KEY (mine_id, mine_seam_id) REFERENCES core.mine_seam (mine_id, id),
  UNIQUE (mine_seam_id, no),
  CHECK (state <> 'effective' OR effective IS NOT NULL),
  CONSTRAINT zone_version_one_effective
    EXCLUDE USING gist (mine_id WITH =, mine_seam_id WITH =, effective WITH &&) WHERE (state = 'effective')
);
SELECT core.make_register('core.zone_version');

-- Water-hazard types, as the three-zone map writes them.
CREATE TABLE core.water_hazard (
  code text PRIMARY KEY,
  rank integer NOT NULL,
  zh   text NOT NULL,
  en   text NOT NULL
);
INSERT INTO core.water_hazard (code, rank, zh, en) VALUES
  ('SW', 1, '地表水',   'surface water'),
  ('RW', 2, '顶板水',   'roof water'),
  ('FW', 3, '底板水',   'floor water'),
  ('GW', 4, '老空水',   'goaf water'),
  ('FT', 5, '断层水',   'fault water'),
  ('CC', 6, '陷落柱水', 'collapse-column water'),
  ('BH', 7, '钻孔水',   'borehole water');

CREATE TABLE core.zone_polygon (
  LIKE core.record INCLUDING ALL,
  zone_version_id bigint NOT NULL REFERENCES core.zone_version,
  zone            text NOT NULL CHECK (zone IN ('workable', 'slow_mining', 'no_mining')),
  water_hazards   text[] NOT NULL DEFAULT '{}'
                  CHECK (water_hazards <@ ARRAY['SW', 'RW', 'FW', 'GW', 'FT', 'CC', 'BH']),
  area_m2         double precision NOT NULL CHECK (area_m2 > 0),
  geom            geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom))
);
CREATE INDEX zone_polygon_version ON core.zone_polygon (zone_version_id);
SELECT core.make_register('core.zone_polygon');

CREATE TABLE core.flood_scenario (
  LIKE core.record INCLUDING ALL,
  return_period_y double precision CHECK (return_period_y > 0),
  method          text NOT NULL CHECK (method IN ('bathtub', 'hand', 'fill', 'imported')),
  height_datum    text NOT NULL CHECK (height_datum IN ('1985', '1956', 'EGM96', 'local')),
  level_m         double precision,
  is_official     boolean NOT NULL DEFAULT false
);
SELECT core.make_register('core.flood_scenario');

CREATE TABLE core.flood_band (
  LIKE core.record INCLUDING ALL,
  flood_scenario_id bigint NOT NULL REFERENCES core.flood_scenario,
  depth_min_m       double precision NOT NULL CHECK (depth_min_m >= 0),
  depth_max_m       double precision CHECK (depth_max_m > depth_min_m),
  area_m2           double precision NOT NULL CHECK (area_m2 > 0),
  geom              geometry(MultiPolygon, 4490) NOT NULL CHECK (ST_IsValid(geom))
);
CREATE INDEX flood_band_scenario ON core.flood_band (flood_scenario_id);
SELECT core.make_register('core.flood_band');
