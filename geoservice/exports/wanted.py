"""Which rows of a layer an export asks for, as people write it (pure)."""

from geoservice.publish.coordinates import CRS84, box_of
from geoservice.publish.cql2.reading import read
from geoservice.publish.permit import Sight
from geoservice.publish.schemas import queryable_kinds
from geoservice.publish.select import condition_of
from geoservice.publish.statement import Filters


def rows_wanted(sight: Sight, *, bbox: str | None, cql2: str | None) -> Filters:
    """Return the filters of a box (west, south, east, north in degrees) and a CQL2 text.

    Raises
    ------
    InputError
        One of them is not as it must be, or names what the caller has not.
    """
    condition = None
    if cql2 is not None:
        condition = condition_of(read(cql2, "cql2-text"), queryable_kinds(sight), CRS84)
    return Filters(area=None if bbox is None else box_of(bbox, CRS84), condition=condition)
