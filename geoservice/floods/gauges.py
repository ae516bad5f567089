"""Gauges that put the zone of their level in force, and take it out again; silent ones are told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from geoservice.closures.actions import set_flood
from geoservice.db import Connection, Query, set_actor
from geoservice.errors import DatumError
from geoservice.floods.gauging import Rung, pick
from geoservice.floods.heights import height_in


@dataclass(frozen=True)
class GaugeRow:
    """A gauge with its newest reading, and what it has in force."""

    id: int
    family: str
    height_datum: str
    zero_m: float
    from_m: float
    clear_margin_m: float
    is_demo: bool
    value: float
    observed_at: datetime
    scenario_id: int | None
    was_in_force: bool


@dataclass(frozen=True)
class RungRow:
    """A scenario of a family, and for which level at its gauge it is."""

    family: str
    scenario_id: int
    level_m: float
    height_datum: str
    state: str


HOLD_GAUGES = Query("floods", "hold_gauges", str)
GAUGES = Query("floods", "gauges", GaugeRow)
RUNGS = Query("floods", "rungs", RungRow)
SET_GAUGE = Query("floods", "set_gauge", str)
TELL_SILENCE = Query("floods", "tell_silence", str)
HEAR_AGAIN = Query("floods", "hear_again", str)


def follow_gauges(conn: Connection, sensor_ids: Sequence[int], *, now: datetime) -> int:
    """Put the zones of these gauges' newest levels in force; how many zones changed.

    What somebody put in force by hand before the gauge asked for it stays when the water falls.

    Parameters
    ----------
    sensor_ids
        Sensors with new readings, which are stored already; none change nothing.
    now
        The database's clock.
    """
    rows = GAUGES.all(conn, sensor_ids=list(sensor_ids)) if sensor_ids else []
    if not rows:
        return 0
    HOLD_GAUGES.one(conn)  # two posts of one gauge one after the other
    rows = GAUGES.all(conn, sensor_ids=list(sensor_ids))
    families: dict[str, list[RungRow]] = defaultdict(list)
    for rung in RUNGS.all(conn, families=sorted({it.family for it in rows})):
        families[rung.family].append(rung)
    changed = sum(_follow(conn, it, families[it.family], now) for it in rows)
    HEAR_AGAIN.run(conn, gauges=[it.id for it in rows])
    return changed


def tell_silent_gauges(conn: Connection) -> None:
    """Note of every gauge with a zone in force that it has not reported for too long.

    Its zone stays: what it measured last may still be so. Whoever asks is told.
    """
    set_actor(conn, "sensors")
    TELL_SILENCE.run(conn)


def _follow(conn: Connection, gauge: GaugeRow, family: Sequence[RungRow], now: datetime) -> bool:
    level_m = gauge.zero_m + gauge.value
    picked = pick(
        level_m, _rungs(gauge, family), from_m=gauge.from_m, margin_m=gauge.clear_margin_m,
        now=gauge.scenario_id,
    )  # fmt: skip
    is_new = picked.scenario_id != gauge.scenario_id
    was_in_force = gauge.was_in_force
    if is_new:
        states = {it.scenario_id: it.state for it in family}
        if gauge.scenario_id is not None and not gauge.was_in_force:
            set_flood(conn, gauge.scenario_id, {"state": "ended"}, at=now, version=None)
        was_in_force = states.get(picked.scenario_id or 0) == "in_force"
        if picked.scenario_id is not None and not was_in_force:
            set_flood(conn, picked.scenario_id, {"state": "in_force"}, at=now, version=None)
    SET_GAUGE.run(
        conn, gauge=gauge.id, scenario=picked.scenario_id, level_m=level_m,
        observed_at=gauge.observed_at, is_above_all=picked.is_above_all,
        was_in_force=was_in_force, is_demo=gauge.is_demo,
    )  # fmt: skip
    return is_new


def _rungs(gauge: GaugeRow, family: Sequence[RungRow]) -> list[Rung]:
    """Return the family's zones by levels of the gauge's datum; others cannot be compared."""
    found = []
    for it in family:
        try:
            level_m = height_in(it.level_m, it.height_datum, gauge.height_datum)
        except DatumError:
            continue
        found.append(Rung(it.scenario_id, level_m))
    return found
