"""Dispatch: who is there soonest by road."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from geoservice.db import Connection
from geoservice.dispatch import reasons, told
from geoservice.dispatch.answers import (
    Found,
    IncidentSnap,
    NearestAnswer,
    NearestQuestion,
    Stage,
    Unreachable,
)
from geoservice.dispatch.checks import check_question
from geoservice.dispatch.eta import how_made
from geoservice.dispatch.fleets import (
    Field,
    Fleet,
    first_of,
    not_reached,
    read_field,
    search_fleets,
)
from geoservice.dispatch.ranking import ranked
from geoservice.dispatch.roads import check_place, closures_met
from geoservice.dispatch.staging import stage_for
from geoservice.dispatch.straight import guess_m, guess_s, no_roads
from geoservice.errors import InputError
from geoservice.incidents.actions import EVERYTHING, read_incident
from geoservice.network.reasons import too_far
from geoservice.network.records import WhatIf
from geoservice.registry.editing import Editor
from geoservice.texts import Text


def nearest_by_road(
    conn: Connection,
    question: NearestQuestion,
    *,
    at: datetime,
    towns: Collection[str] | None,
    what_if: Sequence[WhatIf] = (),
) -> NearestAnswer:
    """Return the ``k`` resources of a kind that are at a point soonest at an instant.

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
        Ranked by when they are there (turning out or loading, then driving), then code; teams
        drive by their own vehicle where that is known. Exact: everything within the searched time
        is final. Whoever cannot come is listed with the reason. Without roads, or where none is
        near the point, by straight line, which it says.

    Raises
    ------
    InputError
        A kind, profile or number that is not to be had.
    NoDistrictError, OutsideDistrictError
        No boundary is loaded; the point is outside its envelope.
    BusyError
        The roads were replaced while this was worked out.
    """
    check_question(question)
    field = read_field(conn, question, towns)
    fleets = search_fleets(conn, field, at=at, what_if=what_if)
    if not fleets:
        check_place(conn, field.place, at=at)
        return _guessed(field, (), IncidentSnap(None, None, ()), (no_roads(),))
    first = fleets[0].first
    if told.has_no_road_near(first, first.incident_row):
        return _guessed(field, fleets, told.snap_of(first), ())
    found, missed = first_of(fleets, question), not_reached(fleets, field)
    answer = _answer(field, fleets, told.snap_of(first), found, missed)
    return replace(answer, stage=_stage(conn, field, fleets))


def asked_place(
    conn: Connection,
    lon: float | None,
    lat: float | None,
    incident_id: int | None,
    scope: Editor = EVERYTHING,
) -> tuple[float, float]:
    """Return longitude and latitude as given, or those of an incident.

    Raises
    ------
    InputError
        Neither, or both, or half a place is given.
    NotFoundError
        There is no such incident, or not in the caller's towns.
    """
    if incident_id is None and lon is not None and lat is not None:
        return lon, lat
    if incident_id is None or lon is not None or lat is not None:
        raise InputError(
            "give lon and lat, or the id of an incident",
            zh="请给出 lon 与 lat，或事件的序号 incident",
            where="lat" if lat is None and lon is not None else "lon",
        )
    incident = read_incident(conn, incident_id, scope)
    return incident.lon, incident.lat


def _stage(conn: Connection, field: Field, fleets: Sequence[Fleet]) -> Stage | None:
    """Return where to stage, if closures are what keeps vehicles from the place.

    It is told for the question's own vehicle.
    """
    roads, first = fleets[0].roads, fleets[0].first
    nobody_comes = all(it.roads.hindrances and it.first.cut_off.all() for it in fleets)
    if not ((first.incident_closures or nobody_comes) and field.resources):
        return None
    stands = [it.stand(field.question.kind) for it in field.resources]
    codes = [it.code for it in field.resources]
    return stage_for(
        conn, roads, field.place, stands, codes, snap_limit_m=field.question.snap_limit_m
    )


def _guessed(
    field: Field, fleets: Sequence[Fleet], snap: IncidentSnap, notes: tuple[Text, ...]
) -> NearestAnswer:
    question, kind = field.question, field.question.kind
    metres = guess_m(field.place, [it.place for it in field.resources])
    drive_s = guess_s(metres)
    missed: list[Unreachable] = []
    if question.within_min is not None:
        late = drive_s > question.within_min * 60
        drive_s[late] = float("inf")
        missed = [
            told.unreachable(kind, it, too_far(question.within_min))
            for it, is_late in zip(field.resources, late.tolist(), strict=True)
            if is_late
        ]
    order = ranked([told.entrant(kind, it) for it in field.resources], drive_s, question.k)
    found = [told.by_straight_line(kind, field.resources[i], float(metres[i])) for i in order]
    answer = _answer(field, fleets, snap, found, missed)
    return replace(answer, basis="straight_line", notes=(*notes, *answer.notes))


def _answer(
    field: Field,
    fleets: Sequence[Fleet],
    snap: IncidentSnap,
    found: list[Found],
    missed: list[Unreachable],
) -> NearestAnswer:
    on_record = len(field.resources) + len(field.planned)
    notes = reasons.empty(field.question, on_record=on_record, outside_scope=field.outside_scope)
    return NearestAnswer(
        at=field.place,
        basis="road",
        snap=snap,
        stage=None,
        graph_version=fleets[0].roads.graph_version if fleets else None,
        closures_met=closures_met(*(it.roads for it in fleets)),
        found=tuple(replace(it, rank=rank) for rank, it in enumerate(found, start=1)),
        unreachable=(*missed, *field.planned),
        farther=len(field.resources) - len(missed) - len(found),
        outside_scope=field.outside_scope,
        notes=(*notes, *([how_made()] if found else [])),
    )
