"""What the dispatch book holds, as rows."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What every row tells: what it is, in which town, and how far it can be trusted."""

    code: str
    name: str
    town_code: str | None
    surveyed_on: date | None
    is_stale: bool
    is_demo: bool


@dataclass(frozen=True, kw_only=True)
class Reached(Listed):
    """A row with somebody to ring."""

    contact: str | None
    phone: str | None


@dataclass(frozen=True, kw_only=True)
class Placed(Reached):
    """A row with a place; degrees of CGCS2000, None where nobody has given it."""

    lon: float | None
    lat: float | None


@dataclass(frozen=True, kw_only=True)
class Post(Placed):
    """A command post; ``hazard_types`` are those it answers for, joined by ", "."""

    kind: str
    hazard_types: str | None
    lead_org: str | None
    address: str | None


@dataclass(frozen=True, kw_only=True)
class Depot(Placed):
    """Where material is kept."""

    tier: str
    owner: str
    form: str
    load_min: float | None
    address: str | None


@dataclass(frozen=True, kw_only=True)
class Stock(Listed):
    """What lies in one depot of one material, in one unit; ``code`` is the material's.

    ``usable`` is neither expired nor reserved and holds the minimum reserve; ``expires_on`` is
    the next day on which some of it expires.
    """

    depot_code: str
    unit: str
    quantity: Decimal
    reserved: Decimal
    usable: Decimal
    expired: Decimal
    expires_on: date | None
    min_reserve: Decimal


@dataclass(frozen=True, kw_only=True)
class Maker(Reached):
    """Who can make a material: so much a day, after ``lead_h`` hours."""

    maker: str | None
    item_code: str
    per_day: float
    unit: str
    lead_h: float


@dataclass(frozen=True, kw_only=True)
class Agreement(Reached):
    """Who is to supply how much of a material, from when to when."""

    supplier: str
    depot: str | None
    item_code: str
    quantity: float
    unit: str
    agreed_from: date
    agreed_to: date | None
    is_in_force: bool
    document: str | None


@dataclass(frozen=True, kw_only=True)
class Team(Placed):
    """A rescue team; a skill is followed by its type (1 the most capable) if that is on record."""

    tier: str
    status: str
    skills: str | None
    headcount: int | None
    on_duty: int | None
    mobilise_min: float | None
    equipment: str | None


@dataclass(frozen=True, kw_only=True)
class Station(Placed):
    """A town's emergency station or a fire station (``kind``)."""

    kind: str
    status: str | None
    vehicles: int | None
    headcount: int | None
    address: str | None


@dataclass(frozen=True, kw_only=True)
class Shelter(Placed):
    """Where people find shelter, and how many."""

    kind: str
    capacity: int | None
    address: str | None


@dataclass(frozen=True)
class Head:
    """The district, the zone of its times, the state of its roads."""

    district: str
    time_zone: str
    graph_version: int


@dataclass(frozen=True)
class Town:
    """A town by its code."""

    code: str
    name: str


@dataclass(frozen=True)
class Answering:
    """Which command post answers for a kind of hazard."""

    hazard: str
    post_code: str


_Row = TypeVar("_Row", bound=Listed)


@dataclass(frozen=True)
class Book:
    """The whole book, as it was at ``as_of``."""

    head: Head
    as_of: datetime
    towns: tuple[Town, ...]
    posts: tuple[Post, ...]
    answering: tuple[Answering, ...]
    depots: tuple[Depot, ...]
    stock: tuple[Stock, ...]
    makers: tuple[Maker, ...]
    agreements: tuple[Agreement, ...]
    teams: tuple[Team, ...]
    stations: tuple[Station, ...]
    shelters: tuple[Shelter, ...]

    @property
    def rows(self) -> tuple[Listed, ...]:
        """Every row of every kind."""
        return (
            *self.posts, *self.depots, *self.stock, *self.makers, *self.agreements, *self.teams,
            *self.stations, *self.shelters,
        )  # fmt: skip

    def within(self, towns: frozenset[str] | None) -> "Book":
        """Return what somebody of these towns may read: theirs, and what is of no town; None: all.

        Command posts answer for the whole district and stay.
        """
        if towns is None:
            return self
        return replace(
            self,
            towns=tuple(it for it in self.towns if it.code in towns),
            depots=_of(self.depots, towns), stock=_of(self.stock, towns),
            makers=_of(self.makers, towns), agreements=_of(self.agreements, towns),
            teams=_of(self.teams, towns), stations=_of(self.stations, towns),
            shelters=_of(self.shelters, towns),
        )  # fmt: skip


def _of(rows: tuple[_Row, ...], towns: frozenset[str]) -> tuple[_Row, ...]:
    return tuple(it for it in rows if it.town_code is None or it.town_code in towns)
