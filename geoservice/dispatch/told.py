"""What is told of one resource: how it comes, or why it does not (pure)."""

from dataclasses import replace

import numpy as np

from geoservice.dispatch import reasons
from geoservice.dispatch.answers import Found, Guess, Held, IncidentSnap, Skill, Unreachable
from geoservice.dispatch.eta import Timing, timing
from geoservice.dispatch.kinds import BY_KIND
from geoservice.dispatch.ranking import Entrant
from geoservice.dispatch.records import Resource
from geoservice.dispatch.straight import guess_s, how_guessed
from geoservice.network.reach import Reach
from geoservice.network.reasons import no_road_near
from geoservice.network.records import LandingRow
from geoservice.network.ways import Driven
from geoservice.texts import Text


def entrant(kind: str, resource: Resource) -> Entrant:
    """Return what a resource is ranked by besides driving."""
    return Entrant(resource.code, _timing(kind, resource, 0).prepare_s, reasons.is_stale(resource))


def by_road(kind: str, resource: Resource, reached: Reach, i: int, way: Driven) -> Found:
    """Tell of a resource, number ``i`` of those searched, that comes by this way."""
    snap_m, vehicle = reached.snap_m(i) or 0.0, reached.roads.profile.code
    at = _timing(kind, resource, way.drive_s)
    found = _found(
        kind,
        resource,
        at,
        distance_m=way.distance_m,
        snap_m=snap_m,
        way=way,
        said=(
            reasons.drive(way.drive_s, way.distance_m, way.line),
            *([reasons.drives_by(resource.vehicle, vehicle)] if kind == "rescue_team" else []),
            reasons.arrival(at),
            *reasons.prepare(resource, kind, at),
            *reasons.off_road(snap_m),
            *reasons.shut_in(reached.closures_at(i)),
            *reasons.detour(way.detour_s, way.avoided, way.slowed),
            *reasons.dangers(way.sections),
        ),
    )
    return replace(found, vehicle=vehicle)


def by_straight_line(kind: str, resource: Resource, metres: float) -> Found:
    """Tell of a resource that nobody knows the way of."""
    at = _timing(kind, resource, float(guess_s(np.array([metres]))[0]))
    return _found(
        kind,
        resource,
        at,
        distance_m=metres,
        snap_m=0.0,
        way=None,
        said=(how_guessed(), reasons.arrival(at), *reasons.prepare(resource, kind, at)),
    )


def unreachable(
    kind: str, resource: Resource, reason: Text, guess_m: float | None = None
) -> Unreachable:
    """Tell of a resource that does not come; with a guess where only the road is not known."""
    guess = None
    if guess_m is not None:
        at = _timing(kind, resource, float(guess_s(np.array([guess_m]))[0]))
        guess = Guess(guess_m, at.eta_s, how_guessed())
    return Unreachable(
        resource.id, resource.code, resource.name, resource.lon, resource.lat,
        reason, resource.phone, guess,
    )  # fmt: skip


def snap_of(reached: Reach) -> IncidentSnap:
    """Tell where the incident meets the road."""
    row = reached.incident_row
    notes = reasons.shut_in(reached.incident_closures)
    if row.snap_m is None:
        notes.insert(0, no_road_near(reached.search.snap_limit_m, row.gap_m))
    return IncidentSnap(row.snap_m, row.road, tuple(notes))


def has_no_road_near(reached: Reach, row: LandingRow) -> bool:
    """Return whether no road at all, open or closed, is near a place."""
    return row.snap_m is None and (
        row.nearest_m is None or row.nearest_m > reached.search.snap_limit_m
    )


def _timing(kind: str, resource: Resource, drive_s: float) -> Timing:
    return timing(resource.prepare_min, drive_s, assumed_min=BY_KIND[kind].assumed_min)


def _found(
    kind: str,
    resource: Resource,
    at: Timing,
    *,
    distance_m: float,
    snap_m: float,
    way: Driven | None,
    said: tuple[Text, ...],
) -> Found:
    return Found(
        rank=0,
        id=resource.id,
        code=resource.code,
        name=resource.name,
        kind=kind,
        lon=resource.lon,
        lat=resource.lat,
        eta_s=at.eta_s,
        eta_low_s=at.earliest_s,
        eta_high_s=at.latest_s,
        drive_s=at.drive_s,
        prepare_min=at.prepare_s / 60,
        prepare_is_assumed=at.is_assumed,
        distance_m=distance_m,
        snap_m=snap_m,
        detour_s=way.detour_s if way else 0.0,
        vehicle=None,
        route=way.line.geom if way else None,
        closures_avoided=tuple(c.name for c in way.avoided) if way else (),
        closures_slowed=tuple(c.name for c in way.slowed) if way else (),
        dangerous_sections=tuple(s.name for s in way.sections) if way else (),
        is_stale=reasons.is_stale(resource),
        surveyed_on=resource.surveyed_on,
        status=resource.status,
        phone=resource.phone,
        capacity=resource.capacity,
        holds=tuple(Held(**it) for it in resource.holds),
        skills=tuple(Skill(**it) for it in resource.skills),
        reasons=(
            *said,
            *reasons.holdings(resource),
            *reasons.capacity(resource, kind),
            *reasons.stale(resource),
        ),
    )
