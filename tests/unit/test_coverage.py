"""Areas hold every road point reached; people are counted within their limits."""

import itertools

import numpy as np
import pytest
import shapely

from geoservice.coverage.people import by_town, covered
from geoservice.coverage.records import Living
from geoservice.coverage.shapes import Driven, areas, circles
from geoservice.crs import STORE_SRID, to_metric


def ways(seed: int, n: int = 60) -> Driven:
    """Roads of up to a kilometre, anywhere in 20 km."""
    rng = np.random.default_rng(seed)
    starts = rng.uniform((113.0, 36.2), (113.2, 36.4), (n, 2))
    ends = starts + rng.uniform(-0.01, 0.01, (n, 2))
    start_s = rng.uniform(0, 1500, n)
    lines = [shapely.LineString(pair) for pair in zip(starts, ends, strict=True)]
    return Driven(lines, start_s, start_s + rng.uniform(10, 200, n))


@pytest.mark.parametrize("seed", range(8))
def test_no_point_reached_is_left_out_and_limits_are_nested(seed: int) -> None:
    driven = ways(seed)
    limits_s = [300.0, 900.0, 1800.0]
    found = areas(driven, limits_s)
    for limit_s, area in zip(limits_s, found, strict=True):
        assert area.is_valid
        assert shapely.get_srid(area) == STORE_SRID
        share = np.clip((limit_s - driven.start_s) / (driven.end_s - driven.start_s), -1, 1)
        for line, part in zip(driven.lines, share.tolist(), strict=True):
            if part > 0:
                reached = shapely.line_interpolate_point(line, [0, part / 2, part], normalized=True)
                assert shapely.covers(area, reached).all()
    for inner, outer in itertools.pairwise(found):
        assert inner.difference(outer.buffer(2e-3)).is_empty


def test_an_area_is_not_much_wider_than_its_roads() -> None:
    line = shapely.LineString([(113.0, 36.3), (113.05, 36.3)])
    (area,) = areas(Driven([line], np.array([0.0]), np.array([60.0])), [60.0])
    far = to_metric(area, 113.0).hausdorff_distance(to_metric(line, 113.0))
    assert far < 250  # a cell to its corner, and three quarters of one
    (half,) = areas(Driven([line], np.array([0.0]), np.array([60.0])), [30.0])
    assert 113.022 < half.bounds[2] < 113.0285


def test_nothing_reached_and_nothing_in_time_are_empty_areas() -> None:
    assert [it.is_empty for it in areas(Driven([], np.empty(0), np.empty(0)), [60.0, 90.0])] == [
        True, True,
    ]  # fmt: skip
    line = shapely.LineString([(113.0, 36.3), (113.05, 36.3)])
    (late,) = areas(Driven([line], np.array([100.0]), np.array([160.0])), [60.0])
    assert late.is_empty
    assert circles([], 100.0).is_empty


def test_a_circle_is_as_wide_as_said() -> None:
    area = to_metric(circles([(113.0, 36.3)], 1000.0), 113.0)
    assert area.area == pytest.approx(np.pi * 1000**2, rel=0.02)


def living(code: str, people: int | None, town: str | None) -> Living:
    return Living(1, 1, code, code, town, town, people, 113.0, 36.3, True)


def test_people_are_counted_within_each_limit_and_town() -> None:
    homes = [living("a", 100, "T1"), living("b", 50, "T2"), living("c", None, None)]
    time_s = np.array([300.0, 301.0, np.inf])
    then_s = np.array([300.0, 200.0, np.inf])
    five, ten = covered(homes, [5.0, 10.0], time_s, then_s)
    assert (five.people, five.people_with_what_if, ten.people) == (100, 150, 150)
    assert (five.settlements, five.settlements_with_what_if) == (1, 2)
    towns = by_town(homes, [5.0], time_s, None)
    assert [(it.town_code, it.people, it.covered[0].people) for it in towns] == [
        ("T1", 100, 100), ("T2", 50, 0), (None, 0, 0),
    ]  # fmt: skip
    assert covered([], [5.0], np.empty(0), None)[0].people == 0
