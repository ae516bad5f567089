"""What a request says of zones."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from geoservice.errors import InputError
from geoservice.parameters import Body, Parameters
from geoservice.registry.bodies import read_shape
from geoservice.zoning.lifecycle import Said as StepSaid
from geoservice.zoning.overrides import Said

Zone = Literal["workable", "slow_mining", "no_mining"]
SheetForm = Literal["pdf", "png"]
SheetSize = Literal["A3", "A4"]
ReportForm = Literal["html", "csv"]
Step = Literal["submit", "check", "approve", "file", "enforce", "revoke", "return"]
Activity = Annotated[
    Literal["stoping", "heading", "exploration"],
    Field(description="stoping 回采, heading 掘进, exploration 探查治理掘进"),
]
Number = Annotated[int, Field(ge=1, lt=2**63)]
Words = Annotated[str, Field(min_length=1, max_length=500)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="of the document's file")]
Geometry = Annotated[dict[str, Any], Field(description="GeoJSON, CGCS2000")]
Seam = Annotated[str | None, Field(max_length=100, description="code or name of the seam")]
Lon = Annotated[float, Field(ge=-180, le=180, description="degrees, CGCS2000")]
Lat = Annotated[float, Field(ge=-90, le=90, description="degrees, CGCS2000")]


class PlaceQuery(Parameters):
    """A place."""

    lon: Lon
    lat: Lat


class DayQuery(Parameters):
    """As of a day."""

    on: Annotated[date | None, Field(description="a day; today without one")] = None


class MayQuery(Parameters):
    """May this activity be at this place."""

    activity: Activity
    lon: Lon
    lat: Lat
    seam: Seam = None


class MayBody(Body):
    """May this activity be where this point, line or area is."""

    activity: Activity
    geometry: Geometry
    seam: Seam = None


class InterpolationBody(Body):
    """A raster of a seam to be worked out from its boreholes."""

    seam: Seam = None
    kind: Literal["head_m", "floor_m", "aquiclude_m", "seam_thickness_m", "overburden_m"]
    method: Literal["linear", "idw"] = "linear"
    cell_m: Annotated[float | None, Field(ge=1, le=1000, description="metres")] = None


class DerivationBody(Body):
    """What is to be derived: for a seam, by a rule set, perhaps with other values for once."""

    seam: Seam = None
    ruleset: Annotated[str, Field(max_length=100)] = "NMSA-2022-85"
    ruleset_no: Annotated[int | None, Field(ge=1, lt=2**31)] = None
    parameters: dict[str, Any] = Field(default_factory=dict, description="name: value, for once")
    zoned_on: date | None = Field(default=None, description="date of zoning; null: today")


class OverrideBody(Body):
    """A planner's word: that a place is of a zone."""

    zone: Zone
    geometry: Geometry
    reason: Words
    conversion_id: Number | None = None

    def said(self) -> Said:
        """Return it with its shape read."""
        shape = read_shape(self.geometry, "MultiPolygon")
        return Said(self.zone, shape, self.reason, self.conversion_id)


class DrawnZone(Body):
    """A zone as drawn."""

    zone: Zone
    reason: Words | None = None
    conversion_id: Number | None = None


class DrawnFeature(Body):
    """One drawn area as GeoJSON."""

    type: Literal["Feature"] = "Feature"
    id: Any = None
    bbox: Any = None
    geometry: Geometry
    properties: dict[str, Any]

    def said(self, number: int) -> Said:
        """Return it with its shape read; what else its properties hold is not read.

        Raises
        ------
        InputError
            Its zone, reason, conversion or shape is wrong; the feature is named.
        """
        known = {k: self.properties[k] for k in DrawnZone.model_fields if k in self.properties}
        try:
            drawn = DrawnZone.model_validate(known)
            shape = read_shape(self.geometry, "MultiPolygon")
        except ValueError as error:
            raise _of_feature(number, error) from error
        return Said(drawn.zone, shape, drawn.reason, drawn.conversion_id)


class DrawnZones(Body):
    """All zones of a mine as drawn: `zone`, and where they change something `reason`."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: Annotated[list[DrawnFeature], Field(min_length=1, max_length=5000)]

    def said(self) -> list[Said]:
        """Return the features in their order."""
        return [it.said(number) for number, it in enumerate(self.features)]


class StepBody(Body):
    """What is said with a step: a reason to send back or revoke, the document of an approval."""

    reason: Words | None = None
    document: Annotated[Words | None, Field(description="number of the signed document")] = None
    signer: Annotated[Words | None, Field(description="the company's chief engineer")] = None
    signed_on: date | None = None
    sha256: Sha256 | None = None

    def said(self) -> StepSaid:
        """Return it."""
        return StepSaid(**self.model_dump())


class ConversionBody(Body):
    """An approved conversion report."""

    mine: Number
    seam: Seam = None
    document: Words
    name: Words | None = None
    from_zone: Zone
    to_zone: Zone
    signer: Words
    approved_on: date
    sha256: Sha256 | None = None
    geometry: Geometry


class RuleSetBody(Body):
    """Other values for a rule set: they make a new version of it."""

    values: Annotated[dict[str, Any], Field(min_length=1)]
    source: Words
    is_verified: bool = Field(default=False, description="that source was read")


def _of_feature(number: int, error: ValueError) -> InputError:
    where = f"features.{number}"
    if isinstance(error, InputError):
        return InputError(error.message, zh=error.zh, where=f"{where}.geometry")
    return InputError(
        f"{where}.properties: zone (workable, slow_mining, no_mining), and perhaps reason and "
        "conversion_id, are needed",
        zh=f"{where}.properties：须有 zone（workable、slow_mining、no_mining），"
        "可有 reason 与 conversion_id",
        where=f"{where}.properties",
    )
