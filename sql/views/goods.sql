-- Goods and classes of goods, by code.
CREATE VIEW published.goods AS
SELECT g.id, NULL::geometry(Geometry, 4490) AS geom, g.code, g.name, g.town_code, g.secrecy, g.is_demo, g.surveyed_on,
       g.unit, g.pieces, g.is_verified, g.org, g.source_doc, g.version, g.updated_at, g.changed_xid
  FROM core.goods g
 WHERE g.valid_to IS NULL;
