"""What is asked of service areas, and what is answered: also the JSON of the service."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import shapely
from pydantic import InstanceOf, PlainSerializer, WithJsonSchema
from shapely import MultiPolygon

from geoservice.dispatch.answers import Basis, ClosureMet, Seconds
from geoservice.texts import Text

KINDS = ("fire_station", "town_station", "depot", "rescue_team", "shelter")
MINUTES = (5.0, 10.0, 15.0, 30.0)
MOST_LIMITS, MOST_MINUTES = 8, 240.0
SNAP_LIMIT_M = 2000.0
_DECIMALS = 6


@dataclass(frozen=True)
class CoverageQuestion:
    """How far those of a kind reach in so many minutes of driving, smallest first.

    ``codes`` are only these of them, none is all; ``what_if`` (lon, lat) is one more that might
    stand there.
    """

    kind: str = "fire_station"
    minutes: tuple[float, ...] = MINUTES
    codes: tuple[str, ...] = ()
    what_if: tuple[float, float] | None = None
    profile: str = "car"


def _as_geojson(area: MultiPolygon) -> dict[str, Any]:
    rounded = shapely.transform(area, lambda xy: np.round(xy, _DECIMALS))
    found: dict[str, Any] = shapely.geometry.mapping(rounded)
    return found


_RING = {"type": "array", "items": {"type": "array", "items": {"type": "number"}}}
_AREA_SCHEMA = {
    "type": "object",
    "description": "GeoJSON MultiPolygon, lon and lat",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"const": "MultiPolygon"},
        "coordinates": {"type": "array", "items": {"type": "array", "items": _RING}},
    },
}
Area = Annotated[
    InstanceOf[MultiPolygon], PlainSerializer(_as_geojson), WithJsonSchema(_AREA_SCHEMA)
]


@dataclass(frozen=True)
class IsochroneFacts:
    """Within how many minutes of driving, and whether the supposed station counts."""

    minutes: float
    with_what_if: bool


@dataclass(frozen=True)
class Isochrone:
    """What is reached within so many minutes: a GeoJSON feature."""

    geometry: Area
    properties: IsochroneFacts
    type: Literal["Feature"] = "Feature"


@dataclass(frozen=True)
class Covered:
    """How many people of how many are reached within so many minutes."""

    minutes: float
    people: int
    settlements: int
    people_with_what_if: int | None
    settlements_with_what_if: int | None


@dataclass(frozen=True)
class TownCovered:
    """People of a town, and how many of them are reached within each limit."""

    town_code: str | None
    town: str | None
    people: int
    covered: tuple[Covered, ...]


@dataclass(frozen=True)
class SettlementCovered:
    """Who is at a settlement first, and when; null: nobody within the largest limit."""

    code: str
    name: str
    town_code: str | None
    population: int | None
    drive_s: Seconds | None
    first_code: str | None
    drive_s_with_what_if: Seconds | None


@dataclass(frozen=True)
class Stranded:
    """A settlement that no depot reaches, or a depot that reaches no other place, and why."""

    code: str
    name: str
    population: int | None
    reason: Text


@dataclass(frozen=True)
class CoverageAnswer:
    """Who is covered, who is not, what is cut off.

    ``gaps`` are the settlements beyond the largest limit, ``stations_off`` stations that reach
    nothing. ``cut_off`` and ``stranded`` hold under the closures in force for every depot, whatever
    was asked about. ``uncounted`` settlements have no population on record.
    """

    kind: str
    minutes: tuple[float, ...]
    basis: Basis
    graph_version: int | None
    closures_met: tuple[ClosureMet, ...]
    stations: int
    people: int
    covered: tuple[Covered, ...]
    towns: tuple[TownCovered, ...]
    settlements: tuple[SettlementCovered, ...]
    gaps: tuple[str, ...]
    people_in_gaps: int
    stations_off: tuple[Stranded, ...]
    cut_off: tuple[Stranded, ...]
    stranded: tuple[Stranded, ...]
    uncounted: int
    outside_scope: int
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class Isochrones:
    """A GeoJSON FeatureCollection, with the coverage beside it."""

    features: tuple[Isochrone, ...]
    coverage: CoverageAnswer
    type: Literal["FeatureCollection"] = "FeatureCollection"
