-- What may be sent instead of what.
CREATE VIEW published.goods_substitutes AS
SELECT s.id, NULL::geometry(Geometry, 4490) AS geom, s.code, s.name, s.town_code, s.secrecy, s.is_demo, s.surveyed_on,
       s.for_code, s.by_code, s.ratio, s.remark, s.is_verified, s.org, s.source_doc, s.version, s.updated_at, s.changed_xid
  FROM core.goods_substitute s
 WHERE s.valid_to IS NULL;
