"""Geometries written in a filter, as stored shapes (pure)."""

from typing import Any, NoReturn

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geoservice.crs import stored, to_store
from geoservice.errors import InputError
from geoservice.publish.coordinates import FARTHEST_M, PIECES, ServedCrs, box_of

_KINDS = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
          "GeometryCollection"}  # fmt: skip


def place_of(literal: dict[str, Any], crs: ServedCrs) -> BaseGeometry:
    """Return a literal of CQL2 JSON (a GeoJSON geometry, or `bbox`) as a stored shape.

    Heights are not looked at. Sides that are straight in a zone are cut before they are moved.

    Raises
    ------
    InputError
        It is not a valid geometry, or outside of what the CRS covers.
    """
    if "bbox" in literal:
        return _box(literal["bbox"], crs)
    made = _read(literal)
    if crs.is_north_first:
        made = shapely.transform(made, _turned)
    limit = (180.0, 90.0) if crs.is_degrees else (FARTHEST_M, FARTHEST_M)
    west, south, east, north = made.bounds
    if max(-west, east) > limit[0] or max(-south, north) > limit[1]:
        _refuse("outside of what the CRS covers; which axis comes first is the CRS's",
                "坐标超出该坐标系的范围；轴的先后顺序由坐标系规定")  # fmt: skip
    if crs.is_degrees:
        return stored(made)
    pieces = shapely.segmentize(made, max(east - west, north - south, 1.0) / PIECES)
    moved = to_store(pieces, pyproj.CRS.from_epsg(crs.srid))
    if not all(np.isfinite(moved.bounds)):
        _refuse("outside of what the CRS covers", "坐标超出该坐标系的范围")
    valid: BaseGeometry = moved if moved.is_valid else stored(shapely.make_valid(moved))
    return valid


def _box(numbers: object, crs: ServedCrs) -> BaseGeometry:
    if not isinstance(numbers, list) or not all(_is_number(one) for one in numbers):
        _refuse("a box has four or six numbers", "范围框须为 4 个或 6 个数")
    try:
        return box_of(",".join(str(float(one)) for one in numbers), crs)
    except InputError as error:
        raise InputError(error.message, zh=error.zh, where="filter") from error


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _read(literal: dict[str, Any]) -> BaseGeometry:
    if literal.get("type") not in _KINDS:
        _refuse("no such geometry", "没有这种图形")
    try:
        made = shapely.force_2d(shape(literal))
        is_good = not made.is_empty and made.is_valid and bool(np.isfinite(made.bounds).all())
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError,
            OverflowError, RecursionError):  # fmt: skip
        is_good = False
    if not is_good:
        _refuse("not a valid geometry: closed rings that do not cross themselves, numbers only",
                "图形无效：环须闭合且不自交，坐标须为数字")  # fmt: skip
    return made


def _turned(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    turned: NDArray[np.float64] = xy[:, ::-1]
    return turned


def _refuse(why: str, why_zh: str) -> NoReturn:
    raise InputError(f"filter: {why}", zh=f"filter：{why_zh}", where="filter")
