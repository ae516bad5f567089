"""What a register works out when its records are written.

One function a register: it gets the records as they come (from files, forms or drafts), and gives
them as they are to be written, what it has booked elsewhere already, and what is to be done once
they are written.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from geoservice.crs import to_metric
from geoservice.db import Connection, Query
from geoservice.errors import InputError, RecordError
from geoservice.registry.assessing import graded
from geoservice.registry.hazards import r_value_of, recompute, sources_near
from geoservice.registry.records import (
    HazardSource,
    HazardSubstance,
    HiddenDanger,
    MineLicence,
    Record,
    RiskAssessment,
    RiskParameter,
    Settlement,
)
from geoservice.registry.repeats import Danger, find_repeats
from geoservice.registry.risk_tables import check_parameter, repeat_rule, scales
from geoservice.registry.rows import to_row
from geoservice.zoning.licences import checked_licence


@dataclass(frozen=True)
class Earlier:
    """The latest earlier danger that a new one repeats."""

    code: str
    repeat_of: str
    found_on: date


@dataclass(frozen=True)
class Grade:
    """The score and grade of an assessment as it stands."""

    code: str
    score: float | None
    grade: str | None


@dataclass(frozen=True)
class Assessed:
    """A hazard source's newest assessment that has a grade, and the grade as it stands."""

    code: str
    standing: str | None
    grade: str
    assessment: str
    method: str


@dataclass(frozen=True)
class StatedArea:
    """What the licence of a mine states."""

    code: str
    licence_area_km2: float


STATED_AREAS = Query("zone_inputs", "stated_areas", StatedArea)
COUNT_LOTS = Query("stock", "count_lots", str)
SOURCES_OF_SUBSTANCES = Query("risk", "sources_of_substances", str)
ASSESSED_SOURCES = Query("risk", "assessed_sources", Assessed)
STANDING_GRADES = Query("risk", "standing_grades", Grade)
EARLIER_DANGERS = Query("risk", "earlier_dangers", Earlier)


@dataclass(frozen=True)
class Ready:
    """Records as they are to be written.

    Parameters
    ----------
    booked
        Codes of those that are amended whatever their table says.
    sources
        Hazard sources whose R value is to be worked out anew once these are written.
    """

    records: Sequence[Record]
    booked: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def finish(self, conn: Connection) -> None:
        """Do what follows once the records are written."""
        recompute(conn, self.sources)


def is_worked_on(register: str) -> bool:
    """Return whether anything is worked out when records of the register are written."""
    return register in _WORK


def prepare(conn: Connection, register: str, records: Sequence[Record]) -> Ready:
    """Return the records as they are to be written; most registers take them as they come.

    Raises
    ------
    RecordError
        What was typed is not what follows from the inputs; every record at fault is named.
    """
    work = _WORK.get(register)
    return work(conn, records) if work and records else Ready(records)


def faults(conn: Connection, register: str, records: Sequence[Record]) -> Mapping[str, InputError]:
    """Return by code what `prepare` would refuse of these records; nothing is written."""
    working = _WORKING.get(register)
    return _sorted_out(records, working(conn, records))[1] if working and records else {}


def finish_left(conn: Connection, record: Record) -> None:
    """Do what follows once a record is no longer there: retired, or under another code."""
    if isinstance(record, HazardSubstance):
        recompute(conn, [record.hazard_source_code])
    if isinstance(record, Settlement):
        recompute(conn, sources_near(conn, [record]))


def _stock_lots(conn: Connection, records: Sequence[Record]) -> Ready:
    """Book a quantity that differs as a move of the ledger; a new lot opens with its own."""
    names = ("code", "quantity", "source_doc")
    said = [{name: getattr(it, name) for name in names} for it in records]
    return Ready(records, tuple(COUNT_LOTS.all(conn, rows=json.dumps(said))))


def _assessments(conn: Connection, records: Sequence[Record]) -> Ready:
    return Ready(_each(records, _grading(conn, records)))


def _grading(conn: Connection, records: Sequence[Record]) -> Callable[..., Record]:
    known = scales(conn)
    stood = {it.code: it for it in STANDING_GRADES.all(conn, codes=[it.code for it in records])}

    def work(record: RiskAssessment) -> Record:
        before = stood.get(record.code)
        try:
            return graded(record, known, lambda code: r_value_of(conn, code))
        except InputError:
            if before is None:
                raise
        untyped = replace(
            record,
            score=None if record.score == before.score else record.score,
            grade=None if record.grade == before.grade else record.grade,
        )
        return graded(untyped, known, lambda code: r_value_of(conn, code))

    return work


def _parameters(conn: Connection, records: Sequence[Record]) -> Ready:
    return Ready(_each(records, _checking(conn, records)))


def _checking(_: Connection, __: Sequence[Record]) -> Callable[..., Record]:
    def work(record: RiskParameter) -> Record:
        check_parameter(record.code, record.value)
        return record

    return work


