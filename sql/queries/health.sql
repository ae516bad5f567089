-- name: probe_writing
-- Writes a line to the journal and nothing else: fails when the disk is full or the server is a
-- standby, where a mere reading would succeed.
SELECT pg_logical_emit_message(true, 'geoservice', 'readiness')::text;
