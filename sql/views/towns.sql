-- Towns and subdistricts; one whose outline nobody has given yet has no geometry.
CREATE VIEW published.towns AS
SELECT t.id, t.geom, t.code, t.name, t.name_en, t.town_code, t.secrecy, t.is_demo, t.surveyed_on,
       t.kind, t.org, t.source_doc,
       t.version, t.updated_at, t.changed_xid,
       coalesce(t.surveyed_on < (SELECT core.stale_before('towns')), true) AS is_stale
  FROM core.town t
 WHERE t.valid_to IS NULL;
