"""The rows of dispatch's queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoservice.network.records import Place, Stand


@dataclass(frozen=True)
class Resource:
    """A depot, team, station or shelter.

    ``prepare_min`` is its time to load or to turn out, if known; ``holds`` what is free of the
    material asked for (quantity by unit), ``skills`` what the team can do (skill and type),
    ``vehicle`` the code of the profile that a team drives by, where its class is one.
    """

    id: int
    version: int
    code: str
    name: str
    prepare_min: float | None
    status: str | None
    phone: str | None
    surveyed_on: date | None
    is_stale: bool
    capacity: int | None
    holds: Sequence[dict[str, Any]]
    skills: Sequence[dict[str, Any]]
    lon: float
    lat: float
    vehicle: str | None
    is_in_scope: bool

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.lon, self.lat)

    def stand(self, kind: str) -> Stand:
        """Return where it stands."""
        return Stand(kind, self.id, self.version, self.lon, self.lat)


@dataclass(frozen=True)
class ArcPoint:
    """A place on a road."""

    lon: float
    lat: float
    road: str | None
