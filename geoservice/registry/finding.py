"""What looking at the registers together gives: rows of its queries, and its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry

from geoservice.registry.repeats import Chain


@dataclass(frozen=True)
class DangerRow:
    """A hidden danger as its layer shows it; degrees."""

    id: int
    code: str
    name: str
    category: str
    found_on: date
    state: str
    source: str | None
    lon: float | None
    lat: float | None
    causes: list[str]
    repeat_of: str | None


@dataclass(frozen=True)
class CrashRow:
    """A crash as its layer shows it."""

    code: str
    road_code: str | None
    at_m: float | None
    occurred_on: date
    deaths: int
    geom: BaseGeometry


@dataclass(frozen=True)
class Cut:
    """The stretch cut from the road; ``is_known``: a road of that code is loaded."""

    no: int
    is_known: bool
    geom: BaseGeometry | None


@dataclass(frozen=True)
class Standing:
    """A dangerous section that is registered."""

    code: str
    road_code: str
    from_m: float
    to_m: float


@dataclass(frozen=True)
class GradeRow:
    """The grade of a risk point, and whose it is."""

    place: str | None
    grade: str | None
    method: str | None


@dataclass(frozen=True)
class Ruling:
    """The numbers an answer was worked out by, their source, and which of them were asked for."""

    value: Mapping[str, Any]
    is_verified: bool
    source_doc: str
    asked: tuple[str, ...]


@dataclass(frozen=True)
class RepeatNow:
    """A danger that comes back; ``recorded`` is what its record names."""

    id: int
    code: str
    name: str
    repeat_of: str
    days: int
    link: str
    recorded: str | None


@dataclass(frozen=True)
class Repeats:
    """The dangers that come back; ``causes`` are those of the repeats."""

    ruling: Ruling
    counted: int
    repeats: tuple[RepeatNow, ...]
    chains: tuple[Chain, ...]
    causes: Mapping[str, int]


@dataclass(frozen=True)
class Proposed:
    """A proposed dangerous section; without a geometry ``no_geometry`` says why."""

    road_code: str
    from_m: float
    to_m: float
    crashes: tuple[str, ...]
    deaths: int
    is_widened: bool
    known_sections: tuple[str, ...]
    geom: BaseGeometry | None
    no_geometry: Mapping[str, str] | None


@dataclass(frozen=True)
class Proposals:
    """The proposals; crashes ``without_stake`` could not be counted."""

    ruling: Ruling
    until: date
    counted: int
    without_stake: tuple[str, ...]
    proposals: tuple[Proposed, ...]


@dataclass(frozen=True)
class Unowned:
    """A hazard source, and what nobody does for it: prevent, rescue."""

    id: int
    code: str
    name: str
    kind: str
    town_code: str | None
    lacks: list[str]


@dataclass(frozen=True)
class Stale:
    """How stale a register is, and by which rule; without one nothing that has a day is stale."""

    register: str
    records: int
    stale: int
    never_surveyed: int
    oldest_on: date | None
    rule_days: int | None
    is_verified: bool | None
    source_doc: str | None


@dataclass(frozen=True)
class Overview:
    """The grade of a town or source, and how many risk points are behind it."""

    place: str | None
    grade: str | None
    rule: str
    methods: tuple[str, ...]
    points: Mapping[str, int]
    not_assessed: int
