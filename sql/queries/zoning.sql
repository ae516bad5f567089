-- Versions of the mine-water zones: read, written, moved on (migration 0026).

-- name: mines
-- Mines with their seams, and the version in force of each; of one id only, with an id.
SELECT m.id, m.code, m.name, m.name_en, m.company, m.status, m.town_code, m.secrecy, m.is_demo,
       m.licence_no, m.licence_area_km2, m.hydro_type, EXISTS (SELECT FROM core.mine_licence l WHERE l.mine_id = m.id AND l.valid_to IS NULL) AS has_licence,
       coalesce((SELECT jsonb_agg(jsonb_build_object(
           'id', s.id, 'code', s.code, 'seam', s.seam, 'name', s.name, 'thickness_m', s.thickness_m,
           'effective_version_id', (SELECT v.id FROM core.zone_version v
                                     WHERE v.mine_seam_id = s.id AND v.state = 'effective' AND v.valid_to IS NULL),
           'versions', (SELECT count(*) FROM core.zone_version v
                         WHERE v.mine_seam_id = s.id AND v.valid_to IS NULL
                           AND (%(sees_drafts)s OR v.state IN ('effective', 'superseded')))) ORDER BY s.code)
         FROM core.mine_seam s WHERE s.mine_id = m.id AND s.valid_to IS NULL), '[]') AS seams
  FROM core.mine m
 WHERE m.valid_to IS NULL AND (%(id)s::bigint IS NULL OR m.id = %(id)s)
   AND m.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR m.town_code IS NULL OR m.town_code = ANY (%(towns)s::text[]))
 ORDER BY m.code;

-- name: seam_of
-- A seam of a mine by its code or its name.
SELECT s.id, s.code, s.seam, s.mine_id, m.code AS mine_code, m.name AS mine, m.town_code, m.secrecy
  FROM core.mine_seam s
  JOIN core.mine m ON m.id = s.mine_id
 WHERE s.mine_id = %(mine_id)s AND s.valid_to IS NULL AND m.valid_to IS NULL
   AND (%(seam)s::text IS NULL OR %(seam)s IN (s.code, s.seam))
 ORDER BY s.code;

-- name: versions
-- Versions of a mine, the newest first; of one id only, with an id.
SELECT v.id, v.code, v.name, v.no, v.state, v.mine_id, m.code AS mine_code, m.name AS mine, v.mine_seam_id,
       s.code AS seam_code, s.seam, r.id AS ruleset_id, r.code AS ruleset, r.no AS ruleset_no, r.name AS ruleset_name,
       r.name_en AS ruleset_name_en, r.source_doc AS ruleset_source, v.zoned_on, v.parameters, v.inputs, v.notes,
       v.inputs_hash, v.geom_hash, v.zones_hash, v.code_version, v.geos_version, v.mine_area_m2, v.drawn_by,
       v.submitted_by, v.submitted_at, v.return_reason, v.checked_by, v.checked_at, v.approved_by, v.approved_at, v.approval_doc,
       v.approval_signer, v.approval_on, v.approval_sha256, v.filed_by, v.filed_at, v.enforced_by, v.enforced_at,
       v.ended_by, v.ended_at, v.end_reason, nullif(lower(v.effective), '-infinity') AS effective_from,
       nullif(upper(v.effective), 'infinity') AS effective_to,
       coalesce((SELECT jsonb_agg(jsonb_build_object('zone', p.zone, 'area_m2', p.area_m2, 'water_hazards', p.water_hazards)
                                  ORDER BY array_position(ARRAY['no_mining', 'slow_mining'], p.zone))
                   FROM core.zone_polygon p WHERE p.zone_version_id = v.id AND p.valid_to IS NULL), '[]') AS areas,
       (SELECT count(*) FROM core.zone_override o WHERE o.zone_version_id = v.id AND o.valid_to IS NULL) AS overrides,
       m.town_code, m.secrecy, v.version, v.is_demo, v.created_by, v.created_at, v.updated_by, v.updated_at
  FROM core.zone_version v
  JOIN core.mine m ON m.id = v.mine_id
  JOIN core.mine_seam s ON s.id = v.mine_seam_id
  JOIN core.zone_ruleset r ON r.id = v.zone_ruleset_id
 WHERE v.valid_to IS NULL AND (%(id)s::bigint IS NULL OR v.id = %(id)s)
   AND (%(mine_id)s::bigint IS NULL OR v.mine_id = %(mine_id)s)
   AND (%(seam_id)s::bigint IS NULL OR v.mine_seam_id = %(seam_id)s)
   AND (%(sees_drafts)s OR v.state IN ('effective', 'superseded'))
   AND m.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR m.town_code IS NULL OR m.town_code = ANY (%(towns)s::text[]))
 ORDER BY s.code, v.no DESC
 LIMIT %(most)s;

