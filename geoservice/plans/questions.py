"""What a plan is asked for."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from geoservice.network.records import WhatIf
from geoservice.plans.goals import GOALS
from geoservice.plans.problem import Demand

# A unit short at a grave incident counts as several at a slight one. Provisional: a rule of ours.
LEVEL_WEIGHTS = {1: 8.0, 2: 4.0, 3: 2.0, 4: 1.0}
MOST_INCIDENTS = 20
LIMIT_S = 0.3


@dataclass(frozen=True)
class Item:
    """So much of a code, by a deadline if there is one."""

    no: int
    item_code: str
    quantity: Decimal
    unit: str | None = None
    deadline_at: datetime | None = None
    weight: float = 1.0


@dataclass(frozen=True)
class TeamItem:
    """So many teams with a skill, of a type or better."""

    no: int
    skill: str
    number: int
    type_no: int | None = None
    deadline_at: datetime | None = None
    weight: float = 1.0


@dataclass(frozen=True)
class Scene:
    """An incident with its needs: one on record (``id``), or a place that is only asked about.

    ``counts_orders`` where the needs are those on record: what is ordered already is taken off.
    """

    lon: float
    lat: float
    items: tuple[Item, ...]
    teams: tuple[TeamItem, ...]
    id: int | None = None
    code: str = "-"
    name: str = "-"
    level: int = Demand.level
    is_drill: bool = False
    counts_orders: bool = False


@dataclass(frozen=True)
class PlanQuestion:
    """What is asked.

    Parameters
    ----------
    incident_ids
        Incidents on record whose needs are planned together; none: every open one, or the
        place given.
    lon, lat, level
        A place that is not an incident yet, degrees, and how grave it would be.
    items, teams
        Needs said here; of one incident they take the place of those on record.
    releases_reserve
        Whether the minimum reserves may be drawn on.
    time_limit_s
        For all searches by HiGHS together.
    at
        Of which instant the roads are, and from which all is counted; None is now.
    what_if
        Closures that are supposed on top of those in force.
    """

    incident_ids: tuple[int, ...] = ()
    all_open: bool = False
    lon: float | None = None
    lat: float | None = None
    level: int = 4
    items: tuple[Item, ...] = ()
    teams: tuple[TeamItem, ...] = ()
    profile: str = "car"
    alternatives: tuple[str, ...] = tuple(GOALS)
    releases_reserve: bool = False
    substitutes: bool = True
    makers: bool = True
    time_limit_s: float = LIMIT_S
    at: datetime | None = None
    what_if: tuple[WhatIf, ...] = ()

    @property
    def is_supposed(self) -> bool:
        """Whether the roads are not those of now: what comes of it is not to be ordered."""
        return self.at is not None or bool(self.what_if)
