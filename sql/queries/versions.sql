-- name: pulse
-- What stands for everything published: counted where, in which minute, how many changes.
SELECT core.counted_in() AS counted_in,
       date_trunc('minute', now()) AS minute,
       (SELECT coalesce(sum(changes), 0) FROM core.table_version)::bigint
       + (SELECT count(*) FROM core.table_change) AS changes;

-- name: view_changes
-- The same, and how many changes the tables below each view have had.
WITH version AS (
  SELECT table_name, sum(changes) AS changes
    FROM (SELECT table_name, changes FROM core.table_version
          UNION ALL SELECT table_name, 1 FROM core.table_change) c
   GROUP BY table_name
)
SELECT core.counted_in() AS counted_in,
       date_trunc('minute', now()) AS minute,
       (SELECT coalesce(sum(changes), 0) FROM version)::bigint AS changes,
       (SELECT time_zone FROM core.district WHERE valid_to IS NULL) AS time_zone,
       (SELECT jsonb_object_agg(view_name, changes) FROM (
          SELECT t.view_name, coalesce(sum(v.changes), 0) AS changes
            FROM core.view_table t LEFT JOIN version v USING (table_name) GROUP BY t.view_name) v) AS views;

-- name: fold
-- Move the marks of finished transactions into the count.
SELECT core.fold_changes();