-- name: hold_version
-- A version, locked until the end of the transaction; what hangs on its seam is moved by one at a time.
SELECT v.id, v.code, v.no, v.version, v.state, v.drawn_by, v.mine_id, v.mine_seam_id, m.name AS mine, s.seam,
       m.town_code, m.secrecy, v.zoned_on, v.source_doc, v.is_demo
  FROM core.zone_version v
  JOIN core.mine m ON m.id = v.mine_id
  JOIN core.mine_seam s ON s.id = v.mine_seam_id
 WHERE v.id = %(id)s AND v.valid_to IS NULL
   FOR NO KEY UPDATE OF v;

-- name: plane_lon
-- The longitude in whose zone the district is measured.
SELECT ST_X(ST_Centroid(d.geom)) FROM core.district d WHERE d.valid_to IS NULL;

-- name: zones
-- The zones of a version, the worst first.
SELECT p.id, p.zone, p.water_hazards, p.area_m2, p.geom
  FROM core.zone_polygon p
 WHERE p.zone_version_id = %(version)s AND p.valid_to IS NULL
 ORDER BY array_position(ARRAY['no_mining', 'slow_mining', 'workable'], p.zone);

-- name: cells
-- The cells of a version as derived: all, or those that a place meets.
SELECT c.no, c.zone, c.rules, c.evidence, c.water_hazards, c.area_m2, c.geom
  FROM core.zone_cell c
 WHERE c.zone_version_id = %(version)s AND (%(at)s::geometry IS NULL OR ST_Intersects(c.geom, %(at)s::geometry))
 ORDER BY c.no;

-- name: evidence
-- Evidence of a version: all, or these numbers of it.
SELECT e.id, e.no, e.rule, e.zone, e.domain, e.reason_zh, e.reason_en, e.inputs, e.parameters, e.geom
  FROM core.zone_evidence e
 WHERE e.zone_version_id = %(version)s AND (%(numbers)s::integer[] IS NULL OR e.no = ANY (%(numbers)s::integer[]))
 ORDER BY e.no;

-- name: overrides
-- The planners' words on a version, in the order in which they were said; those that a place meets, with a place.
SELECT o.id, o.zone, o.reason, o.zone_conversion_id AS conversion_id, c.code AS conversion_doc, c.from_zone, c.to_zone,
       c.geom AS conversion_geom, o.created_by, o.created_at, o.geom
  FROM core.zone_override o
  LEFT JOIN core.zone_conversion c ON c.id = o.zone_conversion_id
 WHERE o.zone_version_id = %(version)s AND o.valid_to IS NULL
   AND (%(at)s::geometry IS NULL OR ST_Intersects(o.geom, %(at)s::geometry))
 ORDER BY o.id;

-- name: hold_seam
-- One at a time moves what is in force on a seam; the instant from which the new holds.
SELECT clock_timestamp() FROM core.mine_seam s WHERE s.id = %(seam_id)s FOR NO KEY UPDATE;

-- name: submit
-- Its drawers are done.
UPDATE core.zone_version
   SET state = %(state)s, submitted_by = core.actor(), submitted_at = clock_timestamp(), return_reason = NULL
 WHERE id = %(id)s;

-- name: send_back
-- It goes back to its drawers, with the reason.
UPDATE core.zone_version
   SET state = %(state)s, return_reason = %(reason)s, submitted_by = NULL, submitted_at = NULL, checked_by = NULL,
       checked_at = NULL
 WHERE id = %(id)s;

-- name: check
-- Somebody else has looked at it.
UPDATE core.zone_version SET state = %(state)s, checked_by = core.actor(), checked_at = clock_timestamp()
 WHERE id = %(id)s;

-- name: approve
-- The mine's approval is recorded: which signed document, by whom, of which day.
UPDATE core.zone_version
   SET state = %(state)s, approved_by = core.actor(), approved_at = clock_timestamp(), approval_doc = %(document)s,
       approval_signer = %(signer)s, approval_on = %(signed_on)s::date, approval_sha256 = %(sha256)s
 WHERE id = %(id)s;

