-- The tables and limits by which risk is graded, each with its source.
CREATE VIEW published.risk_parameters AS
SELECT p.id, NULL::geometry(Geometry, 4490) AS geom, p.code, p.name, p.town_code, p.secrecy, p.is_demo,
       p.surveyed_on,
       p.value::text AS value,
       p.is_verified, p.org, p.source_doc, p.version, p.updated_at,
       p.changed_xid
  FROM core.risk_parameter p
 WHERE p.valid_to IS NULL;
