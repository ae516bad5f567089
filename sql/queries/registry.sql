-- Registers. `..._standing` gives the current records of some codes, locked until the end of the
-- transaction; `..._store` writes records by code: a new code is inserted, a standing one amended.

-- name: towns_standing
-- Records of core.town by code.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, t.kind, t.geom
  FROM core.town t
 WHERE t.valid_to IS NULL AND t.code = ANY (%(codes)s)
   FOR UPDATE;

-- name: towns_store
-- Write records of core.town.
INSERT INTO core.town AS t (code, name, name_en, org, town_code, secrecy, source_doc,
  surveyed_on, is_demo, kind, geom)
SELECT r.code, r.name, r.name_en, r.org, r.town_code, r.secrecy, r.source_doc, r.surveyed_on,
       r.is_demo, r.kind, r.geom
  FROM jsonb_populate_recordset(NULL::core.town, %(rows)s::jsonb) r
    ON CONFLICT (code) WHERE valid_to IS NULL DO UPDATE
   SET name = excluded.name, name_en = excluded.name_en, org = excluded.org,
       town_code = excluded.town_code, secrecy = excluded.secrecy,
       source_doc = excluded.source_doc, surveyed_on = excluded.surveyed_on,
       is_demo = excluded.is_demo, kind = excluded.kind, geom = excluded.geom
RETURNING t.code, t.version;

-- name: water_bodies_standing
-- Records of core.water_body by code.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, t.kind, t.geom
  FROM core.water_body t
 WHERE t.valid_to IS NULL AND t.code = ANY (%(codes)s)
   FOR UPDATE;

-- name: water_bodies_store
-- Write records of core.water_body.
INSERT INTO core.water_body AS t (code, name, name_en, org, town_code, secrecy, source_doc,
  surveyed_on, is_demo, kind, geom)
SELECT r.code, r.name, r.name_en, r.org, r.town_code, r.secrecy, r.source_doc, r.surveyed_on,
       r.is_demo, r.kind, r.geom
  FROM jsonb_populate_recordset(NULL::core.water_body, %(rows)s::jsonb) r
    ON CONFLICT (code) WHERE valid_to IS NULL DO UPDATE
   SET name = excluded.name, name_en = excluded.name_en, org = excluded.org,
       town_code = excluded.town_code, secrecy = excluded.secrecy,
       source_doc = excluded.source_doc, surveyed_on = excluded.surveyed_on,
       is_demo = excluded.is_demo, kind = excluded.kind, geom = excluded.geom
RETURNING t.code, t.version;

-- name: hazard_sources_standing
-- Records of core.hazard_source by code.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, t.kind, t.grade, t.prevention_org, t.rescue_org, t.address, t.remark, t.geom
  FROM core.hazard_source t
 WHERE t.valid_to IS NULL AND t.code = ANY (%(codes)s)
   FOR UPDATE;

-- name: hazard_sources_store
-- Write records of core.hazard_source.
INSERT INTO core.hazard_source AS t (code, name, name_en, org, town_code, secrecy, source_doc,
  surveyed_on, is_demo, kind, grade, prevention_org, rescue_org, address, remark, geom)
SELECT r.code, r.name, r.name_en, r.org, r.town_code, r.secrecy, r.source_doc, r.surveyed_on,
       r.is_demo, r.kind, r.grade, r.prevention_org, r.rescue_org, r.address, r.remark, r.geom
  FROM jsonb_populate_recordset(NULL::core.hazard_source, %(rows)s::jsonb) r
    ON CONFLICT (code) WHERE valid_to IS NULL DO UPDATE
   SET name = excluded.name, name_en = excluded.name_en, org = excluded.org,
       town_code = excluded.town_code, secrecy = excluded.secrecy,
       source_doc = excluded.source_doc, surveyed_on = excluded.surveyed_on,
       is_demo = excluded.is_demo, kind = excluded.kind, grade = excluded.grade,
       prevention_org = excluded.prevention_org, rescue_org = excluded.rescue_org,
       address = excluded.address, remark = excluded.remark, geom = excluded.geom
RETURNING t.code, t.version;

