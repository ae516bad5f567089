-- The demonstration district goes as it came: every row marked is_demo, and nothing else. The
-- service itself may not delete; these functions may, and find the tables by their columns, so
-- that a register made later is cleared too.

-- The tables that mark demonstration rows, those that refer to others first.
CREATE FUNCTION core.demo_tables() RETURNS TABLE (name text, has_geom boolean)
LANGUAGE sql STABLE SET search_path = core, public, pg_temp AS $$
  WITH RECURSIVE marked AS (
    SELECT c.oid, c.relname::text AS name
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'is_demo' AND NOT a.attisdropped
     WHERE c.relnamespace = 'core'::regnamespace AND c.relkind = 'r' AND c.relname <> 'record'
  ), below AS (
    SELECT m.oid, m.name, 0 AS depth FROM marked m
    UNION ALL
    SELECT m.oid, m.name, b.depth + 1
      FROM below b
      JOIN pg_constraint f ON f.contype = 'f' AND f.confrelid = b.oid AND f.conrelid <> f.confrelid
      JOIN marked m ON m.oid = f.conrelid
     WHERE b.depth < 20
  )
  SELECT b.name, EXISTS (SELECT FROM pg_attribute g WHERE g.attrelid = b.oid AND g.attname = 'geom')
    FROM below b GROUP BY b.oid, b.name ORDER BY max(b.depth) DESC, b.name
$$;

-- How many records on the map are real, retired ones too.
CREATE FUNCTION core.real_records() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
DECLARE
  marked text;
  here bigint;
  total bigint := 0;
BEGIN
  FOR marked IN SELECT t.name FROM core.demo_tables() t WHERE t.has_geom LOOP
    EXECUTE format('SELECT count(*) FROM core.%I WHERE NOT is_demo', marked) INTO here;
    total := total + here;
  END LOOP;
  RETURN total;
END $$;

-- Real records that refer to demonstration ones: a real lot in a demonstration depot.
CREATE FUNCTION core.in_the_way_of_clear()
  RETURNS TABLE (table_name text, code text, refers_to text, referred_code text)
LANGUAGE plpgsql STABLE SET search_path = core, public, pg_temp AS $$
DECLARE
  link record;
BEGIN
  FOR link IN
    SELECT c.relname AS child, p.relname AS parent,
           (SELECT string_agg(format('c.%I = p.%I', x.attname, y.attname), ' AND ')
              FROM unnest(f.conkey, f.confkey) k(x, y)
              JOIN pg_attribute x ON x.attrelid = f.conrelid AND x.attnum = k.x
              JOIN pg_attribute y ON y.attrelid = f.confrelid AND y.attnum = k.y) AS joined
      FROM pg_constraint f
      JOIN pg_class c ON c.oid = f.conrelid
      JOIN pg_class p ON p.oid = f.confrelid
     WHERE f.contype = 'f' AND c.relname IN (SELECT t.name FROM core.demo_tables() t)
       AND p.relname IN (SELECT t.name FROM core.demo_tables() t)
  LOOP
    RETURN QUERY EXECUTE format(
      'SELECT DISTINCT %L, to_jsonb(c) ->> ''code'', %L, to_jsonb(p) ->> ''code'''
      '  FROM core.%I c JOIN core.%I p ON %s WHERE p.is_demo AND NOT c.is_demo',
      link.child, link.parent, link.child, link.parent, link.joined);
  END LOOP;
END $$;

-- Remove every demonstration row. Real records stay, and with them the envelope that holds them,
-- until the next boundary; with none left, nothing fits any more, as in a new database.
CREATE FUNCTION core.clear_demo() RETURNS TABLE (table_name text, row_count bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = core, public, pg_temp AS $$
BEGIN
  FOR table_name IN SELECT t.name FROM core.demo_tables() t LOOP
    EXECUTE format('DELETE FROM core.%I WHERE is_demo', table_name);
    GET DIAGNOSTICS row_count = ROW_COUNT;
    RETURN NEXT;
  END LOOP;
  DELETE FROM core.road_node n
   WHERE NOT EXISTS (SELECT FROM core.road_edge e WHERE e.from_node = n.id)
     AND NOT EXISTS (SELECT FROM core.road_edge e WHERE e.to_node = n.id);
  IF core.envelope() IS NULL AND core.real_records() = 0 THEN
    PERFORM core.guard_all_geometry();
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION core.clear_demo() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core.clear_demo() TO geoservice_app;
