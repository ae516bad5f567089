-- What can hurt people, with its risk grade and who answers for it.
CREATE VIEW published.hazard_sources AS
SELECT h.id, h.geom, h.code, h.name, h.town_code, h.secrecy, h.is_demo, h.surveyed_on,
       h.kind, h.grade, h.org, h.prevention_org, h.rescue_org, h.address, h.remark, h.source_doc
  FROM core.hazard_source h
 WHERE h.valid_to IS NULL;
