-- Mines at their main shaft.
CREATE VIEW published.mines AS
SELECT m.id, m.geom, m.code, m.name, m.name_en, m.town_code, m.secrecy, m.is_demo, m.surveyed_on,
       m.company, m.status, m.capacity_mtpa, m.hydro_type, m.licence_no, m.licence_area_km2, m.source_doc
  FROM core.mine m
 WHERE m.valid_to IS NULL;
