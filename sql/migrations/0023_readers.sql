-- What a login that reads could still do in a database: once more for every database, as a restore
-- brings neither of these along while the login stays in the cluster.

CREATE FUNCTION core.confine_readers() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Temporary functions could look below a view; the service itself needs temporary tables.
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO geoservice_app, geoservice_owner', current_database());
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  -- PostgreSQL before 16 lets a read-only transaction make one, and anybody may leave that mode.
  BEGIN
    REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC;
  EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'readers may make large objects: revoke EXECUTE on lo_create, lo_creat, lo_from_bytea from PUBLIC';
  END;
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member AND r.rolcanlogin
              WHERE m.roleid = to_regrole('geoservice_read')) THEN
    PERFORM core.confine_readers();
  END IF;
END $$;
