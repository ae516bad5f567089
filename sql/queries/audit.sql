-- The audit: events, and the chain of seals over them.

-- name: seal
-- Seal what has ended since the last seal; the number of the new seal, or NULL.
SELECT core.seal_audit();

-- name: note_event
-- One event that is not the change of a row.
SELECT core.note_event(%(action)s, %(table_name)s, %(row_id)s, %(code)s, %(change)s::jsonb, %(result)s);

-- name: events
-- Events before an id, newest first.
SELECT e.id, e.at, e.actor, e.action, e.table_name, e.row_id, e.code, e.change, e.result, e.reason,
       e.request_id, e.source_ip
  FROM core.audit_event e
 WHERE e.id < %(before)s
   AND (%(actor)s::text IS NULL OR e.actor = %(actor)s)
   AND (%(table_name)s::text IS NULL OR e.table_name = %(table_name)s)
   AND (%(row_id)s::bigint IS NULL OR e.row_id = %(row_id)s)
   AND (%(action)s::text IS NULL OR e.action = %(action)s)
 ORDER BY e.id DESC
 LIMIT %(limit)s;

-- name: head
-- The last seal; no row before the first.
SELECT s.n, encode(s.sha256, 'hex') AS sha256, s.sealed_at
  FROM core.audit_seal s
 ORDER BY s.n DESC
 LIMIT 1;

-- name: broken_seals
-- Seals that are not what their events and the seal before make, or that are missing: none.
SELECT s.n, s.events, d.events AS events_there, s.sealed_at
  FROM (SELECT s.*, lag(s.sha256) OVER w AS before, lag(s.n) OVER w AS n_before,
               lag(s.epoch) OVER w AS epoch_before, lag(s.below) OVER w AS below_before
          FROM core.audit_seal s
        WINDOW w AS (ORDER BY s.n)) s
 CROSS JOIN LATERAL core.seal_digest(
   coalesce(s.before, ''::bytea), s.epoch,
   CASE WHEN s.epoch_before = s.epoch THEN s.below_before ELSE '0'::xid8 END, s.below) d
 WHERE d.sha256 <> s.sha256 OR d.events <> s.events OR s.n <> coalesce(s.n_before, 0) + 1
 ORDER BY s.n;

-- name: tally
-- How much is sealed and how much waits for the next seal.
SELECT (SELECT count(*) FROM core.audit_seal) AS seals,
       (SELECT count(*) FROM core.audit_event) AS events,
       (SELECT coalesce(sum(s.events), 0)::bigint FROM core.audit_seal s) AS sealed;

-- name: seal_is_there
-- Whether a seal of this digest is in the chain.
SELECT EXISTS (SELECT FROM core.audit_seal s WHERE encode(s.sha256, 'hex') = lower(%(sha256)s));
