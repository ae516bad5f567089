"""Take readings in, and give the series of a sensor."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoservice.db import Connection, Query
from geoservice.errors import NotFoundError
from geoservice.floods.flash_warnings import warn_villages
from geoservice.floods.gauges import follow_gauges
from geoservice.publish.permit import Sight
from geoservice.sensors.readings import (
    Reading,
    Refused,
    check_items,
    conflicting,
    unknown_sensor,
)
from geoservice.sensors.records import Added, Held, Observation, SensorSeen
from geoservice.sensors.warnings import CLOCK, Warned, judge_fresh

HOLD_SENSORS = Query("sensors", "hold_sensors", Held)
ADD_OBSERVATIONS = Query("sensors", "add_observations", Added)
SET_LAST = Query("sensors", "set_last", str)
SENSOR_SEEN = Query("sensors", "sensor_seen", SensorSeen)
SERIES = Query("sensors", "series", Observation)
_OF_FLOODS = {"rain", "stage", "water_level"}


@dataclass(frozen=True)
class Taken:
    """What became of a post of readings: every item is accepted, known or refused.

    ``alerts`` are the warnings that it raised, escalated or cleared.
    """

    received_at: datetime
    accepted: int
    known: int
    refused: tuple[Refused, ...]
    alerts: tuple[Warned, ...]


@dataclass(frozen=True)
class Series:
    """A sensor and its readings, the oldest first; ``is_partial``: the limit cut older ones off."""

    sensor: SensorSeen
    observations: tuple[Observation, ...]
    is_partial: bool


def record_observations(
    conn: Connection, *, items: Sequence[Any], towns: Collection[str] | None
) -> Taken:
    """Store the readings of one post; each item is accepted, known already, or refused.

    Idempotent: the same post again is known. Sensors are held until the transaction ends, and
    warnings that the readings bring about are in it too.

    Parameters
    ----------
    items
        As `bodies.items_of` gives them; none store nothing.
    towns
        Codes of the towns whose sensors the caller may report; None is all.

    Raises
    ------
    BusyError
        Another post holds a sensor for too long.
    """
    now = CLOCK.one(conn)
    checked = check_items(items, now)
    codes = sorted({reading.sensor for reading in checked.readings})
    scope = None if towns is None else sorted(towns)
    held = {one.code: one for one in HOLD_SENSORS.all(conn, codes=codes, towns=scope)}
    readings = [one for one in checked.readings if one.sensor in held]
    refused = [*checked.refused]
    refused += [unknown_sensor(one) for one in checked.readings if one.sensor not in held]
    added = {one.no: one for one in _add(conn, held, readings)}
    fresh = [one for one in readings if added[one.no].is_new]
    refused += [it for one in readings if (it := _conflict(one, added[one.no]))]
    alerts = _judge(conn, held, fresh, now)
    _set_last(conn, held, fresh)
    alerts += _tell_floods(conn, held, fresh, now)
    known = len(items) - len(fresh) - len(refused)
    refused.sort(key=lambda it: it.no)
    return Taken(now, len(fresh), known, tuple(refused), tuple(alerts))


def read_series(
    conn: Connection,
    *,
    sight: Sight,
    code: str,
    first: datetime | None,
    last: datetime | None,
    limit: int,
) -> Series:
    """Return the latest ``limit`` readings of a sensor between two instants, ends included.

    Raises
    ------
    NotFoundError
        There is no such sensor, or the caller does not see it.
    """
    towns = None if sight.towns is None else list(sight.towns)
    sensor = SENSOR_SEEN.first(conn, code=code, secrecies=list(sight.secrecies), towns=towns)
    if sensor is None:
        raise NotFoundError("there is no such sensor", zh="没有这个传感器", where="code")
    found = SERIES.all(conn, sensor_id=sensor.id, first=first, last=last, limit=limit + 1)
    return Series(sensor, tuple(reversed(found[:limit])), is_partial=len(found) > limit)


def _add(conn: Connection, held: dict[str, Held], readings: Sequence[Reading]) -> list[Added]:
    return ADD_OBSERVATIONS.all(
        conn,
        nos=[one.no for one in readings],
        sensor_ids=[held[one.sensor].id for one in readings],
        observed_at=[one.observed_at for one in readings],
        values=[one.value for one in readings],
        qualities=[one.quality for one in readings],
        source_ids=[one.source_id for one in readings],
    )


def _conflict(reading: Reading, added: Added) -> Refused | None:
    if added.is_new or (added.value, added.quality) == (reading.value, reading.quality):
        return None
    # Held, so a reading that is not new was seen with its value.
    value = reading.value if added.value is None else added.value
    return conflicting(reading.no, reading.sensor, value, added.quality)


def _judge(
    conn: Connection, held: dict[str, Held], fresh: Sequence[Reading], now: datetime
) -> list[Warned]:
    """Judge what is fresh and not known to be wrong."""
    instants: dict[str, set[datetime]] = {}
    for one in fresh:
        if one.quality in {None, "good", "suspect"}:
            instants.setdefault(one.sensor, set()).add(one.observed_at)
    cases = [(held[code], frozenset(some)) for code, some in instants.items()]
    return judge_fresh(conn, cases, now=now) if cases else []


def _tell_floods(
    conn: Connection, held: dict[str, Held], fresh: Sequence[Reading], now: datetime
) -> list[Warned]:
    """Judge the villages below flash floods that rain or stage just measured speaks for.

    A river gauge puts the flood zone of its level in force.
    """
    codes = {one.sensor for one in fresh if held[one.sensor].kind in _OF_FLOODS}
    ids = [held[code].id for code in sorted(codes)]
    follow_gauges(conn, ids, now=now)
    return warn_villages(conn, ids, now=now)


def _set_last(conn: Connection, held: dict[str, Held], fresh: Sequence[Reading]) -> None:
    newest: dict[str, Reading] = {}
    for one in fresh:
        if one.sensor not in newest or newest[one.sensor].observed_at < one.observed_at:
            newest[one.sensor] = one
    SET_LAST.run(
        conn,
        sensor_ids=[held[code].id for code in newest],
        observed_at=[one.observed_at for one in newest.values()],
        values=[one.value for one in newest.values()],
        qualities=[one.quality for one in newest.values()],
    )
