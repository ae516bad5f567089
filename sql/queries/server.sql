-- name: facts
-- What must be true of a server before anything is entrusted to it.
SELECT current_setting('server_version_num')::integer AS version_number,
       current_setting('server_version')              AS version,
       current_setting('server_encoding')             AS encoding,
       current_setting('fsync')                       AS fsync,
       current_setting('full_page_writes')            AS full_page_writes,
       current_setting('synchronous_commit')          AS synchronous_commit,
       pg_is_in_recovery()                            AS is_standby;

-- name: extensions
-- The extensions we need: what could be made here, and what is.
SELECT name::text, default_version, installed_version
  FROM pg_available_extensions
 WHERE name IN ('postgis', 'btree_gist');

-- name: lock
-- One maker at a time, for several programs may start at once; freed when the session ends.
SELECT pg_advisory_lock(7140405)::text;

-- name: database_exists
-- Whether the private cluster has our database yet.
SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'geoservice');

-- name: create_database
-- Cannot run in a transaction.
CREATE DATABASE geoservice TEMPLATE template0;

-- name: create_postgis
-- Needs a superuser, or PostgreSQL 13+ and a trusted extension.
CREATE EXTENSION IF NOT EXISTS postgis;

-- name: create_btree_gist
-- Exclusion constraints over a key and a period.
CREATE EXTENSION IF NOT EXISTS btree_gist;
