-- Names for the state of the arcs, and of arcs and closures together, by which a process knows
-- whether what it keeps in memory still holds. Numbers alone would not do: a transaction that
-- is rolled back gives its version number to the next one. A closure changes only state_uid,
-- so that it is in force at once, without reading the arcs anew.
ALTER TABLE core.graph_version
  ADD COLUMN state_uid uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN arcs_uid  uuid NOT NULL DEFAULT gen_random_uuid();

CREATE OR REPLACE FUNCTION core.bump_graph_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  UPDATE core.graph_version
     SET version = version + 1,
         state_uid = gen_random_uuid(),
         arcs_uid = CASE TG_TABLE_NAME WHEN 'road_edge' THEN gen_random_uuid() ELSE arcs_uid END;
  RETURN NULL;
END $$;
