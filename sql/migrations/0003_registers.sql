-- The district's towns, hazards and resources. Domain terms: docs/terms.md.

CREATE TABLE core.town (
  LIKE core.record INCLUDING ALL,
  kind text NOT NULL CHECK (kind IN ('subdistrict', 'town', 'township', 'development_zone')),
  geom geometry(MultiPolygon, 4490) CHECK (ST_IsValid(geom))
);
SELECT core.make_register('core.town');

CREATE TABLE core.water_body (
  LIKE core.record INCLUDING ALL,
  kind text NOT NULL CHECK (kind IN ('river', 'reservoir', 'lake', 'pond', 'goaf')),
  geom geometry(Geometry, 4490) NOT NULL CHECK (ST_IsValid(geom))
);
SELECT core.make_register('core.water_body');

CREATE TABLE core.hazard_source (
  LIKE core.record INCLUDING ALL,
  kind           text NOT NULL CHECK (kind IN ('coal_mine', 'other_mine', 'tailings', 'dump', 'hazchem', 'metal_gas', 'city_risk', 'geological', 'other')),
  grade          text CHECK (grade IN ('red', 'orange', 'yellow', 'blue')),
  prevention_org text,
  rescue_org     text,
  address        text,
  remark         text,
  geom           geometry(Point, 4490) NOT NULL
);
SELECT core.make_register('core.hazard_source');

CREATE TABLE core.rescue_team (
  LIKE core.record INCLUDING ALL,
  tier         text NOT NULL CHECK (tier IN ('main', 'pro', 'part', 'social', 'vol')),
  skills       text[] NOT NULL DEFAULT '{}',
  headcount    integer CHECK (headcount >= 0),
  equipment    text,
  leader       text,
  phone        text,
  status       text NOT NULL DEFAULT 'ready' CHECK (status IN ('ready', 'notified', 'en_route', 'on_scene', 'returning', 'off')),
  mobilise_min double precision CHECK (mobilise_min >= 0),
  vehicle_class text,
  geom         geometry(Point, 4490) NOT NULL
);
SELECT core.make_register('core.rescue_team');

CREATE TABLE core.depot (
  LIKE core.record INCLUDING ALL,
  owner    text NOT NULL CHECK (owner IN ('government', 'enterprise', 'household')),
  form     text NOT NULL DEFAULT 'stock' CHECK (form IN ('stock', 'capability', 'agreement')),
  layout   text CHECK (layout IN ('central', 'dispersed')),
  tier     text NOT NULL CHECK (tier IN ('district', 'town', 'village', 'enterprise')),
  address  text,
  keeper   text,
  phone    text,
  load_min double precision CHECK (load_min >= 0),
  geom     geometry(Point, 4490) NOT NULL
);
SELECT core.make_register('core.depot');

CREATE TABLE core.stock_lot (
  LIKE core.record INCLUDING ALL,
  depot_id    bigint NOT NULL REFERENCES core.depot,
  item_code   text NOT NULL CHECK (item_code ~ '^[1-3]([0-9]{2}){0,3}$'),   -- GB/T 38565-2020
  quantity    numeric NOT NULL CHECK (quantity >= 0),
  reserved    numeric NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  unit        text NOT NULL,
  batch       text,
  expires_on  date,
  min_reserve numeric NOT NULL DEFAULT 0 CHECK (min_reserve >= 0),
  CHECK (reserved <= quantity)
);
CREATE INDEX stock_lot_depot ON core.stock_lot (depot_id, item_code);
SELECT core.make_register('core.stock_lot');

CREATE TABLE core.dangerous_section (
  LIKE core.record INCLUDING ALL,
  road_code    text,
  from_m       double precision CHECK (from_m >= 0),
  to_m         double precision CHECK (to_m > from_m),
  hazard_kinds text[] NOT NULL DEFAULT '{}',
  grade        text NOT NULL CHECK (grade IN ('red', 'orange', 'yellow', 'blue')),
  measures     text,
  geom         geometry(MultiLineString, 4490) NOT NULL
);
SELECT core.make_register('core.dangerous_section');
