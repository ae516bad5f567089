"""The roads as they are at an instant, kept in this process until the database says otherwise.

One short row (`graph_state`) tells with every question whether what is kept still holds: arcs by
`arcs_uid`, and by `state_uid` whatever else changes a driving time; closures and floods begin
and end by the clock too. Arcs are files that all processes share; driving times are each its own.
"""

from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import TypeVar

from geoservice.db import Connection, Query
from geoservice.errors import BusyError
from geoservice.network.effects import Laid, Met, of_no_concern, slow_down
from geoservice.network.graph import Floats, Ints, RoadNetwork
from geoservice.network.hubs import Hub, find_hub
from geoservice.network.kept import network_of, weights_of
from geoservice.network.profiles import RoadRules, VehicleProfile, open_s, turn_costs
from geoservice.network.reading import Facts, read_facts, read_network
from geoservice.network.records import GraphState, GraphUids, LandingRow, WhatIf
from geoservice.network.refusals import check_state, replaced, unknown_vehicle
from geoservice.network.routing import Weights
from geoservice.network.supposing import suppose

GRAPH_STATE = Query("network", "graph_state", GraphState)
GRAPH_UIDS = Query("network", "graph_uids", GraphUids)

_TRIES = 3
T = TypeVar("T")

Kept = dict[Hashable, tuple[LandingRow, ...]]


@dataclass(frozen=True, eq=False)
class RoadsNow:
    """The network for one vehicle, under what is in force.

    ``free`` are driving times with dangerous sections alone, ``weights`` those with closures and
    floods too. ``standing`` keeps where things that stand still meet the road when all is open,
    ``landings`` those of them that would be on a closed one.
    """

    state: GraphState
    profile: VehicleProfile
    rules: RoadRules
    free: Weights
    weights: Weights
    laid: Laid
    others: tuple[Met, ...]
    standing: Kept
    landings: Kept = field(default_factory=dict)

    @property
    def network(self) -> RoadNetwork:
        """The arcs."""
        return self.weights.network

    @property
    def graph_version(self) -> int:
        """The number of the state of the roads that every answer names."""
        return self.state.version

    @property
    def closures(self) -> tuple[Met, ...]:
        """Every closure in force that lies on a road, as the vehicle meets it, by code."""
        theirs = [one for one in self.laid.met if one.kind == "closure"]
        return tuple(sorted((*theirs, *self.others), key=lambda one: (one.code, one.id)))

    @property
    def hindrances(self) -> tuple[Met, ...]:
        """What hinders the vehicle now: closures, floods, and what is supposed; by code."""
        return tuple(one for one in self.laid.met if one.kind != "section")

    @cached_property
    def by_arc(self) -> Mapping[int, Sequence[int]]:
        """The numbers of what lies on each arc with anything."""
        return self.laid.by_arc()

    @cached_property
    def hindered(self) -> Ints:
        """The arcs that closures and floods lie on."""
        return self.laid.of_kinds("closure", "flood", "what_if").arc

    @cached_property
    def hub(self) -> Hub:
        """Who reaches the middle of the network, and whom one reaches from there."""
        return find_hub(self.weights)

    def closures_on(self, arcs: Ints) -> tuple[Met, ...]:
        """Return the closures and floods in force on any of these arcs, by code."""
        return tuple(one for one in self._met_on(arcs) if one.kind != "section")

    def sections_on(self, arcs: Ints) -> tuple[Met, ...]:
        """Return the dangerous sections that slow the vehicle on any of these arcs, by code."""
        return tuple(one for one in self._met_on(arcs) if one.kind == "section")

    def _met_on(self, arcs: Ints) -> list[Met]:
        numbers = {i for arc in arcs.tolist() if arc in self.by_arc for i in self.by_arc[arc]}
        return [self.laid.met[i] for i in sorted(numbers)]


class _Latest(OrderedDict[Hashable, T]):
    """The few values used last."""

    def keep(self, key: Hashable, value: T, most: int) -> T:
        self[key] = value
        self.move_to_end(key)
        while len(self) > most:
            self.popitem(last=False)
        return value


# A database or two (a process serves one, tests several), a few instants and vehicles.
_networks: _Latest[RoadNetwork] = _Latest()
_standing: _Latest[Kept] = _Latest()
_facts: _Latest[Facts] = _Latest()
_roads: _Latest[RoadsNow] = _Latest()
_lock = Lock()


