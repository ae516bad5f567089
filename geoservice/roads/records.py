"""What the road loader passes on: tags understood, turn restrictions, and the report."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Direction = Literal["both", "forward", "backward"]
Box = tuple[float, float, float, float]  # west, south, east, north in degrees
What = Literal["way", "part", "barrier", "restriction", "value"]

FIRST_IDS = 5


@dataclass(frozen=True)
class RoadClass:
    """A class of `core.road_class`: what is drivable, and how fast where no sign says so."""

    road_class: str
    zh: str
    speed_kph: float


@dataclass(frozen=True)
class RoadTags:
    """The tags of one way, understood.

    ``unread`` holds the ``key=value`` pairs that were there but mean nothing to us.
    """

    road_class: str
    name: str | None
    name_en: str | None
    ref: str | None
    surface: str | None
    access: str | None
    is_bridge: bool
    is_tunnel: bool
    layer: int
    direction: Direction
    max_speed_kph: float | None
    forward_kph: float | None
    backward_kph: float | None
    max_weight_t: float | None
    max_height_m: float | None
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Restriction:
    """A turn that is forbidden, or the only one allowed, by OpenStreetMap ids."""

    relation_id: int
    kind: str
    from_way: int
    via_node: int
    to_way: int


@dataclass(frozen=True)
class Source:
    """Whence the rows come, kept with each of them."""

    file: str
    sha256: str
    surveyed_on: date | None
    source_doc: str


@dataclass(frozen=True)
class ServiceBox:
    """The bounds of the service envelope in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class FirstIds:
    """How many roads were retired, and the first free ids for the new rows."""

    retired: int
    road_id: int
    node_id: int
    edge_id: int


@dataclass(frozen=True)
class Tally:
    """How often one thing was left out or shortened, why, and the first ids it befell."""

    what: What
    reason: str
    zh: str
    en: str
    count: int
    first_ids: tuple[int, ...]


@dataclass
class Tallies:
    """Counts by what and why, growing while the file is read."""

    counts: dict[tuple[What, str], int] = field(default_factory=dict)
    firsts: dict[tuple[What, str], list[int]] = field(default_factory=dict)

    def add(self, what: What, reason: str, osm_id: int) -> None:
        """Count one more."""
        key = (what, reason)
        self.counts[key] = self.counts.get(key, 0) + 1
        firsts = self.firsts.setdefault(key, [])
        if len(firsts) < FIRST_IDS:
            firsts.append(osm_id)

    def total(self, what: What) -> int:
        """Return how many of one kind there were."""
        return sum(n for (kind, _), n in self.counts.items() if kind == what)


@dataclass(frozen=True)
class LoadReport:
    """What a load of roads read, kept and left out.

    ``ways_read = ways_kept +`` the sum of the tallies of ``what = "way"``. A way that leaves
    the service envelope and comes back makes two roads.
    """

    file: str
    sha256: str
    surveyed_on: date | None
    ways_read: int
    ways_kept: int
    roads: int
    arcs: int
    nodes: int
    restrictions: int
    retired: int
    length_km: float
    box: Box | None
    closures_without_road: tuple[str, ...]
    tallies: tuple[Tally, ...]
    seconds: float
