-- name: act_as_oneself
-- As the user who connected, not as the service: only that one may make roles.
SELECT set_config('role', 'none', true);

-- name: readers
-- The logins that read the schema `shared`.
SELECT r.rolname::text AS name, r.rolconnlimit AS most_connections,
       (SELECT count(*) FROM pg_stat_activity a WHERE a.usename = r.rolname) AS connections
  FROM pg_auth_members m
  JOIN pg_roles g ON g.oid = m.roleid AND g.rolname = 'geoservice_read'
  JOIN pg_roles r ON r.oid = m.member AND r.rolcanlogin AND NOT r.rolsuper
 ORDER BY r.rolname;

-- name: role_exists
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %(name)s::text);

-- name: make_reader
SELECT core.make_reader(%(name)s::text, %(verifier)s::text)::text;

-- name: set_password
SELECT core.set_reader_password(%(name)s::text, %(verifier)s::text)::text;

-- name: drop_reader
SELECT core.drop_reader(%(name)s::text)::text;

-- name: confine_readers
SELECT core.confine_readers()::text;

-- name: listening
-- Where the database listens besides its socket; empty: nowhere.
SELECT current_setting('listen_addresses') AS addresses, current_setting('port')::integer AS port,
       current_database()::text AS database;
