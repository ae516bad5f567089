-- Jobs, and how far those of every kind are (migration 0026).

-- name: open_job
-- A new job; it waits.
INSERT INTO core.job (kind, asked) VALUES (%(kind)s, %(asked)s::jsonb) RETURNING id::text;

-- name: jobs
-- The newest jobs of a kind, or one of them. One that has not ended, and whose lock nobody holds, was cut short.
SELECT j.id::text, j.no, j.kind, j.asked, j.state, j.is_to_stop,
       j.state IN ('waiting', 'running') AND NOT EXISTS (
         SELECT FROM pg_locks l
          WHERE l.locktype = 'advisory' AND l.classid = 7140426 AND l.objid = j.no::oid AND l.objsubid = 2 AND l.granted
            AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())) AS is_cut,
       j.result, j.problem, p.step, p.done, p.total, j.created_by, j.created_at, j.ended_at
  FROM core.job j
  LEFT JOIN core.job_progress p ON p.job_id = j.id
 WHERE j.kind = %(kind)s AND (%(job)s::uuid IS NULL OR j.id = %(job)s::uuid)
 ORDER BY j.no DESC
 LIMIT %(most)s;

-- name: hold_place
-- This session does the job, until it ends.
SELECT j.no FROM core.job j, pg_advisory_lock(7140426, j.no) WHERE j.id = %(job)s::uuid;

-- name: begin_job
-- It is worked on; no row when it is to stop already.
UPDATE core.job SET state = 'running'
 WHERE id = %(job)s::uuid AND state = 'waiting' AND NOT is_to_stop
RETURNING state;

-- name: finish_job
-- It is done, in the transaction that did it; no row when it is to stop.
UPDATE core.job SET state = 'done', result = %(result)s::jsonb, ended_at = clock_timestamp()
 WHERE id = %(job)s::uuid AND state = 'running' AND NOT is_to_stop
RETURNING state;

-- name: end_job
-- It ended without a result.
UPDATE core.job SET state = %(state)s, problem = %(problem)s::jsonb, ended_at = clock_timestamp()
 WHERE id = %(job)s::uuid AND state IN ('waiting', 'running');

-- name: stop_job
-- It is to stop; no row when it has ended.
UPDATE core.job SET is_to_stop = true
 WHERE id = %(job)s::uuid AND state IN ('waiting', 'running')
RETURNING state;

-- name: tell_progress
-- How far a job is, and whether it is to stop.
INSERT INTO core.job_progress AS p (job_id, step, done, total)
VALUES (%(job)s::uuid, %(step)s, %(done)s, %(total)s)
    ON CONFLICT (job_id) DO UPDATE
   SET step = excluded.step, done = excluded.done, total = excluded.total, told_at = clock_timestamp()
RETURNING coalesce((SELECT j.is_to_stop FROM core.job j WHERE j.id = p.job_id), false);

-- name: drop_progress
-- Nothing is under way any more.
DELETE FROM core.job_progress WHERE job_id = %(job)s::uuid;
