-- The network by vehicle: profiles, turns, gradients; closures by class and depth; floods in force;
-- dangerous sections on their arcs. Whatever changes a driving time bumps the graph's version.

-- Vehicles. Working values, not verified: dated, sourced, editable. Turn costs are seconds on top of
-- the drive: at a junction by angle, and for turning back anywhere.
CREATE TABLE core.vehicle_profile (
  LIKE core.record INCLUDING ALL,
  height_m       double precision NOT NULL CHECK (height_m > 0),
  weight_t       double precision NOT NULL CHECK (weight_t > 0),
  wading_m       double precision NOT NULL CHECK (wading_m >= 0),
  carries_hazmat boolean NOT NULL DEFAULT false,
  speed_factor   double precision NOT NULL DEFAULT 1 CHECK (speed_factor > 0 AND speed_factor <= 2),
  max_kph        double precision NOT NULL CHECK (max_kph > 0),
  turn_right_s   double precision NOT NULL DEFAULT 0 CHECK (turn_right_s >= 0 AND turn_right_s <= 3600),
  turn_left_s    double precision NOT NULL DEFAULT 0 CHECK (turn_left_s >= 0 AND turn_left_s <= 3600),
  turn_sharp_s   double precision NOT NULL DEFAULT 0 CHECK (turn_sharp_s >= 0 AND turn_sharp_s <= 3600),
  turn_back_s    double precision NOT NULL DEFAULT 0 CHECK (turn_back_s >= 0 AND turn_back_s <= 3600),
  is_verified    boolean NOT NULL DEFAULT false
);
SELECT core.make_register('core.vehicle_profile');
INSERT INTO core.vehicle_profile (code, name, name_en, height_m, weight_t, wading_m, speed_factor, max_kph,
  turn_right_s, turn_left_s, turn_sharp_s, turn_back_s, secrecy, source_doc, created_by, updated_by)
SELECT p.code, p.name, p.name_en, p.height_m, p.weight_t, p.wading_m, p.speed_factor, p.max_kph,
       p.right_s, p.left_s, p.sharp_s, p.back_s, 'internal',
       '暂定参数：尺寸、涉水深度与转弯耗时均未核实（2026年11月） · provisional: size, wading depth and turn costs not verified (November 2026)',
       'geoservice', 'geoservice'
  FROM (VALUES
  ('car',          '小型车',     'Car',          2.0,  2.5, 0.3, 1.0,  120, 2, 4, 6, 15),
  ('truck',        '货车',       'Truck',        3.6, 18.0, 0.5, 0.85,  80, 4, 8, 12, 40),
  ('fire_engine',  '消防车',     'Fire engine',  3.5, 16.0, 0.6, 0.95,  90, 3, 6, 10, 30),
  ('heavy_rescue', '重型救援车', 'Heavy rescue', 4.0, 40.0, 0.6, 0.7,   60, 6, 12, 20, 60),
  ('boat_carrier', '舟艇运输车', 'Boat carrier', 3.2,  8.0, 0.6, 0.8,   70, 4, 8, 14, 45)
  ) p(code, name, name_en, height_m, weight_t, wading_m, speed_factor, max_kph, right_s, left_s, sharp_s, back_s);

INSERT INTO core.risk_parameter (code, name, name_en, value, source_doc, created_by, updated_by)
SELECT p.code, p.name, p.name_en, p.value::jsonb, p.source_doc, 'geoservice', 'geoservice'
  FROM (VALUES
  ('road_sections', '危险路段车速系数', 'Speed on dangerous sections by grade',
   '{"red": 0.5, "orange": 0.7, "yellow": 0.85, "blue": 1}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)'),
  ('road_surfaces', '路面车速系数', 'Speed by surface',
   '{"paved": 1, "asphalt": 1, "concrete": 1, "paving_stones": 0.9, "sett": 0.7, "cobblestone": 0.6, "compacted": 0.85, "fine_gravel": 0.8, "gravel": 0.7, "unpaved": 0.7, "ground": 0.6, "dirt": 0.6, "earth": 0.6, "grass": 0.5, "sand": 0.4, "mud": 0.3}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)'),
  ('road_gradients', '坡度车速系数', 'Speed by gradient',
   '{"from_pct": 4, "per_pct": 0.03, "least": 0.4}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)'),
  ('road_turns', '转弯角度', 'Angles of turns',
   '{"turn_from_deg": 30, "sharp_from_deg": 135}',
   '暂定参数，未见官方文本（2026年11月） · provisional, official text not seen (November 2026)'),
  ('road_flood', '积水路段车速', 'Speed through water',
   '{"a": 0.0009, "b": -0.5529, "c": 86.9448}',
   '公开论文（Pregnolato 等，2017），系数见于摘录，未核实 · Pregnolato et al. 2017, coefficients seen as an excerpt, not verified')
  ) p(code, name, name_en, value, source_doc);

