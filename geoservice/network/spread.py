"""How far one gets from stations in a time: outwards along the roads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geoservice.db import Connection
from geoservice.network.current import RoadsNow
from geoservice.network.graph import Floats, Ints, Longs
from geoservice.network.records import Stand
from geoservice.network.routing import Arrivals, Landings, search_outwards
from geoservice.network.snapping import snap_stands


@dataclass(frozen=True, eq=False)
class Spread:
    """What is driven to from the origins, as parts of arcs; one row each, all of one length.

    From fraction ``start`` (reached after ``start_s``) to ``end`` (after ``end_s``) of arc
    ``arc_id`` one comes soonest from the origin numbered ``origin``. ``time_s`` and
    ``soonest`` are the seconds to each of the places asked about (``inf``: not in time) and
    the number of the origin it is soonest reached from (-1: none).
    """

    arc_id: Longs
    start: Floats
    end: Floats
    start_s: Floats
    end_s: Floats
    origin: Ints
    time_s: Floats
    soonest: Ints


def spread(
    conn: Connection,
    roads: RoadsNow,
    origins: Sequence[Stand],
    *,
    within_s: float,
    snap_limit_m: float,
    places: Sequence[Stand] = (),
) -> Spread:
    """Return what is reached from any of the origins within a time.

    Parameters
    ----------
    roads
        From `open_roads`.
    origins
        Stations or depots; one that no open road is near spreads nowhere.
    within_s
        Seconds of driving at most.
    snap_limit_m
        Metres between a place and the nearest open road at most.
    places
        Also asked about: when one is there first, and from which origin.

    Raises
    ------
    BusyError
        The roads were replaced since they were read.
    """
    start = snap_stands(conn, roads, origins, limit_m=snap_limit_m).landings
    to = snap_stands(conn, roads, places, limit_m=snap_limit_m).landings
    weights = roads.weights
    reached = search_outwards(weights, start, to, len(places), within_s=within_s)
    roots = _roots(reached, roads.network.arcs)
    arcs = np.flatnonzero((reached.found.is_known & 1) > 0).astype(np.int32)
    arcs = arcs[reached.found.head_s[arcs] < within_s]
    rows = [
        _rows(weights.arc_s, arcs, np.zeros(arcs.size), reached.found.head_s[arcs], within_s),
        _rows(weights.arc_s, start.arc, start.fraction, np.zeros(start.arc.size), within_s),
    ]
    first, last, first_s, last_s = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return Spread(
        arc_id=roads.network.arc_ids[np.concatenate([arcs, start.arc])],
        start=first,
        end=last,
        start_s=first_s,
        end_s=last_s,
        origin=np.concatenate([start.place[roots[arcs]], start.place]).astype(np.int32),
        time_s=reached.time_s,
        soonest=_soonest(reached, roots, start, weights.arc_s),
    )


def _rows(
    arc_s: Floats, arcs: Ints, start: Floats, start_s: Floats, within_s: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Cut arcs off where the time is up; an arc of no time is driven to its end."""
    whole_s = np.maximum(arc_s[arcs], 1e-9)
    end = np.minimum(start + (within_s - start_s) / whole_s, 1.0)
    return start, end, start_s, start_s + (end - start) * whole_s


def _roots(reached: Arrivals, m: int) -> Ints:
    """Return the row of the origin's landing that each arc is reached from; -1 where not known."""
    is_known = (reached.found.is_known & 1) > 0
    onward = np.where(is_known, reached.found.next_arc, -1).astype(np.int64)
    while (pending := (onward >= 0) & (onward < m)).any():
        onward[pending] = onward[onward[pending]]
    return np.where(onward >= m, onward - m, -1).astype(np.int32)


def _soonest(reached: Arrivals, roots: Ints, start: Landings, arc_s: Floats) -> Ints:
    found = np.full(reached.time_s.size, -1, np.int32)
    for place in np.flatnonzero(np.isfinite(reached.time_s)).tolist():
        row = int(reached.landing[place])
        arc = int(reached.places.arc[row])
        fraction = float(reached.places.fraction[row])
        by_start_s = np.inf
        if roots[arc] >= 0:
            by_start_s = reached.found.head_s[arc] + fraction * arc_s[arc]
        if reached.time_s[place] >= by_start_s - 1e-9:
            found[place] = start.place[roots[arc]]
        else:  # from an origin on the same arc, the last before it
            own = np.flatnonzero((start.arc == arc) & (start.fraction <= fraction + 1e-12))
            found[place] = start.place[own[np.argmax(start.fraction[own])]]
    return found
