-- What a monitor asks of the database.

-- name: lag
-- How far deliveries and seals are behind; seconds of what waits longest.
SELECT g.version AS graph_version, o.waiting AS outbox_waiting, o.failed AS outbox_failed,
       coalesce(extract(epoch FROM clock_timestamp() - o.oldest), 0)::float8 AS outbox_oldest_s,
       e.events AS unsealed,
       coalesce(extract(epoch FROM clock_timestamp() - e.oldest), 0)::float8 AS unsealed_oldest_s
  FROM core.graph_version g,
       (SELECT count(*) FILTER (WHERE b.state <> 'failed') AS waiting,
               count(*) FILTER (WHERE b.state = 'failed') AS failed,
               min(b.created_at) FILTER (WHERE b.state <> 'failed') AS oldest
          FROM core.outbox b
         WHERE b.state IN ('pending', 'sent', 'failed')) o,
       (SELECT core.epoch_number() AS number OFFSET 0) n,
       LATERAL (SELECT coalesce((SELECT s.below FROM core.audit_seal s WHERE s.epoch = n.number
                                  ORDER BY s.n DESC LIMIT 1), '0'::xid8) AS below) s,
       LATERAL (SELECT count(*) AS events, min(a.at) AS oldest
                  FROM core.audit_event a
                 WHERE a.epoch = n.number AND a.xid >= s.below) e;