-- Whole degrees clockwise from north in which a line sets out, or arrives: over its first or last
-- 15 m, so that a kink at the junction does not pass for a turn. Longitude is squeezed by
-- cos(latitude), or a turn of 90 degrees would not be one.
CREATE FUNCTION core.heading_deg(line geometry, length_m double precision, at_end boolean) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
  SELECT mod(coalesce(round(degrees(CASE WHEN at_end THEN public.ST_Azimuth(public.ST_LineInterpolatePoint(s.line, 1 - s.part), public.ST_EndPoint(s.line))
                                         ELSE public.ST_Azimuth(public.ST_StartPoint(s.line), public.ST_LineInterpolatePoint(s.line, s.part)) END)::numeric), 0), 360)::smallint
    FROM (SELECT public.ST_Scale(line, cos(radians(public.ST_Y(public.ST_StartPoint(line)))), 1) AS line,
                 least(1, 15 / greatest(length_m, 15)) AS part) s
);

ALTER TABLE core.road_edge
  ADD COLUMN start_deg    smallint GENERATED ALWAYS AS (core.heading_deg(geom, length_m, false)) STORED,
  ADD COLUMN end_deg      smallint GENERATED ALWAYS AS (core.heading_deg(geom, length_m, true)) STORED,
  ADD COLUMN gradient_pct double precision;   -- rise over run, up is positive; NULL until terrain is loaded

ALTER TABLE core.road_closure
  ADD COLUMN vehicle_classes text[] NOT NULL DEFAULT '{}',   -- profiles, or hazmat; none: every vehicle
  ADD COLUMN depth_m double precision CHECK (depth_m > 0),   -- water: slows or closes by wading depth
  ADD CONSTRAINT road_closure_water_needs_no_factor CHECK (depth_m IS NULL OR factor = 0);

ALTER TABLE core.flood_scenario
  ADD COLUMN state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'in_force', 'ended')),
  ADD COLUMN period tstzrange CHECK (NOT isempty(period)),   -- NULL: while the state says so
  ADD COLUMN includes_structures boolean NOT NULL DEFAULT false;

CREATE TABLE core.flood_arc (
  flood_band_id bigint NOT NULL REFERENCES core.flood_band ON DELETE CASCADE,
  road_edge_id  bigint NOT NULL REFERENCES core.road_edge ON DELETE CASCADE,
  PRIMARY KEY (flood_band_id, road_edge_id)
);
CREATE INDEX flood_arc_edge ON core.flood_arc (road_edge_id);

CREATE TABLE core.section_arc (
  dangerous_section_id bigint NOT NULL REFERENCES core.dangerous_section ON DELETE CASCADE,
  road_edge_id         bigint NOT NULL REFERENCES core.road_edge ON DELETE CASCADE,
  PRIMARY KEY (dangerous_section_id, road_edge_id)
);
CREATE INDEX section_arc_edge ON core.section_arc (road_edge_id);

-- The arcs that a shape lies on. An area takes what it touches; a line what runs along it; a point
-- the nearest road within 30 m. Bridges and tunnels only when told so, and then never the road above
-- or below in their stead. Without jit: PostGIS's costs make the planner compile for seconds.
CREATE FUNCTION core.arcs_under(shape geometry, includes_structures boolean) RETURNS TABLE (road_edge_id bigint)
LANGUAGE sql STABLE SET jit = off SET search_path = core, public, pg_temp AS $$
  WITH near AS (
    SELECT e.id, e.geom, e.length_m, r.is_bridge OR r.is_tunnel AS is_structure
      FROM core.road_edge e JOIN core.road r ON r.id = e.road_id
     WHERE e.geom && ST_Envelope(ST_Buffer(ST_Envelope(shape)::geography, 40)::geometry)
  ), hit AS (
    SELECT near.id, near.is_structure FROM near
     WHERE ST_Dimension(shape) = 2 AND ST_Intersects(near.geom, shape)
    UNION ALL
    SELECT near.id, near.is_structure FROM near
     WHERE ST_Dimension(shape) = 1 AND core.runs_along(near.geom, near.length_m, shape)
    UNION ALL
    SELECT near.id, near.is_structure FROM near
     WHERE ST_Dimension(shape) = 0
       AND ST_Distance(near.geom::geography, shape::geography)
           <= least(30, 1 + (SELECT min(ST_Distance(n.geom::geography, shape::geography)) FROM near n))
  )
  SELECT hit.id FROM hit WHERE includes_structures OR NOT hit.is_structure
$$;

CREATE OR REPLACE FUNCTION core.closed_arcs(closure core.road_closure) RETURNS TABLE (road_edge_id bigint)
LANGUAGE sql STABLE SET search_path = core, public, pg_temp
AS $$ SELECT a.road_edge_id FROM core.arcs_under(closure.geom, closure.includes_structures) a $$;

