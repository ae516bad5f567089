"""Rasters from boreholes: between them exact where it must be, beyond them unknown."""

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from geoservice.errors import InputError
from geoservice.minewater.grids import Grid
from geoservice.minewater.interpolate import METHODS, Method, grid_over, interpolated

EAST, NORTH = 38_430_000.0, 4_022_000.0
GRID = Grid(Affine(10, 0, EAST, 0, -10, NORTH + 100), 10, 10)
CORNER = np.array([EAST, NORTH])
CORNERS = CORNER + np.array([[0, 0], [100, 0], [0, 100], [100, 100], [50, 50.0]])


def centres(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    at = grid.transform
    return np.meshgrid(
        at.c + (np.arange(grid.cols) + 0.5) * at.a, at.f + (np.arange(grid.rows) + 0.5) * at.e
    )


def test_a_plane_comes_back_and_its_error_is_nought() -> None:
    plane = 380.0 + 0.02 * (CORNERS[:, 0] - EAST) - 0.05 * (CORNERS[:, 1] - NORTH)
    found = interpolated(CORNERS, plane, GRID)
    x, y = centres(GRID)
    np.testing.assert_allclose(
        found.values, 380 + 0.02 * (x - EAST) - 0.05 * (y - NORTH), atol=1e-6
    )
    # Of the five only the middle one lies within the hull of the others.
    assert (found.points, found.tested) == (5, 1)
    assert found.error == pytest.approx(0.0, abs=1e-6)


def test_the_error_is_what_a_point_gives_away_when_it_is_left_out() -> None:
    values = np.array([0.0, 0.0, 0.0, 0.0, 8.0])
    for method in METHODS:
        found = interpolated(CORNERS, values, GRID, method=method)
        assert (found.error, found.worst) == pytest.approx((8.0, 8.0))
        assert found.method == method
    bare = interpolated(CORNERS[:4], values[:4], GRID)
    assert (bare.error, bare.worst, bare.tested) == (None, None, 0)


def test_nothing_is_known_beyond_the_hull() -> None:
    triangle = CORNERS[:3]
    for method in METHODS:
        found = interpolated(triangle, np.array([1.0, 2.0, 3.0]), GRID, method=method)
        x, y = centres(GRID)
        hull = shapely.convex_hull(shapely.multipoints(triangle))
        is_in = shapely.contains_xy(hull.buffer(-1e-6), x, y)
        is_out = ~shapely.contains_xy(hull.buffer(1e-6), x, y)
        assert np.isfinite(found.values[is_in]).all()
        assert np.isnan(found.values[is_out]).all()
        assert is_out.any()


def test_the_nearest_weigh_most_and_a_point_keeps_its_own_value() -> None:
    grid = Grid(Affine(100, 0, EAST, 0, -100, NORTH + 100), 1, 1)  # its one cell is at 50, 50
    values = np.array([0.0, 0.0, 0.0, 0.0, 8.0])
    assert interpolated(CORNERS, values, grid, method="idw").values[0, 0] == 8.0
    off = CORNERS.copy()
    off[4] = (EAST + 50, NORTH + 60)
    # 10 m from the one, 70.7 m from the four: 8/100 over 1/100 + 4/5000.
    found = interpolated(off, values, grid, method="idw").values[0, 0]
    assert found == pytest.approx(8 / 100 / (1 / 100 + 4 / 5000))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(-50, 50)), min_size=4,
             max_size=20, unique_by=lambda it: (round(it[0]), round(it[1]))),
    st.sampled_from(METHODS),
)  # fmt: skip
def test_no_value_is_beyond_those_of_the_points(
    told: list[tuple[float, float, float]], method: Method
) -> None:
    xy, values = CORNER + np.array([it[:2] for it in told]), np.array([it[2] for it in told])
    try:
        found = interpolated(xy, values, GRID, method=method)
    except InputError:
        return  # all on one line
    known = found.values[np.isfinite(found.values)]
    assert ((known >= values.min() - 1e-6) & (known <= values.max() + 1e-6)).all()


@pytest.mark.parametrize(
    ("xy", "values", "words"),
    [(CORNERS[:2], [1, 2], "span no area"), (CORNERS[[0, 4, 3]], [1, 2, 3], "span no area"),
     (CORNERS[[0, 1, 2, 2]], [1, 2, 3, 4], "two values"),
     (CORNERS[:3], [1, 2, np.nan], "no number")],
)  # fmt: skip
def test_what_gives_no_surface_is_refused(xy: np.ndarray, values: list[float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        interpolated(xy, np.array(values, dtype=float), GRID)


def test_a_point_given_twice_counts_once() -> None:
    found = interpolated(CORNERS[[0, 1, 2, 2]], np.array([1.0, 2, 3, 3]), GRID)
    assert found.points == 3


def test_a_grid_covers_its_area_on_whole_multiples() -> None:
    grid = grid_over(box(EAST + 3, NORTH + 7, EAST + 91, NORTH + 42), 10.0)
    assert (grid.transform.c, grid.transform.f) == (EAST, NORTH + 50)
    assert (grid.rows, grid.cols) == (5, 10)
    for cell_m in (0.0, -1.0, 1e-4):
        with pytest.raises(InputError, match="cells of"):
            grid_over(box(EAST, NORTH, EAST + 91, NORTH + 42), cell_m)
