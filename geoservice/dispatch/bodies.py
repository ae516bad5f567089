"""A question with closures that are only supposed."""

from dataclasses import fields
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, model_validator

from geoservice.closures.bodies import Classes, Depth, Factor, Geometry, Words, refuse_misfit
from geoservice.dispatch.answers import KINDS, MOST_WANTED, WEAKEST_TYPE, NearestQuestion
from geoservice.network.records import WhatIf
from geoservice.parameters import Body
from geoservice.registry.bodies import read_shape

MOST_SUPPOSED = 50


class SupposedBody(Body):
    """A closure that nobody has written down."""

    geometry: Geometry
    name: Words = "假设封闭 · supposed"
    factor: Factor = 0.0
    depth_m: Depth | None = None
    vehicle_classes: Classes = ()
    includes_structures: bool = False

    @model_validator(mode="after")
    def _fits(self) -> "SupposedBody":
        refuse_misfit(None, None, self.factor, self.depth_m)
        return self

    def what_if(self) -> WhatIf:
        """Return it with its shape.

        Raises
        ------
        InputError
            The geometry is none, or is not valid.
        """
        said = self.model_dump(exclude={"geometry"})
        return WhatIf(geom=read_shape(self.geometry, "Geometry"), **said)


class NearestBody(Body):
    """The body of `POST /dispatch/nearest`: the question of the GET, as of when, and what if."""

    lon: Annotated[float, Field(ge=-180, le=180, description="degrees, CGCS2000 or WGS 84")]
    lat: Annotated[float, Field(ge=-90, le=90, description="degrees")]
    kind: Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
    k: Annotated[int, Field(ge=1, le=MOST_WANTED, description="how many at most")] = 5
    profile: Annotated[str, Field(max_length=100)] = "car"
    within_min: Annotated[float | None, Field(gt=0)] = None
    item: Annotated[str | None, Field(max_length=7, description="GB/T 38565")] = None
    skill: Annotated[str | None, Field(min_length=1, max_length=100)] = None
    type_no: Annotated[int | None, Field(ge=1, le=WEAKEST_TYPE)] = None
    at: AwareDatetime | None = None
    what_if: Annotated[tuple[SupposedBody, ...], Field(max_length=MOST_SUPPOSED)] = ()

    def question(self) -> NearestQuestion:
        """Return what is asked."""
        names = {field.name for field in fields(NearestQuestion)}
        said: dict[str, Any] = self.model_dump(include=names)
        return NearestQuestion(**said)
