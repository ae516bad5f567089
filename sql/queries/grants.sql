-- name: grants_of_token
-- What is granted to the partner whose token it is; nothing once the partner is retired.
SELECT g.layer, g.fields, g.towns, g.secrecies
  FROM core.api_token t
  JOIN core.partner p ON p.id = t.partner_id AND p.valid_to IS NULL
  JOIN core.partner_grant g ON g.partner_id = p.id AND g.revoked_at IS NULL
 WHERE t.id = %(token_id)s::bigint
 ORDER BY g.layer;

-- name: partner_id
SELECT id FROM core.partner WHERE code = %(code)s::text AND valid_to IS NULL;

-- name: add_partner_token
INSERT INTO core.api_token (token_sha256, name, roles, partner_id, expires_at)
VALUES (%(sha256)s::bytea, %(name)s::text, '{}', %(partner_id)s::bigint, %(expires_at)s::timestamptz)
RETURNING id;

-- name: add_grant
-- Nothing when one stands already.
INSERT INTO core.partner_grant (partner_id, layer, fields, towns, secrecies)
VALUES (%(partner_id)s::bigint, %(layer)s::text, %(fields)s::text[], %(towns)s::text[], %(secrecies)s::text[])
ON CONFLICT (partner_id, layer) WHERE revoked_at IS NULL DO NOTHING
RETURNING id;

-- name: grants
SELECT g.id, p.code AS partner, g.layer, g.fields, g.towns, g.secrecies, g.granted_by, g.granted_at,
       g.revoked_by, g.revoked_at
  FROM core.partner_grant g
  JOIN core.partner p ON p.id = g.partner_id
 ORDER BY g.id;

-- name: revoke_grant
UPDATE core.partner_grant SET revoked_at = now(), revoked_by = core.actor()
 WHERE id = %(id)s::bigint AND revoked_at IS NULL
RETURNING id;

-- name: grants_of_partner
-- What is granted to a partner by its code; nothing once it is retired.
SELECT g.layer, g.fields, g.towns, g.secrecies
  FROM core.partner p
  JOIN core.partner_grant g ON g.partner_id = p.id AND g.revoked_at IS NULL
 WHERE p.code = %(code)s::text AND p.valid_to IS NULL
 ORDER BY g.layer;
