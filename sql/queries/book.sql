-- The dispatch book: whom to ring and what lies where, as the views show it.

-- name: head
-- Which district, in which zone times are told, and the state of its roads.
SELECT d.name AS district, d.time_zone, (SELECT g.version FROM core.graph_version g) AS graph_version
  FROM core.district d
 WHERE d.valid_to IS NULL;

-- name: towns
-- The towns, in the order of their codes.
SELECT t.code, t.name FROM published.towns t ORDER BY t.code;

-- name: posts
-- The headquarters first, then the special ones.
SELECT p.code, p.name, p.town_code, p.surveyed_on, p.is_stale, p.is_demo, p.kind, p.hazard_types, p.lead_org,
       p.commander AS contact, p.duty_phone AS phone, p.address, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat
  FROM published.command_posts p
 ORDER BY p.kind, p.code;

-- name: answering
-- Which post answers for which kind of hazard.
SELECT k.hazard, p.code AS post_code
  FROM unnest(%(hazards)s::text[]) WITH ORDINALITY AS k (hazard, n)
  JOIN core.command_post p ON p.id = core.command_post_of(k.hazard)
 ORDER BY k.n;

-- name: depots
SELECT d.code, d.name, d.town_code, d.surveyed_on, d.is_stale, d.is_demo, d.tier, d.owner, d.form,
       d.keeper AS contact, d.phone, d.load_min, d.address, ST_X(d.geom) AS lon, ST_Y(d.geom) AS lat
  FROM published.depots d
 ORDER BY d.code;

-- name: stock
-- What lies in each depot, by material and unit. Usable: neither expired nor reserved; the minimum
-- reserve is part of it. The next to expire is of what is usable.
SELECT d.code AS depot_code, d.town_code, l.item_code AS code,
       coalesce((SELECT g.name FROM core.goods g WHERE g.code = l.item_code AND g.valid_to IS NULL),
                string_agg(DISTINCT l.name, '、' ORDER BY l.name)) AS name,
       min(l.surveyed_on) AS surveyed_on, bool_or(coalesce(l.surveyed_on < c.before, true)) AS is_stale,
       bool_or(l.is_demo) AS is_demo, l.unit, sum(l.quantity) AS quantity, sum(l.reserved) AS reserved,
       coalesce(sum(l.quantity - l.reserved) FILTER (WHERE NOT e.is_expired), 0) AS usable,
       coalesce(sum(l.quantity) FILTER (WHERE e.is_expired), 0) AS expired,
       min(l.expires_on) FILTER (WHERE NOT e.is_expired AND l.quantity > 0) AS expires_on,
       sum(l.min_reserve) AS min_reserve
  FROM core.stock_lot l
  JOIN core.depot d ON d.id = l.depot_id,
       (SELECT core.stale_before('stock_lots') AS before, core.district_day() AS today OFFSET 0) c,
       LATERAL (SELECT coalesce(l.expires_on < c.today, false) AS is_expired) e
 WHERE l.valid_to IS NULL AND d.valid_to IS NULL
 GROUP BY d.code, d.town_code, l.item_code, l.unit
 ORDER BY d.code, l.item_code, l.unit;

-- name: makers
-- Who can make what, so much a day after so many hours.
SELECT r.code, r.name, r.town_code, r.surveyed_on, r.is_stale, r.is_demo, r.maker, r.item_code, r.per_day, r.unit,
       r.lead_h, coalesce(d.phone, o.duty_phone) AS phone, coalesce(d.keeper, o.leader) AS contact
  FROM published.capability_reserves r
  LEFT JOIN published.depots d ON d.code = r.depot_code
  LEFT JOIN published.organisations o ON o.code = r.organisation_code
 ORDER BY r.code;

-- name: agreements
-- Agreements on supply; those not in force say so.
SELECT a.code, a.name, a.town_code, a.surveyed_on, a.is_stale, a.is_demo, a.supplier, a.depot, a.item_code, a.quantity,
       a.unit, a.agreed_from, a.agreed_to, a.is_in_force, a.document, o.leader AS contact, o.duty_phone AS phone
  FROM published.supply_agreements a
  LEFT JOIN published.organisations o ON o.code = a.organisation_code
 ORDER BY a.code;

-- name: teams
-- Teams; what they can do, with the type (1 the most capable) where that is on record.
SELECT t.code, t.name, t.town_code, t.surveyed_on, t.is_stale, t.is_demo, t.tier, t.status,
       (SELECT string_agg(k.said, ', ' ORDER BY k.said)
          FROM (SELECT c.skill || ' ' || min(c.type_no) AS said
                  FROM published.team_capabilities c WHERE c.team_code = t.code GROUP BY c.skill
                 UNION ALL
                SELECT u.skill FROM unnest(string_to_array(t.skills, ', ')) AS u (skill)
                 WHERE NOT EXISTS (SELECT FROM published.team_capabilities c
                                    WHERE c.team_code = t.code AND c.skill = u.skill)) k) AS skills,
       t.headcount, t.on_duty, t.leader AS contact, t.phone, t.mobilise_min, t.equipment,
       ST_X(t.geom) AS lon, ST_Y(t.geom) AS lat
  FROM published.rescue_teams t
 ORDER BY t.code;

-- name: stations
-- Stations of towns and of the fire brigade.
SELECT s.code, s.name, s.town_code, s.surveyed_on, s.is_stale, s.is_demo, 'town_station' AS kind, NULL AS status,
       NULL::integer AS vehicles, s.headcount, s.leader AS contact, s.phone, s.address,
       ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat
  FROM published.town_stations s
UNION ALL
SELECT s.code, s.name, s.town_code, s.surveyed_on, s.is_stale, s.is_demo, 'fire_station', s.status,
       s.vehicles, s.headcount, s.leader, s.phone, s.address, ST_X(s.geom), ST_Y(s.geom)
  FROM published.fire_stations s
 ORDER BY kind DESC, code;

-- name: shelters
SELECT s.code, s.name, s.town_code, s.surveyed_on, s.is_stale, s.is_demo, s.kind, s.capacity, s.keeper AS contact, s.phone,
       s.address, ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat
  FROM published.shelters s
 ORDER BY s.code;
