-- What was only supposed is never ordered; an order is checked against floods as it is against closures.

ALTER TABLE core.dispatch_order ADD COLUMN flood_ids bigint[] NOT NULL DEFAULT '{}';   -- scenarios that it was planned with

-- A scenario is on the roads while it says so, and by the clock: as the query graph_state has it.
CREATE FUNCTION core.is_on_roads(f core.flood_scenario) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT f.valid_to IS NULL AND f.state = 'in_force' AND (f.period IS NULL OR f.period @> clock_timestamp())
$$;

-- Closures and floods in force that the plan did not know of, and those that it reckoned with and are gone.
DROP FUNCTION core.road_changes(bigint, bigint[]);
CREATE FUNCTION core.road_changes(planned_on bigint, closure_ids bigint[], flood_ids bigint[]) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
BEGIN
  RETURN QUERY
  SELECT core.change_told('roads', g.version, NULL, format('the roads are at version %s, the plan was made on %s', g.version, planned_on),
                          format('路网已为第 %s 版，方案基于第 %s 版', g.version, planned_on))
    FROM core.graph_version g WHERE g.version <> planned_on
   UNION ALL
  SELECT core.change_told('closure', c.id, c.code, format('closure %s %s is in force', c.code, c.name), format('道路封闭 %s %s 已生效', c.code, c.name))
    FROM core.road_closure c
   WHERE c.valid_to IS NULL AND c.period @> clock_timestamp() AND c.id <> ALL (closure_ids)
     AND EXISTS (SELECT FROM core.closure_arc a WHERE a.road_closure_id = c.id)
   UNION ALL
  SELECT core.change_told('closure', k.id, c.code, format('closure %s is not in force any more', coalesce(c.code, k.id::text)),
                          format('道路封闭 %s 已不再生效', coalesce(c.code, k.id::text)))
    FROM unnest(closure_ids) k(id) LEFT JOIN core.road_closure c ON c.id = k.id
   WHERE c.id IS NULL OR c.valid_to IS NOT NULL OR NOT c.period @> clock_timestamp()
   UNION ALL
  SELECT core.change_told('flood', f.id, f.code, format('flood %s %s is on the roads', f.code, f.name), format('洪水 %s %s 已上路', f.code, f.name))
    FROM core.flood_scenario f
   WHERE core.is_on_roads(f) AND f.id <> ALL (flood_ids)
     AND EXISTS (SELECT FROM core.flood_arc a JOIN core.flood_band b ON b.id = a.flood_band_id
                  WHERE b.flood_scenario_id = f.id AND b.valid_to IS NULL)
   UNION ALL
  SELECT core.change_told('flood', k.id, f.code, format('flood %s is not on the roads any more', coalesce(f.code, k.id::text)),
                          format('洪水 %s 已不在路上', coalesce(f.code, k.id::text)))
    FROM unnest(flood_ids) k(id) LEFT JOIN core.flood_scenario f ON f.id = k.id
   WHERE f.id IS NULL OR NOT core.is_on_roads(f);
END $$;

-- As in migration 0019; a plan for another instant, or with closures that nobody has drawn, is refused whatever
-- road changes it accepts: it says when somebody would be there, not when they are.
CREATE OR REPLACE FUNCTION core.place_order(body jsonb, of_key text, sha256 text, hold interval, towns text[]) RETURNS jsonb
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  before jsonb := core.answered_before(of_key, sha256);
  i core.incident;
  o core.dispatch_order;
  closures bigint[] := ARRAY(SELECT x::bigint FROM jsonb_array_elements_text(body -> 'closure_ids') x);
  floods bigint[] := ARRAY(SELECT x::bigint FROM jsonb_array_elements_text(coalesce(body -> 'flood_ids', '[]')) x);
  changes jsonb := '[]';
  told jsonb;
BEGIN
  IF before IS NOT NULL THEN RETURN before; END IF;
  SELECT * INTO i FROM core.incident n WHERE n.id = (body ->> 'incident_id')::bigint AND n.valid_to IS NULL
     AND (towns IS NULL OR n.town_code = ANY (towns)) FOR SHARE;
  IF i.id IS NULL THEN RETURN '{"outcome": "no_incident"}'; END IF;
  IF i.state = 'closed' THEN
    changes := jsonb_build_array(core.change_told('incident', i.id, i.code, format('incident %s is closed', i.code), format('事件 %s 已结束', i.code)));
  END IF;
  IF (body ->> 'is_supposed')::boolean THEN
    changes := changes || core.change_told('plan', NULL, NULL, 'the plan is a supposition: made for another instant, or with closures that are not in force',
                                           '方案属推演：按其他时刻或未生效的封闭编制，不能下达；请按现状重新编制');
  END IF;
  IF NOT i.is_drill THEN
    PERFORM FROM core.rescue_team t
      WHERE t.id IN (SELECT (x ->> 'team_id')::bigint FROM jsonb_array_elements(body -> 'teams') x) ORDER BY t.id FOR NO KEY UPDATE;
  END IF;
  IF body ->> 'graph_version' IS NOT NULL AND NOT (body ->> 'accept_road_changes')::boolean THEN
    changes := changes || coalesce((SELECT jsonb_agg(r) FROM core.road_changes((body ->> 'graph_version')::bigint, closures, floods) r), '[]');
  END IF;
  changes := changes || coalesce((SELECT jsonb_agg(t) FROM core.team_changes(body -> 'teams', i.is_drill, towns) t), '[]')
                     || coalesce((SELECT jsonb_agg(s) FROM core.stock_changes(body -> 'lines', towns) s), '[]');
  PERFORM core.refuse_if_changed(changes);
  INSERT INTO core.dispatch_order (code, incident_id, is_drill, is_demo, command_post_id, profile, alternative, note, graph_version,
                                   closure_ids, flood_ids, accepts_road_changes, expires_at)
  VALUES (core.dispatch_order_code(i.is_drill), i.id, i.is_drill, i.is_demo, i.command_post_id, body ->> 'profile', body ->> 'alternative',
          body ->> 'note', (body ->> 'graph_version')::bigint, closures, floods,
          (body ->> 'accept_road_changes')::boolean, clock_timestamp() + hold)
  RETURNING * INTO o;
  PERFORM core.write_order(o, body);
  told := core.order_told(o.id);
  UPDATE core.kept_answer k SET answer = told WHERE k.actor = core.actor() AND k.key = of_key;
  IF NOT i.is_drill THEN PERFORM core.reserve_lines(o, body -> 'lines', towns); END IF;
  RETURN jsonb_build_object('outcome', 'placed', 'answer', told);
END $$;
