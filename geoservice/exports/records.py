"""What is asked of an export, what is known of the rows before, and what was written."""

from dataclasses import dataclass, field
from typing import Any

from geoservice.exports.formats import FORMATS, Format
from geoservice.publish.statement import Filters


@dataclass(frozen=True)
class Export:
    """What is written how.

    ``crs`` is an EPSG code as text or "local"; None takes the format's own. ``encoding`` is a
    Python codec, for the formats whose texts have one to choose. ``since`` is the token of an
    earlier export, to have only what changed; ``cql2`` is what `filters` has of a filter, as
    written.
    """

    format: Format = FORMATS["gpkg"]
    crs: str | None = None
    encoding: str = "UTF-8"
    filters: Filters = field(default_factory=Filters)
    cql2: str | None = None
    since: str | None = None


@dataclass(frozen=True)
class Survey:
    """The rows of one export, looked over before: how many, where, of which kinds and sources.

    ``bounds`` are west, south, east, north in degrees; ``dimensions`` the sorted dimensions of
    the shapes (0 points, 1 lines, 2 areas).
    """

    rows: int
    placed: int
    bounds: tuple[float, float, float, float] | None
    dimensions: tuple[int, ...]
    types: tuple[str, ...]
    secrecies: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What was written, what could not be kept as it was, and the manifest of it all.

    ``manifest`` is as it is given away: see `manifests.manifest_of`.
    """

    rows: int
    crs: str
    manifest: dict[str, Any]
    notes: list[str] = field(default_factory=list)
