"""The rows of the queries of alerts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Ours:
    """How this service signs its messages, its district's name, and the service envelope."""

    sender: str
    name: str
    envelope: BaseGeometry


@dataclass(frozen=True)
class StandingMessage:
    """A message that is there already."""

    id: int
    state: str
    message: dict[str, Any]


@dataclass(frozen=True)
class AddedMessage:
    """A message just added."""

    id: int
    state: str


@dataclass(frozen=True)
class PlaceOfCodes:
    """The area of administrative codes that are ours; ``town_code`` is one of ``count`` towns."""

    geom: BaseGeometry | None
    town_code: str | None
    count: int


@dataclass(frozen=True)
class OpenAlert:
    """The warning of a sensor's rule that stands."""

    sensor_id: int
    rule: str
    level: str | None
    identifier: str
    sender: str
    sent: str


@dataclass(frozen=True)
class Listed:
    """A message in a list."""

    id: int
    identifier: str
    sender: str
    name: str
    status: str
    msg_type: str
    event: str | None
    level: str | None
    severity: str | None
    state: str
    sent_at: datetime
    onset_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    area_desc: str | None
    description: str | None
    updated_at: datetime
