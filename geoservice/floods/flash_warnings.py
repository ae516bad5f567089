"""Rain and stage against the thresholds of villages: warnings raised, changed and ended."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from geoservice.alerts.actions import OURS, Origin, file_message
from geoservice.alerts.message import reference
from geoservice.alerts.ours import Sending
from geoservice.db import Connection, Query, district_zone, set_actor
from geoservice.floods.flash import Measured, Verdict, VillageGauge, verdict_of
from geoservice.floods.flash_wording import village_message
from geoservice.sensors.warnings import CLOCK, Warned

HOLD_VILLAGES = Query("floods", "hold_villages", str)
VILLAGE_GAUGES = Query("floods", "village_gauges", VillageGauge)
MEASURED = Query("floods", "measured", Measured)
SET_VILLAGE = Query("floods", "set_village", str)


def warn_villages(conn: Connection, sensor_ids: Sequence[int], *, now: datetime) -> list[Warned]:
    """Judge the villages that these gauges speak for; file the messages of those that change.

    Parameters
    ----------
    sensor_ids
        Gauges with new readings, which are stored already; none judge nobody.
    now
        The database's clock: sums reach back from it.
    """
    return _judge(conn, list(sensor_ids), now) if sensor_ids else []


def review_villages(conn: Connection) -> list[Warned]:
    """Judge the villages with a warning anew: rain that fell goes out of the sums by the clock."""
    set_actor(conn, "sensors")
    return _judge(conn, None, CLOCK.one(conn))


def _judge(conn: Connection, sensor_ids: list[int] | None, now: datetime) -> list[Warned]:
    villages = _by_village(conn, sensor_ids)
    if not villages:
        return []
    HOLD_VILLAGES.one(conn)  # two posts would else both tell the same
    villages = _by_village(conn, sensor_ids)
    ids = sorted({it.sensor_id for some in villages.values() for it in some})
    seen = {it.sensor_id: it for it in MEASURED.all(conn, sensor_ids=ids, now=now)}
    warned = []
    for gauges in villages.values():
        verdict = verdict_of(gauges, seen)
        level = None if verdict is None else verdict.level
        if level != gauges[0].level:
            warned.append(_file(conn, gauges[0], verdict, now))
    return warned


def _by_village(conn: Connection, sensor_ids: list[int] | None) -> Mapping[int, list[VillageGauge]]:
    found: dict[int, list[VillageGauge]] = defaultdict(list)
    for row in VILLAGE_GAUGES.all(conn, sensor_ids=sensor_ids):
        found[row.id].append(row)
    return found


def _file(
    conn: Connection, village: VillageGauge, verdict: Verdict | None, now: datetime
) -> Warned:
    ours = OURS.one(conn)
    sending = Sending(uuid4().hex, ours.sender, ours.name, now, district_zone(conn))
    message = village_message(village, verdict, sending)
    origin = Origin(secrecy=village.secrecy, town_code=village.town_code, is_demo=village.is_demo)
    filed = file_message(conn, message, origin)
    level = None if verdict is None else verdict.level
    SET_VILLAGE.run(
        conn,
        village=village.id,
        level=level,
        since=now,
        reference=reference(message.sender, message.identifier, message.sent) if level else None,
        is_demo=village.is_demo,
    )
    sensor = village.sensor_code if verdict is None else verdict.gauge.sensor_code
    return Warned(filed.id, sensor, message.msg_type, level, now)
