-- Files on their way into a register (migration 0011).

-- name: open_job
-- A new job; its file is kept under the name in `spool`.
INSERT INTO core.import_job (register, file_name, file_bytes, spool, options)
VALUES (%(register)s, %(file_name)s, %(file_bytes)s, %(spool)s, %(options)s::jsonb)
RETURNING id::text;

-- name: job
-- One job, with how far it is.
SELECT j.id::text, j.register, j.file_name, j.file_bytes, j.spool, j.state, j.options, j.found,
       j.problem, j.result, j.created_by, j.created_at, j.applied_by, j.applied_at,
       p.step, p.done, p.total, p.told_at < clock_timestamp() - interval '2 minutes' AS is_stuck
  FROM core.import_job j
  LEFT JOIN core.job_progress p ON p.job_id = j.id
 WHERE j.id = %(job)s::uuid;

-- name: jobs
-- The newest jobs of somebody; of everybody with `all_of_them`.
SELECT j.id::text, j.register, j.file_name, j.file_bytes, j.spool, j.state, j.options, j.found,
       j.problem, j.result, j.created_by, j.created_at, j.applied_by, j.applied_at,
       p.step, p.done, p.total, p.told_at < clock_timestamp() - interval '2 minutes' AS is_stuck
  FROM core.import_job j
  LEFT JOIN core.job_progress p ON p.job_id = j.id
 WHERE j.created_by = %(name)s OR %(all_of_them)s
 ORDER BY j.created_at DESC
 LIMIT %(most)s;

-- name: hold_job
-- Until the end of the transaction nobody else applies, checks or changes this job; its state.
SELECT j.state FROM core.import_job j WHERE j.id = %(job)s::uuid FOR UPDATE NOWAIT;

-- name: await_job
-- The same, once whoever holds it is done.
SELECT j.state FROM core.import_job j WHERE j.id = %(job)s::uuid FOR UPDATE;

-- name: sent_lately
-- How much somebody has sent in a day, how many files in an hour, and when the next may come.
SELECT coalesce(sum(u.bytes), 0)::bigint AS bytes_today, (count(*) FILTER (WHERE u.is_new))::integer AS files,
       coalesce(ceil(extract(epoch FROM min(u.at) FILTER (WHERE u.is_new) + interval '1 hour' - now())), 0)::integer AS wait_s
  FROM (SELECT s.bytes, s.at, s.at > now() - interval '1 hour' AS is_new
          FROM core.import_sent s WHERE s.sent_by = %(name)s AND s.at > now() - interval '1 day') u;

-- name: note_sent
-- A file was sent: what is dropped afterwards counts, too.
INSERT INTO core.import_sent (bytes) VALUES (%(bytes)s);

-- name: reopen_job
-- The job is read anew, with other options.
UPDATE core.import_job
   SET options = %(options)s::jsonb, state = 'reading', problem = NULL
 WHERE id = %(job)s::uuid AND state <> 'applied';

-- name: staged
-- What the file is; its rows are there.
UPDATE core.import_job SET state = 'staged', found = %(found)s::jsonb WHERE id = %(job)s::uuid;

-- name: failed
-- Why the file could not be read.
UPDATE core.import_job SET state = 'failed', problem = %(problem)s::jsonb WHERE id = %(job)s::uuid;

-- name: applied
-- The job is done, once.
UPDATE core.import_job
   SET state = 'applied', result = %(result)s::jsonb, applied_by = core.actor(), applied_at = now()
 WHERE id = %(job)s::uuid AND state = 'staged';

-- name: drop_job
-- The job and its rows go.
DELETE FROM core.import_job WHERE id = %(job)s::uuid RETURNING spool;

-- name: drop_old_jobs
-- Jobs of more than some days go; the names of their files.
DELETE FROM core.import_job
 WHERE created_at < now() - make_interval(days => %(days)s)
RETURNING spool;

-- name: drop_rows
-- The rows go before the file is read anew.
DELETE FROM core.import_row WHERE job_id = %(job)s::uuid;

-- name: copy_rows
-- Rows in bulk.
COPY core.import_row (job_id, row, state, code, cells, record, given, reasons, match_code,
  match_version, match_m, decision) FROM STDIN;

-- name: rows
-- Rows of a job behind one of them, those of a state or all.
SELECT r.row, r.state, r.code, r.cells, r.record, r.given, r.reasons, r.match_code,
       r.match_version, r.match_m, r.decision, r.outcome
  FROM core.import_row r
 WHERE r.job_id = %(job)s::uuid AND r.row > %(after)s
   AND (%(state)s::text IS NULL OR r.state = %(state)s OR r.outcome = %(state)s)
 ORDER BY r.row
 LIMIT %(most)s;

-- name: tally
-- How many rows there are of each state and outcome.
SELECT r.state, r.outcome, count(*) AS rows, count(*) FILTER (WHERE r.decision IS NULL) AS undecided
  FROM core.import_row r
 WHERE r.job_id = %(job)s::uuid
 GROUP BY r.state, r.outcome;