def _licences(conn: Connection, records: Sequence[Record]) -> Ready:
    return Ready(_each(records, _licensing(conn, records)))


def _licensing(conn: Connection, records: Sequence[Record]) -> Callable[..., Record]:
    """Refuse corners that do not cover what the mine's licence states."""
    codes = [it.mine_code for it in records if isinstance(it, MineLicence)]
    stated = {it.code: it.licence_area_km2 for it in STATED_AREAS.all(conn, codes=codes)}

    def work(record: MineLicence) -> Record:
        return checked_licence(record, stated.get(record.mine_code))

    return work


def _hazard_sources(conn: Connection, records: Sequence[Record]) -> Ready:
    """Keep the grade that an assessment gave; to have another, assess anew."""
    codes = [it.code for it in records]
    assessed = {it.code: it for it in ASSESSED_SOURCES.all(conn, codes=codes)}

    def work(record: HazardSource) -> Record:
        found = assessed.get(record.code)
        if found is None:
            return record
        if record.grade not in {None, found.grade, found.standing}:
            raise InputError(
                f"grade {record.grade} is typed, and assessment {found.assessment} "
                f"({found.method}) says {found.grade}: add an assessment that says otherwise",
                zh=f"等级填写为 {record.grade}，而评估 {found.assessment}（{found.method}）为 "
                f"{found.grade}：如需更改，请登记新的评估",
                where="grade",
            )
        return replace(record, grade=found.grade)

    return Ready(_each(records, work), sources=tuple(codes))


def _substances(conn: Connection, records: Sequence[Record]) -> Ready:
    before = SOURCES_OF_SUBSTANCES.all(conn, codes=[it.code for it in records])
    now = [it.hazard_source_code for it in records if isinstance(it, HazardSubstance)]
    return Ready(records, sources=tuple(sorted({*before, *now})))


def _settlements(conn: Connection, records: Sequence[Record]) -> Ready:
    return Ready(records, sources=tuple(sources_near(conn, records)))


def _dangers(conn: Connection, records: Sequence[Record]) -> Ready:
    """Propose which danger each repeats, where none is named."""
    rule = repeat_rule(conn)
    dangers = [cast("HiddenDanger", it) for it in records]
    rows = json.dumps([to_row(it) for it in dangers if it.repeat_of is None])
    found = EARLIER_DANGERS.all(
        conn, rows=rows, within_m=rule.within_m, within_days=rule.within_days
    )
    latest = {it.code: (it.found_on, it.repeat_of) for it in found}
    day = {it.code: it.found_on for it in dangers}
    lon = next((it.geom.centroid.x for it in dangers if it.geom is not None), 0.0)
    for repeat in find_repeats([_placed(it, lon) for it in dangers], rule):  # that come together
        here = (day[repeat.repeat_of], repeat.repeat_of)
        latest[repeat.code] = max(latest.get(repeat.code, here), here)
    return Ready(
        [
            replace(it, repeat_of=latest[it.code][1])
            if it.repeat_of is None and it.code in latest
            else it
            for it in dangers
        ]
    )


def _placed(danger: HiddenDanger, lon: float) -> Danger:
    """Return a danger with its place in metres, if it has one of its own."""
    place = None if danger.geom is None else to_metric(danger.geom, lon)
    x, y = (None, None) if place is None else (place.centroid.x, place.centroid.y)
    return Danger(danger.code, danger.category, danger.found_on, danger.hazard_source_code, x, y)


def _each(records: Iterable[Record], work: Callable[..., Record]) -> list[Record]:
    """Work on every record, and refuse all that cannot be at once."""
    known = list(records)
    done, wrong = _sorted_out(known, work)
    if wrong:
        names = {code: f"{code}: " if len(known) > 1 else "" for code in wrong}
        raise RecordError(
            [
                InputError(names[code] + it.message, zh=names[code] + it.zh, where=it.where)
                for code, it in wrong.items()
            ]
        )
    return done


def _sorted_out(
    records: Iterable[Record], work: Callable[..., Record]
) -> tuple[list[Record], dict[str, InputError]]:
    """Return the records worked on, and by code what is wrong with the others."""
    done: list[Record] = []
    wrong: dict[str, InputError] = {}
    for record in records:
        try:
            done.append(work(record))
        except InputError as error:
            wrong[record.code] = error
    return done, wrong


_WORK: Mapping[str, Callable[[Connection, Sequence[Record]], Ready]] = {
    "stock_lots": _stock_lots,
    "risk_assessments": _assessments,
    "risk_parameters": _parameters,
    "mine_licences": _licences,
    "hazard_sources": _hazard_sources,
    "hazard_substances": _substances,
    "settlements": _settlements,
    "hidden_dangers": _dangers,
}
_WORKING: Mapping[str, Callable[[Connection, Sequence[Record]], Callable[..., Record]]] = {
    "risk_assessments": _grading,
    "risk_parameters": _checking,
    "mine_licences": _licensing,
}
