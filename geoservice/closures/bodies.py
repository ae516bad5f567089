"""What a request says of a closure."""

from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from geoservice.errors import InputError
from geoservice.parameters import Body

Cause = Literal["flood", "landslide", "accident", "works", "ice", "control", "other"]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Factor = Annotated[float, Field(ge=0, lt=1, description="share of the free speed; 0 is shut")]
Depth = Annotated[float, Field(gt=0, le=100, description="of water, metres: decides by vehicle")]
Classes = Annotated[
    tuple[Annotated[str, Field(max_length=100)], ...],
    Field(max_length=50, description="codes of vehicle_profiles, or hazmat; none: every vehicle"),
]
Geometry = Annotated[dict[str, Any], Field(description="GeoJSON, CGCS2000: point, line or area")]


class ClosureBody(Body):
    """A closure to be drawn; without ``starts_at`` it is in force at once."""

    geometry: Geometry
    cause: Cause
    name: Words | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    factor: Factor = 0.0
    depth_m: Depth | None = None
    vehicle_classes: Classes = ()
    includes_structures: bool = False
    org: Words | None = None
    town_code: Annotated[str, Field(pattern="^[0-9]{9}$")] | None = None
    source_doc: Words | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_misfit(self.starts_at, self.ends_at, self.factor, self.depth_m)
        return self


class ClosureChanges(Body):
    """What is said anew of a closure; what is not named stays, null empties ``ends_at``."""

    geometry: Geometry | None = None
    cause: Cause | None = None
    name: Words | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    factor: Factor | None = None
    depth_m: Depth | None = None
    vehicle_classes: Classes | None = None
    includes_structures: bool | None = None

    @model_validator(mode="after")
    def _never_emptied(self) -> Self:
        for name in self.model_fields_set - {"ends_at", "depth_m"}:
            if getattr(self, name) is None:
                raise InputError(f"{name} cannot be emptied", zh=f"{name} 不能为空")
        refuse_misfit(self.starts_at, self.ends_at, self.factor or 0, self.depth_m)
        return self

    def said(self) -> dict[str, Any]:
        """Return the fields that were named, as JSON values."""
        return self.model_dump(mode="json", exclude_unset=True)


def refuse_misfit(starts_at: Any, ends_at: Any, factor: float, depth_m: float | None) -> None:
    """Refuse an end before the start, and a depth together with a share of the speed.

    Raises
    ------
    InputError
        Saying which.
    """
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise InputError("ends_at must be after starts_at", zh="ends_at 须晚于 starts_at")
    if factor and depth_m is not None:
        raise InputError(
            "give factor or depth_m: water decides the speed by itself",
            zh="factor 与 depth_m 只能给出一个：水深本身决定车速",
        )


class Period(Body):
    """From when to when; without bounds, from now on while nobody ends it."""

    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_misfit(self.starts_at, self.ends_at, 0, None)
        return self


class FloodChanges(Period):
    """Whether a scenario's water is on the roads; without bounds, while the state says so."""

    state: Literal["draft", "in_force", "ended"]
