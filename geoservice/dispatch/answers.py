"""What dispatch is asked and what it answers.

The answer is also the JSON body of `/dispatch/nearest` and of `geoservice nearest --json`.
Seconds drive at the arcs' speeds; metres run along the road.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import shapely
from pydantic import InstanceOf, PlainSerializer, WithJsonSchema
from shapely import LineString

from geoservice.network.effects import Effect, Kind
from geoservice.network.records import Place
from geoservice.texts import Text

KINDS = ("depot", "rescue_team")
MOST_WANTED = 50
SNAP_LIMIT_M = 2000.0
# Seven decimals of a degree are a centimetre.
_DECIMALS = 7


@dataclass(frozen=True)
class NearestQuestion:
    """Who of a kind is there soonest; ``within_min`` leaves out who drives longer."""

    lon: float
    lat: float
    kind: str
    k: int = 5
    profile: str = "car"
    within_min: float | None = None
    snap_limit_m: float = SNAP_LIMIT_M


def _as_geojson(line: LineString) -> dict[str, Any]:
    xy = np.round(shapely.get_coordinates(line), _DECIMALS)
    return {"type": "LineString", "coordinates": xy.tolist()}


_LINE_SCHEMA = {
    "type": "object",
    "description": "GeoJSON LineString, lon and lat, from the resource to the incident",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"const": "LineString"},
        "coordinates": {
            "type": "array",
            "minItems": 2,
            "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        },
    },
}
RouteLine = Annotated[
    InstanceOf[LineString], PlainSerializer(_as_geojson), WithJsonSchema(_LINE_SCHEMA)
]


def _rounded(decimals: int) -> PlainSerializer:
    return PlainSerializer(lambda value: round(value, decimals), return_type=float)


Seconds = Annotated[float, _rounded(2)]
Metres = Annotated[float, _rounded(1)]


@dataclass(frozen=True)
class IncidentSnap:
    """How far the incident is from the open road it was put on; null: none is near enough."""

    distance_m: Metres | None
    road: str | None
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class ClosureMet:
    """A closure or flood in force, or one supposed, that shuts or slows a road for the vehicle."""

    id: int
    name: str
    code: str
    effect: Effect
    kind: Kind = "closure"


@dataclass(frozen=True)
class Found:
    """One resource that can come, and how.

    ``drive_s`` drives only: ``prepare_min`` and the ``snap_m`` off the road come on top.
    ``detour_s`` is what the closures in force cost; ``closures_avoided`` lie on the way it would
    have taken, ``closures_slowed`` on the way it takes.
    """

    rank: int
    id: int
    code: str
    name: str
    kind: str
    lon: float
    lat: float
    drive_s: Seconds
    distance_m: Metres
    snap_m: Metres
    prepare_min: float | None
    detour_s: Seconds
    route: RouteLine
    closures_avoided: tuple[str, ...]
    closures_slowed: tuple[str, ...]
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class Unreachable:
    """One resource that cannot come, or not in the time asked, and why."""

    id: int
    code: str
    name: str
    lon: float
    lat: float
    reason: Text


@dataclass(frozen=True)
class NearestAnswer:
    """Who comes soonest, who cannot, and what that rests on.

    ``farther`` counts those that can come but later than the ones listed, ``outside_scope``
    those in towns the caller may not see; ``notes`` say why a list is empty.
    """

    at: Place
    snap: IncidentSnap
    graph_version: int
    closures_met: tuple[ClosureMet, ...]
    found: tuple[Found, ...]
    unreachable: tuple[Unreachable, ...]
    farther: int
    outside_scope: int
    notes: tuple[Text, ...]
