"""Flood extent and depth along the rivers, from the invented terrain.

Depth is the stage above the river bed less the height above the nearest river (HAND), on a
grid; the bands are polygonised and smoothed together, so that they still fit each other.
"""

from dataclasses import dataclass

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from shapely import MultiPolygon
from shapely.geometry import shape

from geoservice.demo.ground import Array, Ground
from geoservice.demo.terrain import Terrain

STAGES_M = {20: 2.6, 100: 4.3}  # above the bed, by return period in years
DEPTHS_M = (0.0, 0.5, 1.0, 2.0, 3.0)  # DOMAIN's colour bands
_CELL_M = 40.0
_SMOOTH_M = 80.0
_SPECK_CELLS = 6
_VALLEY_M = 1500.0  # nothing lies low enough beyond


@dataclass(frozen=True)
class Band:
    """One depth band: CGCS2000 degrees; the deepest has no upper edge."""

    depth_min_m: float
    depth_max_m: float | None
    geom: MultiPolygon
    area_m2: float


def depth_bands(ground: Ground, terrain: Terrain) -> dict[int, list[Band]]:
    """Return the bands of each return period inside the district's outline.

    A band without a place is left out.
    """
    corner, above_m = _above_river(ground, terrain)
    transform = Affine(_CELL_M, 0, corner[0], 0, _CELL_M, corner[1])
    return {
        years: _bands(ground, _classes(stage_m - above_m), transform)
        for years, stage_m in STAGES_M.items()
    }


def _classes(depth_m: Array) -> NDArray[np.uint8]:
    """1, 2, ... by depth, 0 where it is dry; specks of a few cells go to their neighbour."""
    found = np.where(depth_m > 0, np.searchsorted(DEPTHS_M, depth_m, side="left"), 0)
    return np.asarray(rasterio.features.sieve(found.astype(np.uint8), _SPECK_CELLS, connectivity=4))


def _bands(ground: Ground, classes: NDArray[np.uint8], transform: Affine) -> list[Band]:
    found = rasterio.features.shapes(classes, mask=classes > 0, connectivity=4, transform=transform)
    # Each outline leaves out the vertices that only its neighbours need: node them together.
    noded = shapely.union_all([shape(geometry).boundary for geometry, _ in found])
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    within = shapely.get_coordinates(shapely.point_on_surface(pieces))
    cols, rows = ((within - [transform.c, transform.f]) // _CELL_M).astype(int).T
    of = classes[rows, cols]
    smooth = shapely.coverage_simplify(pieces[of > 0], _SMOOTH_M)
    return [_band(ground, n - 1, smooth[of[of > 0] == n]) for n in sorted(set(of[of > 0].tolist()))]


def _above_river(ground: Ground, terrain: Terrain) -> tuple[tuple[float, float], Array]:
    """Return the south-west corner and heights above the river, row 0 south; far off infinite."""
    west, south, east, north = (_CELL_M * round(v / _CELL_M) for v in ground.boundary_m.bounds)
    x = np.arange(west, east, _CELL_M) + _CELL_M / 2
    y = np.arange(south, north, _CELL_M) + _CELL_M / 2
    cols, rows = np.meshgrid(x, y)
    valley = shapely.MultiLineString(list(ground.rivers_m)).buffer(_VALLEY_M)
    transform = Affine(_CELL_M, 0, west, 0, _CELL_M, south)
    near = [ground.boundary_m.intersection(valley)]
    inside = rasterio.features.geometry_mask(near, cols.shape, transform, invert=True)
    above_m = np.full(cols.shape, np.inf)
    above_m[inside] = terrain.above_river_m(cols[inside], rows[inside])
    return (west, south), above_m


def _band(ground: Ground, number: int, parts: NDArray[np.object_]) -> Band:
    deepest = number + 1 == len(DEPTHS_M)
    merged = shapely.coverage_union_all(parts)
    geom = ground.degrees(MultiPolygon(list(shapely.get_parts(merged))))
    return Band(
        depth_min_m=DEPTHS_M[number],
        depth_max_m=None if deepest else DEPTHS_M[number + 1],
        geom=geom,
        area_m2=round(ground.metres(geom).area, 1),
    )
