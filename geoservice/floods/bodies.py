"""What requests say of floods."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from geoservice.closures.bodies import refuse_misfit
from geoservice.floods.consequences import Drawn
from geoservice.parameters import Body, Parameters
from geoservice.registry.bodies import read_shape

Code = Annotated[str, Field(min_length=1, max_length=100)]
HeightDatum = Literal["1985", "1956", "EGM96", "local"]
Depth = Annotated[float, Field(gt=0, le=200)]
Height = Annotated[float, Field(ge=-500, le=9000)]


class AtQuery(Parameters):
    """As of when."""

    at: Annotated[AwareDatetime | None, Field(description="an instant; now unless given")] = None

    @property
    def instant(self) -> datetime:
        """The instant asked about."""
        return self.at or datetime.now(UTC)


class ListQuery(AtQuery):
    """Which scenarios."""

    family: Annotated[Code | None, Field(description="of one water")] = None
    limit: Annotated[int, Field(ge=1)] = 200


class ConsequencesQuery(AtQuery):
    """By which vehicle places are cut off."""

    profile: Annotated[Code, Field(description="a code of the register vehicle_profiles")] = "car"


class DrawnBody(Body):
    """Water of one depth under a shape."""

    geometry: Annotated[
        dict[str, Any], Field(description="GeoJSON Polygon or MultiPolygon, CGCS2000")
    ]
    depth_m: Depth
    velocity_ms: Annotated[float | None, Field(ge=0, le=50)] = None
    level_m: Annotated[Height | None, Field(description="of the water, for bridges and mines")] = (
        None
    )
    height_datum: HeightDatum = "1985"
    includes_structures: bool = False

    @field_validator("geometry")
    @classmethod
    def _an_area(cls, given: dict[str, Any]) -> dict[str, Any]:
        read_shape(given, "MultiPolygon")
        return given

    def drawn(self) -> Drawn:
        """Return what is asked about."""
        geom = read_shape(self.geometry, "MultiPolygon")
        return Drawn(geom=geom, **self.model_dump(exclude={"geometry"}))


class Period(Body):
    """From when to when; without bounds, from now on while nobody lifts it."""

    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_misfit(self.starts_at, self.ends_at, 0, None)
        return self
