"""Who lives where, and what stands where, for a caller."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from geoservice.coverage.answers import KINDS, MOST_LIMITS, MOST_MINUTES, CoverageQuestion
from geoservice.coverage.records import Living
from geoservice.db import Connection, Query
from geoservice.dispatch.answers import NearestQuestion
from geoservice.dispatch.kinds import read_resources
from geoservice.dispatch.reasons import not_there_yet
from geoservice.dispatch.records import Resource
from geoservice.errors import InputError, UnknownNameError

SETTLEMENTS = Query("coverage", "settlements", Living)


@dataclass(frozen=True)
class Field:
    """The stations asked about, every depot, every settlement: those in the caller's towns."""

    stations: list[Resource]
    depots: list[Resource]
    settlements: list[Living]
    outside_scope: int


def read_field(
    conn: Connection, question: CoverageQuestion, towns: Collection[str] | None
) -> Field:
    """Return what is asked about; stations that are only planned are not.

    Raises
    ------
    UnknownNameError
        A code is not of the kind.
    """
    stations = [it for it in _of(conn, question.kind, towns) if not_there_yet(it) is None]
    if question.codes:
        known = {it.code: it for it in stations}
        unknown = sorted(set(question.codes) - known.keys())
        if unknown:
            raise UnknownNameError(
                f"codes: no {question.kind} {', '.join(unknown)}",
                zh=f"codes：没有 {question.kind} {'、'.join(unknown)}",
                where="codes",
            )
        stations = [known[code] for code in sorted(set(question.codes))]
    depots = stations if question.kind == "depot" and not question.codes else None
    living = SETTLEMENTS.all(conn, towns=None if towns is None else sorted(towns))
    within = [it for it in living if it.is_in_scope]
    return Field(
        stations,
        _of(conn, "depot", towns) if depots is None else depots,
        within,
        len(living) - len(within),
    )


def checked(question: CoverageQuestion) -> CoverageQuestion:
    """Return the question with its limits in order, or refuse it.

    Raises
    ------
    UnknownNameError, InputError
        With the field and what would be right.
    """
    if question.kind not in KINDS:
        raise UnknownNameError(
            f"kind {question.kind!r} is not known; there are: {', '.join(KINDS)}",
            zh=f"kind {question.kind!r} 无法识别；可用：{'、'.join(KINDS)}",
            where="kind",
        )
    minutes = tuple(sorted(set(question.minutes)))
    if not 1 <= len(minutes) <= MOST_LIMITS or not all(0 < it <= MOST_MINUTES for it in minutes):
        raise InputError(
            f"minutes: 1 to {MOST_LIMITS} limits above 0 and at most {MOST_MINUTES:g} are needed",
            zh=f"minutes：须为 1 至 {MOST_LIMITS} 个大于 0、不超过 {MOST_MINUTES:g} 的分钟数",
            where="minutes",
        )
    return replace(question, minutes=minutes)


def _of(conn: Connection, kind: str, towns: Collection[str] | None) -> list[Resource]:
    found = read_resources(conn, NearestQuestion(0, 0, kind), towns)
    return [it for it in found if it.is_in_scope]
