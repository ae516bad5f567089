-- name: alerts_in_force
-- Every alert in force with what decides who may know of it, in one row.
SELECT coalesce(jsonb_agg(jsonb_build_object(
         'id', a.id, 'secrecy', a.secrecy, 'town_code', a.town_code, 'name', a.name, 'level', a.level,
         'status', a.status, 'msg_type', a.msg_type, 'event', a.event) ORDER BY a.id), '[]') AS alerts
  FROM core.alert a
 WHERE a.valid_to IS NULL AND a.state = 'active' AND a.status <> 'Draft'
   AND coalesce(a.expires_at > now(), true);
