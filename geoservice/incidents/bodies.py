"""What a request says of an incident."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, model_validator

from geoservice.errors import InputError
from geoservice.incidents.records import KINDS
from geoservice.parameters import Body

Words = Annotated[str, Field(min_length=1, max_length=500)]
Short = Annotated[str, Field(min_length=1, max_length=100)]
Kind = Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
Level = Annotated[int, Field(ge=1, le=4, description="1 特别重大 to 4 一般")]
Lon = Annotated[float, Field(ge=-180, le=180, description="degrees, CGCS2000")]
Lat = Annotated[float, Field(ge=-90, le=90, description="degrees, CGCS2000")]
Town = Annotated[str, Field(pattern="^[0-9]{9}$")]


class NeedBody(Body):
    """What is needed: goods by code and quantity, or teams by skill and number."""

    item_code: Annotated[
        str | None, Field(pattern="^[1-3]([0-9]{2}){0,3}$", description="GB/T 38565")
    ] = None
    quantity: Annotated[Decimal, Field(gt=0, le=10**9, decimal_places=6)] | None = None
    unit: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    skill: Short | None = None
    number: Annotated[int, Field(ge=1, le=1000)] | None = None
    type_no: Annotated[int, Field(ge=1, le=4)] | None = None
    deadline_at: AwareDatetime | None = None
    weight: Annotated[float, Field(gt=0, le=1000)] = 1

    @model_validator(mode="after")
    def _goods_or_teams(self) -> Self:
        goods = (self.item_code is not None, self.quantity is not None)
        teams = (self.skill is not None, self.number is not None)
        if all(goods) == all(teams) or any(goods) == any(teams):
            raise InputError(
                "give item_code and quantity of goods, or skill and number of teams",
                zh="请给出物资的 item_code 与 quantity，或队伍的 skill 与 number",
            )
        return self


Needs = Annotated[tuple[NeedBody, ...], Field(max_length=100)]


class _OfAKind(Body):
    kind: Kind | None = None

    @model_validator(mode="after")
    def _known_kind(self) -> Self:
        if self.kind is not None and self.kind not in KINDS:
            raise InputError(
                f"no kind {self.kind!r}; there are: {', '.join(KINDS)}",
                zh=f"没有险情类型“{self.kind}”；可用：{'、'.join(KINDS)}",
            )
        return self


class IncidentBody(_OfAKind):
    """An incident to be put down."""

    name: Words
    kind: Kind
    level: Level
    lon: Lon
    lat: Lat
    is_drill: bool = False
    reported_at: AwareDatetime | None = None
    reporter: Short | None = None
    phone: Short | None = None
    description: Annotated[str, Field(max_length=4000)] | None = None
    town_code: Town | None = None
    needs: Needs = ()


class IncidentChanges(_OfAKind):
    """What is said anew of an incident; what is not named stays."""

    name: Words | None = None
    kind: Kind | None = None
    level: Level | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    reported_at: AwareDatetime | None = None
    reporter: Short | None = None
    phone: Short | None = None
    description: Annotated[str, Field(max_length=4000)] | None = None
    needs: Needs | None = None

    @model_validator(mode="after")
    def _never_emptied(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise InputError("lon and lat go together", zh="lon 与 lat 须同时给出")
        for name in ("name", "kind", "level", "reported_at", "needs"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise InputError(f"{name} cannot be emptied", zh=f"{name} 不能为空")
        return self

    def said(self) -> dict[str, Any]:
        """Return the fields that were named, as JSON values."""
        return self.model_dump(mode="json", exclude_unset=True)
