"""Dispatch: who is there soonest by road."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from geoservice.db import Connection, Query
from geoservice.dispatch import reasons
from geoservice.dispatch.answers import (
    ClosureMet,
    Found,
    IncidentSnap,
    NearestAnswer,
    NearestQuestion,
    Unreachable,
)
from geoservice.dispatch.checks import check_question
from geoservice.dispatch.records import Resource
from geoservice.network.current import GRAPH_STATE, RoadsNow, roads_now
from geoservice.network.records import Place
from geoservice.network.refusals import check_state
from geoservice.network.routing import Arrivals, Tree, cut_off, find_nearest
from geoservice.network.snapping import Snapped, closures_at, snap_places, snap_stands
from geoservice.network.ways import Driven, Trip, closures_between, drive_ways
from geoservice.texts import Text

RESOURCES = {
    "depot": Query("dispatch", "depots", Resource),
    "rescue_team": Query("dispatch", "rescue_teams", Resource),
}


@dataclass(frozen=True, eq=False)
class _Scene:
    """The incident and everybody who might come, on the road."""

    question: NearestQuestion
    roads: RoadsNow
    incident: Snapped
    resources: list[Resource]
    places: Snapped

    @property
    def trip(self) -> Trip:
        """From where to where."""
        return Trip(self.incident.landings, self.places.landings)


def nearest_by_road(
    conn: Connection,
    question: NearestQuestion,
    *,
    at: datetime,
    towns: Collection[str] | None,
) -> NearestAnswer:
    """Return the ``k`` resources of a kind that reach a point soonest by road at an instant.

    Parameters
    ----------
    question
        The point (degrees, CGCS2000), kind and limits.
    at
        Closures whose period contains this instant are in force.
    towns
        Codes of the towns whose resources the caller may see; None is all.

    Returns
    -------
    answer
        Ranked by driving time, then code; exact, as everything within the searched time is
        final. Whoever cannot come is listed with the reason.

    Raises
    ------
    InputError
        A kind, profile or number that is not to be had.
    NoDistrictError, OutsideDistrictError, ConflictError
        No boundary is loaded; the point is outside its envelope; no roads are loaded.
    BusyError
        The roads were replaced while this was worked out.
    """
    check_question(question)
    state = GRAPH_STATE.one(conn, lon=question.lon, lat=question.lat, at=at)
    check_state(state)
    everybody = RESOURCES[question.kind].all(conn, towns=None if towns is None else sorted(towns))
    resources = [resource for resource in everybody if resource.is_in_scope]
    scene = _scene(conn, question, roads_now(conn, state), resources)
    tree, arrived = find_nearest(
        scene.roads.weights,
        scene.incident.landings,
        scene.places.landings,
        len(resources),
        wanted=question.k,
        within_s=None if question.within_min is None else question.within_min * 60,
    )
    found = _found(conn, scene, tree, arrived)
    reachable, unreachable = _not_reached(scene, arrived)
    outside_scope = len(everybody) - len(resources)
    return NearestAnswer(
        at=Place(question.lon, question.lat),
        snap=_incident_snap(scene),
        graph_version=state.version,
        closures_met=_closures_met(scene.roads),
        found=found,
        unreachable=unreachable,
        farther=reachable - len(found),
        outside_scope=outside_scope,
        notes=tuple(
            reasons.empty(question.kind, on_record=len(resources), outside_scope=outside_scope)
        ),
    )


def _scene(
    conn: Connection, question: NearestQuestion, roads: RoadsNow, resources: list[Resource]
) -> _Scene:
    limit_m = question.snap_limit_m
    point = Place(question.lon, question.lat)
    stands = [resource.stand(question.kind) for resource in resources]
    return _Scene(
        question=question,
        roads=roads,
        incident=snap_places(conn, roads, [point], limit_m=limit_m),
        resources=resources,
        places=snap_stands(conn, roads, stands, limit_m=limit_m),
    )


def _found(conn: Connection, scene: _Scene, tree: Tree, arrived: Arrivals) -> tuple[Found, ...]:
    """Tell of the first k, by time to the millisecond and then by code."""
    time_s = arrived.time_s.tolist()
    reached = [i for i, seconds in enumerate(time_s) if math.isfinite(seconds)]
    reached.sort(key=lambda i: (round(time_s[i], 3), scene.resources[i].code))
    first = reached[: scene.question.k]
    driven = drive_ways(conn, scene.roads, scene.trip, tree=tree, arrived=arrived, chosen=first)
    return tuple(
        _told(scene, i, rank, way)
        for rank, (i, way) in enumerate(zip(first, driven, strict=True), start=1)
    )


def _told(scene: _Scene, i: int, rank: int, way: Driven) -> Found:
    resource, kind = scene.resources[i], scene.question.kind
    rows = scene.places.rows[i]
    snap_m = rows[0].snap_m or 0.0
    return Found(
        rank=rank,
        id=resource.id,
        code=resource.code,
        name=resource.name,
        kind=kind,
        lon=resource.lon,
        lat=resource.lat,
        drive_s=way.drive_s,
        distance_m=way.distance_m,
        snap_m=snap_m,
        prepare_min=resource.prepare_min,
        detour_s=way.detour_s,
        route=way.line.geom,
        closures_avoided=tuple(c.name for c in way.avoided),
        closures_slowed=tuple(c.name for c in way.slowed),
        reasons=(
            reasons.drive(way.drive_s, way.distance_m, way.line),
            *reasons.prepare(resource, kind),
            *reasons.off_road(snap_m),
            *reasons.shut_in(closures_at(scene.roads, rows)),
            *reasons.detour(way.detour_s, way.avoided, way.slowed),
        ),
    )


def _not_reached(scene: _Scene, arrived: Arrivals) -> tuple[int, tuple[Unreachable, ...]]:
    """How many can come in the time asked, and why each of the others cannot."""
    within_min = scene.question.within_min
    cut = cut_off(scene.roads.weights, scene.incident.landings, scene.places.landings, arrived)
    why = _why_cut_off(scene, np.flatnonzero(cut).tolist())
    if within_min is not None:
        slow = np.flatnonzero(~cut & np.isinf(arrived.time_s)).tolist()
        why |= dict.fromkeys(slow, reasons.too_far(within_min))
    listed = [(scene.resources[i], why[i]) for i in sorted(why)]
    return len(scene.resources) - len(listed), tuple(
        Unreachable(r.id, r.code, r.name, r.lon, r.lat, reason) for r, reason in listed
    )


def _why_cut_off(scene: _Scene, cut: list[int]) -> dict[int, Text]:
    limit_m = scene.question.snap_limit_m
    if scene.incident.snap_m(0) is None:
        return dict.fromkeys(cut, reasons.incident_off_road(limit_m))
    off_road = [i for i in cut if scene.places.snap_m(i) is None]
    why = {i: reasons.no_road_near(limit_m, scene.places.rows[i][0].gap_m) for i in off_road}
    no_way = [i for i in cut if i not in why]
    between = closures_between(scene.roads, scene.trip, len(scene.resources), no_way)
    return why | {i: reasons.no_way(between.get(i)) for i in no_way}


def _incident_snap(scene: _Scene) -> IncidentSnap:
    row = scene.incident.rows[0][0]
    notes = reasons.shut_in(closures_at(scene.roads, scene.incident.rows[0]))
    if row.snap_m is None:
        notes.insert(0, reasons.no_road_near(scene.question.snap_limit_m, row.gap_m))
    return IncidentSnap(row.snap_m, row.road, tuple(notes))


def _closures_met(roads: RoadsNow) -> tuple[ClosureMet, ...]:
    return tuple(
        ClosureMet(c.id, c.name, c.code, "slowed" if c.factor else "closed") for c in roads.closures
    )
