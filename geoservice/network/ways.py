"""The ways that chosen resources drive: line, roads, and what closures make of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geoservice.db import Connection, Query
from geoservice.network.current import RoadsNow
from geoservice.network.records import Closure, WayLine
from geoservice.network.refusals import replaced
from geoservice.network.routing import (
    NO_LIMIT_S,
    Arrivals,
    Landings,
    Tree,
    Way,
    arrivals,
    length_m,
    search,
    way_of,
)

WAY_LINES = Query("network", "way_lines", WayLine)

# Below this a difference of times is arithmetic, not a detour.
_LEAST_DETOUR_S = 0.05


@dataclass(frozen=True, eq=False)
class Driven:
    """One way, driven.

    ``avoided`` are closures on the way it would take without them, ``slowed`` those on this one.
    """

    drive_s: float
    distance_m: float
    detour_s: float
    line: WayLine
    avoided: tuple[Closure, ...]
    slowed: tuple[Closure, ...]


@dataclass(frozen=True, eq=False)
class Trip:
    """From where to where on the road: landings of the incident and of the places."""

    incident: Landings
    places: Landings


def drive_ways(
    conn: Connection,
    roads: RoadsNow,
    trip: Trip,
    *,
    tree: Tree,
    arrived: Arrivals,
    chosen: Sequence[int],
) -> list[Driven]:
    """Return the way of each chosen place, all of which were reached; none for none.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    if not chosen:
        return []
    ways = [
        way_of(roads.weights, tree, trip.incident, trip.places, _landing(arrived, i))
        for i in chosen
    ]
    lines = _drawn(conn, roads, ways)
    without = _without_closures(roads, trip, arrived, chosen)
    driven = []
    for i, way, line in zip(chosen, ways, lines, strict=True):
        slowed = _met(roads, way)
        detour_s, met = without[i]
        driven.append(
            Driven(
                drive_s=float(arrived.time_s[i]),
                distance_m=length_m(roads.weights, way),
                detour_s=detour_s,
                line=line,
                avoided=tuple(c for c in met if c not in slowed),
                slowed=slowed,
            )
        )
    return driven


def closures_between(
    roads: RoadsNow, trip: Trip, count: int, cut_off: Sequence[int]
) -> dict[int, tuple[Closure, ...]]:
    """Return the closures on the way that each cut-off place would have; none has no way at all."""
    if not (roads.closures and cut_off):
        return {}
    tree = search(roads.free, trip.incident, NO_LIMIT_S)
    free = arrivals(roads.free, tree, trip.incident, trip.places, count)
    return {
        i: _met(roads, way_of(roads.free, tree, trip.incident, trip.places, _landing(free, i)))
        for i in cut_off
        if np.isfinite(free.time_s[i])
    }


def _landing(arrived: Arrivals, i: int) -> tuple[int, int]:
    return int(arrived.landing[i]), int(arrived.direct[i])


def _drawn(conn: Connection, roads: RoadsNow, ways: Sequence[Way]) -> list[WayLine]:
    arcs = np.concatenate([way.arc for way in ways])
    lines = WAY_LINES.all(
        conn,
        ways=np.repeat(np.arange(len(ways)), [way.arc.size for way in ways]).tolist(),
        arcs=roads.weights.network.arc_ids[arcs].tolist(),
        starts=np.concatenate([way.start for way in ways]).tolist(),
        ends=np.concatenate([way.end for way in ways]).tolist(),
    )
    if len(lines) < len(ways):
        raise replaced()
    return lines


def _without_closures(
    roads: RoadsNow, trip: Trip, arrived: Arrivals, chosen: Sequence[int]
) -> dict[int, tuple[float, tuple[Closure, ...]]]:
    """Tell what closures cost each, and which: search once more without them, as far as needed."""
    if not roads.closures:
        return dict.fromkeys(chosen, (0.0, ()))
    limit_s = float(arrived.time_s[list(chosen)].max())
    tree = search(roads.free, trip.incident, limit_s + 1)
    free = arrivals(roads.free, tree, trip.incident, trip.places, arrived.time_s.size)
    told: dict[int, tuple[float, tuple[Closure, ...]]] = {}
    for i in chosen:
        detour_s = float(arrived.time_s[i] - free.time_s[i])
        way = way_of(roads.free, tree, trip.incident, trip.places, _landing(free, i))
        told[i] = (detour_s, _met(roads, way)) if detour_s > _LEAST_DETOUR_S else (0.0, ())
    return told


def _met(roads: RoadsNow, way: Way) -> tuple[Closure, ...]:
    return roads.closures_on(way.arc[way.end > way.start])
