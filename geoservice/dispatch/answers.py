"""What dispatch is asked and what it answers.

The answer is also the JSON body of `/dispatch/nearest` and of `geoservice nearest --json`.
Seconds drive at the arcs' speeds; metres run along the road. Where the basis is a straight line,
both are guesses.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

import numpy as np
import shapely
from pydantic import InstanceOf, PlainSerializer, WithJsonSchema
from shapely import LineString

from geoservice.network.effects import Effect, Kind
from geoservice.network.records import Place
from geoservice.texts import Text

KINDS = ("depot", "rescue_team", "fire_station", "town_station", "shelter")
Basis = Literal["road", "straight_line"]
MOST_WANTED = 50
WEAKEST_TYPE = 4
SNAP_LIMIT_M = 2000.0
# Seven decimals of a degree are a centimetre.
_DECIMALS = 7


@dataclass(frozen=True)
class NearestQuestion:
    """Who of a kind is there soonest; ``within_min`` leaves out who drives longer.

    ``item`` is the beginning of a code of GB/T 38565 and goes with depots, ``skill`` with rescue
    teams, of ``type_no`` (1 the most capable) or better.
    """

    lon: float
    lat: float
    kind: str
    k: int = 5
    profile: str = "car"
    within_min: float | None = None
    item: str | None = None
    skill: str | None = None
    type_no: int | None = None
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
class Held:
    """So much of the material asked for that is free; stale: not verified lately."""

    quantity: float
    unit: str
    is_stale: bool


@dataclass(frozen=True)
class Skill:
    """What a team can do, by type: 1 is the most capable."""

    skill: str
    type_no: int


@dataclass(frozen=True)
class Found:
    """One resource that can come, and how.

    ``eta_s`` is ``prepare_min`` (loading or turning out, assumed where it is not on record) and
    ``drive_s``, from ``eta_low_s`` to ``eta_high_s``; the ``snap_m`` off the road are not in it.
    ``detour_s`` is what the closures in force cost; ``closures_avoided`` lie on the way it would
    have taken, ``closures_slowed`` and ``dangerous_sections`` on the way it takes. ``capacity``:
    people a shelter takes in, on duty in a team or station, vehicles of a fire station.
    ``vehicle`` is the profile it is reckoned to drive by: a team's own where that is known.
    """

    rank: int
    id: int
    code: str
    name: str
    kind: str
    lon: float
    lat: float
    eta_s: int
    eta_low_s: int
    eta_high_s: int
    drive_s: Seconds
    prepare_min: float
    prepare_is_assumed: bool
    distance_m: Metres
    snap_m: Metres
    detour_s: Seconds
    vehicle: str | None
    route: RouteLine | None
    closures_avoided: tuple[str, ...]
    closures_slowed: tuple[str, ...]
    dangerous_sections: tuple[str, ...]
    is_stale: bool
    surveyed_on: date | None
    status: str | None
    phone: str | None
    capacity: int | None
    holds: tuple[Held, ...]
    skills: tuple[Skill, ...]
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class Stage:
    """The last point that vehicles reach, and what lies beyond it.

    ``on_foot_m`` is the way on closed roads and off the road; ``first_code`` is who is there first
    of those asked for, after ``drive_s`` of driving.
    """

    lon: float
    lat: float
    road: str | None
    on_foot_m: Metres
    blocked_by: tuple[str, ...]
    first_code: str | None
    drive_s: Seconds | None
    note: Text


@dataclass(frozen=True)
class Guess:
    """How far and long by straight line, where no road is near: not verified."""

    distance_m: Metres
    eta_s: int
    note: Text


@dataclass(frozen=True)
class Unreachable:
    """One resource that cannot come, or not in the time asked, and why."""

    id: int
    code: str
    name: str
    lon: float
    lat: float
    reason: Text
    phone: str | None
    guess: Guess | None


@dataclass(frozen=True)
class NearestAnswer:
    """Who comes soonest, who cannot, and what that rests on.

    ``farther`` counts those that can come but later than the ones listed, ``outside_scope``
    those in towns the caller may not see; ``notes`` say why a list is empty and how times are
    made. ``stage`` is where to stage when closures keep vehicles from the place. Without a road
    network ``basis`` is a straight line and there is no ``graph_version``.
    """

    at: Place
    basis: Basis
    snap: IncidentSnap
    stage: Stage | None
    graph_version: int | None
    closures_met: tuple[ClosureMet, ...]
    found: tuple[Found, ...]
    unreachable: tuple[Unreachable, ...]
    farther: int
    outside_scope: int
    notes: tuple[Text, ...]
