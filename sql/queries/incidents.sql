-- Incidents and what they need (migration 0018).

-- name: add_incident
-- Put an incident down; its code, its post and its town come from the database where they are not said.
INSERT INTO core.incident (name, kind, level, is_drill, reported_at, reporter, phone, description, town_code,
                           source_doc, is_demo, geom)
SELECT %(name)s, %(kind)s, %(level)s, %(is_drill)s, coalesce(%(reported_at)s::timestamptz, clock_timestamp()),
       %(reporter)s, %(phone)s, %(description)s, coalesce(%(town_code)s::text, core.town_at(p.geom)),
       '接报 · reported', coalesce((SELECT d.is_demo FROM core.district d WHERE d.valid_to IS NULL), false), p.geom
  FROM ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4490) AS p (geom)
RETURNING id;

-- name: set_needs
-- Say anew what an incident needs; how many lines.
SELECT core.set_needs(%(id)s, %(needs)s::jsonb);

-- name: amend_incident
-- Change what is said of an incident: the keys of `changes`; NULL empties.
UPDATE core.incident i
   SET name = r.name, kind = r.kind, level = r.level, reporter = r.reporter, phone = r.phone,
       description = r.description, reported_at = r.reported_at,
       geom = coalesce(ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4490), i.geom)
  FROM core.incident b, jsonb_populate_record(b, %(changes)s::jsonb) r
 WHERE i.id = %(id)s AND b.id = i.id;

-- name: hold_incident
-- An incident, locked until the end of the transaction.
SELECT i.id, i.version, i.state, i.town_code, i.secrecy
  FROM core.incident i
 WHERE i.id = %(id)s AND i.valid_to IS NULL
   FOR NO KEY UPDATE;

-- name: close_incident
-- It is over.
UPDATE core.incident SET state = 'closed' WHERE id = %(id)s AND state = 'open';

-- name: incidents
-- Incidents below an id that the caller may read, the newest first; of one id only, with an id.
SELECT i.id, i.code, i.name, i.kind, i.level::integer AS level, i.is_drill, i.state, i.reported_at, i.reporter,
       i.phone, i.description, i.town_code, i.secrecy, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat,
       CASE WHEN p.id IS NULL THEN NULL ELSE jsonb_build_object(
         'id', p.id, 'code', p.code, 'name', p.name, 'name_en', p.name_en, 'kind', p.kind,
         'commander', p.commander, 'duty_phone', p.duty_phone) END AS command_post,
       core.needs_of(i.id) AS needs, i.version, i.created_by, i.updated_by, i.updated_at, i.closed_at, i.closed_by,
       i.is_demo
  FROM core.incident i
  LEFT JOIN core.command_post p ON p.id = i.command_post_id
 WHERE i.valid_to IS NULL
   AND (%(id)s::bigint IS NULL OR i.id = %(id)s)
   AND (%(state)s::text IS NULL OR i.state = %(state)s)
   AND (%(before)s::bigint IS NULL OR i.id < %(before)s)
   AND i.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR i.town_code IS NULL OR i.town_code = ANY (%(towns)s::text[]))
 ORDER BY i.id DESC
 LIMIT %(limit)s;
