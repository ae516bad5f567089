"""Where to stage: the last point that vehicles reach, when closures lie before the incident."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from geoservice.db import Connection, Query
from geoservice.dispatch.answers import Stage
from geoservice.dispatch.reasons import stage_here
from geoservice.dispatch.records import ArcPoint
from geoservice.network.current import RoadsNow
from geoservice.network.effects import Met
from geoservice.network.reach import reach
from geoservice.network.records import Place, Stand
from geoservice.network.routing import Way, find_nearest, way_of
from geoservice.network.snapping import snap_places, snap_stands

ARC_POINT = Query("dispatch", "arc_point", ArcPoint)

# A closed stretch counts so many times: any detour on open roads is driven before it is walked.
PENALTY = 1000.0


@dataclass(frozen=True, eq=False)
class _Stop:
    """Where a way from some resource meets the first closed arc, and what is left to walk."""

    arc: int
    fraction: float
    on_foot_m: float
    blocked_by: tuple[Met, ...]


def stage_for(
    conn: Connection,
    roads: RoadsNow,
    place: Place,
    stands: Sequence[Stand],
    codes: Sequence[str],
    *,
    snap_limit_m: float,
) -> Stage | None:
    """Return where to stage for an incident that closures keep vehicles from.

    None where no closure is in the way, where no road at all is near, or where none of the
    resources stands on an open road.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    stop = _stop(conn, roads, place, stands, snap_limit_m=snap_limit_m)
    if stop is None:
        return None
    point = ARC_POINT.one(conn, arc_id=int(roads.network.arc_ids[stop.arc]), fraction=stop.fraction)
    reached = reach(
        conn, roads, Place(point.lon, point.lat), stands,
        wanted=1, within_s=None, snap_limit_m=snap_limit_m,
    )  # fmt: skip
    soonest = int(np.argmin(reached.time_s))
    drive_s = float(reached.time_s[soonest])
    names = tuple(one.name for one in stop.blocked_by)
    return Stage(
        lon=point.lon,
        lat=point.lat,
        road=point.road,
        on_foot_m=stop.on_foot_m,
        blocked_by=names,
        first_code=codes[soonest] if np.isfinite(drive_s) else None,
        drive_s=drive_s if np.isfinite(drive_s) else None,
        note=stage_here(point.road, stop.on_foot_m, names),
    )


def _stop(
    conn: Connection,
    roads: RoadsNow,
    place: Place,
    stands: Sequence[Stand],
    *,
    snap_limit_m: float,
) -> _Stop | None:
    is_shut = np.isinf(roads.weights.arc_s)
    dear_s = np.where(is_shut, roads.free.arc_s * PENALTY, roads.weights.arc_s)
    dear = replace(roads, weights=replace(roads.weights, arc_s=dear_s), landings={})
    to = snap_places(conn, dear, [place], limit_m=snap_limit_m)
    at = snap_stands(conn, roads, stands, limit_m=snap_limit_m)
    snap_m = to.snap_m(0)
    if snap_m is None or at.landings.arc.size == 0:
        return None
    arrived = find_nearest(dear.weights, to.landings, at.landings, len(stands), wanted=1)
    first = int(np.argmin(arrived.time_s))
    if np.isinf(arrived.time_s[first]):
        return None
    way = way_of(dear.weights, arrived, to.landings, first)
    shut = is_shut[way.arc] & (way.end > way.start)
    if not shut.any():
        return None
    here = int(np.argmax(shut))
    return _Stop(
        int(way.arc[here]),
        float(way.start[here]),
        _length_m(roads, way, here) + snap_m,
        roads.closures_on(way.arc[shut]),
    )


def _length_m(roads: RoadsNow, way: Way, start: int) -> float:
    parts = (way.end - way.start)[start:] * roads.network.length_m[way.arc[start:]]
    return float(parts.sum())
