"""Areas worked on with lines and other areas: pure, in degrees, corners that are kept stay exact.

Cutting, splitting and joining are done in the plane of longitude and latitude, in which the map
draws straight sides too, so that a corner that two neighbours share is the same number for both
afterwards. Only a width in metres is laid out in the Gauss-Krüger zone.
"""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geoservice.crs import metric_crs, to_metric, to_store
from geoservice.errors import InputError

Area = Polygon | MultiPolygon
Line = LineString | MultiLineString
_QUARTER = 16  # segments a quarter circle


def cut(area: Area, other: Area) -> list[Polygon]:
    """Return ``area`` without ``other``: a hole, or a bite out of the edge.

    Raises
    ------
    InputError
        They do not meet, or nothing is left.
    """
    left = _areas(shapely.difference(area, other))
    if not left:
        raise InputError("nothing is left of the area", zh="裁剪后没有剩余面积", where="other")
    if shapely.area(shapely.intersection(area, other)) == 0:
        raise InputError(
            "what is cut away does not lie in the area", zh="裁剪范围不在面内", where="other"
        )
    return left


def split(area: Area, line: Line) -> list[Polygon]:
    """Return the pieces into which ``line`` divides the area, the largest first.

    Raises
    ------
    InputError
        It divides nothing: it must begin and end outside, or on the edge.
    """
    pieces = [face for face in _faces(area, line) if _is_in(area, face)]
    if len(pieces) <= len(_areas(area)):
        raise InputError(
            "the line divides nothing: it must cross the area from edge to edge",
            zh="分割线没有分开任何面：须从边界外穿过整个面",
            where="other",
        )
    return sorted(pieces, key=lambda piece: (-piece.area, piece.wkb))


def join(areas: Sequence[BaseGeometry]) -> list[Polygon]:
    """Return the areas joined where they touch along an edge, or lie over one another.

    Raises
    ------
    InputError
        None touches another.
    """
    parts = [part for area in areas for part in _areas(area)]
    joined = _areas(shapely.union_all(parts))
    if len(joined) == len(parts):
        raise InputError(
            "the areas do not touch: there is nothing to join",
            zh="各面互不相接，无法合并",
            where="geometries",
        )
    return joined


def reshape(area: Area, line: Line) -> list[Polygon]:
    """Return the area with its edge laid along ``line``, which meets the edge at least twice.

    What the line encloses outside is added; of a part that it divides, the larger piece stays.

    Raises
    ------
    InputError
        The line encloses nothing with the edge.
    """
    faces = _faces(area, line)
    inside = [face for face in faces if _is_in(area, face)]
    outside = [face for face in faces if not _is_in(area, face) and not _is_hole(area, face)]
    if not outside and len(inside) <= len(_areas(area)):
        raise InputError(
            "the line must meet the edge at least twice",
            zh="调整线须与边界至少相交两次",
            where="other",
        )
    kept = [
        max((face for face in inside if _is_in(part, face)), key=lambda face: face.area)
        for part in _areas(area)
    ]
    return _areas(shapely.union_all([*kept, *outside]))


def widen(shape: BaseGeometry, distance_m: float) -> list[Polygon]:
    """Return everything within ``distance_m`` of the shape; less than 0 narrows an area.

    Never short of the distance: a circle's corners lie outside the circle.

    Raises
    ------
    InputError
        Nothing is left of a narrowed area, or a point or line is to be narrowed.
    """
    lon = float(shapely.centroid(shape).x)
    reach = distance_m / math.cos(math.pi / (4 * _QUARTER)) if distance_m > 0 else distance_m
    wide = shapely.buffer(to_metric(shape, lon), reach, quad_segs=_QUARTER)
    if wide.is_empty:
        raise InputError(
            f"nothing is left at {distance_m:g} m", zh=f"缩小 {-distance_m:g} 米后没有剩余面积",
            where="distance_m",
        )  # fmt: skip
    return _areas(to_store(wide, metric_crs(lon)))


def _faces(area: Area, line: Line) -> list[Polygon]:
    """Node edge and line once, and return every face between them."""
    noded = shapely.union_all([area.boundary, line])
    return list(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))


def _is_in(area: Area, face: Polygon) -> bool:
    return bool(shapely.contains_properly(area, shapely.point_on_surface(face)))


def _is_hole(area: Area, face: Polygon) -> bool:
    """Tell whether a face lies in a hole that was there before."""
    filled = [Polygon(part.exterior) for part in _areas(area)]
    return any(_is_in(part, face) for part in filled)


def _areas(shape: BaseGeometry) -> list[Polygon]:
    parts = np.atleast_1d(shapely.get_parts(shape))
    return [part for part in parts if isinstance(part, Polygon) and not part.is_empty]
