"""What is asked of a layer's rows, and the statement that asks it (pure)."""

from dataclasses import dataclass, field
from typing import Any, Literal

import shapely
from psycopg import sql
from shapely.geometry.base import BaseGeometry

from geoservice.publish.coordinates import CRS84, ServedCrs, Span
from geoservice.publish.ordering import BY_ID, Key, Mark


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


PageForm = Literal["json", "html", "csv", "fgb"]
Counting = Literal["all", "cheap", "none"]


@dataclass(frozen=True)
class Shape:
    """How the rows of a page are written."""

    form: PageForm = "json"
    crs: ServedCrs = CRS84


@dataclass(frozen=True)
class Page:
    """A page of items: how many, behind which row, in which order, of which fields.

    ``fields`` None means all that the caller has; ``counting`` says whether all that match are
    counted, whatever it costs, or when it is cheap, or not.
    """

    limit: int
    after: Mark | None = None
    order: tuple[Key, ...] = BY_ID
    shape: Shape = Shape()
    fields: tuple[str, ...] | None = None
    has_shapes: bool = True
    counting: Counting = "cheap"
    filters: Filters = field(default_factory=Filters)
