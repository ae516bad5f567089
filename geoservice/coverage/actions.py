"""How far stations reach, who is covered, what is cut off."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from geoservice.coverage import people, wording
from geoservice.coverage.answers import (
    CoverageAnswer,
    CoverageQuestion,
    Isochrone,
    IsochroneFacts,
    Isochrones,
    Stranded,
)
from geoservice.coverage.cut_off import cut_off_settlements, stranded
from geoservice.coverage.reached import Reached, reached_from
from geoservice.coverage.reading import Field, checked, read_field
from geoservice.db import Connection
from geoservice.dispatch.roads import check_place, closures_met, roads_or_none
from geoservice.network.current import RoadsNow
from geoservice.network.records import Place, Stand
from geoservice.texts import Text


@dataclass(frozen=True)
class _Found:
    """What is reached by the stations, and with the supposed one."""

    now: Reached
    then: Reached | None


def isochrones(
    conn: Connection, question: CoverageQuestion, *, at: datetime, towns: Collection[str] | None
) -> Isochrones:
    """Return the areas reached within each limit, with the coverage.

    Parameters
    ----------
    question
        Whose areas, limits, and one more station that might stand somewhere.
    at
        Closures whose period contains this instant are in force.
    towns
        Codes of the towns whose stations and settlements the caller may see; None is all.

    Returns
    -------
    found
        For each limit the area without, and where asked with the supposed station: every road
        point reached lies inside. No station gives empty areas; without roads they are circles of
        a straight-line guess, which the notes say.

    Raises
    ------
    UnknownNameError, InputError
        A kind, code, profile or limit that is not to be had.
    NoDistrictError, OutsideDistrictError, BusyError
        As of `network.reach.reach`.
    """
    question = checked(question)
    field, roads, found = _found(conn, question, at=at, towns=towns, with_areas=True)
    features = _features(question, found.now, with_what_if=False)
    if found.then is not None:
        features += _features(question, found.then, with_what_if=True)
    return Isochrones(tuple(features), _answer(conn, question, field, roads, found))


def coverage(
    conn: Connection, question: CoverageQuestion, *, at: datetime, towns: Collection[str] | None
) -> CoverageAnswer:
    """Return who is covered, who is not and what is cut off; as `isochrones`, without areas."""
    question = checked(question)
    field, roads, found = _found(conn, question, at=at, towns=towns, with_areas=False)
    return _answer(conn, question, field, roads, found)


def _found(
    conn: Connection,
    question: CoverageQuestion,
    *,
    at: datetime,
    towns: Collection[str] | None,
    with_areas: bool,
) -> tuple[Field, RoadsNow | None, _Found]:
    field = read_field(conn, question, towns)
    roads = roads_or_none(conn, profile=question.profile, at=at)
    limits_s = [it * 60 for it in question.minutes]
    origins = [it.stand(question.kind) for it in field.stations]

    def reached(stands: list[Stand]) -> Reached:
        return reached_from(
            conn, roads, stands, field.settlements, limits_s=limits_s, with_areas=with_areas
        )

    now, then = reached(origins), None
    if question.what_if is not None:
        place = Place(*question.what_if)
        check_place(conn, place, at=at)
        then = reached([*origins, Stand("what_if", 0, 0, place.lon, place.lat)])
    return field, roads, _Found(now, then)


def _features(
    question: CoverageQuestion, reached: Reached, *, with_what_if: bool
) -> list[Isochrone]:
    return [
        Isochrone(area, IsochroneFacts(minutes, with_what_if))
        for minutes, area in zip(question.minutes, reached.areas, strict=True)
    ]


def _answer(
    conn: Connection,
    question: CoverageQuestion,
    field: Field,
    roads: RoadsNow | None,
    found: _Found,
) -> CoverageAnswer:
    living, time_s = field.settlements, found.now.time_s
    then_s = None if found.then is None else found.then.time_s
    first = [field.stations[i].code if i >= 0 else None for i in found.now.first.tolist()]
    beyond = [it for it, gap in zip(living, np.isinf(time_s).tolist(), strict=True) if gap]
    off, cut, lost = _cut_off(conn, question, field, roads)
    return CoverageAnswer(
        kind=question.kind,
        minutes=question.minutes,
        basis="straight_line" if roads is None else "road",
        graph_version=None if roads is None else roads.graph_version,
        closures_met=closures_met(roads),
        stations=len(field.stations),
        people=sum(it.population or 0 for it in living),
        covered=people.covered(living, question.minutes, time_s, then_s),
        towns=people.by_town(living, question.minutes, time_s, then_s),
        settlements=people.one_by_one(living, time_s, first, then_s),
        gaps=tuple(it.code for it in beyond),
        people_in_gaps=sum(it.population or 0 for it in beyond),
        stations_off=off,
        cut_off=cut,
        stranded=lost,
        uncounted=sum(it.population is None for it in living),
        outside_scope=field.outside_scope,
        notes=_notes(field, roads),
    )


def _cut_off(
    conn: Connection, question: CoverageQuestion, field: Field, roads: RoadsNow | None
) -> tuple[tuple[Stranded, ...], tuple[Stranded, ...], tuple[Stranded, ...]]:
    """Return stations that reach nothing, settlements without a depot, depots that reach none."""
    if roads is None:
        return (), (), ()
    living = field.settlements
    cut = cut_off_settlements(conn, roads, field.depots, living)
    lost = stranded(conn, roads, field.depots, kind="depot", settlements=living)
    off = lost
    if question.kind != "depot":
        off = stranded(conn, roads, field.stations, kind=question.kind, settlements=living)
    return tuple(off), tuple(cut), tuple(lost)


def _notes(field: Field, roads: RoadsNow | None) -> tuple[Text, ...]:
    notes = wording.basis(is_by_road=roads is not None)
    if not field.stations:
        notes.append(wording.no_station())
    if not field.settlements:
        notes.append(wording.no_settlement())
    return tuple(notes)
