"""What is reached as areas: times along roads burnt into a grid, its cells joined (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import shapes
from shapely import LineString, MultiPolygon
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from geoservice.crs import CGCS2000, metric_crs, reproject, stored, to_store

CELL_M = 100.0
_MOST_CELLS = 4_000_000
# Points along a road are so many to a cell: none is stepped over.
_PER_CELL = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Driven:
    """Lines in degrees (`STORE_SRID`), with the seconds at both ends; ``n`` of each."""

    lines: Sequence[LineString]
    start_s: Floats
    end_s: Floats


def areas(driven: Driven, limits_s: Sequence[float]) -> list[MultiPolygon]:
    """Return an area for each limit that holds every point of the lines reached by then.

    Valid, in ``STORE_SRID``; empty where nothing is reached. Around a road at most about a cell
    and three quarters (about 200 m, more where the area is wider than 200 km) is let in.
    """
    nothing = [stored(MultiPolygon()) for _ in limits_s]
    if not len(driven.lines):
        return nothing
    lon = float(shapely.get_coordinates(driven.lines[0])[0, 0])
    metric = metric_crs(lon)
    lines = _in_metres(driven.lines, lon)
    xy, seconds = _points(lines, driven)
    grid = _Grid.over(xy)
    first_s = grid.burn(xy, seconds)
    return [
        _stored(grid.outline(first_s <= limit_s), metric) if (first_s <= limit_s).any() else empty
        for limit_s, empty in zip(limits_s, nothing, strict=True)
    ]


def circles(points: Sequence[tuple[float, float]], radius_m: float) -> MultiPolygon:
    """Return what lies within metres of points in degrees: valid, in ``STORE_SRID``."""
    if not points:
        return stored(MultiPolygon())
    metric = metric_crs(points[0][0])
    given = reproject(shapely.MultiPoint(points), CGCS2000, metric)
    return _stored(shapely.buffer(given, radius_m), metric)


@dataclass(frozen=True)
class _Grid:
    """Cells from the upper left corner on."""

    west: float
    north: float
    cell_m: float
    rows: int
    cols: int

    @classmethod
    def over(cls, xy: Floats) -> "_Grid":
        west, south = xy.min(axis=0)
        east, north = xy.max(axis=0)
        cell_m = CELL_M
        while (east - west + 3 * cell_m) * (north - south + 3 * cell_m) > _MOST_CELLS * cell_m**2:
            cell_m *= 2
        cols, rows = (int(it // cell_m) + 3 for it in (east - west, north - south))
        return cls(float(west) - cell_m, float(north) + cell_m, cell_m, rows, cols)

    def burn(self, xy: Floats, seconds: Floats) -> Floats:
        """Return the soonest of each cell, ``inf`` where none."""
        first_s = np.full((self.rows, self.cols), np.inf)
        col = ((xy[:, 0] - self.west) // self.cell_m).astype(np.int64)
        row = ((self.north - xy[:, 1]) // self.cell_m).astype(np.int64)
        np.minimum.at(first_s, (row, col), seconds)
        return first_s

    def outline(self, inside: NDArray[np.bool_]) -> BaseGeometry:
        """Return the cells joined; widened by as much as simplifying may take away."""
        at = Affine(self.cell_m, 0, self.west, 0, -self.cell_m, self.north)
        found = shapes(inside.astype(np.uint8), mask=inside, transform=at)
        cells = shapely.union_all([shape_of(it) for it, _ in found])
        wide = shapely.buffer(cells, self.cell_m * 0.75, quad_segs=2)
        return shapely.simplify(wide, self.cell_m * 0.5)


def _points(lines: NDArray[np.object_], driven: Driven) -> tuple[Floats, Floats]:
    """Return places along the lines, their ends included, and the seconds there."""
    steps = np.ceil(shapely.length(lines) * _PER_CELL / CELL_M).astype(np.int64) + 1
    number = np.repeat(np.arange(lines.size), steps + 1)
    first = np.cumsum(steps + 1) - (steps + 1)
    part = (np.arange(number.size) - first[number]) / steps[number]
    xy = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[number], part, normalized=True)
    )
    seconds = driven.start_s[number] + part * (driven.end_s - driven.start_s)[number]
    return xy, seconds


def _in_metres(lines: Sequence[LineString], lon: float) -> NDArray[np.object_]:
    joined = reproject(shapely.MultiLineString(list(lines)), CGCS2000, metric_crs(lon))
    return np.asarray(shapely.get_parts(joined), dtype=object)


def _stored(area: BaseGeometry, metric: object) -> MultiPolygon:
    """Return an area in degrees, of polygons alone."""
    valid = shapely.make_valid(to_store(area, metric))  # type: ignore[arg-type]
    parts = [it for it in shapely.get_parts(valid) if it.geom_type in {"Polygon", "MultiPolygon"}]
    polygons = [p for it in parts for p in shapely.get_parts(it)]
    return stored(MultiPolygon(polygons))
