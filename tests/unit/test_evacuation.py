"""Who goes to which shelter: a worked example, and what must hold of every answer."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from geoservice.evacuation.transport import Transport, place

Whole = NDArray[np.int64]


def problem(
    people: list[int], capacity: list[int], minutes: list[list[int]], within_min: int = 10**6
) -> Transport:
    """No way is -1."""
    shape = (len(people), len(capacity))
    time_s = np.array(minutes, np.int64).reshape(shape)
    time_s = np.where(time_s < 0, -1, time_s * 60)
    in_time = (time_s >= 0) & (time_s <= within_min * 60)
    return Transport(np.array(people, np.int64), np.array(capacity, np.int64), time_s, in_time)


def aims(it: Transport, flow: Whole) -> tuple[int, int, int]:
    """People in time, people placed, person-seconds."""
    return (
        int((flow * it.in_time).sum()),
        int(flow.sum()),
        int((flow * np.maximum(it.time_s, 0)).sum()),
    )


def some(rng: np.random.Generator, n: int, m: int, most: int) -> Transport:
    time_s = rng.integers(-1, 8, (n, m))
    return Transport(
        rng.integers(0, most, n), rng.integers(0, most, m), time_s, (time_s >= 0) & (time_s < 4)
    )


def test_the_worked_example_splits_a_village() -> None:
    """Two villages, two shelters, 30 minutes.

    A (100 people) drives 10 min to X, 20 to Y; B (80) drives 12 to X, 40 to Y: too late. X holds
    90, Y 70. Both can be filled in time: Y by A alone, 70; of those who may go to X, the 30 left of
    A are nearer than B, of whom 60 find room. 20 of B stay. 30 x 10 + 70 x 20 + 60 x 12 = 2,420
    person-minutes.
    """
    it = problem([100, 80], [90, 70], [[10, 20], [12, 40]], within_min=30)
    flow = place(it)
    assert flow.tolist() == [[30, 70], [60, 0]]
    assert aims(it, flow) == (160, 160, 2420 * 60)


def test_in_time_comes_before_placed_and_placed_before_short_ways() -> None:
    # One place in time for either; only the other one of B's ways is open, late.
    it = problem([1, 1], [1, 1], [[1, 50], [9, -1]], within_min=10)
    assert place(it).tolist() == [[0, 1], [1, 0]]  # two placed (59 min) before one (1 min)
    late = problem([1, 1], [1, 1], [[1, -1], [-1, 50]], within_min=10)
    assert place(late).tolist() == [[1, 0], [0, 1]]  # too late is still better than nowhere


def test_nobody_nowhere_and_no_way_are_answers() -> None:
    assert place(problem([], [], [])).shape == (0, 0)
    assert place(problem([5], [], [[]])).shape == (1, 0)
    assert place(problem([5], [9], [[-1]])).tolist() == [[0]]
    assert place(problem([0], [9], [[3]])).tolist() == [[0]]
    assert place(problem([5], [0], [[3]])).tolist() == [[0]]


def test_equal_answers_keep_to_the_order_given() -> None:
    assert place(problem([1, 1], [1, 1], [[5, 5], [5, 5]])).sum() == 2
    assert place(problem([3], [9, 9], [[5, 5]])).tolist() == [[3, 0]]
    assert place(problem([2, 2], [2], [[5], [5]])).tolist() == [[2], [0]]


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="1 settlements to 2 shelters"):
        Transport(*(np.ones(k, np.int64) for k in (1, 2)), np.ones((2, 1), np.int64),
                  np.ones((2, 1), bool))  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_as_good_as_the_best_of_all_answers_counted_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    it = some(rng, *rng.integers(1, 4, 2), most=3)
    arcs = [(i, j) for i, j in np.argwhere(it.time_s >= 0).tolist()]
    ranges = [range(int(min(it.people[i], it.capacity[j])) + 1) for i, j in arcs]
    best = (0, 0, 0)
    for amounts in itertools.product(*ranges):
        flow = np.zeros(it.time_s.shape, np.int64)
        for (i, j), amount in zip(arcs, amounts, strict=True):
            flow[i, j] = amount
        if (flow.sum(1) <= it.people).all() and (flow.sum(0) <= it.capacity).all():
            in_time, placed, seconds = aims(it, flow)
            best = max(best, (in_time, placed, -seconds))
    in_time, placed, seconds = aims(it, place(it))
    assert (in_time, placed, -seconds) == best


@pytest.mark.parametrize("seed", range(60))
def test_nobody_is_lost_no_shelter_overflows_and_more_room_is_never_worse(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    n, m = (int(it) for it in rng.integers(1, 12, 2))
    it = some(rng, n, m + 1, most=500)
    flow = place(it)
    assert (flow >= 0).all()
    assert (flow[it.time_s < 0] == 0).all()
    assert (flow.sum(1) <= it.people).all()
    assert (flow.sum(0) <= it.capacity).all()
    fewer = Transport(it.people, it.capacity[:m], it.time_s[:, :m], it.in_time[:, :m])
    less, more = aims(fewer, place(fewer)), aims(it, flow)
    assert (more[0], more[1], -more[2]) >= (less[0], less[1], -less[2])


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_rows_does_not_change_how_good_it_is(seed: int) -> None:
    rng = np.random.default_rng(2000 + seed)
    it = some(rng, 8, 5, most=300)
    a, b = rng.permutation(8), rng.permutation(5)
    other = Transport(
        it.people[a], it.capacity[b], it.time_s[np.ix_(a, b)], it.in_time[np.ix_(a, b)]
    )
    assert aims(it, place(it)) == aims(other, place(other))
    assert (place(it) == place(it)).all()


def test_a_district_is_placed_in_a_moment_and_in_whole_people() -> None:
    rng = np.random.default_rng(7)
    time_s = rng.integers(60, 7200, (300, 50))
    it = Transport(rng.integers(1, 3000, 300), rng.integers(100, 9000, 50), time_s, time_s < 3600)
    flow = place(it)
    assert flow.sum() == min(it.people.sum(), it.capacity.sum())
    assert (flow.sum(0) <= it.capacity).all()
