"""How far stations reach, by road or, without roads, by straight line."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon

from geoservice.coverage.answers import SNAP_LIMIT_M
from geoservice.coverage.records import Living, ReachedLine
from geoservice.coverage.shapes import Driven, areas, circles
from geoservice.db import Connection, Query
from geoservice.dispatch.straight import DETOUR, STRAIGHT_KPH, guess_m, guess_s
from geoservice.network.current import RoadsNow
from geoservice.network.records import Place, Stand
from geoservice.network.spread import Spread, spread

REACHED_LINES = Query("coverage", "reached_lines", ReachedLine)


@dataclass(frozen=True, eq=False)
class Reached:
    """Seconds to each settlement (``inf``: not in time), and the number of who is first there.

    ``first`` is -1 where nobody comes; ``areas`` one for each limit, where they were asked for.
    """

    time_s: NDArray[np.float64]
    first: NDArray[np.int32]
    areas: list[MultiPolygon]


def reached_from(
    conn: Connection,
    roads: RoadsNow | None,
    origins: Sequence[Stand],
    settlements: Sequence[Living],
    *,
    limits_s: Sequence[float],
    with_areas: bool,
) -> Reached:
    """Return what is reached within the largest limit, and as areas within each.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    if roads is None:
        return _by_straight_line(origins, settlements, limits_s)
    found = spread(
        conn, roads, origins, within_s=max(limits_s), snap_limit_m=SNAP_LIMIT_M,
        places=[it.stand for it in settlements],
    )  # fmt: skip
    drawn = areas(_driven(conn, roads, found), limits_s) if with_areas else []
    return Reached(found.time_s, found.soonest, drawn)


def _driven(conn: Connection, roads: RoadsNow, found: Spread) -> Driven:
    once = _once(roads, found)
    rows = REACHED_LINES.all(
        conn,
        arcs=found.arc_id[once].tolist(),
        starts=found.start[once].tolist(),
        ends=found.end[once].tolist(),
    )
    at = once[np.array([row.no - 1 for row in rows], np.int64)]
    return Driven([row.geom for row in rows], found.start_s[at], found.end_s[at])


def _once(roads: RoadsNow, found: Spread) -> NDArray[np.int64]:
    """Return the rows to draw: of a road driven whole both ways, the sooner will do."""
    network = roads.network
    arcs = network.find_arcs(found.arc_id)
    ends = np.sort(np.column_stack([network.from_node[arcs], network.to_node[arcs]]), axis=1)
    is_whole = (found.start == 0) & (found.end == 1)
    length = np.round(network.length_m[arcs], 3)
    order = np.lexsort((found.end_s, length, ends[:, 1], ends[:, 0], ~is_whole))
    key = np.column_stack([ends, length])[order]
    is_again = np.zeros(order.size, bool)
    is_again[1:] = (key[1:] == key[:-1]).all(axis=1)
    kept: NDArray[np.int64] = np.sort(order[~(is_again & is_whole[order])])
    return kept


def _by_straight_line(
    origins: Sequence[Stand], settlements: Sequence[Living], limits_s: Sequence[float]
) -> Reached:
    points = [(it.lon, it.lat) for it in origins]
    drawn = [circles(points, limit_s * STRAIGHT_KPH / 3.6 / DETOUR) for limit_s in limits_s]
    if not (origins and settlements):
        nobody = np.full(len(settlements), -1, np.int32)
        return Reached(np.full(len(settlements), np.inf), nobody, drawn)
    places = [Place(*point) for point in points]
    times = np.array([guess_s(guess_m(it.place, places)) for it in settlements])
    first = times.argmin(axis=1).astype(np.int32)
    time_s = times.min(axis=1)
    late = time_s > max(limits_s)
    return Reached(np.where(late, np.inf, time_s), np.where(late, -1, first), drawn)
