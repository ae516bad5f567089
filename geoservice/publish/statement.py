"""What is asked of a layer's rows, and the statement that asks it (pure)."""

from dataclasses import dataclass, field
from typing import Any

import shapely
from psycopg import sql
from shapely.geometry.base import BaseGeometry

from geoservice.publish.coordinates import CRS84, ServedCrs, Span


@dataclass(frozen=True)
class Statement:
    """A composed statement and the values of its placeholders."""

    text: sql.SQL
    values: dict[str, Any]


@dataclass(frozen=True)
class Condition:
    """A client's filter as `select` wrote it, and the values of its placeholders."""

    text: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Filters:
    """Which rows are asked for: within a stored shape, surveyed in a span of days, by CQL2."""

    area: BaseGeometry | None = None
    days: Span | None = None
    condition: Condition | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Values of the placeholders that these filters make."""
        found: dict[str, Any] = {}
        if self.area is not None:
            found["area"] = shapely.to_wkb(self.area, include_srid=True)
        if self.days is not None:
            found["first_day"], found["last_day"] = self.days
        if self.condition is not None:
            found |= self.condition.values
        return found


@dataclass(frozen=True)
class Page:
    """A page of items: how many, after which id, in which CRS, counting all or not."""

    limit: int
    after: int = 0
    crs: ServedCrs = CRS84
    is_counted: bool = True
    filters: Filters = field(default_factory=Filters)
