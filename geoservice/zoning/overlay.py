"""Areas laid over each other, exactly: noded at once, polygonised, told by a point inside (pure).

In metres of the district's plane, in which a licence's sides are straight: between two corners 5 km
apart a side that is straight in degrees lies 0.4 m beside it. Corners go to degrees and back one by
one, so what two neighbours share stays the same number for both and nothing opens between them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geoservice.minewater import partition

Shapes = NDArray[Any]  # of shapely shapes
Ints = NDArray[np.int64]
# Where a width is below this it is rounding, not intent: licences list centimetres.
THIN_M = 0.02
# Below this nothing is decided by an area (DOMAIN.md 2.3).
NOTHING_M2 = 1e-4


def array_of(shapes: Sequence[BaseGeometry] | Shapes) -> Shapes:
    """Return shapes as an array; none give an empty one."""
    found = np.empty(len(shapes), dtype=object)
    found[:] = list(shapes)
    return found


def pieces_of(areas: Sequence[BaseGeometry] | Shapes) -> Shapes:
    """Return the smallest areas that the boundaries of all cut out, those between them too.

    One call nodes all: noding in steps gives other last digits, and gaps with them.
    """
    if not len(areas):
        return array_of([])
    lines = shapely.union_all(shapely.boundary(array_of(areas)))
    return array_of(shapely.get_parts(shapely.polygonize([lines])))


def first_covering(points: Shapes, areas: Sequence[BaseGeometry] | Shapes) -> Ints:
    """Return for each point the place of the first area that covers it; -1 where none does."""
    found = np.full(len(points), -1, np.int64)
    which, area = covering(points, areas)
    found[which[::-1]] = area[::-1]
    return found


def covering(points: Shapes, areas: Sequence[BaseGeometry] | Shapes) -> tuple[Ints, Ints]:
    """Return pairs of a point's place and that of an area that covers it, ascending."""
    area, which = partition.covering(areas, points)
    order = np.lexsort((area, which))
    return which[order], area[order]


def inside(points: Shapes, area: BaseGeometry) -> NDArray[np.bool_]:
    """Return which points an area covers."""
    found = np.zeros(len(points), np.bool_)
    found[covering(points, [area])[0]] = True
    return found


def points_in(areas: Shapes) -> Shapes:
    """Return a point inside each area."""
    return array_of(shapely.point_on_surface(areas))


def is_thin(areas: Shapes) -> NDArray[np.bool_]:
    """Return which areas are narrower than ``THIN_M`` all along."""
    width_m = 2 * shapely.area(areas) / np.maximum(shapely.length(areas), 1e-12)
    return np.asarray(width_m < THIN_M, np.bool_)


def dissolved(pieces: Shapes) -> MultiPolygon:
    """Return pieces of one coverage joined; no pieces are empty."""
    if not len(pieces):
        return MultiPolygon()
    joined = shapely.normalize(shapely.coverage_union_all(pieces))
    return MultiPolygon(list(shapely.get_parts(joined)))
