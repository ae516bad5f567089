"""The rows of evacuation's queries."""

from dataclasses import dataclass

from geoservice.network.records import Place, Stand


@dataclass(frozen=True)
class SettlementRow:
    """A settlement in danger."""

    id: int
    version: int
    code: str
    name: str
    town_code: str | None
    population: int | None
    vulnerable: int | None
    contact: str | None
    phone: str | None
    is_stale: bool
    lon: float
    lat: float
    is_in_scope: bool

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.lon, self.lat)

    @property
    def stand(self) -> Stand:
        """Where people start from."""
        return Stand("settlement", self.id, self.version, self.lon, self.lat)


@dataclass(frozen=True)
class ShelterRow:
    """A shelter."""

    id: int
    version: int
    code: str
    name: str
    capacity: int | None
    keeper: str | None
    phone: str | None
    is_stale: bool
    lon: float
    lat: float
    is_in_danger: bool

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.lon, self.lat)
