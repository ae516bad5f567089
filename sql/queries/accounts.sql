-- name: password_row
-- What a sign-in by password is checked against; is_open: neither disabled nor locked.
SELECT a.id, a.password_hash,
       a.disabled_at IS NULL AND coalesce(a.locked_until <= %(at)s::timestamptz, true) AS is_open
  FROM core.account a
 WHERE a.name = %(name)s::text;

-- name: hurry_commit
-- A count of failures may be lost in a crash, and its commit must not take longer than a reading.
SELECT set_config('synchronous_commit', 'off', true);

-- name: count_failure
-- A wrong password; the fifth locks the account. A name that does not exist touches nothing.
UPDATE core.account a
   SET failures = f.failures,
       locked_until = CASE WHEN f.failures >= %(most)s::integer THEN %(locked_until)s::timestamptz END
  FROM (SELECT id, CASE WHEN locked_until IS NULL THEN failures ELSE 0 END + 1 AS failures
          FROM core.account
         WHERE name = %(name)s::text AND coalesce(locked_until <= %(at)s::timestamptz, true)
           FOR UPDATE) f
 WHERE a.id = f.id;

-- name: accept_password
-- A right password, unless the account was locked or disabled meanwhile, or the password changed.
UPDATE core.account
   SET failures = 0, locked_until = NULL,
       password_hash = coalesce(%(renewed_hash)s::text, password_hash)
 WHERE id = %(id)s::bigint AND disabled_at IS NULL AND password_hash = %(checked_hash)s::text
   AND coalesce(locked_until <= %(at)s::timestamptz, true)
RETURNING id;

-- name: open_session
INSERT INTO core.session (token_sha256, account_id, created_at, seen_at, expires_at)
VALUES (%(sha256)s::bytea, %(account_id)s::bigint, %(at)s::timestamptz, %(at)s::timestamptz,
        %(expires_at)s::timestamptz);

-- name: session_identity
-- Whom a session stands for: roles and towns as they are now, nobody if disabled.
SELECT a.id AS account_id, NULL::bigint AS token_id, a.name, a.roles, a.towns
  FROM core.session s
  JOIN core.account a ON a.id = s.account_id
 WHERE s.token_sha256 = %(sha256)s::bytea
   AND s.expires_at > %(at)s::timestamptz
   AND s.seen_at > %(idle_since)s::timestamptz
   AND a.disabled_at IS NULL;

-- name: touch_session
-- Seen again; at most one write a minute.
UPDATE core.session SET seen_at = %(at)s::timestamptz
 WHERE token_sha256 = %(sha256)s::bytea AND seen_at < %(touch_before)s::timestamptz;

-- name: close_session
DELETE FROM core.session WHERE token_sha256 = %(sha256)s::bytea;

-- name: close_sessions_of
-- A disabled account, or one with a new password, is signed out everywhere.
DELETE FROM core.session WHERE account_id = %(account_id)s::bigint;

-- name: drop_stale_sessions
DELETE FROM core.session
 WHERE expires_at <= %(at)s::timestamptz OR seen_at <= %(idle_since)s::timestamptz;

-- name: open_account
-- The account of that name, unless it is disabled.
SELECT id FROM core.account WHERE name = %(name)s::text AND disabled_at IS NULL;

-- name: add_link
INSERT INTO core.sign_in_link (token_sha256, account_id, expires_at)
VALUES (%(sha256)s::bytea, %(account_id)s::bigint, %(expires_at)s::timestamptz);

-- name: use_link
-- Once: the row is taken by the first who asks.
UPDATE core.sign_in_link l
   SET used_at = %(at)s::timestamptz
  FROM core.account a
 WHERE l.token_sha256 = %(sha256)s::bytea
   AND l.used_at IS NULL AND l.expires_at > %(at)s::timestamptz
   AND a.id = l.account_id AND a.disabled_at IS NULL
RETURNING a.id AS account_id, NULL::bigint AS token_id, a.name, a.roles, a.towns;

-- name: drop_stale_links
DELETE FROM core.sign_in_link WHERE expires_at <= %(at)s::timestamptz OR used_at IS NOT NULL;

-- name: drop_links_of
DELETE FROM core.sign_in_link WHERE account_id = %(account_id)s::bigint;

-- name: token_identity
-- Whom an API token stands for.
SELECT NULL::bigint AS account_id, t.id AS token_id, 'token ' || t.id || ' ' || t.name AS name,
       t.roles, t.towns
  FROM core.api_token t
 WHERE t.id = %(id)s::bigint AND t.token_sha256 = %(sha256)s::bytea AND t.revoked_at IS NULL
   AND coalesce(t.expires_at > %(at)s::timestamptz, true);

