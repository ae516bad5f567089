-- What was ordered, a row a lot and a row a team, along its way; a drill has a look of its own.
CREATE VIEW published.dispatch_orders AS
SELECT w.id, coalesce(w.geom, ST_MakeLine(w.base, i.geom))::geometry(LineString, 4490) AS geom, o.code,
       CASE WHEN o.is_drill THEN '【演练】' ELSE '' END || w.name AS name, i.town_code, i.org, i.secrecy, o.is_demo,
       NULL::date AS surveyed_on, w.kind, w.state, o.state AS order_state, o.is_drill,
       CASE WHEN o.is_drill THEN 'drill' ELSE w.state END AS look, w.geom IS NULL AS is_straight,
       i.code AS incident_code, i.name AS incident, w.quantity::double precision AS quantity, w.unit, w.base_name AS origin,
       w.drive_s / 60 AS drive_min, w.distance_m / 1000 AS distance_km, w.eta_at, w.departed_at, w.arrived_at,
       o.code AS source_doc, o.version, o.updated_at, o.changed_xid
  FROM (SELECT n.id, n.dispatch_order_id, 'lot' AS kind, l.name, n.state, n.quantity, l.unit, d.name AS base_name, d.geom AS base,
               n.drive_s, n.distance_m, n.eta_at, n.departed_at, n.arrived_at, n.geom
          FROM core.order_line n JOIN core.stock_lot l ON l.id = n.stock_lot_id JOIN core.depot d ON d.id = l.depot_id
         UNION ALL
        SELECT a.id, a.dispatch_order_id, 'team', t.name, a.state, NULL, NULL, t.name, t.geom,
               a.drive_s, a.distance_m, a.eta_at, a.departed_at, a.arrived_at, a.geom
          FROM core.team_assignment a JOIN core.rescue_team t ON t.id = a.rescue_team_id) w
  JOIN core.dispatch_order o ON o.id = w.dispatch_order_id
  JOIN core.incident i ON i.id = o.incident_id
 WHERE o.is_open;
