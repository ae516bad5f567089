"""Dispatch: who is there soonest by road."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
from geoservice.dispatch.kinds import read_resources
from geoservice.dispatch.ranking import ranked, search_first
from geoservice.dispatch.records import Resource
from geoservice.dispatch.roads import check_place, closures_met, roads_or_none
from geoservice.dispatch.staging import stage_for
from geoservice.dispatch.straight import guess_m, guess_s, no_roads
from geoservice.errors import InputError
from geoservice.incidents.actions import EVERYTHING, read_incident
from geoservice.network.current import RoadsNow
from geoservice.network.reach import Reach, reach
from geoservice.network.reasons import too_far
from geoservice.network.records import Place, WhatIf
from geoservice.registry.editing import Editor
from geoservice.texts import Text


@dataclass(frozen=True)
class _Field:
    """Those who may come, and those who are only planned."""

    question: NearestQuestion
    resources: list[Resource]
    planned: list[Unreachable]
    outside_scope: int

    @property
    def place(self) -> Place:
        return Place(self.question.lon, self.question.lat)


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
        Ranked by when they are there (turning out or loading, then driving), then code; exact, as
        everything within the searched time is final. Whoever cannot come is listed with the
        reason. Without roads, or where none is near the point, by straight line, which it says.

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
    field = _field(conn, question, towns)
    roads = roads_or_none(conn, profile=question.profile, at=at, what_if=what_if)
    if roads is None:
        check_place(conn, field.place, at=at)
        return _guessed(field, None, IncidentSnap(None, None, ()), (no_roads(),))
    first, reached, order = _searched(conn, roads, field)
    if told.has_no_road_near(first, first.incident_row):
        return _guessed(field, roads, told.snap_of(first), ())
    answer = _by_road(field, roads, first, reached, order)
    return replace(answer, stage=_stage(conn, roads, field, first))


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


def _field(conn: Connection, question: NearestQuestion, towns: Collection[str] | None) -> _Field:
    everybody = read_resources(conn, question, towns)
    within = [it for it in everybody if it.is_in_scope]
    planned = [(it, why) for it in within if (why := reasons.not_there_yet(it)) is not None]
    names = {it.code for it, _ in planned}
    return _Field(
        question,
        [it for it in within if it.code not in names],
        [told.unreachable(question.kind, it, why) for it, why in planned],
        len(everybody) - len(within),
    )


def _searched(conn: Connection, roads: RoadsNow, field: _Field) -> tuple[Reach, Reach, list[int]]:
    question = field.question
    stands = [it.stand(question.kind) for it in field.resources]

    def ask(wanted: int | None, within_s: float | None) -> Reach:
        return reach(
            conn, roads, field.place, stands,
            wanted=wanted, within_s=within_s, snap_limit_m=question.snap_limit_m,
        )  # fmt: skip

    entrants = [told.entrant(question.kind, it) for it in field.resources]
    within_s = None if question.within_min is None else question.within_min * 60
    return search_first(entrants, question.k, ask, within_s)


def _stage(conn: Connection, roads: RoadsNow, field: _Field, first: Reach) -> Stage | None:
    """Return where to stage, if closures are what keeps vehicles from the place."""
    is_kept_away = first.incident_closures or (roads.hindrances and first.cut_off.all())
    if not (is_kept_away and field.resources):
        return None
    stands = [it.stand(field.question.kind) for it in field.resources]
    codes = [it.code for it in field.resources]
    return stage_for(
        conn, roads, field.place, stands, codes, snap_limit_m=field.question.snap_limit_m
    )


def _by_road(
    field: _Field, roads: RoadsNow, first: Reach, reached: Reach, order: list[int]
) -> NearestAnswer:
    kind, ways = field.question.kind, reached.ways(order)
    found = [
        told.by_road(kind, field.resources[i], reached, i, way)
        for i, way in zip(order, ways, strict=True)
    ]
    metres = guess_m(field.place, [it.place for it in field.resources])
    missed = []
    for i, why in first.not_reached.items():
        is_off_road = told.has_no_road_near(first, first.places.rows[i][0])
        guess = float(metres[i]) if is_off_road else None
        missed.append(told.unreachable(kind, field.resources[i], why, guess))
    return _answer(field, roads, told.snap_of(first), found, missed)


def _guessed(
    field: _Field, roads: RoadsNow | None, snap: IncidentSnap, notes: tuple[Text, ...]
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
    answer = _answer(field, roads, snap, found, missed)
    return replace(answer, basis="straight_line", notes=(*notes, *answer.notes))


def _answer(
    field: _Field,
    roads: RoadsNow | None,
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
        graph_version=roads.graph_version if roads else None,
        closures_met=closures_met(roads),
        found=tuple(replace(it, rank=rank) for rank, it in enumerate(found, start=1)),
        unreachable=(*missed, *field.planned),
        farther=len(field.resources) - len(missed) - len(found),
        outside_scope=field.outside_scope,
        notes=(*notes, *([how_made()] if found else [])),
    )
