"""What a request asks of a plan."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from geoservice.dispatch.bodies import MOST_SUPPOSED, SupposedBody
from geoservice.errors import InputError
from geoservice.incidents.bodies import Lat, Level, Lon, Short
from geoservice.parameters import Body
from geoservice.plans.goals import GOALS
from geoservice.plans.questions import LIMIT_S, MOST_INCIDENTS, Item, PlanQuestion, TeamItem

_MOST_NEEDS = 100
_LONGEST_S = 5.0
# Longer than any plan, and short enough for an instant.
_MOST_MIN = 60 * 24 * 366
IncidentId = Annotated[int, Field(ge=1, lt=2**63)]
Alternative = Annotated[str, Field(json_schema_extra={"enum": list(GOALS)})]


class _NeedBody(Body):
    """What every need may say: by when, as an instant or in minutes from now, and how it weighs."""

    deadline_at: AwareDatetime | None = None
    within_min: Annotated[float, Field(gt=0, le=_MOST_MIN)] | None = None
    weight: Annotated[float, Field(gt=0, le=1000)] = 1

    @model_validator(mode="after")
    def _one_deadline(self) -> Self:
        if self.deadline_at is not None and self.within_min is not None:
            raise InputError(
                "either deadline_at or within_min: not both",
                zh="deadline_at 与 within_min 只能给出一种",
                where="within_min",
            )
        return self

    def due_at(self, at: datetime) -> datetime | None:
        """Return the deadline, if there is one; ``at`` is now."""
        if self.within_min is None:
            return self.deadline_at
        return at + timedelta(minutes=self.within_min)


class ItemBody(_NeedBody):
    """So much of a code; zero asks for nothing and is answered so."""

    item_code: Annotated[str, Field(pattern="^[1-3]([0-9]{2}){0,3}$", description="GB/T 38565")]
    quantity: Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=6)]
    unit: Annotated[str, Field(min_length=1, max_length=20)] | None = None


class TeamNeedBody(_NeedBody):
    """So many teams with a skill, of a type (1 the most capable) or better."""

    skill: Short
    number: Annotated[int, Field(ge=1, le=1000)] = 1
    type_no: Annotated[int, Field(ge=1, le=4)] | None = None


class PlanBody(Body):
    """For which incidents, or which place, what is wanted, and by which rules."""

    incident_id: IncidentId | None = None
    incident_ids: Annotated[list[IncidentId], Field(max_length=MOST_INCIDENTS)] = []  # noqa: RUF012  # copied by pydantic
    all_open: bool = False
    lon: Lon | None = None
    lat: Lat | None = None
    level: Level = 4
    items: Annotated[list[ItemBody], Field(max_length=_MOST_NEEDS)] = []  # noqa: RUF012
    teams: Annotated[list[TeamNeedBody], Field(max_length=_MOST_NEEDS)] = []  # noqa: RUF012
    profile: Annotated[
        str,
        Field(min_length=1, max_length=100, description="a code of the register vehicle_profiles"),
    ] = "car"
    alternatives: Annotated[
        list[Alternative], Field(min_length=1, max_length=len(GOALS), description="which of them")
    ] = list(GOALS)  # noqa: RUF012
    release_reserve: bool = False
    substitutes: bool = True
    makers: bool = True
    time_limit_s: Annotated[float, Field(gt=0, le=_LONGEST_S)] = LIMIT_S
    at: Annotated[
        AwareDatetime | None,
        Field(description="roads as of this instant, counted from then; cannot be ordered"),
    ] = None
    what_if: Annotated[
        tuple[SupposedBody, ...],
        Field(max_length=MOST_SUPPOSED, description="closures supposed; cannot be ordered"),
    ] = ()

    def question(self, now: datetime) -> PlanQuestion:
        """Return what is asked.

        Raises
        ------
        InputError
            A shape that is supposed is none, or is not valid.
        """
        at = self.at or now
        ids = [*self.incident_ids, *([] if self.incident_id is None else [self.incident_id])]
        items = tuple(
            Item(no, it.item_code, it.quantity, it.unit, it.due_at(at), it.weight)
            for no, it in enumerate(self.items, 1)
        )
        teams = tuple(
            TeamItem(no, it.skill, it.number, it.type_no, it.due_at(at), it.weight)
            for no, it in enumerate(self.teams, len(items) + 1)
        )
        return PlanQuestion(
            incident_ids=tuple(ids),
            all_open=self.all_open,
            lon=self.lon,
            lat=self.lat,
            level=self.level,
            items=items,
            teams=teams,
            profile=self.profile,
            alternatives=tuple(dict.fromkeys(self.alternatives)),
            releases_reserve=self.release_reserve,
            substitutes=self.substitutes,
            makers=self.makers,
            time_limit_s=self.time_limit_s,
            at=self.at,
            what_if=tuple(one.what_if() for one in self.what_if),
        )
