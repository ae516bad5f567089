-- Plans: what is in store, who can make it, which teams are free (goods: migration 0020).

-- name: depots
-- Every current depot, and whether it is in the caller's towns.
SELECT d.id, d.version, d.code, d.name, d.phone, d.load_min, ST_X(d.geom) AS lon, ST_Y(d.geom) AS lat,
       coalesce(d.surveyed_on < (SELECT core.stale_before('depots')), true) AS is_stale,
       (%(towns)s::text[] IS NULL OR d.town_code IS NULL OR d.town_code = ANY (%(towns)s::text[])) AS is_in_scope
  FROM core.depot d
 WHERE d.valid_to IS NULL
 ORDER BY d.code;

-- name: lots
-- The lots whose codes begin with one of these and that hold anything.
SELECT l.id, l.code, l.name, l.depot_id, l.item_code, l.quantity, l.reserved, l.min_reserve, l.unit, l.expires_on,
       coalesce(l.expires_on < (SELECT core.district_day()), false) AS is_expired, l.surveyed_on,
       coalesce(l.surveyed_on < (SELECT core.stale_before('stock_lots')), true) AS is_stale
  FROM core.stock_lot l
 WHERE l.valid_to IS NULL AND l.quantity > 0
   AND EXISTS (SELECT FROM unnest(%(codes)s::text[]) AS c (code) WHERE starts_with(l.item_code, c.code))
 ORDER BY l.code;

-- name: makers
-- Who can make what, and where that is.
SELECT r.id, r.code, r.name, r.item_code, r.per_day, r.unit, r.lead_h, coalesce(d.name, o.name) AS maker,
       CASE WHEN d.id IS NULL THEN 'organisation' ELSE 'depot' END AS kind,
       coalesce(d.id, o.id) AS place_id, coalesce(d.version, o.version) AS place_version, d.load_min,
       ST_X(coalesce(d.geom, o.geom)) AS lon, ST_Y(coalesce(d.geom, o.geom)) AS lat,
       (%(towns)s::text[] IS NULL OR coalesce(r.town_code, d.town_code, o.town_code) IS NULL
        OR coalesce(r.town_code, d.town_code, o.town_code) = ANY (%(towns)s::text[])) AS is_in_scope
  FROM core.capability_reserve r
  LEFT JOIN core.depot d ON d.id = r.depot_id
  LEFT JOIN core.organisation o ON o.id = r.organisation_id
 WHERE r.valid_to IS NULL AND d.valid_to IS NULL AND o.valid_to IS NULL
   AND EXISTS (SELECT FROM unnest(%(codes)s::text[]) AS c (code) WHERE starts_with(r.item_code, c.code))
 ORDER BY r.code;

-- name: teams
-- The teams with one of these skills: what they can do, and when they were last sent anywhere. A drill
-- finds those busy that are in another.
SELECT t.id, t.version, t.code, t.name, t.tier, coalesce(e.state, t.status) AS status, t.phone, t.mobilise_min, t.on_duty,
       ST_X(t.geom) AS lon, ST_Y(t.geom) AS lat, t.surveyed_on,
       coalesce(t.surveyed_on < (SELECT core.stale_before('rescue_teams')), true) AS is_stale,
       (%(towns)s::text[] IS NULL OR t.town_code IS NULL OR t.town_code = ANY (%(towns)s::text[])) AS is_in_scope,
       (SELECT max(lower(a.during)) FROM core.team_assignment a
         WHERE a.rescue_team_id = t.id AND NOT a.is_drill AND a.state <> 'released') AS last_sent_at, c.can,
       (SELECT v.code FROM core.vehicle_profile v
         WHERE v.valid_to IS NULL AND t.vehicle_class IN (v.code, v.name, v.name_en) ORDER BY v.id LIMIT 1) AS vehicle
  FROM core.rescue_team t
  JOIN (SELECT c.team_id, jsonb_agg(jsonb_build_object('skill', c.skill, 'type_no', c.type_no,
                                                       'min_headcount', c.min_headcount) ORDER BY c.code) AS can
          FROM core.team_capability c
         WHERE c.valid_to IS NULL AND c.skill = ANY (%(skills)s::text[])
         GROUP BY c.team_id) c ON c.team_id = t.id
  LEFT JOIN core.team_assignment e ON e.rescue_team_id = t.id AND e.is_drill AND e.ended_at IS NULL AND %(is_drill)s
 WHERE t.valid_to IS NULL
 ORDER BY t.code;

