"""The plane in which a district's zones are measured, and the way there and back."""

from dataclasses import dataclass
from typing import Any, TypeVar

import pyproj
from shapely.geometry.base import BaseGeometry

from geoservice.crs import CGCS2000, metric_crs, reproject, to_store
from geoservice.db import Connection, Query, require_district

PLANE_LON = Query("zoning", "plane_lon", float)
G = TypeVar("G", bound=BaseGeometry)


@dataclass(frozen=True)
class Plane:
    """A Gauss-Krüger zone, metres east first."""

    crs: pyproj.CRS

    def metres(self, shape: G) -> G:
        """Return a stored shape in metres."""
        return reproject(shape, CGCS2000, self.crs)

    def degrees(self, shape: G) -> G:
        """Return a shape of this plane in ``STORE_SRID``."""
        return to_store(shape, self.crs)

    def all_metres(self, shapes: Any) -> Any:  # arrays of shapes: what corners share stays shared
        """Return an array of stored shapes in metres."""
        return reproject(shapes, CGCS2000, self.crs)

    def all_degrees(self, shapes: Any) -> Any:
        """Return an array of shapes of this plane in ``STORE_SRID``."""
        return to_store(shapes, self.crs)


def district_plane(conn: Connection) -> Plane:
    """Return the plane of the district.

    Raises
    ------
    NoDistrictError
        No boundary is loaded.
    """
    require_district(conn)
    return Plane(metric_crs(PLANE_LON.one(conn)))
