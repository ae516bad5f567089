"""Cells dissolved by their edges, against GEOS."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from geoservice.minewater.coverage import coverage_of

CORNER = np.array([3.8e7, 4e6])


def squares(side: int) -> np.ndarray:
    found = [box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)]
    return shapely.normalize(np.array(found, dtype=object))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 7), st.randoms(use_true_random=False))
def test_any_squares_dissolve_as_geos_has_them(side: int, random: object) -> None:
    cells = squares(side)
    mask = np.array([random.random() < 0.6 for _ in cells])  # type: ignore[attr-defined]
    found = coverage_of(cells).dissolved(mask)
    assert found.is_valid
    if mask.any():
        assert found.equals(shapely.coverage_union_all(cells[mask]))
        assert found.area == mask.sum()


@pytest.mark.parametrize("seed", range(8))
def test_ragged_cells_dissolve_to_the_same_coordinates_as_geos_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = [shapely.LineString(rng.uniform(0, 1000, (4, 2)) + CORNER) for _ in range(40)]
    noded = shapely.union_all([*lines, box(3.8e7, 4e6, 3.8e7 + 1000, 4e6 + 1000).boundary])
    cells = shapely.normalize(shapely.get_parts(shapely.polygonize([noded])))
    coverage = coverage_of(cells)
    assert coverage.is_planar
    assert coverage.outside_m == pytest.approx(4000.0)
    mask = rng.random(len(cells)) < 0.5
    found = coverage.dissolved(mask)
    theirs = shapely.normalize(shapely.coverage_union_all(cells[mask]))
    assert found.wkb == shapely.MultiPolygon(list(shapely.get_parts(theirs))).normalize().wkb


def test_a_hole_that_touches_its_shell_and_polygons_that_touch_are_valid() -> None:
    cells = squares(3)
    ring = np.array([True] * 9)
    ring[4] = False  # the middle
    assert [len(it.interiors) for it in coverage_of(cells).dissolved(ring).geoms] == [1]
    ring[0] = False  # it touches the middle at a corner
    found = coverage_of(cells).dissolved(ring)
    assert found.is_valid
    assert [len(it.interiors) for it in found.geoms] == [1]
    corners = np.array([True, False, False, False, True, False, False, False, True])
    assert len(coverage_of(cells).dissolved(corners).geoms) == 3


def test_cells_that_overlap_are_no_coverage() -> None:
    twice = shapely.normalize(np.array([box(0, 0, 1, 1), box(0, 0, 1, 1)], dtype=object))
    assert not coverage_of(twice).is_planar
    three = shapely.normalize(
        np.array(
            [box(0, 0, 1, 1), box(1, 0, 2, 1), Polygon([(1, 0), (1, 1), (3, 0)])], dtype=object
        )
    )
    assert not coverage_of(three).is_planar


def test_none_of_the_cells_is_an_empty_shape() -> None:
    assert coverage_of(squares(2)).dissolved(np.zeros(4, dtype=bool)).is_empty
