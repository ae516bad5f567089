"""The rows of dispatch's queries."""

from dataclasses import dataclass

from geoservice.network.records import Stand


@dataclass(frozen=True)
class Resource:
    """A depot or team; ``prepare_min`` is its time to load or to mobilise, if known."""

    id: int
    version: int
    code: str
    name: str
    prepare_min: float | None
    status: str | None
    lon: float
    lat: float
    is_in_scope: bool

    def stand(self, kind: str) -> Stand:
        """Return where it stands."""
        return Stand(kind, self.id, self.version, self.lon, self.lat)
