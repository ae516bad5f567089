"""What a level of water covers: worked examples, labels of scipy, and blocks of any size."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.ndimage import label

from geoservice.terrain.bathtub import is_low, joined, joined_in_blocks, level_depth_m
from geoservice.terrain.blocks import Blocks

PLAIN = runpy.run_path(str(Path(__file__).parents[1] / "data" / "plain_flow.py"))


def seeds(*places: tuple[int, int]) -> np.ndarray:
    return np.array(places, np.int64).reshape(-1, 2)


def depths(row: list[float], seed: int, level_m: float) -> list[float]:
    heights = np.array([row], np.float32)
    wet = joined(is_low(heights, level_m), seeds((0, seed)))
    found: list[float] = level_depth_m(heights, wet, level_m)[0].tolist()
    return found


def in_blocks(low: np.ndarray, places: np.ndarray, size: int) -> np.ndarray:
    found = np.zeros_like(low)

    def write(rows: slice, cols: slice, wet: np.ndarray) -> None:
        found[rows, cols] = wet

    joined_in_blocks(lambda r, c: low[r, c], Blocks(*low.shape, size), places, write)
    return found


def by_labels(low: np.ndarray, places: np.ndarray) -> np.ndarray:
    marks, count = label(low, np.ones((3, 3), int))
    wet = np.zeros(count + 1, bool)
    wet[[marks[r, c] for r, c in places]] = True
    wet[0] = False
    return np.asarray(wet[marks])


def test_water_rises_from_the_channel_to_both_sides() -> None:
    row = [105, 103, 101, 100, 101.5, 102.5, 104]
    assert depths(row, 3, 102) == [0, 0, 1, 2, 0.5, 0, 0]


def test_a_pit_that_is_not_joined_stays_dry() -> None:
    row = [105, 100.5, 104, 100, 101.5]
    assert depths(row, 3, 102) == [0, 0, 0, 2, 0.5]
    # Without the rule it would stand 1.5 m deep.
    heights = np.array([row], np.float32)
    assert level_depth_m(heights, is_low(heights, 102), 102)[0, 1] == 1.5


def test_corners_join() -> None:
    heights = np.array([[1, 9, 9], [9, 1, 9], [9, 9, 1]], np.float32)
    assert joined(is_low(heights, 2), seeds((0, 0))).sum() == 3


def test_a_level_is_compared_as_heights_are_kept() -> None:
    heights = np.array([[900.2]], np.float32)
    assert not heights <= np.float64(900.2)
    assert is_low(heights, 900.2).all()
    assert is_low(heights, np.array([[900.2]], np.float64)).all()


def test_a_void_is_never_wet_and_holds_water_off() -> None:
    heights = np.array([[1, np.nan, 1]], np.float32)
    wet = joined(is_low(heights, 5), seeds((0, 0)))
    assert wet.tolist() == [[True, False, False]]
    found = level_depth_m(heights, wet, 5.0)
    np.testing.assert_array_equal(found, np.array([[4, np.nan, 0]], np.float32))


def test_a_level_may_fall_along_the_channel() -> None:
    heights = np.array([[100, 99, 98, 97]], np.float32)
    level = np.array([[101, 100, 97, 98]], np.float32)
    wet = joined(is_low(heights, level), seeds((0, 0)))
    assert wet.tolist() == [[True, True, False, False]]
    assert level_depth_m(heights, wet, level).tolist() == [[1, 1, 0, 0]]


def test_dry_seeds_seeds_outside_and_none_wet_nothing() -> None:
    low = np.array([[True, False, True]])
    for places in (seeds(), seeds((0, 1)), seeds((5, 0), (0, -1), (0, 3))):
        assert not joined(low, places).any()
        assert not in_blocks(low, places, 2).any()
    assert joined(np.zeros((0, 0), bool), seeds()).shape == (0, 0)


LOW = arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))


@settings(max_examples=300, deadline=None)
@given(LOW, st.data())
def test_small_rasters_agree_with_labels_whole_and_in_blocks(
    low: np.ndarray, data: st.DataObject
) -> None:
    place = st.tuples(st.integers(0, low.shape[0] - 1), st.integers(0, low.shape[1] - 1))
    places = seeds(*data.draw(st.lists(place, max_size=3)))
    wanted = by_labels(low, places)
    np.testing.assert_array_equal(joined(low, places), wanted)
    size = data.draw(st.integers(1, 13))
    np.testing.assert_array_equal(in_blocks(low, places, size), wanted)


@pytest.mark.parametrize("size", [7, 33, 64, 100, 1000])
@pytest.mark.parametrize("level_m", [-20.0, 0.0, 15.0])
def test_blocks_give_the_same_cells_whatever_their_size(size: int, level_m: float) -> None:
    heights = PLAIN["hills"](120, 150, 3, voids=15)
    low = is_low(heights, level_m)
    lowest = np.unravel_index(np.nanargmin(heights), heights.shape)
    places = seeds((int(lowest[0]), int(lowest[1])), (60, 75))
    whole = joined(low, places)
    np.testing.assert_array_equal(whole, by_labels(low, places))
    assert 0 < whole.sum() < low.size
    np.testing.assert_array_equal(in_blocks(low, places, size), whole)
