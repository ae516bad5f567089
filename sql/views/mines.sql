-- Mines at their main shaft.
CREATE VIEW published.mines AS
SELECT m.id, m.geom, m.code, m.name, m.name_en, m.town_code, m.secrecy, m.is_demo, m.surveyed_on,
       m.company, m.status, m.capacity_mtpa, m.hydro_type, m.licence_no, m.licence_area_km2, m.source_doc,
       m.org, m.version, m.updated_at, m.changed_xid,
       coalesce(m.surveyed_on < (SELECT core.stale_before('mines')), true) AS is_stale
  FROM core.mine m
 WHERE m.valid_to IS NULL;
