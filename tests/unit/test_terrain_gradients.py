"""Gradients from heights along roads, worked out by hand."""

import numpy as np
import pytest
import shapely

from geoservice.terrain.gradients import (
    between_ends_m,
    ground_gradients_pct,
    stations,
    straight_gradients_pct,
)


def lines(*shapes: list[tuple[float, float]]) -> np.ndarray:
    return np.array([shapely.LineString(one) for one in shapes], object)


def gradients(heights: list[list[float]], lengths: list[float]) -> list[float]:
    steps = np.array([len(one) - 1 for one in heights])
    found: list[float] = ground_gradients_pct(
        np.concatenate([np.asarray(one, float) for one in heights]), steps, np.array(lengths)
    ).tolist()
    return found


def test_places_are_in_equal_steps_from_end_to_end() -> None:
    # Steps of four cells of 25 m: 420 m are 4 of them, 30 m is one, a bend counts along the road.
    made = lines([(0, 0), (420, 0)], [(0, 50), (30, 50)], [(0, 0), (100, 0), (100, 100)])
    places, steps = stations(made, np.array([420.0, 30.0, 200.0]), 25.0)
    assert steps.tolist() == [4, 1, 2]
    wanted = [(0, 0), (105, 0), (210, 0), (315, 0), (420, 0), (0, 50), (30, 50),
              (0, 0), (100, 0), (100, 100)]  # fmt: skip
    np.testing.assert_allclose(places, wanted)


def test_a_fine_raster_does_not_make_steps_too_short() -> None:
    assert stations(lines([(0, 0), (100, 0)]), np.array([100.0]), 1.0)[1].tolist() == [2]


def test_up_is_positive_and_the_way_back_is_its_negative() -> None:
    assert gradients([[100, 104, 110], [110, 104, 100]], [200, 200]) == [5, -5]


def test_over_a_hill_counts_as_steep() -> None:
    # 6 m up and 4 m down over 200 m: 5 %, and it ends higher.
    assert gradients([[100, 106, 102], [100, 100, 100]], [200, 200]) == [5, 0]


def test_half_of_the_heights_are_enough_and_fewer_are_not() -> None:
    nan = np.nan
    found = gradients([[100, 105, nan], [100, nan, nan, nan], [nan, nan]], [200, 300, 50])
    assert found[0] == 5
    assert np.isnan(found[1:]).all()


def test_no_road_is_steeper_than_the_steepest() -> None:
    assert gradients([[0, 100]], [10]) == [35]
    assert straight_gradients_pct(np.array([[100.0, 0.0]]), np.array([50.0])).tolist() == [-35]


def ends(*pairs: tuple[int, int]) -> np.ndarray:
    return np.array(pairs, np.int64)


def test_a_bridge_of_two_pieces_goes_straight_from_bank_to_bank() -> None:
    # 1 -- 2 -- 3: the pier at 2 does not touch the ground. Banks at 100 and 112 m, 100 m and 200 m.
    found = between_ends_m(
        ends((1, 2), (2, 3), (3, 2), (2, 1)), np.array([100.0, 200.0, 200.0, 100.0]),
        np.array([1, 3]), np.array([100.0, 112.0]),
    )  # fmt: skip
    np.testing.assert_allclose(found, [[100, 104], [104, 112], [112, 104], [104, 100]])
    pct = straight_gradients_pct(found, np.array([100.0, 200.0, 200.0, 100.0]))
    np.testing.assert_allclose(pct, [4, 4, -4, -4])


def test_a_junction_in_a_tunnel_lies_between_its_three_ends() -> None:
    # Equal lengths: the mean of the three.
    found = between_ends_m(
        ends((1, 9), (2, 9), (9, 3)), np.full(3, 50.0), np.array([1, 2, 3]),
        np.array([100.0, 100.0, 130.0]),
    )  # fmt: skip
    assert found[0, 1] == pytest.approx(110)
    assert found[2].tolist() == [pytest.approx(110), 130]


def test_a_bridge_that_ends_in_the_air_is_level_and_one_without_ground_unknown() -> None:
    found = between_ends_m(ends((1, 2), (7, 8)), np.full(2, 50.0), np.array([1]), np.array([100.0]))
    assert found[0].tolist() == [100, 100]
    assert np.isnan(found[1]).all()
    assert between_ends_m(ends((7, 8)), np.ones(1), ends()[:0], np.empty(0)).shape == (1, 2)
    unknown = between_ends_m(ends((1, 2)), np.ones(1), np.array([1, 2]), np.array([np.nan, 5.0]))
    assert unknown[0].tolist() == [5, 5]


def test_no_roads_have_no_gradients() -> None:
    places, steps = stations(lines(), np.empty(0), 25.0)
    assert ground_gradients_pct(np.empty(0), steps, np.empty(0)).shape == (0,)
    assert places.shape == (0, 2)
    none = between_ends_m(
        np.empty((0, 2), np.int64), np.empty(0), np.empty(0, np.int64), np.empty(0)
    )
    assert none.shape == (0, 2)
