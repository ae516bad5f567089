"""The exact partition of a mine: noded once, polygonised, told apart by point (pure).

Chains of differences leave gaps and overlaps, and noding on a grid moves the edge of the mine; one
noding of all lines together does neither. Nothing is snapped, simplified or dropped: a sliver is a
cell like any other, and vanishes in the zone that it belongs to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, STRtree
from shapely.geometry.base import BaseGeometry

from geoservice.errors import GeometryError
from geoservice.minewater.coverage import Coverage, coverage_of
from geoservice.minewater.inputs import ZONES, Zone

Geoms = NDArray[np.object_]
Indices = NDArray[np.int64]
_NO_LINES: Geoms = np.empty(0, dtype=object)


@dataclass(frozen=True)
class Arrangement:
    """The cells of a mine, a point inside each, and how they fit each other."""

    cells: Geoms
    points: Geoms
    coverage: Coverage

    def covered_by(self, shapes: Sequence[BaseGeometry]) -> tuple[Indices, Indices]:
        """Return every pair of a shape and a cell that it covers: places of both."""
        return covering(shapes, self.points)


def covering(shapes: Sequence[BaseGeometry] | Geoms, points: Geoms) -> tuple[Indices, Indices]:
    """Return every pair of a shape and a point that it covers: places of both."""
    if not len(shapes) or not len(points):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    asked = np.array(shapes, dtype=object)
    # The tree holds the points, which are many; a large shape is prepared once for all of them.
    shapely.prepare(asked)
    pairs = STRtree(points).query(asked, predicate="intersects")
    return pairs[0].astype(np.int64), pairs[1].astype(np.int64)


def arranged(
    mine: MultiPolygon, shapes: Sequence[BaseGeometry], lines: Geoms = _NO_LINES
) -> Arrangement:
    """Return the smallest areas that the mine, the shapes and the lines cut out, by place.

    Parameters
    ----------
    lines
        Those of a raster: they may cross shapes, but meet one another at their ends alone.

    Raises
    ------
    GeometryError
        The cells do not cover the mine exactly: cannot happen with valid shapes.
    """
    noded = _noded([mine.boundary, *(it.boundary for it in shapes)], _near(mine, lines))
    cells = shapely.get_parts(shapely.polygonize(noded))
    points = shapely.point_on_surface(cells)
    is_in = shapely.contains_properly(mine, points)
    found = _in_order(shapely.normalize(cells[is_in]), points[is_in])
    check_coverage(found.coverage, found.cells, mine)
    return found


def _in_order(cells: Geoms, points: Geoms) -> Arrangement:
    """Order cells by where they are, so that the order of what was given does not show."""
    keys = np.column_stack([shapely.bounds(cells), shapely.get_coordinates(points)])
    order = np.lexsort(keys.T[::-1])
    return Arrangement(cells[order], points[order], coverage_of(cells[order]))


def _near(mine: MultiPolygon, lines: Geoms) -> Geoms:
    shapely.prepare(mine)
    near: Geoms = lines[shapely.intersects(mine, lines)]
    return near


def _noded(shapes: Sequence[BaseGeometry], lines: Geoms) -> Geoms:
    """Node shapes and lines that meet one another at their ends alone.

    All that meets goes through one call: noded in two, the last bits of coordinates differ and so
    does the hash. A line that meets no shape keeps its coordinates, noded or not.
    """
    if not len(lines):
        return np.array([shapely.union_all(shapes)], dtype=object)
    asked = np.array(shapes, dtype=object)
    shapely.prepare(asked)
    meets = np.zeros(len(lines), dtype=bool)
    meets[STRtree(lines).query(asked, predicate="intersects")[1]] = True
    noded = shapely.union_all([*shapes, *lines[meets]])
    return np.array([noded, *lines[~meets]], dtype=object)


def worst(count: int, cells: Indices, ranks: Indices) -> Indices:
    """Return the greatest rank of each of ``count`` cells; 0 for one that is not named."""
    found = np.zeros(count, dtype=np.int64)
    np.maximum.at(found, cells, ranks)
    return found


def geometry_hash(zones: Mapping[Zone, MultiPolygon]) -> str:
    """Return SHA-256 of the WKB of normalised zones; it holds for one version of GEOS."""
    digest = sha256()
    for zone in ZONES:
        if zone in zones:
            digest.update(zone.encode() + shapely.to_wkb(zones[zone], byte_order=1))
    return digest.hexdigest()


def check_coverage(coverage: Coverage, cells: Geoms, mine: MultiPolygon) -> None:
    """Go on if the cells cover the mine with no gap and no overlap.

    Linear in vertices: every edge occurs twice, or once and then is a piece of the mine's edge, so
    that the lengths agree, and the areas do. `coverage_is_valid` takes minutes on ragged cells.

    Raises
    ------
    GeometryError
        They do not.
    """
    # A corner on an oblique edge is off it by one step of floating point, 7e-9 m at eight digits.
    area, length = mine.area, mine.length
    is_whole = abs(float(shapely.area(cells).sum()) - area) <= max(1e-4, 1e-12 * area)
    is_inside = abs(coverage.outside_m - length) <= max(1e-5, 1e-11 * length)
    if coverage.is_planar and is_whole and is_inside:
        return
    raise GeometryError(
        "the zones do not cover the mine exactly: look at its shapes for what all but touches",
        zh="分区未能准确覆盖矿井：请检查几乎重合的图形",
        where="licence",
    )
