"""Dispatch: who is there soonest by road."""

from collections.abc import Collection, Sequence
from datetime import datetime

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
from geoservice.network.current import open_roads
from geoservice.network.reach import Reach, reach, soonest
from geoservice.network.reasons import no_road_near
from geoservice.network.records import Place, WhatIf
from geoservice.network.ways import Driven

RESOURCES = {
    "depot": Query("dispatch", "depots", Resource),
    "rescue_team": Query("dispatch", "rescue_teams", Resource),
}


def nearest_by_road(
    conn: Connection,
    question: NearestQuestion,
    *,
    at: datetime,
    towns: Collection[str] | None,
    what_if: Sequence[WhatIf] = (),
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
    what_if
        Closures that are asked about on top of those in force.

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
    roads = open_roads(conn, profile=question.profile, at=at, what_if=what_if)
    everybody = RESOURCES[question.kind].all(conn, towns=None if towns is None else sorted(towns))
    resources = [resource for resource in everybody if resource.is_in_scope]
    reached = reach(
        conn,
        roads,
        Place(question.lon, question.lat),
        [resource.stand(question.kind) for resource in resources],
        wanted=question.k,
        within_s=None if question.within_min is None else question.within_min * 60,
        snap_limit_m=question.snap_limit_m,
    )
    found = _found(question, resources, reached)
    outside_scope = len(everybody) - len(resources)
    return NearestAnswer(
        at=Place(question.lon, question.lat),
        snap=_incident_snap(reached),
        graph_version=roads.graph_version,
        closures_met=tuple(
            ClosureMet(c.id, c.name, c.code, c.effect, c.kind) for c in roads.hindrances
        ),
        found=found,
        unreachable=_unreachable(resources, reached),
        farther=len(resources) - len(reached.not_reached) - len(found),
        outside_scope=outside_scope,
        notes=tuple(
            reasons.empty(question.kind, on_record=len(resources), outside_scope=outside_scope)
        ),
    )


def _found(
    question: NearestQuestion, resources: list[Resource], reached: Reach
) -> tuple[Found, ...]:
    """Tell of the first k, by time to the millisecond and then by code."""
    first = soonest(reached, [resource.code for resource in resources])[: question.k]
    driven = reached.ways(first)
    return tuple(
        _told(question.kind, resources[i], rank, way, reached, i)
        for rank, (i, way) in enumerate(zip(first, driven, strict=True), start=1)
    )


def _told(kind: str, resource: Resource, rank: int, way: Driven, reached: Reach, i: int) -> Found:
    snap_m = reached.snap_m(i) or 0.0
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
            *reasons.shut_in(reached.closures_at(i)),
            *reasons.detour(way.detour_s, way.avoided, way.slowed),
            *reasons.dangers(way.sections),
        ),
    )


def _unreachable(resources: list[Resource], reached: Reach) -> tuple[Unreachable, ...]:
    listed = [(resources[i], why) for i, why in reached.not_reached.items()]
    return tuple(Unreachable(r.id, r.code, r.name, r.lon, r.lat, why) for r, why in listed)


def _incident_snap(reached: Reach) -> IncidentSnap:
    row = reached.incident_row
    notes = reasons.shut_in(reached.incident_closures)
    if row.snap_m is None:
        notes.insert(0, no_road_near(reached.search.snap_limit_m, row.gap_m))
    return IncidentSnap(row.snap_m, row.road, tuple(notes))