-- name: file
-- The district has it.
UPDATE core.zone_version SET state = %(state)s, filed_by = core.actor(), filed_at = clock_timestamp()
 WHERE id = %(id)s;

-- name: supersede
-- What is in force on the seam ends at the instant from which another holds; the id, if there was one.
UPDATE core.zone_version
   SET state = 'superseded', effective = tstzrange(lower(effective), %(at)s::timestamptz), ended_by = core.actor(),
       ended_at = %(at)s::timestamptz
 WHERE mine_seam_id = %(seam_id)s AND state = 'effective' AND valid_to IS NULL
RETURNING id;

-- name: enforce
-- It is in force from an instant on.
UPDATE core.zone_version
   SET state = %(state)s, enforced_by = core.actor(), enforced_at = %(at)s::timestamptz,
       effective = tstzrange(%(at)s::timestamptz, NULL)
 WHERE id = %(id)s;

-- name: revoke
-- It ends, with the reason; what was in force is so no longer.
UPDATE core.zone_version
   SET state = %(state)s, ended_by = core.actor(), ended_at = clock_timestamp(), end_reason = %(reason)s,
       effective = CASE WHEN effective IS NOT NULL THEN tstzrange(lower(effective), clock_timestamp()) END
 WHERE id = %(id)s;

-- name: redrawn
-- Its zones were drawn anew, by whom.
UPDATE core.zone_version
   SET zones_hash = %(zones_hash)s,
       drawn_by = CASE WHEN core.actor() = ANY (drawn_by) THEN drawn_by ELSE drawn_by || core.actor() END
 WHERE id = %(id)s;

-- name: store_zones
-- Write the zones of a version, by code.
SELECT s.id FROM core.store('zone_polygon', %(rows)s::jsonb) s;

-- name: retire_zones
-- Zones of a version that have no area any more.
UPDATE core.zone_polygon SET valid_to = greatest(clock_timestamp(), valid_from)
 WHERE zone_version_id = %(version)s AND valid_to IS NULL AND NOT zone = ANY (%(kept)s::text[]);

-- name: add_override
-- A planner's word; numbered within its version.
INSERT INTO core.zone_override (code, name, town_code, secrecy, source_doc, is_demo, zone_version_id, zone, reason,
                                zone_conversion_id, geom)
SELECT v.code || '-M' || 1 + (SELECT count(*) FROM core.zone_override o WHERE o.zone_version_id = v.id),
       v.name || ' M1', v.town_code, v.secrecy, coalesce(c.source_doc, '规划人员 · planner'), v.is_demo, v.id,
       %(zone)s, %(reason)s, c.id, %(geom)s::geometry
  FROM core.zone_version v
  LEFT JOIN core.zone_conversion c ON c.id = %(conversion_id)s::bigint
 WHERE v.id = %(version)s
RETURNING id;

-- name: retire_overrides
-- Words that are taken back: these, or all of a version.
UPDATE core.zone_override SET valid_to = greatest(clock_timestamp(), valid_from)
 WHERE zone_version_id = %(version)s AND valid_to IS NULL
   AND (%(ids)s::bigint[] IS NULL OR id = ANY (%(ids)s::bigint[]))
RETURNING id;

-- name: conversions
-- Conversions of a seam that stand, the newest first; of one id only, with an id.
SELECT c.id, c.code, c.name, c.mine_id, c.mine_seam_id, m.name AS mine, s.seam, c.from_zone, c.to_zone, c.signer,
       c.approved_on, c.sha256, c.town_code, c.secrecy, c.created_by, c.created_at, c.geom
  FROM core.zone_conversion c
  JOIN core.mine m ON m.id = c.mine_id
  JOIN core.mine_seam s ON s.id = c.mine_seam_id
 WHERE c.valid_to IS NULL AND (%(id)s::bigint IS NULL OR c.id = %(id)s)
   AND (%(seam_id)s::bigint IS NULL OR c.mine_seam_id = %(seam_id)s)
   AND m.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR m.town_code IS NULL OR m.town_code = ANY (%(towns)s::text[]))
 ORDER BY c.id DESC;

-- name: add_conversion
-- An approved conversion report.
INSERT INTO core.zone_conversion (code, name, town_code, secrecy, source_doc, surveyed_on, is_demo, mine_id,
                                  mine_seam_id, from_zone, to_zone, signer, approved_on, sha256, geom)
