-- Rights, written anew after every migration. The service may not delete what is kept, and writes
-- history and audit through the triggers only.
-- geoservice_read reads the schema `shared` alone: `published` holds telephones and restricted places.
GRANT USAGE ON SCHEMA core, published TO geoservice_app;
GRANT USAGE ON SCHEMA shared TO geoservice_read;
GRANT SELECT ON ALL TABLES IN SCHEMA published TO geoservice_app;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA core TO geoservice_app;
GRANT DELETE ON core.session, core.sign_in_link TO geoservice_app;
GRANT DELETE ON core.import_job, core.import_row, core.job_progress TO geoservice_app;
REVOKE INSERT, UPDATE ON core.migration, core.view_source, core.graph_version, core.epoch,
  core.history, core.audit_event, core.audit_seal FROM geoservice_app;
REVOKE INSERT, UPDATE ON core.table_change, core.table_version, core.view_table FROM geoservice_app;
REVOKE UPDATE ON core.stock_move FROM geoservice_app;
GRANT USAGE ON SEQUENCE core.order_part_id TO geoservice_app;
REVOKE UPDATE ON core.dispatch_event FROM geoservice_app;
REVOKE UPDATE ON core.zone_cell, core.zone_evidence FROM geoservice_app;
