"""What is asked of an evacuation, and what is answered: also the JSON of the service."""

from dataclasses import dataclass
from datetime import datetime

from shapely.geometry.base import BaseGeometry

from geoservice.dispatch.answers import Basis, ClosureMet, Metres, RouteLine, Seconds
from geoservice.texts import Text

SNAP_LIMIT_M = 2000.0


@dataclass(frozen=True)
class EvacuationQuestion:
    """Who is in danger, and when it is there.

    One of ``area`` (in `STORE_SRID`), ``flood`` (the code of a scenario or of a band) and
    ``settlements`` (codes) is given. Everybody is to be in a shelter ``margin_min`` before
    ``arrival_at``.
    """

    arrival_at: datetime
    area: BaseGeometry | None = None
    flood: str | None = None
    settlements: tuple[str, ...] = ()
    margin_min: float = 30.0
    profile: str = "car"


@dataclass(frozen=True)
class Move:
    """So many people of a settlement to a shelter, and when they must leave at the latest.

    ``late_s`` is by how much ``depart_by`` is past already: 0 in time.
    """

    settlement_code: str
    settlement: str
    contact: str | None
    phone: str | None
    shelter_code: str
    shelter: str
    shelter_phone: str | None
    people: int
    drive_s: Seconds
    distance_m: Metres
    depart_by: datetime
    late_s: int
    route: RouteLine | None


@dataclass(frozen=True)
class Left:
    """People of a settlement for whom there is no place, and why."""

    settlement_code: str
    settlement: str
    phone: str | None
    people: int
    reason: Text


@dataclass(frozen=True)
class ShelterUse:
    """How full a shelter gets; ``reason`` why it is not used at all."""

    code: str
    name: str
    capacity: int | None
    people: int
    is_stale: bool
    reason: Text | None


@dataclass(frozen=True)
class EvacuationAnswer:
    """Who goes where, who must leave first, who has no place.

    ``people`` in danger are those placed in time, those placed late and those unplaced;
    ``uncounted`` names settlements whose population is not on record. ``outside_scope`` counts
    settlements in danger in towns the caller may not see.
    """

    at: datetime
    arrival_at: datetime
    margin_min: float
    basis: Basis
    graph_version: int | None
    closures_met: tuple[ClosureMet, ...]
    people: int
    placed_in_time: int
    placed_late: int
    unplaced: int
    person_minutes: float
    moves: tuple[Move, ...]
    left: tuple[Left, ...]
    shelters: tuple[ShelterUse, ...]
    uncounted: tuple[str, ...]
    outside_scope: int
    notes: tuple[Text, ...]
