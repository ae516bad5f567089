-- Database roles and schemas, made before the first migration; safe to run again.
-- owner: owns every object, nobody signs in as it.  app: the service.  read: for outside readers
-- (GeoServer, SuperMap, ArcGIS).
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['geoservice_owner', 'geoservice_app', 'geoservice_read'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', role_name);
    END IF;
    IF role_name <> 'geoservice_read' AND NOT pg_has_role(current_user, role_name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO %I', role_name, current_user);
    END IF;
  END LOOP;
END $$;

CREATE SCHEMA IF NOT EXISTS core AUTHORIZATION geoservice_owner;
CREATE SCHEMA IF NOT EXISTS published AUTHORIZATION geoservice_owner;
CREATE SCHEMA IF NOT EXISTS shared AUTHORIZATION geoservice_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
