"""What is told of floods and of what they do: also the JSON of the service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geoservice.dispatch.answers import Metres
from geoservice.texts import Text


@dataclass(frozen=True)
class BandAnswer:
    """One depth band; its shape is in the layer `flood_zones`."""

    code: str
    depth_min_m: float
    depth_max_m: float | None
    velocity_ms: float | None
    arrival_min: float | None
    level_m: float | None
    grade: str | None
    area_ha: float


@dataclass(frozen=True)
class Gauge:
    """The gauge that put a scenario in force; ``age_s`` is how old its reading is."""

    code: str
    sensor_code: str
    level_m: float
    height_datum: str
    observed_at: datetime
    age_s: float
    is_silent: bool
    is_above_all: bool


@dataclass(frozen=True)
class Scenario:
    """A scenario: whence, how and how sure it is, and whether its water is on the roads."""

    id: int
    version: int
    code: str
    name: str
    standing: str
    state: str
    is_in_force: bool
    starts_at: datetime | None
    ends_at: datetime | None
    return_period_y: float | None
    words: Text | None
    method: str
    method_version: str | None
    height_datum: str
    level_m: float | None
    gauge_level_m: float | None
    family: str | None
    official_doc: str | None
    source_doc: str
    drawn_by: str
    created_at: datetime
    parameters: Mapping[str, Any]
    inputs_hash: str | None
    geom_hash: str | None
    code_version: str | None
    includes_structures: bool
    bands: int
    area_ha: float
    unknown_area_ha: float
    deepest_m: float | None
    grade: str | None
    arrival_min: float | None
    is_demo: bool
    notes: tuple[Text, ...]
    gauge: Gauge | None = None
    of_depth: tuple[BandAnswer, ...] = ()

    @property
    def etag(self) -> str:
        """The mark of this version, as `ETag` and `If-Match` have it."""
        return f'"{self.id}-{self.version}"'


@dataclass(frozen=True)
class InWater:
    """Something in the water, where it is deepest; ``amount`` people, places or vehicles."""

    code: str
    name: str
    amount: float | None
    detail: str | None
    depth_min_m: float
    depth_max_m: float | None
    grade: str | None
    arrival_min: float | None


@dataclass(frozen=True)
class LayerInWater:
    """What of a layer is in the water; ``amount`` is the sum where it has one."""

    layer: str
    label: Text
    count: int
    amount: float | None
    amount_of: Text | None
    items: tuple[InWater, ...]


@dataclass(frozen=True)
class RoadInWater:
    """A road's segments in the water, for whom they are closed and whom they slow."""

    road: str | None
    ref: str | None
    segments: int
    length_m: Metres
    deepest_m: float
    closed_for: tuple[str, ...]
    slowed_for: tuple[str, ...]


@dataclass(frozen=True)
class VehicleEffect:
    """What the water does to one kind of vehicle."""

    profile: str
    wading_m: float
    closed_segments: int
    closed_m: Metres
    slowed_segments: int
    slowed_m: Metres


@dataclass(frozen=True)
class BridgeInWater:
    """A bridge or tunnel in the extent: ``under`` the water, ``above`` it, or ``unknown``."""

    road: str | None
    ref: str | None
    is_tunnel: bool
    standing: str
    length_m: Metres


@dataclass(frozen=True)
class CutOff:
    """Somebody whom no way leads to any more, and why; ``was_before``: without the water too."""

    layer: str
    code: str
    name: str
    people: int | None
    reason: Text
    was_before: bool


@dataclass(frozen=True)
class ShaftInWater:
    """A shaft or yard of a mine in the extent, against the level of the water there.

    ``standing`` is ``below``, ``defended`` (below, with a document), ``above`` or ``unknown``.
    """

    code: str
    name: str
    mine: str
    kind: str
    collar_m: float | None
    height_datum: str | None
    level_m: float | None
    level_datum: str
    standing: str
    defence_doc: str | None


@dataclass(frozen=True)
class SheltersLeft:
    """Shelters that are neither in the water nor cut off, against the people in it."""

    shelters: int
    capacity: int
    without_capacity: int
    people_in_water: int
    places_short: int


@dataclass(frozen=True)
class Consequences:
    """What a flood does: on the roads, to those inside, to those cut off."""

    at: datetime
    scenario: Scenario | None
    standing: str
    profile: str
    graph_version: int | None
    area_ha: float
    vehicles: tuple[VehicleEffect, ...]
    roads: tuple[RoadInWater, ...]
    bridges: tuple[BridgeInWater, ...]
    layers: tuple[LayerInWater, ...]
    shafts: tuple[ShaftInWater, ...]
    cut_off: tuple[CutOff, ...]
    shelters_left: SheltersLeft
    in_unknown: tuple[LayerInWater, ...]
    outside_scope: int
    notes: tuple[Text, ...]
