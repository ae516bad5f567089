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
from geoservice.minewater.buffers import as_areas
from geoservice.minewater.inputs import ZONES, Zone

Geoms = NDArray[np.object_]
Indices = NDArray[np.int64]
_NO_LINES: Geoms = np.empty(0, dtype=object)


@dataclass(frozen=True)
class Arrangement:
    """The cells of a mine, and a point inside each."""

    cells: Geoms
    points: Geoms

    def covered_by(self, shapes: Sequence[BaseGeometry]) -> tuple[Indices, Indices]:
        """Return every pair of a shape and a cell that it covers: places of both."""
        if not shapes:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        asked = np.array(shapes, dtype=object)
        shapely.prepare(asked)
        pairs = STRtree(self.points).query(asked, predicate="intersects")
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
    check_coverage(found.cells, mine)
    return found


def _in_order(cells: Geoms, points: Geoms) -> Arrangement:
    """Order cells by where they are, so that the order of what was given does not show."""
    keys = np.column_stack([shapely.bounds(cells), shapely.get_coordinates(points)])
    order = np.lexsort(keys.T[::-1])
    return Arrangement(cells[order], points[order])


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


def dissolved(cells: Geoms) -> MultiPolygon:
    """Return cells as one shape, with every vertex that the cells have on its edge."""
    return as_areas(shapely.normalize(shapely.coverage_union_all(cells)))


def geometry_hash(zones: Mapping[Zone, MultiPolygon]) -> str:
    """Return SHA-256 of the normalised WKB of the zones; it holds for one version of GEOS."""
    digest = sha256()
    for zone in ZONES:
        if zone in zones:
            shape = shapely.normalize(zones[zone])
            digest.update(zone.encode() + shapely.to_wkb(shape, byte_order=1, output_dimension=2))
    return digest.hexdigest()


def edge_counts(cells: Geoms) -> tuple[NDArray[np.float64], Indices]:
    """Return every undirected edge of the cells, shape ``(n, 4)``, and how often it occurs."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(cells), return_index=True)
    is_edge = ring[1:] == ring[:-1]
    starts, ends = xy[:-1][is_edge], xy[1:][is_edge]
    is_turned = (starts[:, 0] > ends[:, 0]) | (
        (starts[:, 0] == ends[:, 0]) & (starts[:, 1] > ends[:, 1])
    )
    low = np.where(is_turned[:, None], ends, starts)
    high = np.where(is_turned[:, None], starts, ends)
    edges = np.ascontiguousarray(np.hstack([low, high]))
    records = edges.view("V32").ravel()
    _, first, counts = np.unique(records, return_index=True, return_counts=True)
    return edges[first], counts


def check_coverage(cells: Geoms, mine: MultiPolygon) -> None:
    """Go on if the cells cover the mine with no gap and no overlap.

    Linear in vertices: every edge occurs twice, or once and then is a piece of the mine's edge, so
    that the lengths agree, and the areas do. `coverage_is_valid` takes minutes on ragged cells.

    Raises
    ------
    GeometryError
        They do not.
    """
    # A corner on an oblique edge is off it by one step of floating point, 7e-9 m at eight digits.
    area = mine.area
    is_whole = abs(float(shapely.area(cells).sum()) - area) <= max(1e-4, 1e-12 * area)
    if len(cells) and is_whole:
        edges, counts = edge_counts(cells)
        single = edges[counts == 1]
        length = float(np.hypot(single[:, 2] - single[:, 0], single[:, 3] - single[:, 1]).sum())
        if counts.max() <= 2 and abs(length - mine.length) <= max(1e-5, 1e-11 * mine.length):
            return
    raise GeometryError(
        "the zones do not cover the mine exactly: look at its shapes for what all but touches",
        zh="分区未能准确覆盖矿井：请检查几乎重合的图形",
        where="licence",
    )