-- name: rescue_teams_standing
-- Records of core.rescue_team by code.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, t.tier, t.skills, t.headcount, t.equipment, t.leader, t.phone, t.status,
       t.mobilise_min, t.vehicle_class, t.geom
  FROM core.rescue_team t
 WHERE t.valid_to IS NULL AND t.code = ANY (%(codes)s)
   FOR UPDATE;

-- name: rescue_teams_store
-- Write records of core.rescue_team.
INSERT INTO core.rescue_team AS t (code, name, name_en, org, town_code, secrecy, source_doc,
  surveyed_on, is_demo, tier, skills, headcount, equipment, leader, phone, status, mobilise_min,
  vehicle_class, geom)
SELECT r.code, r.name, r.name_en, r.org, r.town_code, r.secrecy, r.source_doc, r.surveyed_on,
       r.is_demo, r.tier, r.skills, r.headcount, r.equipment, r.leader, r.phone, r.status,
       r.mobilise_min, r.vehicle_class, r.geom
  FROM jsonb_populate_recordset(NULL::core.rescue_team, %(rows)s::jsonb) r
    ON CONFLICT (code) WHERE valid_to IS NULL DO UPDATE
   SET name = excluded.name, name_en = excluded.name_en, org = excluded.org,
       town_code = excluded.town_code, secrecy = excluded.secrecy,
       source_doc = excluded.source_doc, surveyed_on = excluded.surveyed_on,
       is_demo = excluded.is_demo, tier = excluded.tier, skills = excluded.skills,
       headcount = excluded.headcount, equipment = excluded.equipment, leader = excluded.leader,
       phone = excluded.phone, status = excluded.status, mobilise_min = excluded.mobilise_min,
       vehicle_class = excluded.vehicle_class, geom = excluded.geom
RETURNING t.code, t.version;

-- name: depots_standing
-- Records of core.depot by code.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, t.owner, t.form, t.layout, t.tier, t.address, t.keeper, t.phone, t.load_min,
       t.geom
  FROM core.depot t
 WHERE t.valid_to IS NULL AND t.code = ANY (%(codes)s)
   FOR UPDATE;

-- name: depots_store
-- Write records of core.depot.
INSERT INTO core.depot AS t (code, name, name_en, org, town_code, secrecy, source_doc,
  surveyed_on, is_demo, owner, form, layout, tier, address, keeper, phone, load_min, geom)
SELECT r.code, r.name, r.name_en, r.org, r.town_code, r.secrecy, r.source_doc, r.surveyed_on,
       r.is_demo, r.owner, r.form, r.layout, r.tier, r.address, r.keeper, r.phone, r.load_min,
       r.geom
  FROM jsonb_populate_recordset(NULL::core.depot, %(rows)s::jsonb) r
    ON CONFLICT (code) WHERE valid_to IS NULL DO UPDATE
   SET name = excluded.name, name_en = excluded.name_en, org = excluded.org,
       town_code = excluded.town_code, secrecy = excluded.secrecy,
       source_doc = excluded.source_doc, surveyed_on = excluded.surveyed_on,
       is_demo = excluded.is_demo, owner = excluded.owner, form = excluded.form,
       layout = excluded.layout, tier = excluded.tier, address = excluded.address,
       keeper = excluded.keeper, phone = excluded.phone, load_min = excluded.load_min,
       geom = excluded.geom
RETURNING t.code, t.version;

-- name: dangerous_sections_standing
-- Records of core.dangerous_section by code.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, t.road_code, t.from_m, t.to_m, t.hazard_kinds, t.grade, t.measures, t.geom
  FROM core.dangerous_section t
 WHERE t.valid_to IS NULL AND t.code = ANY (%(codes)s)
   FOR UPDATE;

-- name: dangerous_sections_store
-- Write records of core.dangerous_section.
INSERT INTO core.dangerous_section AS t (code, name, name_en, org, town_code, secrecy,
  source_doc, surveyed_on, is_demo, road_code, from_m, to_m, hazard_kinds, grade, measures, geom)
