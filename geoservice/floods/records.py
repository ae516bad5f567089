"""Scenarios and bands: as they are stored, and as they are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shapely import MultiPolygon

Method = Literal["bathtub", "hand", "fill", "imported"]


@dataclass(frozen=True)
class NewBand:
    """Water of one depth, CGCS2000 degrees; an open upper edge is None.

    ``velocity_ms`` is the fastest in it, ``arrival_min`` the soonest; None: not known.
    """

    depth_min_m: float
    depth_max_m: float | None
    grade: str
    area_m2: float
    geom: MultiPolygon
    velocity_ms: float | None = None
    arrival_min: float | None = None
    level_m: float | None = None


@dataclass(frozen=True)
class NewScenario:
    """All of a scenario but its bands; heights of ``height_datum``.

    ``level_m`` is of all its water, where that is level; ``gauge_level_m`` that at the gauge of its
    family, from which a reading puts it in force. ``unknown`` is where nobody knows whether there
    is water: neither wet nor dry.
    """

    name: str
    method: Method
    method_version: str
    height_datum: str
    source_doc: str
    return_period_y: float | None = None
    level_m: float | None = None
    gauge_level_m: float | None = None
    family: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs_hash: str | None = None
    drawn_by: str | None = None
    is_official: bool = False
    official_doc: str | None = None
    includes_structures: bool = False
    unknown_area_m2: float = 0.0
    unknown: MultiPolygon | None = None
    code: str | None = None


@dataclass(frozen=True)
class ScenarioRow:
    """A scenario on record, and what its bands come to."""

    id: int
    version: int
    code: str
    name: str
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    is_in_force: bool
    return_period_y: float | None
    method: str
    method_version: str | None
    height_datum: str
    level_m: float | None
    gauge_level_m: float | None
    family: str | None
    is_official: bool
    official_doc: str | None
    source_doc: str
    drawn_by: str | None
    created_by: str
    created_at: datetime
    parameters: Mapping[str, Any]
    inputs_hash: str | None
    geom_hash: str | None
    code_version: str | None
    includes_structures: bool
    unknown_area_m2: float
    is_demo: bool
    bands: int
    area_m2: float
    deepest_m: float | None
    grade: str | None
    arrival_min: float | None

    @property
    def etag(self) -> str:
        """The mark of this version, as `ETag` and `If-Match` have it."""
        return f'"{self.id}-{self.version}"'


@dataclass(frozen=True)
class GaugeStanding:
    """The gauge that has a scenario in force, and the reading that it rests on."""

    scenario_id: int
    code: str
    sensor_code: str
    level_m: float
    height_datum: str
    observed_at: datetime
    is_stale: bool
    is_above_all: bool


@dataclass(frozen=True)
class BandRow:
    """A band on record; ``level_m`` of its water, of ``height_datum``, where it is known."""

    id: int
    code: str
    depth_min_m: float
    depth_max_m: float | None
    velocity_ms: float | None
    arrival_min: float | None
    level_m: float | None
    height_datum: str
    grade: str | None
    area_m2: float
    geom: MultiPolygon

    @property
    def deepest_m(self) -> float:
        """How deep it gets, or its lower edge where it is open."""
        return self.depth_min_m if self.depth_max_m is None else self.depth_max_m
