"""Places on the ground, and the rows of the network's queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shapely import LineString
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Place:
    """A point in degrees, CGCS2000."""

    lon: float
    lat: float


@dataclass(frozen=True)
class Stand:
    """Something that stands still beside a road: what it is, in which version, and where."""

    kind: str
    id: int
    version: int
    lon: float
    lat: float


@dataclass(frozen=True)
class GraphState:
    """What an answer at an instant rests on; the bounds are the service envelope's."""

    version: int
    state_uid: UUID
    arcs_uid: UUID
    west: float | None
    south: float | None
    east: float | None
    north: float | None
    has_roads: bool
    closure_ids: list[int]
    flood_ids: list[int]

    def covers(self, place: Place) -> bool:
        """Return whether a place is inside the service envelope; without a district none is."""
        if self.west is None or self.south is None or self.east is None or self.north is None:
            return False
        return self.west <= place.lon <= self.east and self.south <= place.lat <= self.north


@dataclass(frozen=True)
class GraphUids:
    """The state of arcs and closures."""

    state_uid: UUID
    arcs_uid: UUID


@dataclass(frozen=True)
class ArcColumns:
    """Every arc: a column is one run of big-endian numbers; None without arcs."""

    id: bytes | None
    road_id: bytes | None
    from_node: bytes | None
    to_node: bytes | None
    length_m: bytes | None
    speed_kph: bytes | None
    gradient_pct: bytes | None
    max_height_m: bytes | None
    max_weight_t: bytes | None
    start_deg: bytes | None
    end_deg: bytes | None
    surface: bytes | None
    lon: bytes | None
    lat: bytes | None


@dataclass(frozen=True)
class RuleRow:
    """A parameter of driving times."""

    code: str
    value: Mapping[str, Any]


@dataclass(frozen=True)
class LaidRow:
    """Something in force on an arc; read as columns."""

    kind: str
    id: int
    arc_id: int


@dataclass(frozen=True)
class SupposedRow:
    """A supposed closure (from 0) on an arc; read as columns."""

    no: int
    arc_id: int


@dataclass(frozen=True)
class WhatIf:
    """A closure that nobody has written down: asked about, not stored.

    ``geom`` in ``STORE_SRID``; factor, depth, classes and structures as of a closure.
    """

    name: str
    geom: BaseGeometry
    factor: float = 0.0
    depth_m: float | None = None
    vehicle_classes: tuple[str, ...] = ()
    includes_structures: bool = False


@dataclass(frozen=True)
class LandingRow:
    """A place on an arc of the nearest open road; without an arc, ``gap_m`` says how far it is."""

    no: int
    nearest_arc: int | None
    nearest_m: float | None
    gap_m: float | None
    arc_id: int | None
    fraction: float | None
    snap_m: float | None
    road: str | None


@dataclass(frozen=True)
class WayLine:
    """The line of one way, and the roads it follows: names and metres, in order of travel."""

    way: int
    roads: list[str]
    roads_en: list[str]
    lengths_m: list[float]
    geom: LineString
