"""The rows of the queries of sensors."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Held:
    """A sensor, held for this transaction, and how it stands; ``level`` None is normal."""

    id: int
    code: str
    name: str
    kind: str
    unit: str
    town_code: str | None
    secrecy: str
    is_demo: bool
    lon: float
    lat: float
    observed_at: datetime | None
    level: str | None
    level_since: datetime | None
    standing: dict[str, Any]


@dataclass(frozen=True)
class Added:
    """What became of a reading; ``value`` and ``quality`` are those that were there before."""

    no: int
    is_new: bool
    value: float | None
    quality: str | None


@dataclass(frozen=True)
class SensorSeen:
    """A sensor as a reader sees it."""

    id: int
    code: str
    name: str
    kind: str
    unit: str
    interval_s: int


@dataclass(frozen=True)
class Observation:
    """One reading of a series."""

    observed_at: datetime
    value: float
    quality: str | None
    received_at: datetime


@dataclass(frozen=True)
class LimitRow:
    """A threshold of a sensor, with its source."""

    sensor_id: int
    id: int
    level: str
    comparison: str
    value: float
    window_min: int | None
    hold_s: int
    clear_margin: float
    clear_hold_s: int
    source_doc: str
    is_verified: bool


@dataclass(frozen=True)
class MarkRow:
    """A reading that can be judged."""

    sensor_id: int
    at: datetime
    value: float