SELECT r.code, r.name, r.name_en, r.org, r.town_code, r.secrecy, r.source_doc, r.surveyed_on,
       r.is_demo, r.road_code, r.from_m, r.to_m, r.hazard_kinds, r.grade, r.measures, r.geom
  FROM jsonb_populate_recordset(NULL::core.dangerous_section, %(rows)s::jsonb) r
    ON CONFLICT (code) WHERE valid_to IS NULL DO UPDATE
   SET name = excluded.name, name_en = excluded.name_en, org = excluded.org,
       town_code = excluded.town_code, secrecy = excluded.secrecy,
       source_doc = excluded.source_doc, surveyed_on = excluded.surveyed_on,
       is_demo = excluded.is_demo, road_code = excluded.road_code, from_m = excluded.from_m,
       to_m = excluded.to_m, hazard_kinds = excluded.hazard_kinds, grade = excluded.grade,
       measures = excluded.measures, geom = excluded.geom
RETURNING t.code, t.version;

-- name: mines_standing
-- Records of core.mine by code.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, t.company, t.status, t.licence_no, t.licence_area_km2, t.capacity_mtpa,
       t.hydro_type, t.geom
  FROM core.mine t
 WHERE t.valid_to IS NULL AND t.code = ANY (%(codes)s)
   FOR UPDATE;

-- name: mines_store
-- Write records of core.mine.
INSERT INTO core.mine AS t (code, name, name_en, org, town_code, secrecy, source_doc,
  surveyed_on, is_demo, company, status, licence_no, licence_area_km2, capacity_mtpa, hydro_type,
  geom)
SELECT r.code, r.name, r.name_en, r.org, r.town_code, r.secrecy, r.source_doc, r.surveyed_on,
       r.is_demo, r.company, r.status, r.licence_no, r.licence_area_km2, r.capacity_mtpa,
       r.hydro_type, r.geom
  FROM jsonb_populate_recordset(NULL::core.mine, %(rows)s::jsonb) r
    ON CONFLICT (code) WHERE valid_to IS NULL DO UPDATE
   SET name = excluded.name, name_en = excluded.name_en, org = excluded.org,
       town_code = excluded.town_code, secrecy = excluded.secrecy,
       source_doc = excluded.source_doc, surveyed_on = excluded.surveyed_on,
       is_demo = excluded.is_demo, company = excluded.company, status = excluded.status,
       licence_no = excluded.licence_no, licence_area_km2 = excluded.licence_area_km2,
       capacity_mtpa = excluded.capacity_mtpa, hydro_type = excluded.hydro_type,
       geom = excluded.geom
RETURNING t.code, t.version;

-- name: road_closures_standing
-- Records of core.road_closure by code.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, t.cause, lower(t.period) AS starts_at, upper(t.period) AS ends_at, t.factor,
       t.includes_structures, t.geom
  FROM core.road_closure t
 WHERE t.valid_to IS NULL AND t.code = ANY (%(codes)s)
   FOR UPDATE;

-- name: road_closures_store
-- Write records of core.road_closure; its arcs are found by its trigger.
INSERT INTO core.road_closure AS t (code, name, name_en, org, town_code, secrecy, source_doc,
  surveyed_on, is_demo, cause, period, factor, includes_structures, geom)
SELECT r.code, r.name, r.name_en, r.org, r.town_code, r.secrecy, r.source_doc, r.surveyed_on,
       r.is_demo, r.cause,
       tstzrange((j.row->>'starts_at')::timestamptz, (j.row->>'ends_at')::timestamptz),
       r.factor, r.includes_structures, r.geom
  FROM jsonb_array_elements(%(rows)s::jsonb) AS j (row),
       jsonb_populate_record(NULL::core.road_closure, j.row) r
    ON CONFLICT (code) WHERE valid_to IS NULL DO UPDATE
   SET name = excluded.name, name_en = excluded.name_en, org = excluded.org,
       town_code = excluded.town_code, secrecy = excluded.secrecy,
       source_doc = excluded.source_doc, surveyed_on = excluded.surveyed_on,
       is_demo = excluded.is_demo, cause = excluded.cause, period = excluded.period,
       factor = excluded.factor, includes_structures = excluded.includes_structures,
       geom = excluded.geom
RETURNING t.code, t.version;

