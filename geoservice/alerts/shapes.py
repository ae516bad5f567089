"""The areas of a message -> one shape in CGCS2000 degrees, within the service envelope (pure)."""

import math
from collections.abc import Iterable

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.alerts.message import Area, Message
from geoservice.crs import metric_crs, stored, to_metric, to_store
from geoservice.errors import GeometryError

_QUARTER = 16
# A buffer of 16 segments a quarter lies inside its circle: an area of warning must not be short.
_PAD = 1 / math.cos(math.pi / (4 * _QUARTER))


def shape_of(message: Message) -> BaseGeometry | None:
    """Return what the message's polygons and circles cover; None: it has neither.

    Circles of radius zero are points, and give way to areas. CAP is in WGS 84, which is taken as
    CGCS2000: they differ by less than a metre.

    Raises
    ------
    GeometryError
        A polygon crosses itself; ``where`` names it.
    """
    found: list[BaseGeometry] = []
    for i, info in enumerate(message.info):
        for j, area in enumerate(info.area):
            found += _shapes(area, f"alert.info.{i}.area.{j}")
    areas = [one for one in found if one.area > 0]
    if not found:
        return None
    return stored(shapely.union_all(areas or found))


def codes_of(message: Message) -> list[str]:
    """Return the administrative codes that the areas name: six digits a district, nine a town."""
    values = {
        code.value.strip() for info in message.info for area in info.area for code in area.geocode
    }
    # Statistics write twelve digits: nine of the town and zeros, or six and zeros.
    short = {v.removesuffix("000000") if len(v) == 12 and v.endswith("000000")
             else v.removesuffix("000") if len(v) == 12 else v for v in values}  # fmt: skip
    return sorted(v for v in short if v.isascii() and v.isdigit() and len(v) in {6, 9})


def within(shape: BaseGeometry | None, envelope: BaseGeometry) -> BaseGeometry | None:
    """Return the part of a shape that lies in the service envelope; None: nothing does."""
    if shape is None:
        return None
    here = shapely.intersection(shape, envelope)
    if here.geom_type == "GeometryCollection":  # where it touches the edge
        parts = shapely.get_parts(here)
        here = shapely.union_all(parts[shapely.area(parts) > 0])
    return None if here.is_empty else stored(here)


def _shapes(area: Area, where: str) -> Iterable[BaseGeometry]:
    for number, text in enumerate(area.polygon):
        ring = [(lon, lat) for lat, lon in map(_numbers, text.split())]
        polygon = shapely.Polygon(ring)
        if not polygon.is_valid:
            raise GeometryError(
                f"not a valid polygon: {shapely.is_valid_reason(polygon)}",
                zh=f"多边形无效：{shapely.is_valid_reason(polygon)}",
                where=f"{where}.polygon.{number}",
            )
        yield stored(polygon)
    for text in area.circle:
        place, radius_km = text.split()
        lat, lon = _numbers(place)
        yield _disc(lon, lat, 1000 * float(radius_km))


def _numbers(text: str) -> tuple[float, float]:
    lat, lon = text.split(",")
    return float(lat), float(lon)


def _disc(lon: float, lat: float, radius_m: float) -> BaseGeometry:
    centre = stored(shapely.Point(lon, lat))
    if radius_m == 0:
        return centre
    around = to_metric(centre, lon).buffer(radius_m * _PAD, quad_segs=_QUARTER)
    return to_store(around, metric_crs(lon))
