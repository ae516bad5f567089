"""An evacuation as it is told: who goes where, who is left, how full shelters get."""

import math
from datetime import datetime, timedelta

import numpy as np

from geoservice.dispatch.roads import closures_met
from geoservice.evacuation import wording
from geoservice.evacuation.answers import (
    EvacuationAnswer,
    EvacuationQuestion,
    Left,
    Move,
    ShelterUse,
)
from geoservice.evacuation.danger import Danger
from geoservice.evacuation.times import Times
from geoservice.evacuation.transport import Whole
from geoservice.network.current import RoadsNow
from geoservice.texts import Text


def answer(
    question: EvacuationQuestion,
    danger: Danger,
    times: Times,
    flow: Whole,
    *,
    at: datetime,
    roads: RoadsNow | None,
    notes: tuple[Text, ...],
) -> EvacuationAnswer:
    """Return the answer that a flow (settlements to shelters, people) is."""
    moves = _moves(question, danger, times, flow, at)
    late = sum(it.people for it in moves if it.late_s)
    placed = int(flow.sum())
    people = sum(it.population or 0 for it in danger.counted)
    return EvacuationAnswer(
        at=at,
        arrival_at=question.arrival_at,
        margin_min=question.margin_min,
        basis=times.basis,
        graph_version=roads.graph_version if roads else None,
        closures_met=closures_met(roads),
        people=people,
        placed_in_time=placed - late,
        placed_late=late,
        unplaced=people - placed,
        person_minutes=round(sum(it.people * it.drive_s for it in moves) / 60, 1),
        moves=tuple(moves),
        left=tuple(_left(danger, times, flow)),
        shelters=tuple(_uses(danger, flow)),
        uncounted=tuple(danger.uncounted),
        outside_scope=danger.outside_scope,
        notes=notes,
    )


def _moves(
    question: EvacuationQuestion, danger: Danger, times: Times, flow: Whole, at: datetime
) -> list[Move]:
    moves = []
    for j, shelter in enumerate(danger.usable):
        going = np.flatnonzero(flow[:, j]).tolist()
        drives = times.drives(j, going) if going else []
        for i, drive in zip(going, drives, strict=True):
            settlement, drive_s = danger.counted[i], float(times.drive_s[i, j])
            depart_by = _depart_by(question, drive_s)
            moves.append(
                Move(
                    settlement_code=settlement.code,
                    settlement=settlement.name,
                    contact=settlement.contact,
                    phone=settlement.phone,
                    shelter_code=shelter.code,
                    shelter=shelter.name,
                    shelter_phone=shelter.phone,
                    people=int(flow[i, j]),
                    drive_s=drive_s,
                    distance_m=drive.distance_m,
                    depart_by=depart_by,
                    late_s=max(0, math.ceil((at - depart_by).total_seconds())),
                    route=drive.line,
                )
            )
    return sorted(moves, key=lambda it: (it.depart_by, it.settlement_code, it.shelter_code))


def _depart_by(question: EvacuationQuestion, drive_s: float) -> datetime:
    """Whole seconds, as the transport problem counts them."""
    travel = timedelta(seconds=math.ceil(round(drive_s, 3)))
    return question.arrival_at - timedelta(minutes=question.margin_min) - travel


def _left(danger: Danger, times: Times, flow: Whole) -> list[Left]:
    found = []
    for i, it in enumerate(danger.counted):
        people = (it.population or 0) - int(flow[i].sum())
        if people:
            comes = np.isfinite(times.drive_s[i]).any()
            why = wording.no_room() if comes else wording.no_way(times.why.get(i))
            found.append(Left(it.code, it.name, it.phone, people, why))
    return found


def _uses(danger: Danger, flow: Whole) -> list[ShelterUse]:
    taken = dict(zip((it.code for it in danger.usable), flow.sum(axis=0).tolist(), strict=True))
    found = []
    for it in danger.shelters:
        why = None
        if it.is_in_danger:
            why = wording.in_danger()
        elif it.capacity is None:
            why = wording.no_capacity()
        found.append(
            ShelterUse(it.code, it.name, it.capacity, taken.get(it.code, 0), it.is_stale, why)
        )
    return found
