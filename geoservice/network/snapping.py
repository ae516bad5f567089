"""Putting places on the nearest open road."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geoservice.db import Connection, Query
from geoservice.network.current import Kept, RoadsNow
from geoservice.network.graph import Ints
from geoservice.network.records import Closure, LandingRow, Place, Stand
from geoservice.network.refusals import replaced
from geoservice.network.routing import Landings

LANDINGS = Query("network", "landings", LandingRow)


@dataclass(frozen=True, eq=False)
class Snapped:
    """Places on the road, in the order given: rows for each, and the same as arrays."""

    rows: tuple[tuple[LandingRow, ...], ...]
    landings: Landings

    def snap_m(self, place: int) -> float | None:
        """Metres from the place to the road; None where no open road is near."""
        return self.rows[place][0].snap_m


def snap_places(
    conn: Connection, roads: RoadsNow, places: Sequence[Place], *, limit_m: float
) -> Snapped:
    """Return where each place is reached: the nearest road that is open, within ``limit_m``.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    return _snapped(roads, _ask(conn, roads.no_end, places, limit_m))


def snap_stands(
    conn: Connection, roads: RoadsNow, stands: Sequence[Stand], *, limit_m: float
) -> Snapped:
    """Return the same for what stands still: asked once for each network.

    Only where the road that something stands on is closed is it asked again, among open ones.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    ground = roads.ground
    rows = _known(conn, ground.landings, ground.no_start, stands, limit_m)
    on_road = _snapped(roads, rows)
    is_closed = np.isinf(roads.weights.arc_s[on_road.landings.arc])
    displaced = np.unique(on_road.landings.place[is_closed]).tolist()
    if not displaced:
        return on_road
    moved = [stands[i] for i in displaced]
    for i, row in zip(
        displaced, _known(conn, roads.landings, roads.no_start, moved, limit_m), strict=True
    ):
        rows[i] = row
    return _snapped(roads, rows)


def closures_at(roads: RoadsNow, rows: Sequence[LandingRow]) -> tuple[Closure, ...]:
    """Return the closures that shut a road nearer to the place than the one it was put on."""
    row = rows[0]
    if row.nearest_arc is None or row.nearest_m is None:
        return ()
    if row.snap_m is not None and row.nearest_m >= row.snap_m:
        return ()
    arc = roads.weights.network.find_arcs(np.array([row.nearest_arc]))
    return tuple(c for c in roads.closures_on(arc) if c.factor == 0)


def _known(
    conn: Connection, kept: Kept, shut: str, stands: Sequence[Stand], limit_m: float
) -> list[tuple[LandingRow, ...]]:
    """Ask for those that are not kept yet."""
    new = [stand for stand in stands if (stand, limit_m) not in kept]
    if new:
        asked = _ask(conn, shut, [Place(stand.lon, stand.lat) for stand in new], limit_m)
        kept.update(zip(((stand, limit_m) for stand in new), asked, strict=True))
    return [kept[stand, limit_m] for stand in stands]


def _ask(
    conn: Connection, shut: str, places: Sequence[Place], limit_m: float
) -> list[tuple[LandingRow, ...]]:
    rows = LANDINGS.all(
        conn,
        shut=shut,
        nos=list(range(len(places))),
        lons=[place.lon for place in places],
        lats=[place.lat for place in places],
        limit_m=limit_m,
    )
    by_place: defaultdict[int, list[LandingRow]] = defaultdict(list)
    for row in rows:
        by_place[row.no].append(row)
    return [tuple(by_place[no]) for no in range(len(places))]


def _snapped(roads: RoadsNow, rows: Sequence[tuple[LandingRow, ...]]) -> Snapped:
    met = [(i, r.arc_id, r.fraction) for i, many in enumerate(rows) for r in many]
    on_road = [(i, arc, part) for i, arc, part in met if arc is not None and part is not None]
    ids = np.array([arc for _, arc, _ in on_road], np.int64)
    arcs: Ints = roads.weights.network.find_arcs(ids)
    if (arcs < 0).any():
        raise replaced()
    place = np.array([i for i, _, _ in on_road], np.int32)
    return Snapped(tuple(rows), Landings(place, arcs, np.array([f for _, _, f in on_road], float)))
