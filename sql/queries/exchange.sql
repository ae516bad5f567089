-- name: fill_outbox
-- Put a message in the outbox of every partner whose rules want it: an update or a cancellation goes
-- to whoever was given what it refers to, and an update to new ones by its level. A message without a
-- level is no small one. Not back to whom it came from.
INSERT INTO core.outbox (partner_id, alert_id, is_demo)
SELECT p.id, a.id, a.is_demo
  FROM core.alert a
 CROSS JOIN core.partner p
 CROSS JOIN LATERAL (
       SELECT EXISTS (SELECT FROM core.outbox o JOIN core.alert r ON r.id = o.alert_id
                       WHERE o.partner_id = p.id AND r.code = ANY (a.refs)) AS had_it) h
 WHERE a.id = %(alert_id)s::bigint AND p.valid_to IS NULL AND p.is_demo = a.is_demo
   AND p.id IS DISTINCT FROM %(from_partner)s::bigint
   AND a.status <> 'Draft' AND a.msg_type IN ('Alert', 'Update', 'Cancel')
   AND (a.secrecy = 'public' OR (a.secrecy = 'internal' AND p.takes_internal))
   AND (a.status = 'Actual' OR p.takes_drills)
   AND (h.had_it OR (a.msg_type <> 'Cancel'
        AND (p.categories IS NULL OR a.categories && p.categories)
        AND (p.town_codes IS NULL OR a.town_code IS NULL OR a.town_code = ANY (p.town_codes))
        AND coalesce(array_position(ARRAY['blue', 'yellow', 'orange', 'red'], a.level), 4)
            >= array_position(ARRAY['blue', 'yellow', 'orange', 'red'], p.least_level)))
    ON CONFLICT (partner_id, alert_id) DO NOTHING;

-- name: partner_of_token
-- Which partner comes with this token: one of its own, or a viewer's that it was given in earlier versions.
SELECT p.id, p.code, p.name, p.is_demo FROM core.partner p
  JOIN core.api_token t ON t.id = %(token_id)s::bigint AND (t.partner_id = p.id OR p.token_id = t.id)
 WHERE p.valid_to IS NULL;

-- name: partner_of_code
SELECT p.id, p.code, p.name, p.is_demo FROM core.partner p
 WHERE p.code = %(code)s::text AND p.valid_to IS NULL;

-- name: partners
-- The partners, and how many messages wait for each.
SELECT p.id, p.code, p.name, p.direction, p.endpoint, p.token_id, p.least_level, p.categories,
       p.town_codes, p.takes_internal, p.takes_drills,
       (SELECT count(*) FROM core.outbox o
         WHERE o.partner_id = p.id AND o.state IN ('pending', 'sent')) AS waiting,
       (SELECT count(*) FROM core.outbox o WHERE o.partner_id = p.id AND o.state = 'failed') AS failed
  FROM core.partner p
 WHERE p.valid_to IS NULL
 ORDER BY p.code;

-- name: add_partner
INSERT INTO core.partner (code, name, source_doc, direction, endpoint, token_id, least_level, categories,
                          town_codes, takes_internal, takes_drills)
VALUES (%(code)s::text, %(name)s::text, core.actor(), %(direction)s::text, %(endpoint)s::text,
        %(token_id)s::bigint, %(least_level)s::text, %(categories)s::text[], %(town_codes)s::text[],
        %(takes_internal)s::boolean, %(takes_drills)s::boolean)
RETURNING id;

-- name: keep_secret
INSERT INTO core.partner_secret (partner_id, secret) VALUES (%(partner_id)s::bigint, %(secret)s::text)
    ON CONFLICT (partner_id) DO UPDATE SET secret = excluded.secret;

-- name: retire_partner
UPDATE core.partner SET valid_to = greatest(clock_timestamp(), valid_from)
 WHERE code = %(code)s::text AND valid_to IS NULL
RETURNING id;

-- name: waiting
-- What a partner has not acknowledged, in order; after an id only, if one is given.
SELECT o.id, o.alert_id, o.state, o.created_at, a.message
  FROM core.outbox o JOIN core.alert a ON a.id = o.alert_id
 WHERE o.partner_id = %(partner_id)s::bigint AND o.state IN ('pending', 'sent')
   AND o.id > %(since)s::bigint
 ORDER BY o.id
 LIMIT %(limit)s::integer;

