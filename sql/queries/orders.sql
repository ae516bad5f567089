-- Orders: placed in one round trip, and followed step by step (migration 0019).

-- name: place_order
-- Reserve all or nothing, once for each key.
SELECT core.place_order(%(body)s::jsonb, %(key)s, %(sha256)s, %(hold)s::interval, %(towns)s::text[]) AS placed;

-- name: orders
-- Orders that the caller may read, the newest first; of one id only, with an id.
SELECT core.order_told(o.id) || jsonb_build_object('incident', jsonb_build_object(
         'id', i.id, 'code', i.code, 'name', i.name, 'state', i.state)) AS told
  FROM core.dispatch_order o
  JOIN core.incident i ON i.id = o.incident_id
 WHERE (%(id)s::bigint IS NULL OR o.id = %(id)s)
   AND (%(incident_id)s::bigint IS NULL OR o.incident_id = %(incident_id)s)
   AND (%(is_open)s::boolean IS NULL OR o.is_open = %(is_open)s)
   AND (%(before)s::bigint IS NULL OR o.id < %(before)s)
   AND i.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR i.town_code IS NULL OR i.town_code = ANY (%(towns)s::text[]))
 ORDER BY o.id DESC
 LIMIT %(limit)s;

-- name: events
-- The steps of an order, or of all orders of an incident.
SELECT e.id, e.at, e.actor, o.code AS order, e.part, e.no, coalesce(l.name, t.name) AS what, e.action, e.from_state,
       e.to_state, e.details
  FROM core.dispatch_event e
  JOIN core.dispatch_order o ON o.id = e.dispatch_order_id
  LEFT JOIN core.order_line n ON e.part = 'lot' AND n.dispatch_order_id = o.id AND n.no = e.no
  LEFT JOIN core.stock_lot l ON l.id = n.stock_lot_id
  LEFT JOIN core.team_assignment a ON e.part = 'team' AND a.dispatch_order_id = o.id AND a.no = e.no
  LEFT JOIN core.rescue_team t ON t.id = a.rescue_team_id
 WHERE (%(order_id)s::bigint IS NULL OR e.dispatch_order_id = %(order_id)s)
   AND (%(incident_id)s::bigint IS NULL OR e.incident_id = %(incident_id)s)
 ORDER BY e.id;

-- name: hold_order
-- An order, locked until the end of the transaction.
SELECT o.id, o.code, o.state, o.is_drill, i.town_code, i.secrecy
  FROM core.dispatch_order o
  JOIN core.incident i ON i.id = o.incident_id
 WHERE o.id = %(id)s
   FOR NO KEY UPDATE OF o;

-- name: hold_due
-- Orders that nobody confirmed in time, locked; those that another worker has are left to it.
SELECT o.id, o.code, o.state, o.is_drill, i.town_code, i.secrecy
  FROM core.dispatch_order o
  JOIN core.incident i ON i.id = o.incident_id
 WHERE o.state = 'reserved' AND o.expires_at <= clock_timestamp()
 ORDER BY o.expires_at
 LIMIT %(limit)s
   FOR NO KEY UPDATE OF o SKIP LOCKED;

-- name: parts
-- The lots and teams of an order; asked once it is locked.
SELECT 'lot' AS part, n.no, n.stock_lot_id AS thing_id, n.state, l.code AS name, n.quantity - n.returned - n.lost - n.used AS rest
  FROM core.order_line n JOIN core.stock_lot l ON l.id = n.stock_lot_id
 WHERE n.dispatch_order_id = %(order_id)s
 UNION ALL
SELECT 'team', a.no, a.rescue_team_id, a.state, t.code, 0
  FROM core.team_assignment a JOIN core.rescue_team t ON t.id = a.rescue_team_id
 WHERE a.dispatch_order_id = %(order_id)s
 ORDER BY part, no;

-- name: take_step
-- Write a step that the table of steps allows.
SELECT core.take_step(%(order_id)s, %(part)s, %(no)s::integer, %(action)s, %(to_state)s, %(details)s::jsonb);

-- name: forget_answers
-- Keys live seven days; how many went.
SELECT core.forget_answers();

-- name: report_parts
-- Every lot and team that was ordered for an incident, with its way and where it came from.
SELECT w.id, o.code AS order, o.state AS order_state, w.part, w.no, w.name, w.origin, w.quantity::float8 AS quantity, w.unit,
       w.state, w.drive_s, w.distance_m, w.eta_at, w.departed_at, w.arrived_at, w.ended_at, w.returned::float8 AS returned,
       w.lost::float8 AS lost, w.used::float8 AS used, w.geom, w.base
  FROM (SELECT n.id, n.dispatch_order_id, 'lot' AS part, n.no, l.name, d.name AS origin, n.quantity, l.unit, n.state, n.drive_s,
               n.distance_m, n.eta_at, n.departed_at, n.arrived_at, n.ended_at, n.returned, n.lost, n.used, n.geom, d.geom AS base
          FROM core.order_line n JOIN core.stock_lot l ON l.id = n.stock_lot_id JOIN core.depot d ON d.id = l.depot_id
         UNION ALL
        SELECT a.id, a.dispatch_order_id, 'team', a.no, t.name, t.name, NULL, NULL, a.state, a.drive_s,
               a.distance_m, a.eta_at, a.departed_at, a.arrived_at, a.ended_at, NULL, NULL, NULL, a.geom, t.geom
          FROM core.team_assignment a JOIN core.rescue_team t ON t.id = a.rescue_team_id) w
  JOIN core.dispatch_order o ON o.id = w.dispatch_order_id
 WHERE o.incident_id = %(incident_id)s
 ORDER BY o.id, w.part, w.no;

-- name: report_roads
-- The roads around what is drawn, the longest first.
SELECT ST_SimplifyPreserveTopology(r.geom, 0.00005) AS geom
  FROM core.road r
 WHERE r.valid_to IS NULL
   AND r.geom && ST_MakeEnvelope(%(west)s::float8, %(south)s::float8, %(east)s::float8, %(north)s::float8, 4490)
 ORDER BY ST_Length(r.geom) DESC
 LIMIT %(limit)s;
