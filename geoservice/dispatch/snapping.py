"""Putting places on the nearest open road."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geoservice.db import Connection, Query
from geoservice.dispatch.answers import Place
from geoservice.dispatch.current import Kept, RoadsNow, replaced
from geoservice.dispatch.network import Ints
from geoservice.dispatch.records import Closure, LandingRow, Resource
from geoservice.dispatch.routing import Landings

LANDINGS = Query("dispatch", "landings", LandingRow)


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


def snap_resources(
    conn: Connection, roads: RoadsNow, resources: Sequence[Resource], *, kind: str, limit_m: float
) -> Snapped:
    """Return the same for resources, which stand still: asked once for each network.

    Only where the road that a resource stands on is closed is it asked again, among open ones.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    wanted: dict[Hashable, Place] = {
        (kind, r.id, r.version, r.lon, r.lat, limit_m): Place(r.lon, r.lat) for r in resources
    }
    ground = roads.ground
    rows = _known(conn, ground.landings, ground.no_start, wanted, limit_m)
    on_road = _snapped(roads, rows)
    is_closed = np.isinf(roads.weights.arc_s[on_road.landings.arc])
    displaced = np.unique(on_road.landings.place[is_closed]).tolist()
    if not displaced:
        return on_road
    keys = list(wanted)
    moved = {keys[i]: wanted[keys[i]] for i in displaced}
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
    conn: Connection, kept: Kept, shut: str, wanted: Mapping[Hashable, Place], limit_m: float
) -> list[tuple[LandingRow, ...]]:
    """Ask for those that are not kept yet."""
    new = [key for key in wanted if key not in kept]
    if new:
        asked = _ask(conn, shut, [wanted[key] for key in new], limit_m)
        kept.update(zip(new, asked, strict=True))
    return [kept[key] for key in wanted]


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
