-- Backups that were made, and the beginning of a new life after a restore.

CREATE TABLE core.backup_run (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  made_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  made_by   text NOT NULL DEFAULT core.actor(),
  place     text NOT NULL,
  bytes     bigint NOT NULL CHECK (bytes >= 0),
  sha256    text NOT NULL
);

-- How many rows each table of ours has, as one transaction sees it.
CREATE FUNCTION core.tallies() RETURNS TABLE (table_name text, row_count bigint)
LANGUAGE plpgsql STABLE SET search_path = core, pg_temp AS $$
BEGIN
  FOR table_name IN
    SELECT c.relname FROM pg_class c
     WHERE c.relnamespace = 'core'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     ORDER BY 1
  LOOP
    EXECUTE format('SELECT count(*) FROM core.%I', table_name) INTO row_count;
    RETURN NEXT;
  END LOOP;
END $$;

-- A restored database begins a new epoch: numbers of transactions start anew, so rows are of the
-- oldest one, and what waited for a seal in the old epoch is sealed as it stands. Only the restorer runs it.
CREATE FUNCTION core.begin_epoch() RETURNS integer
LANGUAGE plpgsql SET search_path = core, public, pg_temp AS $$
DECLARE
  last core.audit_seal;
  old integer := core.epoch_number();
  waiting record;
  written regclass;
BEGIN
  SELECT * INTO last FROM core.audit_seal s ORDER BY s.n DESC LIMIT 1;
  SELECT * INTO waiting FROM core.seal_digest(coalesce(last.sha256, ''::bytea), old,
    CASE WHEN last.epoch = old THEN last.below ELSE '0'::xid8 END, '18446744073709551615'::xid8);
  IF waiting.events > 0 THEN
    INSERT INTO core.audit_seal (n, epoch, below, events, sha256)
    VALUES (coalesce(last.n, 0) + 1, old, '18446744073709551615'::xid8, waiting.events, waiting.sha256);
  END IF;
  FOR written IN
    SELECT a.attrelid::regclass FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.attname = 'changed_xid' AND c.relnamespace = 'core'::regnamespace AND c.relkind = 'r'
  LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', written);
    EXECUTE format('UPDATE %s SET changed_xid = ''3''', written);
    EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', written);
  END LOOP;
  UPDATE core.history SET ended_xid = '3';
  DELETE FROM core.view_source;  -- views and rights are made anew
  UPDATE core.epoch SET number = number + 1, uid = gen_random_uuid(), began_at = clock_timestamp();
  RETURN old + 1;
END $$;
REVOKE EXECUTE ON FUNCTION core.begin_epoch() FROM PUBLIC;