-- name: goods
-- What these codes, and the classes they are in, are called.
SELECT g.code, g.name, g.name_en, g.unit
  FROM core.goods g
 WHERE g.valid_to IS NULL
   AND EXISTS (SELECT FROM unnest(%(codes)s::text[]) AS c (code) WHERE starts_with(c.code, g.code))
 ORDER BY g.code;

-- name: substitutes
-- What may be sent instead of what, for these codes, classes they are in, or members of them.
SELECT s.for_code, s.by_code, s.ratio, s.name
  FROM core.goods_substitute s
 WHERE s.valid_to IS NULL
   AND EXISTS (SELECT FROM unnest(%(codes)s::text[]) AS c (code)
                WHERE starts_with(c.code, s.for_code) OR starts_with(s.for_code, c.code))
 ORDER BY s.for_code, s.by_code;

-- name: kits
-- The parts of these kits.
SELECT k.kit_code, k.part_code, k.quantity::numeric AS quantity
  FROM core.goods_kit k
 WHERE k.valid_to IS NULL AND k.kit_code = ANY (%(codes)s::text[])
 ORDER BY k.kit_code, k.part_code;

-- name: agreements
-- Agreements in force today on any of these codes.
SELECT a.item_code, a.quantity::numeric AS quantity, a.unit, o.name AS organisation, o.duty_phone AS phone
  FROM core.supply_agreement a
  JOIN core.organisation o ON o.id = a.organisation_id AND o.valid_to IS NULL
 WHERE a.valid_to IS NULL AND a.agreed_from <= (SELECT core.district_day())
   AND (a.agreed_to IS NULL OR a.agreed_to >= (SELECT core.district_day()))
   AND EXISTS (SELECT FROM unnest(%(codes)s::text[]) AS c (code) WHERE starts_with(a.item_code, c.code))
 ORDER BY a.code;

-- name: ordered
-- What orders have sent to these incidents or are about to: goods as they were asked for (a
-- substitute counts by its ratio), what is to be made, and teams.
SELECT o.incident_id, n.for_item_code AS code, NULL AS skill, n.quantity / coalesce(s.ratio, 1) AS quantity
  FROM core.dispatch_order o
  JOIN core.order_line n ON n.dispatch_order_id = o.id AND n.state <> 'released'
  JOIN core.stock_lot l ON l.id = n.stock_lot_id
  LEFT JOIN LATERAL (SELECT s.ratio::numeric AS ratio FROM core.goods_substitute s
                      WHERE s.valid_to IS NULL AND NOT starts_with(l.item_code, n.for_item_code) AND starts_with(l.item_code, s.by_code)
                        AND (starts_with(n.for_item_code, s.for_code) OR starts_with(s.for_code, n.for_item_code))
                      ORDER BY s.for_code, s.by_code LIMIT 1) s ON true
 WHERE o.incident_id = ANY (%(ids)s::bigint[]) AND o.state NOT IN ('cancelled', 'expired') AND n.for_item_code IS NOT NULL
UNION ALL
SELECT o.incident_id, r.item_code, NULL, c.quantity
  FROM core.dispatch_order o
  JOIN core.order_capability c ON c.dispatch_order_id = o.id
  JOIN core.capability_reserve r ON r.id = c.capability_reserve_id
 WHERE o.incident_id = ANY (%(ids)s::bigint[]) AND o.state NOT IN ('cancelled', 'expired')
UNION ALL
SELECT o.incident_id, NULL, a.for_skill, 1
  FROM core.dispatch_order o
  JOIN core.team_assignment a ON a.dispatch_order_id = o.id AND a.state <> 'released'
 WHERE o.incident_id = ANY (%(ids)s::bigint[]) AND o.state NOT IN ('cancelled', 'expired');
