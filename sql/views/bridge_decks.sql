-- How high the roads on bridges are: below which water they stay open.
CREATE VIEW published.bridge_decks AS
SELECT k.id, k.geom, k.code, k.name, k.town_code, k.secrecy, k.is_demo, k.surveyed_on, k.deck_m, k.height_datum,
       k.org, k.source_doc, k.version, k.updated_at, k.changed_xid,
       coalesce(k.surveyed_on < (SELECT core.stale_before('bridge_decks')), true) AS is_stale
  FROM core.bridge_deck k
 WHERE k.valid_to IS NULL;
