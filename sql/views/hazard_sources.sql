-- What can hurt people, with its risk grade and who answers for it.
CREATE VIEW published.hazard_sources AS
SELECT h.id, h.geom, h.code, h.name, h.town_code, h.secrecy, h.is_demo, h.surveyed_on,
       h.kind, h.subtype, h.grade, h.residents_500m, h.residents_counted, h.r_value, h.major_level, h.leader, h.phone, h.org, h.prevention_org, h.rescue_org, h.address, h.remark, h.source_doc,
       h.version, h.updated_at, h.changed_xid,
       coalesce(h.surveyed_on < (SELECT core.stale_before('hazard_sources')), true) AS is_stale
  FROM core.hazard_source h
 WHERE h.valid_to IS NULL;
