"""What a plan answers; also the JSON of `/dispatch/plans` and of `geoservice dispatch plan --json`.

Quantities are in the unit named beside them, seconds count from ``made_at``, metres run along the
road. Lines name their way by ``route_no``; those of an order carry it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from geoservice.dispatch.answers import ClosureMet, IncidentSnap, Metres, RouteLine, Seconds
from geoservice.texts import Text


@dataclass(frozen=True)
class PlannedIncident:
    """An incident that was planned for; ``id`` is null for a place only asked about."""

    id: int | None
    code: str
    name: str
    lon: float
    lat: float
    level: int
    is_drill: bool
    snap: IncidentSnap | None


@dataclass(frozen=True)
class WantTold:
    """What was wanted, kits taken apart: ``of_kit`` is the kit's code.

    ``ordered`` is on its way by orders of the incident already, and not in ``quantity``.
    """

    code: str
    incident_no: int
    no: int
    item_code: str
    name: str | None
    quantity: float
    ordered: float
    unit: str | None
    deadline_at: datetime | None
    of_kit: str | None


@dataclass(frozen=True)
class Route:
    """The way from a place to an incident; without a road network there is none."""

    no: int
    incident_no: int
    kind: str
    code: str
    name: str
    drive_s: Seconds
    distance_m: Metres
    detour_s: Seconds
    snap_m: Metres
    line: RouteLine | None
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class Line:
    """So much of one lot: when it is there, by which route, and why.

    ``meets`` is in the unit that was asked for: other than ``quantity`` only for a substitute.
    """

    want: str
    incident_no: int
    for_item_code: str
    item_code: str
    name: str
    depot_id: int
    depot_code: str
    depot: str
    phone: str | None
    lot_id: int
    lot: str
    quantity: float
    unit: str
    meets: float
    is_substitute: bool
    prepare_s: Seconds
    drive_s: Seconds
    eta_s: int
    eta_at: datetime
    earliest_at: datetime
    latest_at: datetime
    distance_m: Metres
    route_no: int
    expires_on: date | None
    surveyed_on: date | None
    is_stale: bool
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class MadeLine:
    """So much that is to be made: ready and there when."""

    want: str
    incident_no: int
    reserve_id: int
    code: str
    maker: str
    quantity: float
    unit: str
    ready_at: datetime
    eta_at: datetime
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class TeamLine:
    """A team that goes: when it is there, by which route, and why it.

    ``vehicle`` is the profile it is reckoned to drive by: its own, or else the plan's.
    """

    want: str
    incident_no: int
    team_id: int
    code: str
    name: str
    tier: str
    phone: str | None
    for_skill: str
    vehicle: str
    prepare_s: Seconds
    drive_s: Seconds
    eta_s: int
    eta_at: datetime
    earliest_at: datetime
    latest_at: datetime
    distance_m: Metres
    route_no: int
    surveyed_on: date | None
    is_stale: bool
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class Shortage:
    """What is not met by its deadline, and what would mend it."""

    want: str
    incident_no: int
    what: str
    short: float
    unit: str | None
    fixes: tuple[Text, ...]


@dataclass(frozen=True)
class OrderLine:
    """A line as `POST /dispatch/orders` takes it."""

    lot_id: int
    quantity: float
    for_item_code: str
    drive_s: Seconds
    eta_at: datetime
    distance_m: Metres
    route: RouteLine | None
    reason: str


@dataclass(frozen=True)
class OrderMade:
    """What is asked of a maker, as `POST /dispatch/orders` takes it."""

    reserve_id: int
    quantity: float
    ready_at: datetime


@dataclass(frozen=True)
class OrderTeam:
    """A team as `POST /dispatch/orders` takes it."""

    team_id: int
    for_skill: str
    drive_s: Seconds
    eta_at: datetime
    distance_m: Metres
    route: RouteLine | None


@dataclass(frozen=True)
class Order:
    """A body of `POST /dispatch/orders`, ready to be sent; a supposed one is refused there."""

    incident_id: int
    graph_version: int | None
    closure_ids: tuple[int, ...]
    flood_ids: tuple[int, ...]
    is_supposed: bool
    accept_road_changes: bool
    profile: str
    alternative: str
    lines: tuple[OrderLine, ...]
    capability_lines: tuple[OrderMade, ...]
    teams: tuple[OrderTeam, ...]
    note: str | None


@dataclass(frozen=True)
class Alternative:
    """One way to meet the wants.

    Parameters
    ----------
    names
        What it is the best at; several where these come to the same.
    last_arrival_s, last_arrival_at
        Of goods and teams, null where nobody is sent.
    is_proven, gap
        Whether nothing better exists; else at most by what part of its aim it could be.
    order
        For the incident where there is one only, else null; ``orders`` has one for each.
    """

    names: tuple[str, ...]
    titles: tuple[Text, ...]
    last_arrival_s: int | None
    last_arrival_at: datetime | None
    depots_sent: int
    unit_minutes: float
    is_proven: bool
    gap: float
    lines: tuple[Line, ...]
    made: tuple[MadeLine, ...]
    shortages: tuple[Shortage, ...]
    order: Order | None
    orders: tuple[Order, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class NotConsidered:
    """A depot, lot, maker or team that was left out of it all, and why."""

    kind: str
    code: str
    name: str
    incident_no: int | None
    reason: Text


@dataclass(frozen=True)
class StockAge:
    """How old what the plan knows of stock is, over the lots that would do."""

    lots: int
    oldest_on: date | None
    newest_on: date | None
    never: int
    stale: int


@dataclass(frozen=True)
class PlanAnswer:
    """Plans, what they rest on, and what was left out.

    ``is_supposed``: for another instant than now, or with closures that are not in force; such a
    plan cannot be ordered.
    """

    made_at: datetime
    is_supposed: bool
    profile: str
    graph_version: int | None
    closures_met: tuple[ClosureMet, ...]
    incidents: tuple[PlannedIncident, ...]
    wants: tuple[WantTold, ...]
    alternatives: tuple[Alternative, ...]
    teams: tuple[TeamLine, ...]
    team_shortages: tuple[Shortage, ...]
    routes: tuple[Route, ...]
    stock_age: StockAge
    not_considered: tuple[NotConsidered, ...]
    outside_scope: int
    notes: tuple[Text, ...]
