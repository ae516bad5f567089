"""What is inside a shape, by layer, as the caller sees the layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.crs import stored
from geoservice.db import Connection
from geoservice.errors import GeometryError
from geoservice.publish.catalog import Label
from geoservice.publish.permit import Sight
from geoservice.publish.select.inside import inside
from geoservice.publish.statement import Filters
from geoservice.shapes.working import widen

MOST_CORNERS = 20_000
_ELLIPSOID = pyproj.Geod(ellps="GRS80")


@dataclass(frozen=True)
class Sum:
    """What a field comes to, inside."""

    field: str
    label: Label
    total: float


@dataclass(frozen=True)
class Inside:
    """What of one layer is inside.

    Parameters
    ----------
    measure
        Metres of its lines, or square metres of its areas, that are inside; None for points.
    classes
        How many of each value of the legend's field; "" where it is empty.
    rows
        The first of them by name: ``id`` and ``name``.
    """

    layer: str
    title: Label
    count: int
    measure: float | None
    sums: tuple[Sum, ...]
    classes: dict[str, int]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Found:
    """The shape that was looked in, and what it holds; layers without anything are not named."""

    geom: BaseGeometry
    area_m2: float
    layers: list[Inside]


def look_inside(
    conn: Connection,
    sights: Sequence[Sight],
    *,
    shape: BaseGeometry,
    buffer_m: float = 0.0,
    most: int = 50,
) -> Found:
    """Return what lies in a stored shape, or within ``buffer_m`` metres of it.

    Raises
    ------
    GeometryError
        It is no area and has no buffer, or it has more corners than are reckoned with.
    """
    area = _area(shape, buffer_m)
    found = [_of_layer(conn, sight, area, most) for sight in sights if sight.layer.is_drawn]
    measured = abs(_ELLIPSOID.geometry_area_perimeter(area)[0])
    return Found(area, measured, [it for it in found if it.count])


def _area(shape: BaseGeometry, buffer_m: float) -> BaseGeometry:
    if buffer_m > 0:
        shape = stored(shapely.MultiPolygon(widen(shape, buffer_m)))
    if shape.area == 0:
        raise GeometryError(
            "a point or a line has no inside: give buffer_m",
            zh="点和线没有内部：请给出 buffer_m",
            where="buffer_m",
        )
    corners = shapely.get_num_coordinates(shape)
    if corners > MOST_CORNERS:
        raise GeometryError(
            f"the shape has {corners} corners; at most {MOST_CORNERS}",
            zh=f"图形有 {corners} 个顶点，最多 {MOST_CORNERS} 个",
            where="geometry",
        )
    return shape


def _of_layer(conn: Connection, sight: Sight, area: BaseGeometry, most: int) -> Inside:
    statement = inside(sight, Filters(area=area), most)
    (row,) = conn.execute(statement.text, statement.values).fetchall()
    count, measure, totals, classes, rows = row
    summed = [field for field in sight.fields if field.is_summed]
    sums = tuple(
        Sum(field.name, Label(zh=field.zh, en=field.en), total)
        for field, total in zip(summed, totals, strict=True)
        if total is not None
    )
    return Inside(sight.layer.id, sight.layer.title, count, measure, sums, classes, rows)
