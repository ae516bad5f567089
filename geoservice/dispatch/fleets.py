"""Those asked for by the vehicle they drive by: a team by its own, all others by the question's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from geoservice.db import Connection
from geoservice.dispatch import reasons, told
from geoservice.dispatch.answers import Found, NearestQuestion, Unreachable
from geoservice.dispatch.kinds import read_resources
from geoservice.dispatch.ranking import Entrant, search_first
from geoservice.dispatch.records import Resource
from geoservice.dispatch.roads import roads_of
from geoservice.dispatch.straight import guess_m
from geoservice.network.current import RoadsNow
from geoservice.network.reach import Reach, reach
from geoservice.network.records import Place, WhatIf


@dataclass(frozen=True)
class Field:
    """Those who may come, and those who are only planned."""

    question: NearestQuestion
    resources: list[Resource]
    planned: list[Unreachable]
    outside_scope: int

    @property
    def place(self) -> Place:
        """Where to."""
        return Place(self.question.lon, self.question.lat)

    def by_vehicle(self) -> dict[str, list[Resource]]:
        """Return who drives by which vehicle; the question's comes first, even if for nobody."""
        found: dict[str, list[Resource]] = {self.question.profile: []}
        for it in self.resources:
            found.setdefault(it.vehicle or self.question.profile, []).append(it)
        return found


@dataclass(frozen=True, eq=False)
class Fleet:
    """Those who drive by one vehicle.

    ``first`` knows who cannot come, ``reached`` the ways of those in ``order``, the soonest.
    """

    roads: RoadsNow
    resources: list[Resource]
    entrants: list[Entrant]
    first: Reach
    reached: Reach
    order: list[int]

    def rank(self, i: int) -> tuple[float, str]:
        """Return what number ``i`` is ranked by: when it is there, then its code."""
        one = self.entrants[i]
        return round(float(self.reached.time_s[i]) + one.handicap_s, 3), one.code


def read_field(conn: Connection, question: NearestQuestion, towns: Collection[str] | None) -> Field:
    """Return everybody of the kind asked for that is in the caller's towns."""
    everybody = read_resources(conn, question, towns)
    within = [it for it in everybody if it.is_in_scope]
    planned = [(it, why) for it in within if (why := reasons.not_there_yet(it)) is not None]
    names = {it.code for it, _ in planned}
    return Field(
        question,
        [it for it in within if it.code not in names],
        [told.unreachable(question.kind, it, why) for it, why in planned],
        len(everybody) - len(within),
    )


def search_fleets(
    conn: Connection, field: Field, *, at: datetime, what_if: Sequence[WhatIf]
) -> list[Fleet]:
    """Return how soon each comes, by vehicle; none without roads.

    Raises
    ------
    NoDistrictError, OutsideDistrictError
        No boundary is loaded; the place is outside its envelope.
    UnknownNameError
        There is no such vehicle.
    BusyError
        The roads were replaced meanwhile.
    """
    parts = field.by_vehicle()
    roads = roads_of(conn, tuple(parts), at=at, what_if=what_if)
    return [_search(conn, field, *it) for it in zip(roads, parts.values(), strict=False)]


def _search(conn: Connection, field: Field, roads: RoadsNow, resources: list[Resource]) -> Fleet:
    question = field.question
    stands = [it.stand(question.kind) for it in resources]
    entrants = [told.entrant(question.kind, it) for it in resources]
    within_s = None if question.within_min is None else question.within_min * 60
    first = reach(
        conn, roads, field.place, stands,
        wanted=question.k, within_s=within_s, snap_limit_m=question.snap_limit_m,
    )  # fmt: skip
    return Fleet(roads, resources, entrants, *search_first(entrants, question.k, first))


def first_of(fleets: Sequence[Fleet], question: NearestQuestion) -> list[Found]:
    """Return the first few of all fleets together, told with their ways."""
    runners = sorted((*it.rank(i), no, i) for no, it in enumerate(fleets) for i in it.order)
    chosen = runners[: question.k]
    found: dict[tuple[int, int], Found] = {}
    for no, it in enumerate(fleets):
        theirs = [i for _, _, of, i in chosen if of == no]
        for i, way in zip(theirs, it.reached.ways(theirs), strict=True):
            found[no, i] = told.by_road(question.kind, it.resources[i], it.reached, i, way)
    return [found[no, i] for _, _, no, i in chosen]


def not_reached(fleets: Sequence[Fleet], field: Field) -> list[Unreachable]:
    """Return who cannot come, or not in the time asked, by code."""
    kind, missed = field.question.kind, []
    for it in fleets:
        metres = guess_m(field.place, [one.place for one in it.resources])
        for i, why in it.first.not_reached.items():
            is_off_road = told.has_no_road_near(it.first, it.first.places.rows[i][0])
            guess = float(metres[i]) if is_off_road else None
            missed.append(told.unreachable(kind, it.resources[i], why, guess))
    return missed if len(fleets) == 1 else sorted(missed, key=lambda one: one.code)
