"""The rows of the queries of service areas."""

from dataclasses import dataclass

from shapely import LineString

from geoservice.network.records import Place, Stand


@dataclass(frozen=True)
class Living:
    """A settlement: how many live there, in which town."""

    id: int
    version: int
    code: str
    name: str
    town_code: str | None
    town: str | None
    population: int | None
    lon: float
    lat: float
    is_in_scope: bool

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.lon, self.lat)

    @property
    def stand(self) -> Stand:
        """Where it meets the road."""
        return Stand("settlement", self.id, self.version, self.lon, self.lat)


@dataclass(frozen=True)
class ReachedLine:
    """An arc, or the part of it that is reached."""

    no: int
    geom: LineString
