-- name: ours
-- How this service signs its messages, and where its service ends; no row before a boundary is loaded.
SELECT 'geoservice-' || d.code AS sender, d.name, core.envelope() AS envelope
  FROM core.district d
 WHERE d.valid_to IS NULL;

-- name: standing
-- A message that is there already.
SELECT a.id, a.state, a.message FROM core.alert a
 WHERE a.code = %(code)s::text AND a.valid_to IS NULL;

-- name: end_referred
-- An update or a cancellation ends what it refers to: its sender's own, or anybody's for who may.
UPDATE core.alert a SET state = %(state)s::text, ended_at = clock_timestamp()
 WHERE a.code = ANY (%(codes)s::text[]) AND a.valid_to IS NULL AND a.state IN ('active', 'expired')
   AND (a.sender = %(sender)s::text OR %(may_end_others)s::boolean)
RETURNING a.code;

-- name: expire
-- Alerts whose time is over are so from the end of it on.
UPDATE core.alert a SET state = 'expired', ended_at = a.expires_at
 WHERE a.state = 'active' AND a.valid_to IS NULL AND a.expires_at <= now();

-- name: add_alert
-- Add a message; no row when it is there already. What ended it may have come before it.
INSERT INTO core.alert (code, name, name_en, org, town_code, secrecy, source_doc, is_demo, identifier,
                        sender, sent_at, status, msg_type, scope, categories, event, urgency, severity,
                        certainty, level, onset_at, expires_at, headline, description, instruction,
                        area_desc, refs, message, state, sensor_id, rule, geom)
SELECT r.code, r.name, r.name_en, r.org, r.town_code, r.secrecy, r.source_doc, r.is_demo, r.identifier,
       r.sender, r.sent_at, r.status, r.msg_type, r.scope, r.categories, r.event, r.urgency, r.severity,
       r.certainty, r.level, r.onset_at, r.expires_at, r.headline, r.description, r.instruction,
       r.area_desc, r.refs, r.message,
       CASE WHEN r.state = 'active' THEN coalesce(e.state, r.state) ELSE r.state END, r.sensor_id,
       r.rule, r.geom
  FROM jsonb_populate_record(NULL::core.alert, %(row)s::jsonb) r
  LEFT JOIN LATERAL (
       SELECT CASE a.msg_type WHEN 'Cancel' THEN 'cancelled' ELSE 'updated' END AS state
         FROM core.alert a
        WHERE a.refs @> ARRAY[r.code] AND a.valid_to IS NULL AND a.msg_type IN ('Update', 'Cancel')
          AND a.sender = r.sender
        ORDER BY a.msg_type LIMIT 1) e ON true
    ON CONFLICT (code) WHERE valid_to IS NULL DO NOTHING
RETURNING id, state;

-- name: place_of_codes
-- The area of the towns of these codes, or of the district: NULL when it is none of ours.
SELECT ST_Multi(ST_Union(p.geom)) AS geom, min(p.town_code) AS town_code, count(*) AS count
  FROM (SELECT t.geom, t.code AS town_code FROM core.town t
         WHERE t.valid_to IS NULL AND t.code = ANY (%(codes)s::text[])
         UNION ALL
        SELECT d.geom, NULL FROM core.district d
         WHERE d.valid_to IS NULL AND d.code = ANY (%(codes)s::text[])) p;

-- name: open_alerts
-- The warnings of these sensors that stand, one a rule.
SELECT a.sensor_id, a.rule, a.level, a.identifier, a.sender, a.message ->> 'sent' AS sent
  FROM core.alert a
 WHERE a.sensor_id = ANY (%(sensor_ids)s::bigint[]) AND a.state = 'active' AND a.valid_to IS NULL;

-- name: listed
-- Messages as this caller sees them, the newest first: those in force, or all.
SELECT a.id, a.identifier, a.sender, a.name, a.status, a.msg_type, a.event, a.level, a.severity,
       CASE WHEN a.state = 'active' AND a.expires_at <= now() THEN 'expired' ELSE a.state END AS state,
       a.sent_at, a.onset_at, a.expires_at, a.ended_at, a.area_desc, a.description, a.updated_at
  FROM core.alert a
 WHERE a.valid_to IS NULL AND a.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR a.town_code IS NULL OR a.town_code = ANY (%(towns)s::text[]))
   AND (NOT %(in_force)s::boolean
        OR (a.state = 'active' AND a.status <> 'Draft' AND coalesce(a.expires_at > now(), true)))
   AND a.id < coalesce(%(before)s::bigint, 9223372036854775807)
 ORDER BY a.id DESC
 LIMIT %(limit)s::integer;

-- name: one_message
-- One message, if this caller sees it.
SELECT a.message FROM core.alert a
 WHERE a.id = %(id)s::bigint AND a.valid_to IS NULL AND a.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR a.town_code IS NULL OR a.town_code = ANY (%(towns)s::text[]));
