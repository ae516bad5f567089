"""Putting places on the nearest open road."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoservice.db import Connection, Query
from geoservice.network.current import Kept, RoadsNow
from geoservice.network.effects import Met
from geoservice.network.graph import Ints, RoadNetwork
from geoservice.network.records import LandingRow, Place, Stand
from geoservice.network.refusals import replaced
from geoservice.network.routing import Landings

LANDINGS = Query("network", "landings", LandingRow)

Rows = tuple[LandingRow, ...]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Snapped:
    """Places on the road, in the order given: rows for each, and the same as arrays."""

    rows: tuple[Rows, ...]
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
    usable = roads.network.is_entered & np.isfinite(roads.weights.arc_s)
    return _snapped(roads.network, _ask(conn, roads.network, usable, places, limit_m))


def snap_stands(
    conn: Connection, roads: RoadsNow, stands: Sequence[Stand], *, limit_m: float
) -> Snapped:
    """Return where each thing that stands still starts: asked once for each network and vehicle.

    Only where the road that something stands on is closed is it asked again, among open ones.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    network = roads.network
    free = network.is_left & np.isfinite(roads.free.arc_s)
    rows = _known(conn, (network, free), roads.standing, stands, limit_m)
    on_road = _snapped(network, rows).landings
    is_closed = np.isinf(roads.weights.arc_s[on_road.arc])
    displaced = np.unique(on_road.place[is_closed]).tolist()
    if displaced:
        usable = network.is_left & np.isfinite(roads.weights.arc_s)
        moved = [stands[i] for i in displaced]
        asked = _known(conn, (network, usable), roads.landings, moved, limit_m)
        for i, row in zip(displaced, asked, strict=True):
            rows[i] = row
    return _snapped(network, rows)


def closures_at(roads: RoadsNow, rows: Rows) -> tuple[Met, ...]:
    """Return the closures that shut a road nearer to the place than the one it was put on."""
    row = rows[0]
    if row.nearest_arc is None or row.nearest_m is None:
        return ()
    if row.snap_m is not None and row.nearest_m >= row.snap_m:
        return ()
    arc = roads.network.find_arcs(np.array([row.nearest_arc]))
    return tuple(one for one in roads.closures_on(arc) if one.effect == "closed")


def _known(
    conn: Connection,
    usable: tuple[RoadNetwork, Flags],
    kept: Kept,
    stands: Sequence[Stand],
    limit_m: float,
) -> list[Rows]:
    """Ask for those that are not kept yet."""
    new = [stand for stand in stands if (stand, limit_m) not in kept]
    if new:
        places = [Place(stand.lon, stand.lat) for stand in new]
        asked = _ask(conn, *usable, places, limit_m)
        kept.update(zip(((stand, limit_m) for stand in new), asked, strict=True))
    return [kept[stand, limit_m] for stand in stands]


def _ask(
    conn: Connection, network: RoadNetwork, usable: Flags, places: Sequence[Place], limit_m: float
) -> list[Rows]:
    """Ask for the nearest roads; only where one is not usable name all of those and ask again."""
    rows = _landings(conn, "{}", places, limit_m)
    again = [i for i, found in enumerate(rows) if not _is_usable(network, usable, found)]
    if again:
        shut = "{" + ",".join(map(str, network.arc_ids[~usable].tolist())) + "}"
        asked = _landings(conn, shut, [places[i] for i in again], limit_m)
        for i, found in zip(again, asked, strict=True):
            rows[i] = found
    return rows


def _is_usable(network: RoadNetwork, usable: Flags, rows: Rows) -> bool:
    ids = [row.arc_id for row in rows if row.arc_id is not None]
    if not ids:  # nothing at all is near
        return rows[0].gap_m is None or rows[0].nearest_m is None
    arcs = network.find_arcs(np.array(ids, np.int64))
    return bool((arcs >= 0).all() and usable[arcs].all())


def _landings(conn: Connection, shut: str, places: Sequence[Place], limit_m: float) -> list[Rows]:
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


def _snapped(network: RoadNetwork, rows: Sequence[Rows]) -> Snapped:
    met = [(i, r.arc_id, r.fraction) for i, many in enumerate(rows) for r in many]
    on_road = [(i, arc, part) for i, arc, part in met if arc is not None and part is not None]
    ids = np.array([arc for _, arc, _ in on_road], np.int64)
    arcs: Ints = network.find_arcs(ids)
    if (arcs < 0).any():
        raise replaced()
    place = np.array([i for i, _, _ in on_road], np.int32)
    return Snapped(tuple(rows), Landings(place, arcs, np.array([f for _, _, f in on_road], float)))