-- name: preview
-- Shapes of a job, the rows that need a look first; simplified to a metre.
SELECT r.row, r.state, r.code, r.record ->> 'name' AS name,
       ST_AsGeoJSON(ST_Simplify((r.record ->> 'geom')::geometry, 0.00001, true), 6)::jsonb AS geometry
  FROM core.import_row r
 WHERE r.job_id = %(job)s::uuid AND r.record ->> 'geom' IS NOT NULL
 ORDER BY r.state IN ('ok', 'unchanged'), r.row
 LIMIT %(most)s;

-- name: decide
-- What is to become of rows: of proposed duplicates merge, new or skip; of others skip or not.
UPDATE core.import_row r
   SET decision = nullif(d.decision, '')
  FROM jsonb_to_recordset(%(decisions)s::jsonb) AS d (row integer, decision text)
 WHERE r.job_id = %(job)s::uuid AND r.row = d.row
   AND (r.state = 'duplicate' OR (r.state IN ('ok', 'amend', 'aside') AND d.decision IN ('skip', '')))
RETURNING r.row;

-- name: settle
-- What is not written: refused, left, put aside, the same, or not decided.
UPDATE core.import_row r
   SET outcome = CASE WHEN r.state = 'refused' THEN 'refused'
                      WHEN r.decision = 'skip' THEN 'skipped'
                      WHEN r.state = 'aside' THEN 'drafted'
                      WHEN r.state = 'unchanged' THEN 'unchanged'
                      ELSE 'skipped' END
 WHERE r.job_id = %(job)s::uuid
   AND (r.state IN ('refused', 'aside', 'unchanged') OR r.decision = 'skip'
        OR (r.state = 'duplicate' AND r.decision IS NULL));

-- name: as_new
-- Proposed duplicates that are another thing: they are compared with nothing.
UPDATE core.import_row
   SET match_code = NULL, match_version = NULL
 WHERE job_id = %(job)s::uuid AND state = 'duplicate' AND decision = 'new';

-- name: merged
-- A proposed duplicate becomes an amendment of the record that stands.
UPDATE core.import_row SET code = %(code)s, record = %(record)s::jsonb
 WHERE job_id = %(job)s::uuid AND row = %(row)s;

-- name: conflicts
-- Rows whose record was changed, retired or added since the file was compared.
SELECT c FROM core.import_conflicts(%(job)s::uuid, %(register)s) c;

-- name: leave_conflicts
-- They are not written, with the reason.
UPDATE core.import_row SET outcome = 'conflict', reasons = reasons || %(reasons)s::jsonb
 WHERE job_id = %(job)s::uuid AND row = ANY (%(rows)s);

-- name: codes_to_write
-- Codes of the rows that are to be written.
SELECT r.code FROM core.import_row r WHERE r.job_id = %(job)s::uuid AND r.outcome IS NULL ORDER BY r.row;

-- name: to_write
-- Rows that are to be written.
SELECT r.row, r.record FROM core.import_row r
 WHERE r.job_id = %(job)s::uuid AND r.outcome IS NULL ORDER BY r.row;

-- name: reworked
-- Rows with what their register works out of them.
UPDATE core.import_row r SET record = n.record
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS n (row integer, record jsonb)
 WHERE r.job_id = %(job)s::uuid AND r.row = n.row;

-- name: next_rows
-- The last of the next rows to be written; no row when all are.
SELECT max(n.row) FROM (
  SELECT r.row FROM core.import_row r
   WHERE r.job_id = %(job)s::uuid AND r.outcome IS NULL AND r.row > %(after)s
   ORDER BY r.row LIMIT %(most)s) n
HAVING max(n.row) IS NOT NULL;

-- name: store_rows
-- Write some rows by code, and note what became of each; how many.
SELECT core.store_import(%(job)s::uuid, %(register)s, %(after)s::integer, %(upto)s::integer);

-- name: overtaken
-- Rows that were written as new although somebody else had just added their code.
SELECT r.code FROM core.import_row r
 WHERE r.job_id = %(job)s::uuid AND r.outcome = 'amended' AND r.match_version IS NULL;

-- name: outcomes
-- Codes by what became of them, for a report.
SELECT r.outcome, r.code, r.row FROM core.import_row r
 WHERE r.job_id = %(job)s::uuid AND r.outcome IS NOT NULL ORDER BY r.row;

-- name: aside_to_drafts
-- Rows without a place become drafts; one that waits since an earlier file, as it was, is told anew.
SELECT core.draft_import(%(job)s::uuid, %(register)s);

-- name: drafts_brought_in
-- Drafts of earlier files whose rows have come in with a place are in their register.
SELECT core.merge_import_drafts(%(job)s::uuid, %(register)s, %(table)s);

-- name: standing_now
-- Current records of some codes, not locked.
SELECT s FROM core.standing_now(%(register)s, %(codes)s) s;

-- name: places_of
-- Where every current record of a register is.
SELECT p.code, p.name, p.version, p.lon, p.lat FROM core.places_of(%(register)s) p;

-- name: remembered_columns
-- Which heading fills which field, as said for these headings.
SELECT m.columns FROM core.column_memory m
 WHERE m.register = %(register)s AND m.headings = %(headings)s;

-- name: remember_columns
-- For the next file with these headings.
INSERT INTO core.column_memory AS m (register, headings, columns)
VALUES (%(register)s, %(headings)s, %(columns)s::jsonb)
    ON CONFLICT (register, headings) DO UPDATE
   SET columns = excluded.columns, said_by = core.actor(), said_at = now();
