"""A plan in the making: everything it rests on, numbered as the answer numbers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from geoservice.plans.answers import Route
from geoservice.plans.arriving import Arriving, Leg
from geoservice.plans.problem import Allocation
from geoservice.plans.questions import PlanQuestion, Scene
from geoservice.plans.reading import Stock
from geoservice.plans.teams import Picks, TeamWant
from geoservice.plans.wants import Candidate, Store, Want

Key = tuple[int, str, int]  # incident, kind of place, its id


@dataclass(frozen=True, eq=False)
class Making:
    """What an answer is told from.

    Parameters
    ----------
    places
        The number of each place among those whose times were asked.
    found
        The allocations by name of goal.
    """

    at: datetime
    question: PlanQuestion
    scenes: Sequence[Scene]
    stock: Stock
    store: Store
    arriving: Arriving
    places: Mapping[tuple[str, int], int]
    wants: Sequence[Want]
    team_wants: Sequence[TeamWant]
    found: Mapping[str, Allocation]
    picks: Picks

    def instant(self, seconds: float) -> datetime:
        """Return the instant so many seconds from now."""
        return self.at + timedelta(seconds=seconds)

    @cached_property
    def want_of(self) -> Mapping[str, Want]:
        """The wants by code."""
        return {it.code: it for it in self.wants}

    @cached_property
    def candidate_of(self) -> Mapping[tuple[str, str], Candidate]:
        """The candidates by want and lot."""
        return {
            (want.code, it.lot.code): it
            for want in self.wants
            for it in self.store.candidates(want)
        }

    @cached_property
    def legs(self) -> Mapping[Key, tuple[int, Leg]]:
        """The ways of everybody who is sent, numbered: one query for each incident."""
        found: dict[Key, tuple[int, Leg]] = {}
        for i in range(len(self.scenes)):
            keys = sorted(key for key in self._sent() if key[0] == i)
            legs = self.arriving.legs(i, [self.places[key[1:]] for key in keys])
            for key, leg in zip(keys, legs, strict=True):
                found[key] = (len(found), leg)
        return found

    def _sent(self) -> set[Key]:
        sent = {(it.want.incident, "rescue_team", it.team.id) for it in self.picks.picked}
        for one in self.found.values():
            for take in one.takes:
                depot = self.candidate_of[take.demand, take.lot].depot
                sent.add((self.want_of[take.demand].incident, "depot", depot.id))
        return sent

    def routes(self) -> tuple[Route, ...]:
        """Return the ways as the answer tells them."""
        names: dict[tuple[str, int], tuple[str, str]] = {
            ("depot", it.id): (it.code, it.name) for it in self.stock.depots.values()
        }
        names |= {("rescue_team", it.id): (it.code, it.name) for it in self.stock.teams}
        return tuple(
            Route(
                no=no,
                incident_no=key[0],
                kind=key[1],
                code=names[key[1:]][0],
                name=names[key[1:]][1],
                drive_s=leg.drive_s,
                distance_m=leg.distance_m,
                detour_s=leg.detour_s,
                snap_m=leg.snap_m,
                line=leg.line,
                reasons=leg.reasons,
            )
            for key, (no, leg) in self.legs.items()
        )
