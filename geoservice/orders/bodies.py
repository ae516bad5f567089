"""What a request says of an order."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from geoservice.errors import InputError
from geoservice.parameters import Body

Number = Annotated[int, Field(ge=1, lt=2**63)]
Amount = Annotated[Decimal, Field(gt=0, le=10**9, decimal_places=6)]
Share = Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=6)]
Seconds = Annotated[float, Field(ge=0, le=10**7)]
Metres = Annotated[float, Field(ge=0, le=10**9)]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Note = Annotated[str, Field(max_length=2000)]
_Degrees = Annotated[list[float], Field(min_length=2, max_length=3)]


class Line(Body):
    """A way, as GeoJSON in degrees, CGCS2000."""

    type: Literal["LineString"]
    coordinates: Annotated[list[_Degrees], Field(min_length=2, max_length=20_000)]


class LineBody(Body):
    """Goods from one lot, in its unit; `eta_at` is when they are expected."""

    lot_id: Number
    quantity: Amount
    for_item_code: Annotated[str, Field(pattern="^[1-3]([0-9]{2}){0,3}$")] | None = None
    drive_s: Seconds | None = None
    eta_at: AwareDatetime | None = None
    distance_m: Metres | None = None
    route: Line | None = None
    reason: Note | None = None


class TeamBody(Body):
    """A team that is sent."""

    team_id: Number
    for_skill: Words | None = None
    drive_s: Seconds | None = None
    eta_at: AwareDatetime | None = None
    distance_m: Metres | None = None
    route: Line | None = None


class CapabilityBody(Body):
    """What is asked of a maker, and when it will be ready; nothing is reserved."""

    reserve_id: Number
    quantity: Amount
    ready_at: AwareDatetime | None = None


class OrderBody(Body):
    """An order, whole in itself: as `POST /dispatch/plans` gives it, or made by hand."""

    incident_id: Number
    graph_version: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    closure_ids: Annotated[list[Number], Field(max_length=10_000)] = []  # noqa: RUF012  # copied by pydantic
    flood_ids: Annotated[list[Number], Field(max_length=10_000)] = []  # noqa: RUF012
    is_supposed: Annotated[
        bool, Field(description="of a plan for another instant or with closures supposed: refused")
    ] = False
    accept_road_changes: bool = False
    profile: Words | None = None
    alternative: Words | None = None
    lines: Annotated[list[LineBody], Field(max_length=500)] = []  # noqa: RUF012
    capability_lines: Annotated[list[CapabilityBody], Field(max_length=500)] = []  # noqa: RUF012
    teams: Annotated[list[TeamBody], Field(max_length=500)] = []  # noqa: RUF012
    note: Note | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (self.lines or self.teams or self.capability_lines):
            raise InputError(
                "an order names at least one lot, team or maker",
                zh="调度令须至少包含一批物资、一支队伍或一家能力单位",
            )
        return self

    def said(self) -> dict[str, Any]:
        """Return it as JSON values, everything named."""
        return self.model_dump(mode="json")


class ConfirmBody(Body):
    """Who at the command post said so."""

    confirmed_for: Words | None = None
    note: Note | None = None


class StepBody(Body):
    """A step; the quantities are those of a `return`: what came back, is lost, was used up."""

    returned: Share = Decimal(0)
    lost: Share = Decimal(0)
    used: Share = Decimal(0)
    note: Note | None = None


class NoteBody(Body):
    """A word about a step."""

    note: Note | None = None
