-- Substances at hazard sources; they are where their source is, and as secret.
CREATE VIEW published.hazard_substances AS
SELECT s.id, NULL::geometry(Geometry, 4490) AS geom, s.code, s.name,
       coalesce(s.town_code, h.town_code) AS town_code, core.stricter(s.secrecy, h.secrecy) AS secrecy,
       s.is_demo, s.surveyed_on, h.code AS hazard_source_code, h.name AS hazard_source, s.cas_no,
       s.danger_class, s.quantity_t, s.critical_t, s.beta, s.org, s.source_doc, s.version, s.updated_at,
       greatest(s.changed_xid, h.changed_xid) AS changed_xid,
       coalesce(s.surveyed_on < (SELECT core.stale_before('hazard_substances')), true) AS is_stale
  FROM core.hazard_substance s
  JOIN core.hazard_source h ON h.id = s.hazard_source_id
 WHERE s.valid_to IS NULL;
