"""Coordinate reference systems: the one we store in, and the one a place is measured in.

Everything is stored in EPSG:4490 (CGCS2000, longitude and latitude in degrees). Lengths and
areas come from the 3-degree Gauss-Krüger zone of the place. `always_xy` is used throughout:
EPSG gives 4490 and its zones north first, and every array here is x (lon, east) first.
"""

from functools import lru_cache
from typing import TypeVar

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

STORE_SRID = 4490
CGCS2000 = pyproj.CRS.from_epsg(STORE_SRID)

# EPSG names the 3-degree CGCS2000 zones without zone prefix from 75E (4534) to 135E (4554).
_FIRST_MERIDIAN_DEG, _LAST_MERIDIAN_DEG, _FIRST_EPSG = 75, 135, 4534
_ZONE_WIDTH_DEG = 3

G = TypeVar("G", bound=BaseGeometry)


def stored(geom: G) -> G:
    """Return the shape, already in CGCS2000 degrees, stamped with ``STORE_SRID``."""
    stamped: G = shapely.set_srid(geom, STORE_SRID)
    return stamped


def central_meridian_deg(lon: float) -> int:
    """Return the nearest multiple of three degrees: the 3-degree zone's central meridian."""
    return round(lon / _ZONE_WIDTH_DEG) * _ZONE_WIDTH_DEG


@lru_cache(maxsize=128)
def _zone(meridian_deg: int) -> pyproj.CRS:
    if _FIRST_MERIDIAN_DEG <= meridian_deg <= _LAST_MERIDIAN_DEG:
        step = (meridian_deg - _FIRST_MERIDIAN_DEG) // _ZONE_WIDTH_DEG
        return pyproj.CRS.from_epsg(_FIRST_EPSG + step)
    # No EPSG code outside China: the same projection on the same ellipsoid.
    unnamed = pyproj.CRS.from_proj4(
        f"+proj=tmerc +lat_0=0 +lon_0={meridian_deg} +k=1 +x_0=500000 +y_0=0 "
        "+ellps=GRS80 +units=m +no_defs +type=crs"
    )
    side = "W" if meridian_deg < 0 else "E"
    name = f"3-degree Gauss-Kruger CM {abs(meridian_deg)}{side}"
    return pyproj.CRS.from_json_dict({**unnamed.to_json_dict(), "name": name})


def metric_crs(lon: float) -> pyproj.CRS:
    """Return the 3-degree Gauss-Krüger CRS (metres, east first) of a longitude in degrees.

    EPSG:4534 to 4554 where they exist, the same projection on that meridian elsewhere.
    """
    return _zone(central_meridian_deg(lon))


@lru_cache(maxsize=64)
def _transformer(source: pyproj.CRS, target: pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def reproject(geom: G, source: pyproj.CRS, target: pyproj.CRS) -> G:
    """Return the shape in another CRS, x first on both sides; empty stays empty."""
    move = _transformer(source, target).transform

    def _move(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(move(xy[:, 0], xy[:, 1]))

    moved: G = shapely.transform(geom, _move)
    return moved


def to_metric(geom: G, lon: float) -> G:
    """Return a stored shape in metres of the zone of ``lon``."""
    return reproject(geom, CGCS2000, metric_crs(lon))


def to_store(geom: G, source: pyproj.CRS) -> G:
    """Return a shape of any CRS in ``STORE_SRID``, stamped."""
    return stored(reproject(geom, source, CGCS2000))
