-- name: now
-- The clock that all workers share.
SELECT now();

-- name: jobs
-- The publish jobs, and the last run of each.
SELECT j.id, j.name, j.target, j.schema_name, j.layers, j.format, j.crs, j.encoding, j.partner, j.secret_name,
       j.every_min, j.daily_at, j.is_enabled, j.next_at, j.asked_by, j.failures, j.created_by, j.created_at,
       r.started_at AS last_at, r.result AS last_result, r.row_count AS last_rows, r.error_zh, r.error_en
  FROM core.publish_job j
  LEFT JOIN LATERAL (SELECT * FROM core.publish_run r WHERE r.job_id = j.id ORDER BY r.id DESC LIMIT 1) r ON true
 WHERE j.removed_at IS NULL AND (%(name)s::text IS NULL OR j.name = %(name)s)
 ORDER BY j.name;

-- name: add_job
-- Nothing when the name is taken.
INSERT INTO core.publish_job (name, target, schema_name, layers, format, crs, encoding, partner, secret_name,
                              every_min, daily_at, is_enabled, next_at)
VALUES (%(name)s::text, %(target)s::text, %(schema_name)s::text, %(layers)s::text[], %(format)s::text, %(crs)s::text,
        %(encoding)s::text, %(partner)s::text, %(secret_name)s::text, %(every_min)s::integer, %(daily_at)s::time,
        %(is_enabled)s::boolean, %(next_at)s::timestamptz)
ON CONFLICT (name) WHERE removed_at IS NULL DO NOTHING
RETURNING id;

-- name: schedule_job
-- When a job runs from now on.
UPDATE core.publish_job j
   SET every_min = %(every_min)s::integer, daily_at = %(daily_at)s::time, is_enabled = %(is_enabled)s::boolean,
       next_at = %(next_at)s::timestamptz, failures = 0
 WHERE j.id = %(job_id)s::bigint;

-- name: keep_secret_name
UPDATE core.publish_job j SET secret_name = %(secret_name)s::text WHERE j.id = %(job_id)s::bigint;

-- name: remove_job
UPDATE core.publish_job j SET removed_at = now(), removed_by = core.actor(), asked_by = NULL, next_at = NULL
 WHERE j.id = %(job_id)s::bigint;

-- name: ask_run
-- Somebody wants a run now; the service takes it up.
UPDATE core.publish_job j SET asked_by = core.actor() WHERE j.id = %(job_id)s::bigint;

-- name: due
-- Names of the jobs that are to run now, the longest due first.
SELECT j.name FROM core.publish_job j
 WHERE j.removed_at IS NULL AND (j.asked_by IS NOT NULL OR j.is_enabled AND j.next_at <= now())
 ORDER BY j.next_at NULLS FIRST, j.id;

-- name: hold_job
-- Until this session ends or lets go, nobody else runs the job; false: somebody does.
SELECT pg_try_advisory_lock(7140416, %(job_id)s::integer);

-- name: let_go
SELECT pg_advisory_unlock(7140416, %(job_id)s::integer);

-- name: end_cut_runs
-- Runs of a job that nobody is at any more: their process died. How many there were.
WITH cut AS (
  UPDATE core.publish_run r
     SET result = 'cut_short', ended_at = clock_timestamp(), error_zh = '运行中断：服务进程已退出',
         error_en = 'cut short: the process that ran it ended'
   WHERE r.job_id = %(job_id)s::bigint AND r.result = 'running'
  RETURNING r.id
)
SELECT count(*) FROM cut;

-- name: begin_run
INSERT INTO core.publish_run (job_id, cause, due_at)
VALUES (%(job_id)s::bigint, %(cause)s::text, %(due_at)s::timestamptz)
RETURNING id;

-- name: end_run
UPDATE core.publish_run r
   SET result = %(result)s::text, ended_at = clock_timestamp(), layers = %(layers)s::integer,
       row_count = %(row_count)s::bigint, manifest_sha256 = %(manifest_sha256)s::text,
       error_zh = %(error_zh)s::text, error_en = %(error_en)s::text
 WHERE r.id = %(run_id)s::bigint;

-- name: settle_job
-- After a run: when the next one is, how many failed in a row, and whether one is still asked for.
UPDATE core.publish_job j
   SET next_at = %(next_at)s::timestamptz, failures = %(failures)s::integer,
       asked_by = CASE WHEN %(is_still_asked)s::boolean THEN j.asked_by END
 WHERE j.id = %(job_id)s::bigint;

-- name: runs
-- Runs of a job, newest first.
SELECT r.id, r.cause, r.started_by, r.due_at, r.started_at, r.ended_at, r.result, r.layers, r.row_count,
       r.manifest_sha256, r.error_zh, r.error_en
  FROM core.publish_run r
 WHERE r.job_id = %(job_id)s::bigint
 ORDER BY r.id DESC
 LIMIT %(limit)s::integer;

-- name: troubled
-- Jobs whose last runs failed, or that are long due and nobody ran.
SELECT j.name, j.failures, j.next_at < now() - interval '10 minutes' AS is_late
  FROM core.publish_job j
 WHERE j.removed_at IS NULL AND (j.failures > 0 OR j.is_enabled AND j.next_at < now() - interval '10 minutes')
 ORDER BY j.failures DESC, j.name;

-- name: job_count
SELECT count(*) FROM core.publish_job j WHERE j.removed_at IS NULL;
