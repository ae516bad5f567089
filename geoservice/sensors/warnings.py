"""New readings against thresholds: warnings raised, escalated and cleared with them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from geoservice.alerts.actions import OURS, Origin, file_message
from geoservice.alerts.message import reference
from geoservice.alerts.ours import Sending
from geoservice.alerts.records import OpenAlert
from geoservice.db import Connection, Query, district_zone, set_actor
from geoservice.sensors.judging import Judged, begin_at, judge, reach_back
from geoservice.sensors.records import Held, LimitRow, MarkRow
from geoservice.sensors.thresholds import (
    RULES,
    Limit,
    Mark,
    Standing,
    Standings,
    Step,
    level_of,
    rank,
)
from geoservice.sensors.wording import Telling, message_about

CLOCK = Query("sensors", "clock", datetime)
SPENT_SUMS = Query("sensors", "spent_sums", Held)
LIMITS = Query("sensors", "limits", LimitRow)
MARKS = Query("sensors", "marks", MarkRow)
SET_STANDING = Query("sensors", "set_standing", str)
OPEN_ALERTS = Query("alerts", "open_alerts", OpenAlert)
_OF_A_LIMIT = ("id", "level", "comparison", "value", "window_min", "hold_s", "clear_margin",
               "clear_hold_s")  # fmt: skip
R = TypeVar("R", LimitRow, MarkRow, OpenAlert)


@dataclass(frozen=True)
class Warned:
    """A message that readings brought about: ``level`` None is back to normal."""

    alert_id: int
    sensor: str
    msg_type: str
    level: str | None
    at: datetime


@dataclass(frozen=True)
class _Case:
    """One sensor with what it is judged by."""

    sensor: Held
    fresh: frozenset[datetime]
    limits: Sequence[LimitRow]
    open: Mapping[str, OpenAlert]

    @property
    def judged_by(self) -> list[Limit]:
        """Its thresholds, without their sources."""
        return [Limit(**{k: getattr(it, k) for k in _OF_A_LIMIT}) for it in self.limits]


def judge_fresh(
    conn: Connection, fresh: Sequence[tuple[Held, frozenset[datetime]]], *, now: datetime
) -> list[Warned]:
    """Judge new readings that are stored already; file the messages they bring about.

    Parameters
    ----------
    fresh
        Sensors, held, and the instants of their new readings.
    now
        The database's clock: when the messages are sent.
    """
    cases = [case for case in _cases(conn, fresh) if case.limits or case.open or case.sensor.level]
    froms = {case.sensor.id: start for case in cases if (start := _start(case)) is not None}
    found = MARKS.all(conn, sensor_ids=list(froms), froms=list(froms.values()))
    marks = _by_sensor(found)
    warned: list[Warned] = []
    for case in cases:
        if case.sensor.id in froms:
            warned += _judge_one(conn, case, marks.get(case.sensor.id, []), now)
    return warned


def end_silent_sums(conn: Connection) -> list[Warned]:
    """End the warnings that rest on sums of readings alone, none of which counts any more.

    A gauge that fell silent would keep its warning for ever. One that is judged by each reading
    keeps it: what it measured last may still be so.
    """
    warned: list[Warned] = []
    set_actor(conn, "sensors")
    for case in _cases(conn, [(held, frozenset()) for held in SPENT_SUMS.all(conn)]):
        last_at = case.sensor.observed_at
        if last_at is not None:
            steps = tuple(Step(it, last_at, None, None, 0.0, is_silence=True) for it in case.open)
            warned += _file(conn, case, Judged({}, steps, {}), CLOCK.one(conn))
        SET_STANDING.run(
            conn, sensor_id=case.sensor.id, standing="{}", level=None, since=None, repeats=0
        )
    return warned


def _cases(conn: Connection, fresh: Sequence[tuple[Held, frozenset[datetime]]]) -> Iterable[_Case]:
    ids = [sensor.id for sensor, _ in fresh]
    limits = _by_sensor(LIMITS.all(conn, sensor_ids=ids))
    standing = _by_sensor(OPEN_ALERTS.all(conn, sensor_ids=ids))
    for sensor, instants in fresh:
        is_open = {one.rule: one for one in standing.get(sensor.id, [])}
        yield _Case(sensor, instants, limits.get(sensor.id, []), is_open)


def _start(case: _Case) -> datetime | None:
    first = begin_at(case.fresh, case.sensor.observed_at)
    return None if first is None else first - reach_back(case.judged_by)


def _judge_one(
    conn: Connection, case: _Case, rows: Sequence[MarkRow], now: datetime
) -> list[Warned]:
    limits, kept = case.judged_by, _read(case.sensor.standing)
    judged = judge(
        limits,
        [Mark(row.at, row.value) for row in rows],
        kept,
        told=_told(case, limits, kept),
        last_at=case.sensor.observed_at,
        fresh=case.fresh,
    )
    warned = _file(conn, case, judged, now) if judged.steps else []
    worst = max(
        (it for rule in RULES if (it := level_of(limits, judged.standing, rule))),
        key=lambda it: rank(it.level),
        default=None,
    )
    SET_STANDING.run(
        conn,
        sensor_id=case.sensor.id,
        standing=json.dumps(_written(judged.standing)),
        level=worst.level if worst else None,
        since=judged.standing[worst.id].since if worst else None,
        repeats=sum(judged.repeats.values()),
    )
    return warned


def _told(case: _Case, limits: Sequence[Limit], kept: Standings) -> dict[str, str | None]:
    """Return what people know of each rule: a warning that somebody cancelled was told too."""
    now = {one.id: kept.get(one.id, Standing()) for one in limits}
    said: dict[str, str | None] = {}
    for rule in RULES:
        worst = level_of(limits, now, rule)
        said[rule] = worst.level if worst else None
    return said | {rule: it.level for rule, it in case.open.items()}


def _file(conn: Connection, case: _Case, judged: Judged, now: datetime) -> list[Warned]:
    ours, sensor = OURS.one(conn), case.sensor
    zone = district_zone(conn)
    previous = {
        rule: reference(it.sender, it.identifier, it.sent) for rule, it in case.open.items()
    }
    by_id = {limit.id: limit for limit in case.limits}
    origin = Origin(secrecy=sensor.secrecy, town_code=sensor.town_code, is_demo=sensor.is_demo)
    warned: list[Warned] = []
    for step in judged.steps:
        if step.level is None and step.rule not in previous:
            continue  # somebody cancelled it before
        limit = by_id[step.limit.id] if step.limit else None
        sending = Sending(uuid4().hex, ours.sender, ours.name, now, zone)
        telling = Telling(sensor, sending, previous.get(step.rule))
        message = message_about(step, limit, telling)
        is_up = step.level is not None
        whose = replace(
            origin, sensor_id=sensor.id if is_up else None, rule=step.rule if is_up else None
        )
        filed = file_message(conn, message, whose)
        warned.append(Warned(filed.id, sensor.code, message.msg_type, step.level, step.at))
        previous.pop(step.rule, None)
        if is_up:
            previous[step.rule] = reference(message.sender, message.identifier, message.sent)
    return warned


def _by_sensor(rows: Iterable[R]) -> dict[int, list[R]]:
    found: dict[int, list[R]] = defaultdict(list)
    for row in rows:
        found[row.sensor_id].append(row)
    return found


def _read(standing: Mapping[str, Any]) -> Standings:
    return {int(key): Standing(it["on"], _instant(it["since"]), _instant(it["turning"]))
            for key, it in standing.items()}  # fmt: skip


def _written(standing: Standings) -> dict[str, Any]:
    return {
        str(key): {
            "on": it.is_on,
            "since": it.since and it.since.isoformat(),
            "turning": it.turning_at and it.turning_at.isoformat(),
        }
        for key, it in standing.items()
    }


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
