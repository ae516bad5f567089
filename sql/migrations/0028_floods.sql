-- Floods whole: where a scenario comes from, how bad each place of it is, bridges by their decks, live
-- zones by gauges, villages below flash floods.

-- ---- scenarios and bands -----------------------------------------------------------------------

ALTER TABLE core.flood_scenario
  ADD COLUMN method_version   text,
  ADD COLUMN family           text CHECK (family <> ''),   -- scenarios of one water, told apart by their level
  ADD COLUMN gauge_level_m    double precision,            -- at the family's gauge; NULL: level_m
  ADD COLUMN parameters       jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(parameters) = 'object'),
  ADD COLUMN inputs_hash      text,
  ADD COLUMN geom_hash        text,
  ADD COLUMN code_version     text,
  ADD COLUMN drawn_by         text,
  ADD COLUMN official_doc     text CHECK (official_doc <> ''),
  ADD COLUMN unknown_area_m2  double precision NOT NULL DEFAULT 0 CHECK (unknown_area_m2 >= 0),
  ADD COLUMN unknown_geom     geometry(MultiPolygon, 4490) CHECK (ST_IsValid(unknown_geom));   -- neither wet nor dry: no height there
UPDATE core.flood_scenario SET official_doc = source_doc WHERE is_official;
ALTER TABLE core.flood_scenario
  ADD CONSTRAINT flood_scenario_official_is_imported_with_its_document
    CHECK (NOT is_official OR (method = 'imported' AND official_doc IS NOT NULL));
CREATE INDEX flood_scenario_family ON core.flood_scenario (family, level_m) WHERE valid_to IS NULL;

ALTER TABLE core.flood_band
  ADD COLUMN velocity_ms double precision CHECK (velocity_ms >= 0),   -- the fastest in it
  ADD COLUMN arrival_min double precision CHECK (arrival_min >= 0),   -- the soonest, after the dam breaks or the rain begins
  ADD COLUMN level_m     double precision,                            -- of its water; NULL: the scenario's, if any
  ADD COLUMN grade       text CHECK (grade IN ('blue', 'yellow', 'orange', 'red'));   -- the worse of h and v x h
-- Bands from before count as deep as they get, by the default table below.
UPDATE core.flood_band b
   SET grade = CASE WHEN d.h > 2 THEN 'red' WHEN d.h > 1 THEN 'orange' WHEN d.h > 0.5 THEN 'yellow' ELSE 'blue' END
  FROM (SELECT id, coalesce(depth_max_m, CASE WHEN depth_min_m >= 2 THEN 3 ELSE depth_min_m END) AS h FROM core.flood_band) d
 WHERE d.id = b.id;

ALTER TABLE core.vehicle_profile
  ADD COLUMN max_flow_m2s double precision NOT NULL DEFAULT 0.6 CHECK (max_flow_m2s > 0);   -- depth x velocity that carries it off
UPDATE core.vehicle_profile SET max_flow_m2s = 0.3 WHERE code = 'car';

INSERT INTO core.risk_parameter (code, name, name_en, value, source_doc, created_by, updated_by)
SELECT p.code, p.name, p.name_en, p.value::jsonb, p.source_doc, 'geoservice', 'geoservice'
  FROM (VALUES
  ('flood_depths', '淹没水深分级', 'Depth bands of floods', '{"breaks_m": [0.5, 1, 2, 3]}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)'),
  ('flood_grades', '洪水危险等级（水深 h 与 v·h 取较重者，大于者计入）', 'Grade of danger by the worse of h and v x h (above)',
   '{"above": {"yellow": 0.5, "orange": 1, "red": 2}}',
   '国外大坝安全规则的危险等级表，见于摘录；未见中国标准（2026年11月） · danger levels of a dam-safety rule abroad, seen as an excerpt; no Chinese table seen (November 2026)'),
  ('flood_words', '洪水量级用语（重现期，年）', 'Words for floods by return period (years)',
   '{"from_y": [5, 10, 20, 50], "zh": ["一般洪水", "较大洪水", "大洪水", "特大洪水"], "en": ["ordinary flood", "larger flood", "large flood", "extreme flood"]}',
   '公开资料摘录，未核实；GB/T 22482-2008 另称 小 <5、中 5-20、大 20-50、特大 >50（2026年11月） · from public material, not verified; GB/T 22482-2008 is said to have other words (November 2026)'),
  ('flash_radius', '山洪雨量站代表范围', 'How far a rain gauge speaks for villages', '{"within_m": 10000}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)')
  ) p(code, name, name_en, value, source_doc);

-- ---- bridges -----------------------------------------------------------------------------------