-- name: dispatchers_known
-- The sessions and tokens that may dispatch now, by the SHA-256 of their secrets.
SELECT encode(s.token_sha256, 'hex') AS sha256, a.name, a.towns, s.expires_at AS until
  FROM core.session s
  JOIN core.account a ON a.id = s.account_id
 WHERE 'dispatcher' = ANY (a.roles) AND a.disabled_at IS NULL
   AND s.expires_at > %(at)s::timestamptz AND s.seen_at > %(idle_since)s::timestamptz
UNION ALL
SELECT encode(t.token_sha256, 'hex'), 'token ' || t.id || ' ' || t.name, t.towns,
       least(t.expires_at, %(token_until)s::timestamptz)
  FROM core.api_token t
 WHERE 'dispatcher' = ANY (t.roles) AND t.revoked_at IS NULL
   AND coalesce(t.expires_at > %(at)s::timestamptz, true);

-- name: add_token
INSERT INTO core.api_token (token_sha256, name, roles, towns, expires_at)
VALUES (%(sha256)s::bytea, %(name)s::text, %(roles)s::text[], %(towns)s::text[],
        %(expires_at)s::timestamptz)
RETURNING id;

-- name: tokens
SELECT t.id, t.name, t.roles, t.towns, p.code AS partner, t.expires_at, t.revoked_at, t.created_by, t.created_at
  FROM core.api_token t
  LEFT JOIN core.partner p ON p.id = t.partner_id
 ORDER BY t.id;

-- name: revoke_token
UPDATE core.api_token SET revoked_at = %(at)s::timestamptz
 WHERE id = %(id)s::bigint AND revoked_at IS NULL
RETURNING id;

-- name: add_account
INSERT INTO core.account (name, password_hash, roles, towns, is_demo)
VALUES (%(name)s::text, %(password_hash)s::text, %(roles)s::text[], %(towns)s::text[],
        %(is_demo)s::boolean)
RETURNING id;

-- name: renew_account
-- An account the service makes by itself (demonstration, set-up): made, or opened again as new.
INSERT INTO core.account (name, password_hash, roles, is_demo)
VALUES (%(name)s::text, %(password_hash)s::text, %(roles)s::text[], %(is_demo)s::boolean)
ON CONFLICT (name) DO UPDATE
   SET password_hash = excluded.password_hash, roles = excluded.roles, towns = NULL,
       is_demo = excluded.is_demo, disabled_at = NULL, failures = 0, locked_until = NULL
RETURNING id;

-- name: accounts
SELECT id, name, roles, towns, is_demo, password_hash IS NOT NULL AS has_password, disabled_at,
       locked_until, created_by, created_at
  FROM core.account
 ORDER BY name;

-- name: set_password
UPDATE core.account SET password_hash = %(password_hash)s::text, failures = 0, locked_until = NULL
 WHERE name = %(name)s::text
RETURNING id;

-- name: disable_account
UPDATE core.account SET disabled_at = coalesce(disabled_at, %(at)s::timestamptz)
 WHERE name = %(name)s::text
RETURNING id;

-- name: enable_account
UPDATE core.account SET disabled_at = NULL, failures = 0, locked_until = NULL
 WHERE name = %(name)s::text
RETURNING id;

-- name: set_roles
UPDATE core.account SET roles = %(roles)s::text[], towns = %(towns)s::text[]
 WHERE name = %(name)s::text
RETURNING id;

-- name: end_demo_accounts
-- Their passwords are gone too: opening one again needs a new one.
UPDATE core.account SET disabled_at = %(at)s::timestamptz, password_hash = NULL
 WHERE is_demo AND disabled_at IS NULL
RETURNING id;

-- name: has_admin
-- Whether somebody can administer: the set-up account is not somebody.
SELECT EXISTS (SELECT FROM core.account
                WHERE 'admin' = ANY (roles) AND disabled_at IS NULL AND name <> %(setup)s::text);

-- name: demo_is_open
-- Whether the demonstration's accounts are there and open.
SELECT EXISTS (SELECT FROM core.account WHERE is_demo AND disabled_at IS NULL);

-- name: town_codes
-- The district's towns, for scopes.
SELECT code FROM core.town WHERE valid_to IS NULL ORDER BY code;

-- name: district_card
-- The district in a few words, for the page's heading; no row before `load boundary`.
SELECT d.name, d.code, d.is_demo, d.time_zone,
       ARRAY[ST_XMin(d.geom), ST_YMin(d.geom), ST_XMax(d.geom), ST_YMax(d.geom)] AS bbox
  FROM core.district d
 WHERE d.valid_to IS NULL;
