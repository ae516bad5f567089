"""Filling, directions and heights above drainage: worked examples, and the plain way of each."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geoservice.terrain.blocks import Blocks
from geoservice.terrain.directions import flow_cells, flow_directions, lost_in_voids
from geoservice.terrain.fill import OUT, VOID, Filled, fill_hollows, ponding_m
from geoservice.terrain.hand import (
    Rasters,
    height_above_drainage,
    height_above_drainage_in_blocks,
    stage_depth_m,
)

PLAIN = runpy.run_path(str(Path(__file__).parents[1] / "data" / "plain_flow.py"))
hills = PLAIN["hills"]
NAN = np.nan
# Few different heights, so that flats, ties and hollows abound; one in eight is a void.
RASTERS = arrays.arrays(
    np.float32,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
    elements=st.sampled_from([-2.5, 0.0, 1.0, 1.5, 2.0, 7.25, 900.2, NAN]),
)


def walled(row: list[float]) -> np.ndarray:
    """One row between walls, open at its right end."""
    wall = [999.0] * (len(row) + 1)
    return np.array([wall, [999.0, *row], wall], np.float32)


def test_a_hollow_fills_to_where_it_spills() -> None:
    # 5 3 1 3 4 with the outlet at the right: 5 4 4 4 4.
    heights = walled([5, 3, 1, 3, 4])
    filled = fill_hollows(heights)
    assert filled.heights[1, 1:].tolist() == [5, 4, 4, 4, 4]
    assert ponding_m(heights, filled)[1, 1:].tolist() == [0, 1, 3, 1, 0]
    # From the flat water leaves by the way that filling came: to the right.
    assert flow_directions(filled)[1, 1:].tolist() == [4, 4, 4, 4, OUT]


def test_a_single_row_is_all_rim() -> None:
    heights = np.array([[5, 3, 1, 3, 4]], np.float32)
    filled = fill_hollows(heights)
    np.testing.assert_array_equal(filled.heights, heights)
    assert flow_directions(filled).tolist() == [[4, 4, OUT, 3, 3]]


def test_height_above_drainage_and_the_depth_of_a_stage() -> None:
    heights = np.array([[100, 100.5, 101.2, 102.0]], np.float32)
    directions = flow_directions(fill_hollows(heights))
    above = height_above_drainage(heights, directions, np.array([[True, False, False, False]]))
    np.testing.assert_allclose(above, [[0, 0.5, 1.2, 2.0]], atol=1e-5)
    np.testing.assert_allclose(stage_depth_m(above, 1.2), [[1.2, 0.7, 0, 0]], atol=1e-5)


def test_depth_is_unknown_where_drainage_is_and_a_hollow_counts_as_level() -> None:
    above = np.array([[-3.0, 0.0, NAN, 5.0]], np.float32)
    np.testing.assert_array_equal(stage_depth_m(above, 2.0), np.array([[2, 2, NAN, 0]], np.float32))


def test_what_leaves_before_it_comes_to_drainage_is_not_a_number() -> None:
    heights = np.array([[3, 2, 1, 2, 3]], np.float32)
    drainage = np.array([[False, True, False, False, False]])
    directions = flow_directions(fill_hollows(heights))
    found = height_above_drainage(heights, directions, drainage)
    np.testing.assert_array_equal(found, np.array([[1, 0, NAN, NAN, NAN]], np.float32))


def test_a_void_is_a_drain_and_what_ends_in_it_is_told() -> None:
    heights = np.full((7, 7), 10.0, np.float32)
    heights += np.abs(np.arange(7) - 3)[:, None] + np.abs(np.arange(7) - 3)
    heights[3, 3] = NAN
    filled = fill_hollows(heights)
    np.testing.assert_array_equal(filled.heights, heights)
    directions = flow_directions(filled)
    assert directions[3, 3] == VOID
    lost = lost_in_voids(directions)
    assert not lost[3, 3]
    assert lost[2, 3]
    assert lost.sum() == 48
    # With a height there, the hollow fills to its rim instead and water runs off.
    heights[3, 3] = 10
    assert not lost_in_voids(flow_directions(fill_hollows(heights))).any()


def test_equal_slopes_go_to_the_first_in_reading_order() -> None:
    heights = np.array([[1, 5, 1], [5, 9, 5], [1, 5, 1]], np.float32)
    # Corners fall 8/sqrt(2) = 5.66, sides 4; of the four corners the north-western comes first.
    assert flow_directions(fill_hollows(heights))[1, 1] == 0


@settings(max_examples=150, deadline=None)
@given(RASTERS)
def test_small_rasters_agree_with_the_plain_way(heights: np.ndarray) -> None:
    filled = fill_hollows(heights)
    np.testing.assert_array_equal(filled.heights, PLAIN["filled"](heights).astype(np.float32))
    directions = flow_directions(filled)
    steepest = PLAIN["steepest"](filled.heights)
    slopes = steepest >= 0
    np.testing.assert_array_equal(directions[slopes], steepest[slopes])
    np.testing.assert_array_equal(directions == VOID, np.isnan(heights))
    rest = ~slopes & ~np.isnan(heights)
    np.testing.assert_array_equal(directions[rest], filled.came_from[rest])
    cells = np.zeros(heights.shape, np.uint32)
    for r, c in np.argwhere(~np.isnan(heights)):
        way = PLAIN["path"](directions, r, c)
        assert PLAIN["outlets"](heights)[way[-1]]
        for place in way:
            cells[place] += 1
    np.testing.assert_array_equal(flow_cells(directions), cells)


@settings(max_examples=100, deadline=None)
@given(RASTERS, st.integers(0, 2**32 - 1))
def test_heights_above_drainage_agree_with_following_each_path(
    heights: np.ndarray, seed: int
) -> None:
    drainage = np.random.default_rng(seed).random(heights.shape) < 0.2
    directions = flow_directions(fill_hollows(heights))
    found = height_above_drainage(heights, directions, drainage)
    np.testing.assert_array_equal(found, PLAIN["above_drainage"](heights, directions, drainage))


@pytest.mark.parametrize("size", [7, 33, 64, 100, 500])
@pytest.mark.parametrize("step", [0.0, 2.0])
def test_heights_above_drainage_in_blocks_are_the_same_bytes(size: int, step: float) -> None:
    heights = hills(150, 211, 5, voids=12, step=step)
    directions = flow_directions(fill_hollows(heights))
    drainage = flow_cells(directions) > 60
    whole = height_above_drainage(heights, directions, drainage)
    assert 0.01 < np.isnan(whole).mean() < 0.9
    assert in_blocks(heights, directions, drainage, size).tobytes() == whole.tobytes()


@settings(max_examples=150, deadline=None)
@given(RASTERS, st.integers(1, 10), st.integers(0, 2**32 - 1))
def test_small_rasters_in_blocks_are_the_same_bytes(
    heights: np.ndarray, size: int, seed: int
) -> None:
    drainage = np.random.default_rng(seed).random(heights.shape) < 0.1
    directions = flow_directions(fill_hollows(heights))
    whole = height_above_drainage(heights, directions, drainage)
    assert in_blocks(heights, directions, drainage, size).tobytes() == whole.tobytes()


def in_blocks(
    heights: np.ndarray, directions: np.ndarray, drainage: np.ndarray, size: int
) -> np.ndarray:
    found = np.zeros_like(heights)

    def write(rows: slice, cols: slice, above: np.ndarray) -> None:
        found[rows, cols] = above

    rasters = Rasters(
        lambda r, c: heights[r, c], lambda r, c: directions[r, c], lambda r, c: drainage[r, c]
    )
    height_above_drainage_in_blocks(rasters, Blocks(*heights.shape, size), write)
    return found


def test_results_repeat_to_the_byte() -> None:
    heights = hills(200, 300, 8, voids=20, step=1.0)
    first, second = fill_hollows(heights), fill_hollows(np.asfortranarray(heights))
    assert first.heights.tobytes() == second.heights.tobytes()
    assert flow_directions(first).tobytes() == flow_directions(second).tobytes()


def test_no_cells_and_voids_alone() -> None:
    for heights in (np.empty((0, 0), np.float32), np.full((3, 4), NAN, np.float32)):
        filled = fill_hollows(heights)
        directions = flow_directions(filled)
        assert (directions == VOID).all()
        assert flow_cells(directions).sum() == 0
        assert not lost_in_voids(directions).any()
        above = height_above_drainage(heights, directions, np.zeros(heights.shape, bool))
        assert np.isnan(above).all()


def test_filling_changes_nothing_that_was_given() -> None:
    heights = walled([5, 3, 1, 3, 4])
    before = heights.copy()
    filled = fill_hollows(heights)
    kept = Filled(filled.heights.copy(), filled.came_from.copy())
    flow_directions(filled)
    np.testing.assert_array_equal(heights, before)
    np.testing.assert_array_equal(filled.came_from, kept.came_from)
