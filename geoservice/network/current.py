"""The roads as they are at an instant, kept in this process until the database says otherwise.

One short row (`graph_state`) tells with every question whether what is kept still holds: arcs by
`arcs_uid`, travel times by `state_uid` and the closures in force then, which begin and end by
the clock too.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geoservice.db import Connection, Query
from geoservice.errors import BusyError
from geoservice.network.graph import Ints, RoadNetwork, Weights
from geoservice.network.profiles import check_profile
from geoservice.network.records import Arc, ClosedArc, Closure, GraphState, GraphUids, LandingRow
from geoservice.network.refusals import check_state

GRAPH_STATE = Query("network", "graph_state", GraphState)
GRAPH_UIDS = Query("network", "graph_uids", GraphUids)
ARCS = Query("network", "arcs", Arc)
CLOSURES = Query("network", "closures", Closure)
CLOSED_ARCS = Query("network", "closed_arcs", ClosedArc)

_TRIES = 3
T = TypeVar("T")


Kept = dict[Hashable, tuple[LandingRow, ...]]


@dataclass(frozen=True, eq=False)
class Ground:
    """The network with every road open.

    ``no_start`` are the ids of arcs that lead nowhere, on which no resource is put, as a
    PostgreSQL array; ``landings`` keeps where resources meet the road.
    """

    free: Weights
    no_start: str
    landings: Kept = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class RoadsNow:
    """The network under the closures in force.

    ``closures_by_arc`` has indices into ``closures`` for each arc index with any. On ``no_start``,
    which has closed arcs too, no resource is put, on ``no_end`` no place to be reached;
    ``landings`` keeps those resources that would be on a closed one.
    """

    state: GraphState
    ground: Ground
    weights: Weights
    closures: tuple[Closure, ...]
    closures_by_arc: Mapping[int, Sequence[int]]
    no_start: str
    no_end: str
    landings: Kept = field(default_factory=dict)

    @property
    def graph_version(self) -> int:
        """The number of the state of arcs and closures that every answer names."""
        return self.state.version

    @property
    def free(self) -> Weights:
        """Travel times without closures."""
        return self.ground.free

    def closures_on(self, arcs: Ints) -> tuple[Closure, ...]:
        """Return the closures in force on any of these arcs, by code."""
        by_arc = self.closures_by_arc
        numbers = {i for arc in arcs.tolist() if arc in by_arc for i in by_arc[arc]}
        return tuple(self.closures[i] for i in sorted(numbers))


class _Latest(OrderedDict[Hashable, T]):
    """The few values used last."""

    def keep(self, key: Hashable, value: T, most: int) -> T:
        self[key] = value
        while len(self) > most:
            self.popitem(last=False)
        return value


# A database or two (a process serves one, tests several), a few instants.
_grounds: _Latest[Ground] = _Latest()
_roads: _Latest[RoadsNow] = _Latest()
_lock = Lock()


def open_roads(conn: Connection, *, profile: str, at: datetime) -> RoadsNow:
    """Return the roads for a vehicle as they are at an instant.

    Parameters
    ----------
    profile
        The vehicle: `profiles.PROFILES`.
    at
        Closures whose period contains this instant are in force.

    Raises
    ------
    UnknownNameError
        There is no such profile.
    NoDistrictError, ConflictError
        No boundary is loaded; no roads are loaded.
    BusyError
        The roads changed each time they were being read.
    """
    check_profile(profile)
    state = GRAPH_STATE.one(conn, at=at)
    check_state(state)
    return roads_now(conn, state)


def roads_now(conn: Connection, state: GraphState) -> RoadsNow:
    """Return the roads in the given state, read only if this process has not got them.

    Raises
    ------
    BusyError
        The roads changed each time they were being read.
    """
    key = (state.state_uid, tuple(state.closure_ids))
    with _lock:
        if key in _roads:
            _roads.move_to_end(key)
            return replace(_roads[key], state=state)
        uids = GraphUids(state.state_uid, state.arcs_uid)
        for _ in range(_TRIES):
            roads = _read(conn, uids, state)
            read, uids = uids, GRAPH_UIDS.one(conn)
            if read == uids:
                return _roads.keep((uids.state_uid, tuple(state.closure_ids)), roads, most=8)
    raise BusyError("the roads are being changed: ask again", zh="道路数据正在更新：请稍后重试")


def _read(conn: Connection, uids: GraphUids, state: GraphState) -> RoadsNow:
    ground = _ground(conn, uids)
    network = ground.free.network
    closures = CLOSURES.all(conn, ids=state.closure_ids)
    pairs = CLOSED_ARCS.columns(conn, ids=state.closure_ids)
    number = {closure.id: i for i, closure in enumerate(closures)}
    no = np.array([number.get(i, -1) for i in pairs["road_closure_id"].tolist()], np.int32)
    arc = network.find_arcs(pairs["road_edge_id"].astype(np.int64))
    known = (no >= 0) & (arc >= 0)
    no, arc = no[known], arc[known]
    by_arc: dict[int, list[int]] = {}
    for i, closed in zip(no.tolist(), arc.tolist(), strict=True):
        by_arc.setdefault(closed, []).append(i)
    factors = np.array([closure.factor for closure in closures], np.float64)
    weights = network.weigh(arc, factors[no]) if closures else ground.free
    return RoadsNow(
        state=state,
        ground=ground,
        weights=weights,
        closures=tuple(closures),
        closures_by_arc=by_arc,
        no_start=_as_array(network.arc_ids[np.isinf(weights.arc_s) | ~network.is_left]),
        no_end=_as_array(network.arc_ids[np.isinf(weights.arc_s) | ~network.is_entered]),
    )


def _ground(conn: Connection, uids: GraphUids) -> Ground:
    if uids.arcs_uid in _grounds:
        _grounds.move_to_end(uids.arcs_uid)
        return _grounds[uids.arcs_uid]
    network = RoadNetwork.from_columns(ARCS.columns(conn))
    free = network.weigh(np.empty(0, np.int32), np.empty(0))
    ground = Ground(free, _as_array(network.arc_ids[~network.is_left]))
    if GRAPH_UIDS.one(conn).arcs_uid != uids.arcs_uid:
        return ground
    return _grounds.keep(uids.arcs_uid, ground, most=2)


def _as_array(ids: NDArray[np.int64]) -> str:
    """PostgreSQL's text for an array: made once here, not from a list with every question."""
    return "{" + ",".join(map(str, ids.tolist())) + "}"
