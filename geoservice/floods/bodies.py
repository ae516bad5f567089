"""What requests say of floods."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from geoservice.datum import Datum
from geoservice.errors import InputError
from geoservice.floods.consequences import Drawn
from geoservice.floods.deriving import Derivation
from geoservice.parameters import AtQuery, Body
from geoservice.registry.bodies import read_shape

Code = Annotated[str, Field(min_length=1, max_length=100)]
HeightDatum = Literal["1985", "1956", "EGM96", "local"]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Depth = Annotated[float, Field(gt=0, le=200)]
Height = Annotated[float, Field(ge=-500, le=9000)]


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


class BroughtBody(Body):
    """What is said of a model's result; a document makes it official."""

    name: Words
    height_datum: HeightDatum
    source: Words
    return_period_y: Annotated[float | None, Field(gt=0, le=100_000)] = None
    level_m: Height | None = None
    gauge_level_m: Annotated[
        Height | None, Field(description="at the gauge of its family; level_m unless given")
    ] = None
    family: Code | None = None
    official_doc: Words | None = None
    datum: Datum | None = Field(default=None, description="gcj02, wgs84, cgcs2000, bd09")
    encoding: Code | None = None
    layer: Words | None = None
    columns: dict[Code, Words] = Field(default_factory=dict)
    arrival_unit: Literal["s", "min", "h"] = "min"
    assumed_m: Annotated[Depth | None, Field(description="depth of an extent that has none")] = None


class DeriveBody(Body):
    """What is to be worked out from the terrain: a screening, never official."""

    name: Words
    method: Literal["bathtub", "hand", "fill"]
    height_datum: Annotated[
        HeightDatum | None, Field(description="of level_m; the others may leave it out")
    ] = None
    level_m: Annotated[Height | None, Field(description="bathtub: of the water")] = None
    stage_m: Annotated[
        float | None, Field(gt=0, le=100, description="hand: above the drainage")
    ] = None
    least_m: Annotated[float, Field(ge=0.01, le=10, description="fill: so deep at least")] = 0.15
    channel: Annotated[
        dict[str, Any] | None, Field(description="GeoJSON: whence the water comes")
    ] = None
    water_body: Annotated[Code | None, Field(description="or a water body on record")] = None
    drainage_km2: Annotated[float, Field(gt=0, le=100_000)] = 1.0
    area: Annotated[
        dict[str, Any] | None, Field(description="GeoJSON area; the district unless given")
    ] = None
    return_period_y: Annotated[float | None, Field(gt=0, le=100_000)] = None
    gauge_level_m: Annotated[
        Height | None, Field(description="at the gauge of its family; level_m unless given")
    ] = None
    family: Code | None = None
    source: Words | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needs = {"bathtub": ("level_m", "height_datum"), "hand": ("stage_m",), "fill": ()}
        for name in needs[self.method]:
            if getattr(self, name) is None:
                raise InputError(
                    f"{name} is needed for {self.method}", zh=f"{self.method} 须给出 {name}"
                )
        if self.method != "bathtub" and self.level_m is not None:
            raise InputError(
                "level_m is of level water (bathtub); gauge_level_m says the level at a gauge",
                zh="level_m 只用于平水位（bathtub）；水位站处的水位请用 gauge_level_m",
            )
        if self.method == "bathtub" and (self.channel is None) == (self.water_body is None):
            raise InputError(
                "give channel or water_body: whence the water comes",
                zh="请给出 channel 或 water_body 之一：水从哪里来",
            )
        return self

    @field_validator("channel")
    @classmethod
    def _a_shape(cls, given: dict[str, Any] | None) -> dict[str, Any] | None:
        if given is not None:
            read_shape(given, "Geometry")
        return given

    @field_validator("area")
    @classmethod
    def _an_area(cls, given: dict[str, Any] | None) -> dict[str, Any] | None:
        if given is not None:
            read_shape(given, "MultiPolygon")
        return given

    def derivation(self, drawn_by: str | None) -> Derivation:
        """Return what is asked."""
        channel = None if self.channel is None else read_shape(self.channel, "Geometry")
        area = None if self.area is None else read_shape(self.area, "MultiPolygon")
        said = self.model_dump(exclude={"channel", "area"})
        return Derivation(**said, channel=channel, area=area, drawn_by=drawn_by)
