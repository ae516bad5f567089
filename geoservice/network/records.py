"""Places on the ground, and the rows of the network's queries."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shapely import LineString


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
class Arc:
    """One directed arc; read as columns."""

    id: int
    from_node: int
    to_node: int
    time_s: float
    length_m: float


@dataclass(frozen=True)
class Closure:
    """A closure with arcs; ``factor`` on the free speed, 0 shut."""

    id: int
    code: str
    name: str
    factor: float

    @property
    def effect(self) -> Literal["closed", "slowed"]:
        """What it does to the arcs it lies on."""
        return "slowed" if self.factor else "closed"


@dataclass(frozen=True)
class ClosedArc:
    """A closure on an arc; read as columns."""

    road_closure_id: int
    road_edge_id: int


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