def open_roads(
    conn: Connection,
    *,
    profile: str,
    at: datetime,
    what_if: Sequence[WhatIf] = (),
    without_floods: Collection[int] = (),
) -> RoadsNow:
    """Return the roads for a vehicle as they are at an instant.

    Parameters
    ----------
    profile
        The code of a vehicle in the register `vehicle_profiles`.
    at
        Closures and floods whose period contains this instant are in force.
    what_if
        Closures that are asked about on top of those.
    without_floods
        Scenarios in force that are left out, by id.

    Raises
    ------
    UnknownNameError
        There is no such vehicle.
    NoDistrictError, ConflictError
        No boundary is loaded; no roads are loaded.
    BusyError
        The roads changed each time they were being read.
    """
    state = GRAPH_STATE.one(conn, at=at)
    check_state(state)
    if without_floods:
        rest = [it for it in state.flood_ids if it not in without_floods]
        state = replace(state, flood_ids=rest)
    roads = _roads_now(conn, state, profile)
    if not what_if:
        return roads
    return lay_on(roads, suppose(conn, roads.network, what_if, (roads.profile, roads.rules)))


def lay_on(roads: RoadsNow, more: Laid) -> RoadsNow:
    """Return the roads with more on them than is in force."""
    laid = roads.laid.with_more(more)
    arc_s = _open_s(roads)
    slow_down(arc_s, roads.network, laid, roads.rules)
    weights = replace(roads.weights, arc_s=arc_s)
    return replace(roads, weights=weights, laid=laid, landings={})


def prepare(conn: Connection) -> None:
    """Write the files of the network as this transaction has it, before others see it.

    So whoever asks after the commit finds them made.
    """
    uids = GRAPH_UIDS.one(conn)
    network_of(str(uids.arcs_uid), lambda: read_network(conn))


def version_held() -> int | None:
    """Return the newest graph version that this process has answered from; None: none yet."""
    with _lock:
        return max((roads.graph_version for roads in _roads.values()), default=None)


def _roads_now(conn: Connection, state: GraphState, profile: str) -> RoadsNow:
    with _lock:
        for _ in range(_TRIES):
            key = (state.state_uid, profile, *state.closure_ids, None, *state.flood_ids)
            if key in _roads:
                return _roads.keep(key, _roads[key], most=12)
            roads = _read(conn, state, profile)
            uids = GRAPH_UIDS.one(conn)
            if uids == GraphUids(state.state_uid, state.arcs_uid):
                return _roads.keep(key, roads, most=12)
            state = replace(state, state_uid=uids.state_uid, arcs_uid=uids.arcs_uid)
    raise BusyError("the roads are being changed: ask again", zh="道路数据正在更新：请稍后重试")


def _read(conn: Connection, state: GraphState, profile: str) -> RoadsNow:
    network = _network(conn, state)
    key = (state.state_uid, *state.closure_ids, None, *state.flood_ids)
    facts = _facts[key] if key in _facts else read_facts(conn, network, state)
    _facts.keep(key, facts, most=4)
    vehicle = facts.vehicles.get(profile)
    if vehicle is None:
        raise unknown_vehicle(profile, list(facts.vehicles))
    laid = facts.met_by(vehicle)
    turn_s = turn_costs(vehicle, facts.rules)
    base = _base_s(network, state, vehicle, facts.rules)
    slow_down(base, network, laid.of_kinds("section"), facts.rules)
    free = weights = Weights(network, base, turn_s)
    if any(one.kind != "section" for one in laid.met):
        arc_s = _base_s(network, state, vehicle, facts.rules)
        slow_down(arc_s, network, laid, facts.rules)
        weights = Weights(network, arc_s, turn_s)
    standing = _standing.setdefault((state.arcs_uid, vehicle), {})
    _standing.keep((state.arcs_uid, vehicle), standing, most=12)
    others = tuple(of_no_concern(facts.obstacles, vehicle))
    return RoadsNow(state, vehicle, facts.rules, free, weights, laid, others, standing)


def _network(conn: Connection, state: GraphState) -> RoadNetwork:
    uid = state.arcs_uid
    if uid not in _networks:
        _networks[uid] = network_of(str(uid), lambda: _made(conn, state))
    return _networks.keep(uid, _networks[uid], most=2)


def _made(conn: Connection, state: GraphState) -> RoadNetwork:
    network = read_network(conn)
    if GRAPH_UIDS.one(conn).arcs_uid != state.arcs_uid:
        raise replaced()
    return network


def _open_s(roads: RoadsNow) -> Floats:
    return _base_s(roads.network, roads.state, roads.profile, roads.rules)


def _base_s(
    network: RoadNetwork, state: GraphState, vehicle: VehicleProfile, rules: RoadRules
) -> Floats:
    """Return driving times with nothing in force: a copy, of which only changes take room."""
    asked = repr((vehicle, sorted(rules.surfaces.items()), rules)).encode()
    name = f"open-{vehicle.code}-{sha256(asked).hexdigest()[:16]}"
    return weights_of(str(state.arcs_uid), name, lambda: open_s(network, vehicle, rules))