CREATE FUNCTION core.resolve_section() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7140407);
  DELETE FROM core.section_arc WHERE dangerous_section_id = NEW.id;
  IF NEW.valid_to IS NULL THEN
    INSERT INTO core.section_arc SELECT NEW.id, a.road_edge_id FROM core.arcs_under(NEW.geom, true) a;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER dangerous_section_resolved AFTER INSERT OR UPDATE OF geom, valid_to ON core.dangerous_section
  FOR EACH ROW EXECUTE FUNCTION core.resolve_section();

-- A scenario lies on arcs only while it is in force: a draft of thousands of bands costs nothing.
CREATE FUNCTION core.resolve_flood(scenario bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7140407);
  DELETE FROM core.flood_arc a USING core.flood_band b WHERE b.id = a.flood_band_id AND b.flood_scenario_id = scenario;
  INSERT INTO core.flood_arc
  SELECT b.id, a.road_edge_id
    FROM core.flood_scenario f
    JOIN core.flood_band b ON b.flood_scenario_id = f.id AND b.valid_to IS NULL
   CROSS JOIN LATERAL core.arcs_under(b.geom, f.includes_structures) a
   WHERE f.id = scenario AND f.valid_to IS NULL AND f.state <> 'draft';
END $$;
CREATE FUNCTION core.resolve_flood_scenario() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  PERFORM core.resolve_flood(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER flood_scenario_resolved AFTER UPDATE OF state, period, includes_structures, valid_to ON core.flood_scenario
  FOR EACH ROW WHEN (OLD.state <> 'draft' OR NEW.state <> 'draft') EXECUTE FUNCTION core.resolve_flood_scenario();
CREATE FUNCTION core.resolve_flood_band() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
DECLARE
  scenario core.flood_scenario;
BEGIN
  SELECT f.* INTO scenario FROM core.flood_scenario f WHERE f.id = NEW.flood_scenario_id AND f.valid_to IS NULL AND f.state <> 'draft';
  IF FOUND THEN
    PERFORM pg_advisory_xact_lock_shared(7140407);
    DELETE FROM core.flood_arc WHERE flood_band_id = NEW.id;
    INSERT INTO core.flood_arc SELECT NEW.id, a.road_edge_id FROM core.arcs_under(NEW.geom, scenario.includes_structures) a
     WHERE NEW.valid_to IS NULL;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER flood_band_resolved AFTER INSERT OR UPDATE OF geom, depth_min_m, depth_max_m, valid_to ON core.flood_band
  FOR EACH ROW EXECUTE FUNCTION core.resolve_flood_band();

-- arcs_uid names what the arrays are made of: arcs, the turns between them, what their roads allow.
CREATE OR REPLACE FUNCTION core.bump_graph_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  UPDATE core.graph_version
     SET version = version + 1,
         state_uid = gen_random_uuid(),
         arcs_uid = CASE WHEN TG_TABLE_NAME IN ('road_edge', 'turn_restriction', 'road') THEN gen_random_uuid() ELSE arcs_uid END;
  RETURN NULL;
END $$;
CREATE TRIGGER turn_restriction_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON core.turn_restriction
  FOR EACH STATEMENT EXECUTE FUNCTION core.bump_graph_version();
CREATE TRIGGER road_limits_changed AFTER UPDATE OF road_class, surface, max_weight_t, max_height_m ON core.road
  FOR EACH STATEMENT EXECUTE FUNCTION core.bump_graph_version();
CREATE TRIGGER vehicle_profile_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON core.vehicle_profile
  FOR EACH STATEMENT EXECUTE FUNCTION core.bump_graph_version();
CREATE TRIGGER risk_parameter_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON core.risk_parameter
  FOR EACH STATEMENT EXECUTE FUNCTION core.bump_graph_version();
CREATE TRIGGER dangerous_section_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON core.dangerous_section
  FOR EACH STATEMENT EXECUTE FUNCTION core.bump_graph_version();
CREATE TRIGGER flood_arc_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON core.flood_arc
  FOR EACH STATEMENT EXECUTE FUNCTION core.bump_graph_version();

-- The service envelope is read with the state.
CREATE TRIGGER district_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON core.district
  FOR EACH STATEMENT EXECUTE FUNCTION core.bump_graph_version();

-- After the arcs were replaced: every current closure, flood and section finds its arcs again.
CREATE OR REPLACE FUNCTION core.resolve_all_closures() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
  DELETE FROM core.closure_arc;
  INSERT INTO core.closure_arc
  SELECT c.id, a.road_edge_id FROM core.road_closure c, core.closed_arcs(c) a WHERE c.valid_to IS NULL;
  DELETE FROM core.section_arc;
  INSERT INTO core.section_arc
  SELECT s.id, a.road_edge_id FROM core.dangerous_section s, core.arcs_under(s.geom, true) a WHERE s.valid_to IS NULL;
  SELECT core.resolve_flood(f.id) FROM core.flood_scenario f WHERE f.valid_to IS NULL AND f.state <> 'draft';
$$;
SELECT core.resolve_all_closures();