SELECT %(document)s, %(name)s, m.town_code, m.secrecy, %(document)s, %(approved_on)s::date, m.is_demo, m.id, s.id,
       %(from_zone)s, %(to_zone)s, %(signer)s, %(approved_on)s::date, %(sha256)s, %(geom)s::geometry
  FROM core.mine_seam s
  JOIN core.mine m ON m.id = s.mine_id
 WHERE s.id = %(seam_id)s
RETURNING id;

-- name: rulesets
-- Rule sets of a code (or all), the newest first; what is current, or everything that was.
SELECT r.id, r.code, r.no, r.name, r.name_en, r.source_doc, r.params, r.is_verified, r.valid_to IS NULL AS is_current,
       r.created_by, r.created_at
  FROM core.zone_ruleset r
 WHERE (%(code)s::text IS NULL OR r.code = %(code)s) AND (%(no)s::integer IS NULL OR r.no = %(no)s)
 ORDER BY r.code, r.no DESC;

-- name: end_ruleset
-- Another takes its place.
UPDATE core.zone_ruleset SET valid_to = greatest(clock_timestamp(), valid_from)
 WHERE code = %(code)s AND valid_to IS NULL;

-- name: add_ruleset
-- A rule set with its parameters, numbered on.
INSERT INTO core.zone_ruleset (code, name, name_en, secrecy, source_doc, is_verified, params, no, created_by, updated_by)
SELECT %(code)s::text, %(name)s, %(name_en)s, 'public', %(source)s, %(is_verified)s, %(params)s::jsonb,
       1 + coalesce((SELECT max(r.no) FROM core.zone_ruleset r WHERE r.code = %(code)s::text), 0),
       coalesce(%(by)s, core.actor()), coalesce(%(by)s, core.actor())
RETURNING id;

-- name: mines_at
-- Mines whose licence meets a shape, and what their licence covers.
SELECT m.id, m.code, m.name, l.geom
  FROM core.mine m
  JOIN core.mine_licence l ON l.mine_id = m.id AND l.valid_to IS NULL
 WHERE m.valid_to IS NULL AND ST_Intersects(l.geom, %(shape)s::geometry)
   AND m.secrecy = ANY (%(secrecies)s::text[])
   AND (%(towns)s::text[] IS NULL OR m.town_code IS NULL OR m.town_code = ANY (%(towns)s::text[]))
 ORDER BY m.code;

-- name: add_version
-- A draft, numbered on within its seam.
INSERT INTO core.zone_version (code, name, name_en, town_code, secrecy, source_doc, is_demo, mine_id, mine_seam_id,
                               zone_ruleset_id, no, zoned_on, inputs_hash, geom_hash, code_version, geos_version,
                               drawn_by, parameters, inputs, notes, mine_area_m2)
SELECT coalesce(nullif(s.code, ''), 'SEAM') || '-ZV-' || n.no, m.name || ' ' || s.seam || ' 煤层三区划分 第 ' || n.no || ' 版',
       coalesce(m.name_en, m.code) || ', seam ' || s.seam || ', zones version ' || n.no, m.town_code, m.secrecy,
       r.code || ' (' || r.no || ')', m.is_demo, m.id, s.id, r.id, n.no, %(zoned_on)s::date, %(inputs_hash)s,
       %(geom_hash)s, %(code_version)s, %(geos_version)s, ARRAY[core.actor()], %(parameters)s::jsonb, %(inputs)s::jsonb,
       %(notes)s::jsonb, %(mine_area_m2)s
  FROM core.mine_seam s
  JOIN core.mine m ON m.id = s.mine_id
  JOIN core.zone_ruleset r ON r.id = %(ruleset_id)s
 CROSS JOIN LATERAL (SELECT 1 + coalesce(max(v.no), 0) AS no FROM core.zone_version v WHERE v.mine_seam_id = s.id) n
 WHERE s.id = %(seam_id)s
RETURNING id;

-- name: copy_cells
-- Cells in bulk.
COPY core.zone_cell (zone_version_id, no, zone, rules, evidence, water_hazards, area_m2, geom) FROM STDIN;

-- name: copy_evidence
-- Evidence in bulk.
COPY core.zone_evidence (zone_version_id, no, rule, zone, domain, reason_zh, reason_en, inputs, parameters, geom) FROM STDIN;

-- name: today
-- The district's day.
SELECT core.district_day();
