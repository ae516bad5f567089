"""What is known of a layer and of the district when a document about them is written (pure)."""

import datetime as dt
from dataclasses import dataclass

from geoservice.publish.coordinates import ServedCrs, served_crs
from geoservice.publish.permit import Sight

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Described:
    """A layer as one caller sees it: how much, where, surveyed when; None where there is nothing.

    ``bounds`` are west, south, east, north in degrees; ``sources`` are whom the data come from,
    the first few of them, which licences ask us to name.
    """

    sight: Sight
    count: int
    bounds: Bounds | None
    first_day: dt.date | None
    last_day: dt.date | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """The district that all this is about; ``lon`` is None before one is loaded."""

    name: str
    code: str
    lon: float | None

    @property
    def offered(self) -> tuple[ServedCrs, ...]:
        """The CRSs that features are served in here."""
        return served_crs(self.lon)