-- name: stock_lots_standing
-- Records of core.stock_lot by code, the depot by its code.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, d.code AS depot_code, t.item_code, t.quantity::double precision AS quantity,
       t.unit, t.batch, t.expires_on, t.min_reserve::double precision AS min_reserve
  FROM core.stock_lot t
  JOIN core.depot d ON d.id = t.depot_id
 WHERE t.valid_to IS NULL AND t.code = ANY (%(codes)s)
   FOR UPDATE OF t;

-- name: stock_lots_store
-- Write records of core.stock_lot; one whose depot is not there is left out, and so not returned.
INSERT INTO core.stock_lot AS t (code, name, name_en, org, town_code, secrecy, source_doc,
  surveyed_on, is_demo, depot_id, item_code, quantity, unit, batch, expires_on, min_reserve)
SELECT r.code, r.name, r.name_en, r.org, r.town_code, r.secrecy, r.source_doc, r.surveyed_on,
       r.is_demo, d.id, r.item_code, r.quantity, r.unit, r.batch, r.expires_on, r.min_reserve
  FROM jsonb_array_elements(%(rows)s::jsonb) AS j (row),
       jsonb_populate_record(NULL::core.stock_lot, j.row) r,
       core.depot d
 WHERE d.code = j.row->>'depot_code' AND d.valid_to IS NULL
    ON CONFLICT (code) WHERE valid_to IS NULL DO UPDATE
   SET name = excluded.name, name_en = excluded.name_en, org = excluded.org,
       town_code = excluded.town_code, secrecy = excluded.secrecy,
       source_doc = excluded.source_doc, surveyed_on = excluded.surveyed_on,
       is_demo = excluded.is_demo, depot_id = excluded.depot_id, item_code = excluded.item_code,
       quantity = excluded.quantity, unit = excluded.unit, batch = excluded.batch,
       expires_on = excluded.expires_on, min_reserve = excluded.min_reserve
RETURNING t.code, t.version;

-- name: depot_codes
-- Which of these codes are current depots.
SELECT d.code
  FROM core.depot d
 WHERE d.valid_to IS NULL AND d.code = ANY (%(codes)s);

-- name: envelope_now
-- The service envelope; no row before `load boundary`.
SELECT d.envelope
  FROM core.district d
 WHERE d.valid_to IS NULL;

-- name: hold_district
-- Until the end of the transaction nobody else sets the district: of two who start with an empty
-- database the second waits, and then finds one.
SELECT pg_advisory_xact_lock(7140408)::text;

-- name: district_standing
-- The district as it stands, locked until the end of the transaction.
SELECT t.code, t.name, t.name_en, t.org, t.town_code, t.secrecy, t.source_doc, t.surveyed_on,
       t.is_demo, t.time_zone, t.geom
  FROM core.district t
 WHERE t.valid_to IS NULL
   FOR UPDATE;

-- name: retire_district
-- The district as it stood is kept, no longer current.
UPDATE core.district SET valid_to = clock_timestamp() WHERE valid_to IS NULL;

-- name: store_district
-- The new district and its service envelope.
INSERT INTO core.district (code, name, name_en, org, town_code, secrecy, source_doc, surveyed_on,
  is_demo, time_zone, geom, envelope)
VALUES (%(code)s, %(name)s, %(name_en)s, %(org)s, %(town_code)s, %(secrecy)s, %(source_doc)s,
  %(surveyed_on)s, %(is_demo)s, %(time_zone)s, %(geom)s, %(envelope)s);

-- name: outside_envelope
-- How many rows of each guarded table, retired ones too, lie outside a would-be envelope: every
-- table with the CHECK is asked, so that none is forgotten.
SELECT g.table_name, g.outside
  FROM (SELECT c.conrelid::regclass::text AS table_name,
               (xpath('/row/n/text()', query_to_xml(
                 format('SELECT count(*) AS n FROM %%s WHERE NOT geom @ %%L::geometry',
                        c.conrelid::regclass, ST_AsEWKT(%(envelope)s::geometry)),
                 false, true, '')))[1]::text::bigint AS outside
          FROM pg_constraint c
         WHERE c.conname LIKE '%%\_geom\_in\_envelope' AND c.connamespace = 'core'::regnamespace) g
 WHERE g.outside > 0
 ORDER BY g.table_name;

-- name: guard_all_geometry
-- Write the envelope of the current district into every table.
SELECT core.guard_all_geometry()::text;
