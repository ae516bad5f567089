-- Records before they are in their register (core.census_record, migration 0011).

-- name: open_draft
-- A new draft.
INSERT INTO core.census_record (register, record_id, base_version, round_code, body, geometry, town_code, reason)
VALUES (%(register)s, %(record_id)s, %(base_version)s, %(round_code)s, %(body)s::jsonb,
        %(geometry)s::jsonb, %(town_code)s, %(reason)s)
RETURNING id;

-- name: draft
-- One draft, locked until the end of the transaction.
SELECT d.id, d.register, d.record_id, d.base_version, d.round_code, d.body, d.geometry, d.town_code,
       d.state, d.reason, d.job_id::text, d.job_row, d.version, d.created_by, d.created_at,
       d.updated_by, d.updated_at
  FROM core.census_record d
 WHERE d.id = %(draft)s
   FOR UPDATE;

-- name: drafts
-- Drafts behind one of them, newest first, as far as they may be seen: one's own, or of one's towns.
SELECT d.id, d.register, d.record_id, d.base_version, d.round_code, d.body, d.geometry, d.town_code,
       d.state, d.reason, d.job_id::text, d.job_row, d.version, d.created_by, d.created_at,
       d.updated_by, d.updated_at
  FROM core.census_record d
 WHERE d.id < %(before)s
   AND (%(register)s::text IS NULL OR d.register = %(register)s)
   AND (%(state)s::text IS NULL OR d.state = %(state)s)
   AND (%(towns)s::text[] IS NULL OR d.created_by = %(name)s OR d.town_code = ANY (%(towns)s))
 ORDER BY d.id DESC
 LIMIT %(most)s;

-- name: draft_counts
-- How many drafts of each state may be seen.
SELECT d.state, count(*) AS number
  FROM core.census_record d
 WHERE %(towns)s::text[] IS NULL OR d.created_by = %(name)s OR d.town_code = ANY (%(towns)s)
 GROUP BY d.state;

-- name: amend_draft
-- What a draft says now.
UPDATE core.census_record
   SET body = %(body)s::jsonb, geometry = %(geometry)s::jsonb, town_code = %(town_code)s,
       base_version = %(base_version)s, state = %(state)s, reason = %(reason)s,
       version = version + 1, updated_by = core.actor(), updated_at = clock_timestamp()
 WHERE id = %(draft)s;

-- name: merge_draft
-- The draft is in its register.
UPDATE core.census_record
   SET state = 'merged', record_id = %(record_id)s, base_version = %(version)s, version = version + 1,
       updated_by = core.actor(), updated_at = clock_timestamp()
 WHERE id = %(draft)s;
