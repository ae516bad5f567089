"""The ways that chosen places drive: line, roads, and what closures make of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geoservice.db import Connection, Query
from geoservice.network.current import RoadsNow
from geoservice.network.effects import Met
from geoservice.network.graph import Ints
from geoservice.network.records import WayLine
from geoservice.network.refusals import replaced
from geoservice.network.routing import (
    Arrivals,
    Landings,
    Way,
    find_nearest,
    length_m,
    way_of,
)

WAY_LINES = Query("network", "way_lines", WayLine)

# Below this a difference of times is arithmetic, not a detour.
_LEAST_DETOUR_S = 0.05


@dataclass(frozen=True, eq=False)
class Driven:
    """One way, driven.

    ``avoided`` are closures on the way it would take without them, ``slowed`` those on this one,
    ``sections`` the dangerous sections it passes that slow the vehicle.
    """

    drive_s: float
    distance_m: float
    detour_s: float
    line: WayLine
    avoided: tuple[Met, ...]
    slowed: tuple[Met, ...]
    sections: tuple[Met, ...]


def drive_ways(
    conn: Connection,
    roads: RoadsNow,
    incident: Landings,
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
    ways = [way_of(roads.weights, arrived, incident, i) for i in chosen]
    lines = _drawn(conn, roads, ways)
    without = _without_closures(roads, incident, arrived, chosen)
    driven = []
    for i, way, line in zip(chosen, ways, lines, strict=True):
        passed = _passed(way)
        slowed = roads.closures_on(passed)
        detour_s, met = without[i]
        driven.append(
            Driven(
                drive_s=float(arrived.time_s[i]),
                distance_m=length_m(roads.weights, way),
                detour_s=detour_s,
                line=line,
                avoided=tuple(c for c in met if c not in slowed),
                slowed=slowed,
                sections=roads.sections_on(passed),
            )
        )
    return driven


def closures_between(
    roads: RoadsNow, incident: Landings, places: Landings, cut_off: Sequence[int]
) -> dict[int, tuple[Met, ...]]:
    """Return the closures on the way that each cut-off place would have; none has no way at all."""
    if not (roads.hindrances and cut_off):
        return {}
    free = _free(roads, incident, places, cut_off)
    return {
        i: roads.closures_on(_passed(way_of(roads.free, free, incident, no)))
        for no, i in enumerate(cut_off)
        if np.isfinite(free.time_s[no])
    }


def _free(roads: RoadsNow, incident: Landings, places: Landings, chosen: Sequence[int]) -> Arrivals:
    """Search without closures, for the chosen places only: numbered in their order."""
    number = {place: no for no, place in enumerate(chosen)}
    theirs = np.isin(places.place, list(chosen))
    only = Landings(
        np.array([number[i] for i in places.place[theirs].tolist()], np.int32),
        places.arc[theirs],
        places.fraction[theirs],
    )
    return find_nearest(roads.free, incident, only, len(chosen), wanted=len(chosen))


def _drawn(conn: Connection, roads: RoadsNow, ways: Sequence[Way]) -> list[WayLine]:
    arcs = np.concatenate([way.arc for way in ways])
    lines = WAY_LINES.all(
        conn,
        ways=np.repeat(np.arange(len(ways)), [way.arc.size for way in ways]).tolist(),
        arcs=roads.network.arc_ids[arcs].tolist(),
        starts=np.concatenate([way.start for way in ways]).tolist(),
        ends=np.concatenate([way.end for way in ways]).tolist(),
    )
    if len(lines) < len(ways):
        raise replaced()
    return lines


def _without_closures(
    roads: RoadsNow, incident: Landings, arrived: Arrivals, chosen: Sequence[int]
) -> dict[int, tuple[float, tuple[Met, ...]]]:
    """Tell what closures cost each, and which: search once more without them, if any was met."""
    if not _met_any(roads, incident, arrived):
        return dict.fromkeys(chosen, (0.0, ()))
    free = _free(roads, incident, arrived.places, chosen)
    told: dict[int, tuple[float, tuple[Met, ...]]] = {}
    for no, i in enumerate(chosen):
        detour_s = float(arrived.time_s[i] - free.time_s[no])
        told[i] = (0.0, ())
        if detour_s > _LEAST_DETOUR_S:
            way = way_of(roads.free, free, incident, no)
            told[i] = (detour_s, roads.closures_on(_passed(way)))
    return told


def _met_any(roads: RoadsNow, incident: Landings, arrived: Arrivals) -> bool:
    """Return whether the search came upon an arc that is closed or slowed: else nothing is lost."""
    arcs = roads.hindered
    ends_where_passed = arrived.found.is_passed[roads.network.to_node[arcs]].any()
    own = np.concatenate([incident.arc, arrived.places.arc])
    return bool(ends_where_passed or np.isin(arcs, own).any())


def _passed(way: Way) -> Ints:
    return way.arc[way.end > way.start]