-- name: mark_fetched
-- Messages were handed out; that is noted the first time.
WITH given AS (
  UPDATE core.outbox o SET state = 'sent', attempts = o.attempts + 1
   WHERE o.id = ANY (%(ids)s::bigint[]) AND o.state = 'pending'
  RETURNING o.partner_id, o.alert_id, o.is_demo
)
INSERT INTO core.exchange_log (partner_id, alert_id, direction, outcome, is_demo)
SELECT g.partner_id, g.alert_id, 'out', 'fetched', g.is_demo FROM given g;

-- name: ack
-- A partner has these messages: by their row in the outbox, or by what an Ack refers to.
WITH taken AS (
  UPDATE core.outbox o SET state = 'acked', acked_at = clock_timestamp(), last_error = NULL
    FROM core.alert a
   WHERE a.id = o.alert_id AND o.partner_id = %(partner_id)s::bigint AND o.state <> 'acked'
     AND (o.id = %(id)s::bigint OR a.code = ANY (%(codes)s::text[]))
  RETURNING o.id, o.partner_id, o.alert_id, o.is_demo
), told AS (
  INSERT INTO core.exchange_log (partner_id, alert_id, direction, outcome, is_demo)
  SELECT t.partner_id, t.alert_id, 'out', 'acked', t.is_demo FROM taken t
)
SELECT id FROM taken;

-- name: in_outbox
-- The state of one row of a partner's outbox.
SELECT o.state FROM core.outbox o
 WHERE o.id = %(id)s::bigint AND o.partner_id = %(partner_id)s::bigint;

-- name: note_received
-- A message came from a partner.
INSERT INTO core.exchange_log (partner_id, alert_id, direction, outcome, is_demo)
SELECT %(partner_id)s::bigint, a.id, 'in', %(outcome)s::text, a.is_demo
  FROM core.alert a WHERE a.id = %(alert_id)s::bigint;

-- name: hold_delivery
-- Only one worker delivers at a time; freed with the transaction.
SELECT pg_try_advisory_xact_lock(7140406, 12);

-- name: claim
-- Take the next message that is due: of each partner that has an endpoint, only its first open one.
-- It is ours for the lease; a worker that dies gives it back so.
UPDATE core.outbox o
   SET attempts = o.attempts + 1, next_at = clock_timestamp() + %(lease)s::interval
  FROM core.partner p, core.alert a
 WHERE p.id = o.partner_id AND a.id = o.alert_id
   AND o.id = (SELECT f.id
                 FROM core.partner q
                CROSS JOIN LATERAL (SELECT i.id, i.next_at FROM core.outbox i
                                     WHERE i.partner_id = q.id AND i.state IN ('pending', 'sent')
                                     ORDER BY i.id LIMIT 1) f
                WHERE q.endpoint IS NOT NULL AND q.valid_to IS NULL AND f.next_at <= clock_timestamp()
                ORDER BY f.next_at, f.id LIMIT 1)
RETURNING o.id, o.partner_id, o.alert_id, o.attempts, p.endpoint, a.message,
          (SELECT s.secret FROM core.partner_secret s WHERE s.partner_id = p.id) AS secret;

-- name: settle
-- What became of a delivery: acked, failed for good, or pending until its next time.
WITH done AS (
  UPDATE core.outbox o
     SET state = %(state)s::text, last_error = %(error)s::text,
         next_at = clock_timestamp() + %(wait)s::interval,
         acked_at = CASE WHEN %(state)s::text = 'acked' THEN clock_timestamp() END
   WHERE o.id = %(id)s::bigint AND o.state <> 'acked'
  RETURNING o.partner_id, o.alert_id, o.is_demo
)
INSERT INTO core.exchange_log (partner_id, alert_id, direction, outcome, detail, is_demo)
SELECT d.partner_id, d.alert_id, 'out',
       CASE %(state)s::text WHEN 'pending' THEN 'retried' ELSE %(state)s::text END,
       %(error)s::text, d.is_demo
  FROM done d;

-- name: exchange_log
-- What went to and came from partners, the newest first.
SELECT l.id, l.at, p.code AS partner, l.direction, l.outcome, l.alert_id, l.detail, l.actor
  FROM core.exchange_log l JOIN core.partner p ON p.id = l.partner_id
 WHERE %(partner)s::text IS NULL OR p.code = %(partner)s::text
 ORDER BY l.id DESC
 LIMIT %(limit)s::integer;
