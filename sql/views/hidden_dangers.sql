-- The ledger of hidden dangers; overdue by the district's day. One without a place of its own is where
-- its source is.
CREATE VIEW published.hidden_dangers AS
SELECT h.id, h.place AS geom, h.code, h.name, coalesce(h.town_code, s.town_code) AS town_code,
       core.stricter(h.secrecy, s.secrecy) AS secrecy, h.is_demo, h.surveyed_on, h.level, h.state,
       coalesce(h.state <> 'closed' AND h.due_on < (SELECT core.district_day()), false) AS is_overdue,
       h.category, h.found_on, h.found_by, s.code AS hazard_source_code, s.name AS hazard_source,
       h.description, h.responsible, h.measures, h.funds_cny, h.due_on, h.plan_doc, h.closed_on,
       h.closed_evidence, h.repeat_of, nullif(array_to_string(h.root_causes, ', '), '') AS root_causes, h.org,
       h.source_doc, h.version, h.updated_at, greatest(h.changed_xid, s.changed_xid) AS changed_xid,
       coalesce(h.surveyed_on < (SELECT core.stale_before('hidden_dangers')), true) AS is_stale
  FROM core.hidden_danger h
  LEFT JOIN core.hazard_source s ON s.id = h.hazard_source_id
 WHERE h.valid_to IS NULL;
