"""Rasters of a mine from what its boreholes found, with how far off that is (pure).

Nothing is extrapolated: outside the hull of the points a cell is not known, and what is not known
is taken for the worse. The error is what each point gives away when it is left out.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator
from scipy.spatial import Delaunay, QhullError, cKDTree
from shapely.geometry.base import BaseGeometry

from geoservice.errors import InputError
from geoservice.minewater.grids import Grid

Array = NDArray[np.float64]
Method = Literal["linear", "idw"]
METHODS: tuple[Method, ...] = get_args(Method)
LEAST_POINTS = 3
MOST_POINTS = 2000  # each is left out once
MOST_CELLS = 100_000_000
_NEIGHBOURS, _POWER = 12, 2.0
_ROWS = 256


@dataclass(frozen=True, eq=False)
class Surface:
    """Values on a grid, NaN where they are not known, and how far off they are.

    Parameters
    ----------
    error
        Root mean square of what is foretold of each point by the others, in the unit of the
        values; None where no point lies inside the hull of the others.
    worst
        The largest of these.
    tested
        How many points lie inside the hull of the others.
    """

    values: Array
    method: Method
    points: int
    error: float | None
    worst: float | None
    tested: int


def grid_over(area: BaseGeometry, cell_m: float) -> Grid:
    """Return the grid that covers an area, its lines on whole multiples of the cell.

    Raises
    ------
    InputError
        The cell is not above zero, or there would be too many.
    """
    west, south, east, north = area.bounds
    if cell_m > 0.0:
        left, top = np.floor(west / cell_m), np.ceil(north / cell_m)
        cols, rows = np.ceil(east / cell_m) - left, top - np.floor(south / cell_m)
        if rows * cols <= MOST_CELLS:
            at = Affine(cell_m, 0, float(left * cell_m), 0, -cell_m, float(top * cell_m))
            return Grid(at, int(rows), int(cols))
    raise InputError(
        f"cells of {cell_m:g} m: above zero, and no more than {MOST_CELLS:,} of them, are needed",
        zh=f"像元大小 {cell_m:g} m 不可用：须大于零，且像元不超过 {MOST_CELLS:,} 个",
        where="cell_m",
    )


def interpolated(xy: Array, values: Array, grid: Grid, *, method: Method = "linear") -> Surface:
    """Return the surface through points.

    Parameters
    ----------
    xy
        Metres, shape ``(n, 2)``; a point given twice with one value counts once.
    values
        Shape ``(n,)``.
    method
        ``linear``: over the triangles of Delaunay, never beyond the values of its corners; ``idw``:
        the twelve nearest, weighed by the inverse square of the distance.

    Raises
    ------
    InputError
        Fewer than three points, all on one line, more than can be tested, a value that is no
        number, or two values at one place.
    """
    points, known = _distinct(xy, values)
    centre = points.mean(axis=0)
    near = points - centre  # eight digits before the point would cost the triangles their precision
    hull = _triangles(near)
    found = np.empty((grid.rows, grid.cols))
    at = grid.transform
    x = at.c + (np.arange(grid.cols) + 0.5) * at.a - centre[0]
    for first in range(0, grid.rows, _ROWS):
        rows = np.arange(first, min(first + _ROWS, grid.rows))
        y = at.f + (rows + 0.5) * at.e - centre[1]
        asked = np.column_stack([np.tile(x, len(rows)), np.repeat(y, grid.cols)])
        found[rows] = _foretold(hull, known, asked, method).reshape(len(rows), grid.cols)
    off = _left_out(near, known, method)
    is_any = len(off) > 0
    error = float(np.sqrt(np.mean(off**2))) if is_any else None
    worst = float(np.abs(off).max()) if is_any else None
    return Surface(found, method, len(points), error, worst, len(off))


def _foretold(hull: Delaunay, known: Array, asked: Array, method: Method) -> Array:
    if method == "linear":
        return np.asarray(LinearNDInterpolator(hull, known)(asked), dtype=np.float64)
    found = np.full(len(asked), np.nan)
    is_in = hull.find_simplex(asked) >= 0
    if is_in.any():
        found[is_in] = _weighed(hull.points, known, asked[is_in])
    return found


def _weighed(points: Array, known: Array, asked: Array) -> Array:
    found = cKDTree(points).query(asked, k=min(_NEIGHBOURS, len(points)))
    distance, place = (np.asarray(it) for it in found)
    is_at = distance[:, 0] == 0.0
    weights = np.where(distance == 0.0, 1.0, distance) ** -_POWER
    means = (weights * known[place]).sum(axis=1) / weights.sum(axis=1)
    return np.asarray(np.where(is_at, known[place[:, 0]], means), dtype=np.float64)


def _left_out(points: Array, known: Array, method: Method) -> Array:
    """Give what each point is off from what the others foretell, where they can."""
    off = []
    for number in range(len(points)):
        others = np.arange(len(points)) != number
        try:
            hull = _triangles(points[others])
        except InputError:
            continue
        (told,) = _foretold(hull, known[others], points[[number]], method)
        if np.isfinite(told):
            off.append(told - known[number])
    return np.array(off)


def _triangles(points: Array) -> Delaunay:
    if len(points) >= LEAST_POINTS:
        try:
            return Delaunay(points)
        except QhullError:
            pass
    raise InputError(
        f"{len(points)} points, or points on one line, span no area: at least {LEAST_POINTS}",
        zh=f"{len(points)} 个点（或共线的点）不能构成面：至少需要 {LEAST_POINTS} 个不共线的点",
        where="points",
    )


def _distinct(xy: Array, values: Array) -> tuple[Array, Array]:
    if not (np.isfinite(xy).all() and np.isfinite(values).all()):
        raise InputError("a point has no number", zh="有点缺少坐标或数值", where="points")
    points, first, place = np.unique(xy, axis=0, return_index=True, return_inverse=True)
    known = values[first]
    is_other = values != known[place.ravel()]
    if is_other.any():
        x, y = xy[int(np.flatnonzero(is_other)[0])]
        raise InputError(
            f"two values are given at ({x:.2f}, {y:.2f})",
            zh=f"({x:.2f}, {y:.2f}) 处给出了两个不同的数值",
            where="points",
        )
    if len(points) > MOST_POINTS:
        raise InputError(
            f"{len(points)} points: at most {MOST_POINTS}",
            zh=f"{len(points)} 个点：最多 {MOST_POINTS} 个",
            where="points",
        )
    return points, known