-- Levels of road decks (and of tunnels' lowest portals). A register of its own: roads are loaded anew.
CREATE TABLE core.bridge_deck (
  LIKE core.record INCLUDING ALL,
  deck_m       double precision NOT NULL CHECK (deck_m > '-infinity' AND deck_m < 'infinity'),
  height_datum text NOT NULL CHECK (height_datum IN ('1985', '1956', 'EGM96', 'local')),
  geom         geometry(Point, 4490) NOT NULL
);
SELECT core.make_register('core.bridge_deck');

-- A height in another datum: 1956 Yellow Sea = 1985 + 0.029 m; NULL where no conversion is known.
CREATE FUNCTION core.height_in(height_m double precision, datum text, wanted text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN datum = wanted THEN height_m
            WHEN datum = '1956' AND wanted = '1985' THEN height_m - 0.029
            WHEN datum = '1985' AND wanted = '1956' THEN height_m + 0.029 END;

-- The arcs under water of a level (NULL: not known). Bridges and tunnels by their decks: a deck at or
-- below the water is under it; without a deck, or a level to compare it with, they are unknown.
CREATE FUNCTION core.arcs_in_water(shape geometry, level_m double precision, datum text)
  RETURNS TABLE (road_edge_id bigint, standing text)
LANGUAGE sql STABLE SET jit = off SET search_path = core, public, pg_temp AS $$
  SELECT e.id, CASE WHEN NOT (r.is_bridge OR r.is_tunnel) THEN 'road'
                    WHEN d.is_under IS NULL THEN 'unknown'
                    WHEN d.is_under THEN 'under' ELSE 'above' END
    FROM core.arcs_under(shape, true) a
    JOIN core.road_edge e ON e.id = a.road_edge_id
    JOIN core.road r ON r.id = e.road_id
    LEFT JOIN LATERAL (SELECT bool_or(core.height_in(level_m, datum, k.height_datum) >= k.deck_m) AS is_under
                         FROM core.bridge_deck k
                        WHERE (r.is_bridge OR r.is_tunnel) AND k.valid_to IS NULL
                          AND k.geom && ST_Envelope(ST_Buffer(ST_Envelope(e.geom)::geography, 40)::geometry)
                          AND ST_DWithin(k.geom::geography, e.geom::geography, 30)) d ON true
$$;

-- Those that a band lays water on. A scenario may take bridges whose deck is not known along.
CREATE FUNCTION core.wet_arcs(band core.flood_band, scenario core.flood_scenario) RETURNS TABLE (road_edge_id bigint)
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  SELECT a.road_edge_id
    FROM core.arcs_in_water(band.geom, coalesce(band.level_m, scenario.level_m), scenario.height_datum) a
   WHERE a.standing IN ('road', 'under') OR (a.standing = 'unknown' AND scenario.includes_structures)
$$;

CREATE OR REPLACE FUNCTION core.resolve_flood(scenario bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7140407);
  DELETE FROM core.flood_arc a USING core.flood_band b WHERE b.id = a.flood_band_id AND b.flood_scenario_id = scenario;
  INSERT INTO core.flood_arc
  SELECT b.id, a.road_edge_id
    FROM core.flood_scenario f
    JOIN core.flood_band b ON b.flood_scenario_id = f.id AND b.valid_to IS NULL
   CROSS JOIN LATERAL core.wet_arcs(b, f) a
   WHERE f.id = scenario AND f.valid_to IS NULL AND f.state <> 'draft';
END $$;
CREATE OR REPLACE FUNCTION core.resolve_flood_band() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
DECLARE
  scenario core.flood_scenario;
BEGIN
  SELECT f.* INTO scenario FROM core.flood_scenario f WHERE f.id = NEW.flood_scenario_id AND f.valid_to IS NULL AND f.state <> 'draft';
  IF FOUND THEN
    PERFORM pg_advisory_xact_lock_shared(7140407);
    DELETE FROM core.flood_arc WHERE flood_band_id = NEW.id;
    INSERT INTO core.flood_arc SELECT NEW.id, a.road_edge_id FROM core.wet_arcs(NEW, scenario) a
     WHERE NEW.valid_to IS NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION core.resolve_floods_by_deck() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  PERFORM core.resolve_flood(f.id) FROM core.flood_scenario f WHERE f.valid_to IS NULL AND f.state = 'in_force';
  RETURN NULL;
END $$;
CREATE TRIGGER bridge_deck_changed AFTER INSERT OR UPDATE OR DELETE ON core.bridge_deck
  FOR EACH STATEMENT EXECUTE FUNCTION core.resolve_floods_by_deck();

-- ---- gauges ------------------------------------------------------------------------------------

-- A gauge whose level puts the zone of its family in force: the lowest one that is not below the water.
CREATE TABLE core.flood_gauge (
  LIKE core.record INCLUDING ALL,
  sensor_id      bigint NOT NULL REFERENCES core.sensor,
  family         text NOT NULL CHECK (family <> ''),
  height_datum   text NOT NULL CHECK (height_datum IN ('1985', '1956', 'EGM96', 'local')),
  zero_m         double precision NOT NULL,   -- of the staff: level = zero + reading
  from_m         double precision NOT NULL,   -- the level from which on water leaves its bed
  clear_margin_m double precision NOT NULL DEFAULT 0.1 CHECK (clear_margin_m >= 0)   -- so far it must fall for a lower zone
);
SELECT core.make_register('core.flood_gauge');
CREATE UNIQUE INDEX flood_gauge_sensor ON core.flood_gauge (sensor_id) WHERE valid_to IS NULL;

-- What each gauge has in force, and the reading it rests on.
CREATE TABLE core.flood_gauge_state (
  flood_gauge_id    bigint PRIMARY KEY REFERENCES core.flood_gauge,
  flood_scenario_id bigint REFERENCES core.flood_scenario,   -- NULL: none
  level_m           double precision NOT NULL,
  observed_at       timestamptz NOT NULL,
  is_above_all      boolean NOT NULL DEFAULT false,          -- the water is above the highest zone there is
  was_in_force      boolean NOT NULL DEFAULT false,          -- somebody had put it in force before
  is_stale          boolean NOT NULL DEFAULT false,          -- no reading for longer than the sensor is due
  is_demo           boolean NOT NULL DEFAULT false
);

CREATE TRIGGER flood_gauge_silent AFTER UPDATE ON core.flood_gauge_state
  FOR EACH ROW WHEN (OLD.is_stale IS DISTINCT FROM NEW.is_stale) EXECUTE FUNCTION core.bump_graph_version();

-- ---- flash floods ------------------------------------------------------------------------------

-- Rain in millimetres within so long, and stage, from which on people get ready and from which on they go.
CREATE TABLE core.flash_village (
  LIKE core.record INCLUDING ALL,
  settlement_id     bigint NOT NULL REFERENCES core.settlement,
  sensor_id         bigint REFERENCES core.sensor,   -- of its catchment; NULL: rain gauges near by
  grade             text NOT NULL CHECK (grade IN ('extreme', 'high', 'danger')),
  return_period_y   double precision CHECK (return_period_y > 0),
  prepare_30min_mm  double precision CHECK (prepare_30min_mm > 0),
  prepare_1h_mm     double precision CHECK (prepare_1h_mm > 0),
  prepare_3h_mm     double precision CHECK (prepare_3h_mm > 0),
  prepare_6h_mm     double precision CHECK (prepare_6h_mm > 0),
  prepare_24h_mm    double precision CHECK (prepare_24h_mm > 0),
  transfer_30min_mm double precision CHECK (transfer_30min_mm > 0),
  transfer_1h_mm    double precision CHECK (transfer_1h_mm > 0),
  transfer_3h_mm    double precision CHECK (transfer_3h_mm > 0),
  transfer_6h_mm    double precision CHECK (transfer_6h_mm > 0),
  transfer_24h_mm   double precision CHECK (transfer_24h_mm > 0),
  prepare_stage_m   double precision,                -- readings of that sensor, where it is a river gauge
  transfer_stage_m  double precision,
  contact           text,
  phone             text,
  remark            text,
  is_verified       boolean NOT NULL DEFAULT false,
  geom              geometry(Point, 4490) NOT NULL
);
SELECT core.make_register('core.flash_village');
CREATE UNIQUE INDEX flash_village_one_each ON core.flash_village (settlement_id) WHERE valid_to IS NULL;

-- How each village stands, and the message that says so. No row: nothing was ever told.
CREATE TABLE core.flash_state (
  flash_village_id bigint PRIMARY KEY REFERENCES core.flash_village,
  level       text CHECK (level IN ('blue', 'yellow', 'orange', 'red')),   -- NULL: normal
  since       timestamptz NOT NULL,
  reference   text,                                                       -- of the message that stands
  is_demo     boolean NOT NULL DEFAULT false
);

INSERT INTO core.staleness_rule (code, name, name_en, days, secrecy, source_doc, created_by, updated_by)
SELECT r.code, r.name, r.name_en, 365, 'internal',
       '暂定参数，未见正式规定（2026年11月） · provisional, no official text seen (November 2026)', 'geoservice', 'geoservice'
  FROM (VALUES ('flash_villages', '山洪灾害村', 'Flash-flood villages'), ('bridge_decks', '桥面高程', 'Bridge decks'),
               ('flood_gauges', '洪水水位站', 'Flood gauges')) r(code, name, name_en);
