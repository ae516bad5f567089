"""Who goes from which settlement to which shelter before the danger is there."""

from collections.abc import Collection
from datetime import datetime, timedelta

import numpy as np
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geoservice.crs import stored
from geoservice.db import Connection, Query
from geoservice.dispatch.roads import roads_or_none
from geoservice.dispatch.straight import how_guessed, no_roads
from geoservice.errors import InputError, NotFoundError
from geoservice.evacuation import told, wording
from geoservice.evacuation.answers import EvacuationAnswer, EvacuationQuestion
from geoservice.evacuation.danger import Danger, check_one_danger
from geoservice.evacuation.records import SettlementRow, ShelterRow
from geoservice.evacuation.times import Times, times_by_road, times_by_straight_line
from geoservice.evacuation.transport import Transport, place
from geoservice.texts import Text

FLOOD_AREA = Query("evacuation", "flood_area", MultiPolygon)
SETTLEMENTS_IN_DANGER = Query("evacuation", "settlements_in_danger", SettlementRow)
SHELTERS_FOR = Query("evacuation", "shelters_for", ShelterRow)


def plan_evacuation(
    conn: Connection,
    question: EvacuationQuestion,
    *,
    at: datetime,
    towns: Collection[str] | None,
) -> EvacuationAnswer:
    """Return who of those in danger goes to which shelter, and when they must leave.

    Parameters
    ----------
    question
        The danger, its arrival and the margin.
    at
        Now: closures in force then count, and whoever had to leave before it is late.
    towns
        Codes of the towns whose settlements the caller may see; None is all.

    Returns
    -------
    answer
        Exact: most people in time, then most placed, then least person-minutes; of equal answers
        always the same. Nobody in danger, or no shelter, gives one without moves that says so.

    Raises
    ------
    InputError
        Not just one of an area, a flood and settlements is given, or the margin is negative.
    NotFoundError
        There is no such flood.
    NoDistrictError, OutsideDistrictError, UnknownNameError, BusyError
        As of `network.reach.reach`.
    """
    danger = _danger(conn, question, towns)
    roads = roads_or_none(conn, profile=question.profile, at=at)
    if roads is None:
        times = times_by_straight_line(danger.counted, danger.usable)
    else:
        times = times_by_road(conn, roads, danger.counted, danger.usable)
    left_s = (question.arrival_at - timedelta(minutes=question.margin_min) - at).total_seconds()
    flow = place(_transport(danger, times, left_s))
    return told.answer(
        question,
        danger,
        times,
        flow,
        at=at,
        roads=roads,
        notes=_notes(question, danger, left_s, times),
    )


def _danger(
    conn: Connection, question: EvacuationQuestion, towns: Collection[str] | None
) -> Danger:
    area = _area(conn, question)
    found = SETTLEMENTS_IN_DANGER.all(
        conn,
        codes=list(question.settlements),
        area=area,
        towns=None if towns is None else sorted(towns),
    )
    within = [it for it in found if it.is_in_scope]
    return Danger(
        within,
        SHELTERS_FOR.all(conn, area=area),
        sorted(set(question.settlements) - {it.code for it in found}),
        len(found) - len(within),
    )


def _area(conn: Connection, question: EvacuationQuestion) -> BaseGeometry | None:
    is_given = (question.area is not None, question.flood is not None, bool(question.settlements))
    check_one_danger(*is_given)
    if question.margin_min < 0:
        raise InputError(
            f"margin_min {question.margin_min}: not below 0",
            zh=f"margin_min {question.margin_min}：不得为负",
            where="margin_min",
        )
    if question.flood is None:
        return question.area
    found = FLOOD_AREA.first(conn, code=question.flood)
    if found is None:
        raise NotFoundError(
            f"no flood scenario or zone {question.flood!r} with an area is on record",
            zh=f"没有编码为“{question.flood}”且有范围的淹没情景或淹没区",
            where="flood",
        )
    return stored(found)


def _transport(danger: Danger, times: Times, left_s: float) -> Transport:
    travel_s = np.where(np.isfinite(times.drive_s), np.ceil(np.round(times.drive_s, 3)), -1)
    travel_s = travel_s.astype(np.int64)
    return Transport(
        people=np.array([it.population or 0 for it in danger.counted], np.int64),
        capacity=np.array([it.capacity or 0 for it in danger.usable], np.int64),
        time_s=travel_s,
        in_time=(travel_s >= 0) & (travel_s <= left_s),
    )


def _notes(
    question: EvacuationQuestion, danger: Danger, left_s: float, times: Times
) -> tuple[Text, ...]:
    notes = []
    if times.basis == "straight_line":
        notes += [no_roads(), how_guessed()]
    if danger.unknown:
        notes.append(wording.unknown(danger.unknown))
    if not danger.settlements:
        notes.append(wording.nobody())
    uncounted = len(danger.settlements) - len(danger.counted)
    if uncounted:
        notes.append(wording.not_counted(uncounted))
    if left_s < 0 and danger.counted:
        notes.append(wording.over_already())
    return (*notes, wording.how_made(question))
