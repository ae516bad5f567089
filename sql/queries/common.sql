-- name: set_actor
-- Who acts, for the rest of this transaction.
SELECT set_config('app.actor', %(name)s::text, true);

-- name: set_request
-- Who acts, by which request, from where and why, for the rest of this transaction: kept in the audit.
SELECT concat(set_config('app.actor', %(name)s::text, true), set_config('app.request', %(request_id)s::text, true),
              set_config('app.address', %(address)s::text, true),
              set_config('app.reason', %(reason)s::text, true));

-- name: district_is_set
-- Whether a boundary is loaded.
SELECT EXISTS (SELECT FROM core.district WHERE valid_to IS NULL);

-- name: district_zone
-- The IANA name of the district's time zone; no row before a boundary is loaded.
SELECT d.time_zone FROM core.district d WHERE d.valid_to IS NULL;

-- name: zone_shown
-- The time zone in which times are shown; UTC before there is a district.
SELECT coalesce((SELECT d.time_zone FROM core.district d WHERE d.valid_to IS NULL), 'UTC');

-- name: open_temporary_schema
-- A session has its temporary schema from its first temporary table on.
CREATE TEMPORARY TABLE IF NOT EXISTS staging_opened ();

-- name: temporary_schema
-- The name of this session's temporary schema.
SELECT pg_my_temp_schema()::regnamespace::text;

-- name: begin_answer
-- The first request of this key is answered by who gets its row; a second one waits for the first.
INSERT INTO core.kept_answer AS k (actor, key, request_sha256)
VALUES (core.actor(), %(key)s, %(request_sha256)s)
    ON CONFLICT DO NOTHING
RETURNING true;

-- name: keep_answer
-- What the first request was answered.
UPDATE core.kept_answer SET answer = %(answer)s::jsonb WHERE actor = core.actor() AND key = %(key)s;

-- name: replay_answer
-- The answer of the first request. It writes: a read would not wait for a standby, and could confirm
-- what is on a dying primary alone.
UPDATE core.kept_answer AS k SET replays = k.replays + 1
 WHERE k.actor = core.actor() AND k.key = %(key)s
RETURNING k.request_sha256, k.answer;
