"""Gauss-Krueger metres in a file that does not say so, told by their size (pure)."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geoservice.crs import metric_crs
from geoservice.registry.fields import Label

# Of China: northings of latitudes 15 to 56, eastings 500 km and half a zone to either side.
_NORTHINGS_M = (1_600_000.0, 6_300_000.0)
_EASTINGS_M = (150_000.0, 850_000.0)
# EPSG: CGCS2000 / 3-degree zone 25 to 45, and / 6-degree zone 13 to 23, eastings with the zone.
_THREE_DEGREES, _SIX_DEGREES = range(25, 46), range(13, 24)
_EPSG_THREE, _EPSG_SIX = 4513 - 25, 4491 - 13


@dataclass(frozen=True)
class Metres:
    """What the numbers of a file are: their CRS, whether X was north, and how to say so."""

    crs: str
    is_north_first: bool
    told: Label


def metres_in(shapes: NDArray[np.object_], lon: float | None) -> Metres | None:
    """Return which Gauss-Krueger numbers the shapes have; None where most are degrees or unclear.

    Parameters
    ----------
    shapes
        As the file has them.
    lon
        Longitude of the district: without a zone before them, eastings are of its zone. None:
        such eastings stay unclear.
    """
    xy = shapely.get_coordinates(shapes)
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy) or np.abs(np.median(xy, axis=0)).max() <= 180:
        return None
    x, y = np.median(xy, axis=0)
    for is_north_first, (east, north) in ((False, (x, y)), (True, (y, x))):
        found = _zone(east, north, lon)
        if found is not None:
            crs, zone = found
            order = (
                ("，X 为北、Y 为东", ", X is north and Y is east") if is_north_first else ("", "")
            )
            told = Label(
                f"坐标为高斯-克吕格投影米制坐标（{zone}，{crs}）{order[0]}",
                f"the coordinates are Gauss-Krueger metres ({zone}, {crs}){order[1]}",
            )
            return Metres(crs, is_north_first, told)
    return None


def _told(zone: str, crs: str, is_north_first: bool) -> Label:
    order = ("，X 为北、Y 为东", ", X is north and Y is east") if is_north_first else ("", "")
    name = crs if crs.startswith("EPSG:") else "CGCS2000"
    return Label(
        f"坐标为高斯-克吕格投影米制坐标（{zone}，{name}）{order[0]}",
        f"the coordinates are Gauss-Krueger metres ({zone}, {name}){order[1]}",
    )


def _zone(east: float, north: float, lon: float | None) -> tuple[str, str] | None:
    if not _NORTHINGS_M[0] <= north <= _NORTHINGS_M[1]:
        return None
    zone, rest = divmod(east, 1e6)
    if not _EASTINGS_M[0] <= rest <= _EASTINGS_M[1]:
        return None
    if int(zone) in _THREE_DEGREES:
        return f"EPSG:{_EPSG_THREE + int(zone)}", f"3° {int(zone)}"
    if int(zone) in _SIX_DEGREES:
        return f"EPSG:{_EPSG_SIX + int(zone)}", f"6° {int(zone)}"
    if zone == 0 and lon is not None:
        own = metric_crs(lon)
        code = own.to_epsg()
        return (f"EPSG:{code}" if code else own.to_wkt()), f"3° {lon:.0f}°E"
    return None
