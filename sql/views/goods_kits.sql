-- What kits are made of: one row a part.
CREATE VIEW published.goods_kits AS
SELECT k.id, NULL::geometry(Geometry, 4490) AS geom, k.code, k.name, k.town_code, k.secrecy, k.is_demo, k.surveyed_on,
       k.kit_code, k.part_code, k.quantity, k.remark, k.is_verified, k.org, k.source_doc, k.version, k.updated_at, k.changed_xid
  FROM core.goods_kit k
 WHERE k.valid_to IS NULL;
