"""What a request says of a danger."""

from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from geoservice.evacuation.answers import EvacuationQuestion
from geoservice.evacuation.danger import check_one_danger
from geoservice.parameters import Body
from geoservice.registry.bodies import read_shape

Code = Annotated[str, Field(min_length=1, max_length=100)]


class EvacuationBody(Body):
    """One of `area`, `flood` and `settlements`, and when the danger arrives."""

    area: Annotated[
        dict[str, Any] | None, Field(description="GeoJSON Polygon or MultiPolygon, CGCS2000")
    ] = None
    flood: Annotated[Code | None, Field(description="of a flood scenario or zone")] = None
    settlements: Annotated[tuple[Code, ...], Field(max_length=5000)] = ()
    arrival_at: AwareDatetime
    margin_min: Annotated[float, Field(ge=0, le=10_000, description="there so long before")] = 30
    profile: Annotated[Code, Field(description="a code of the register vehicle_profiles")] = "car"

    @field_validator("area")
    @classmethod
    def _an_area(cls, given: dict[str, Any] | None) -> dict[str, Any] | None:
        if given is not None:
            read_shape(given, "MultiPolygon")
        return given

    @model_validator(mode="after")
    def _one_danger(self) -> Self:
        check_one_danger(self.area is not None, self.flood is not None, bool(self.settlements))
        return self

    def question(self) -> EvacuationQuestion:
        """Return what is asked.

        Raises
        ------
        GeometryError
            The area is none, or not valid.
        """
        area = None if self.area is None else read_shape(self.area, "MultiPolygon")
        return EvacuationQuestion(area=area, **self.model_dump(exclude={"area"}))
