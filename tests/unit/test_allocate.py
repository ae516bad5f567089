"""The worked vectors of the domain notes, and what a plan does at the edges."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from geoservice.plans.allocate import allocate, allocate_with_search
from geoservice.plans.goals import GOALS
from geoservice.plans.problem import (
    Aims,
    Allocation,
    Demand,
    Lot,
    Making,
    Problem,
    Serving,
    aims_of,
)

# depot, how many, minutes away
THREE = (("A", 40, 12), ("B", 30, 15), ("C", 100, 25))


def problem(
    depots: Sequence[tuple[str, int, int]], wanted: int = 100, deadline_min: float = 1e9
) -> Problem:
    """One demand, one lot a depot, called as its depot."""
    lots = tuple(Lot(code, code, Decimal(held)) for code, held, _ in depots)
    on_time = [(code, minutes) for code, _, minutes in depots if minutes <= deadline_min]
    servings = tuple(Serving(code, "d", minutes * 60) for code, minutes in on_time)
    return Problem((Demand("d", "i", Decimal(wanted)),), lots, servings)


def sent(found: Allocation) -> dict[str, int]:
    return {it.lot: int(it.quantity) for it in found.takes}


def unit_minutes(it: Problem, found: Allocation) -> Decimal:
    return aims_of(it, found).unit_s / 60


def test_worked_vector_fewest_depots_and_least_travel() -> None:
    it = problem(THREE)
    found = allocate(it)
    assert sent(found["fewest_depots"]) == {"C": 100}
    assert sent(found["least_travel"]) == {"A": 40, "B": 30, "C": 30}
    assert unit_minutes(it, found["fewest_depots"]) == 2500
    assert unit_minutes(it, found["least_travel"]) == 1680
    assert all(aims_of(it, one).last_s == (25 * 60,) for one in found.values())
    assert all(one.is_proven and one.unmet == () for one in found.values())


def test_worked_vector_what_is_not_there_by_the_deadline_is_short() -> None:
    found = allocate(problem(THREE, deadline_min=20))["fewest_depots"]
    assert sent(found) == {"A": 40, "B": 30}
    assert found.unmet == (("d", Decimal(30)),)


@pytest.mark.parametrize(
    ("depots", "travel", "minutes"),
    [
        ((("A", 40, 45), ("B", 30, 15), ("C", 100, 25)), {"B": 30, "C": 70}, 2200),
        ((("A", 30, 12), ("B", 20, 15), ("C", 100, 25)), {"A": 30, "B": 20, "C": 50}, 1910),
    ],
    ids=["A's road is closed", "ten stay at A and at B"],
)
def test_worked_vector_least_travel_again(
    depots: Sequence[tuple[str, int, int]], travel: dict[str, int], minutes: int
) -> None:
    it = problem(depots)
    found = allocate(it)
    assert sent(found["fewest_depots"]) == {"C": 100}
    assert sent(found["least_travel"]) == travel
    assert unit_minutes(it, found["least_travel"]) == minutes
    assert aims_of(it, found["least_travel"]).last_s == (25 * 60,)


def test_worked_vector_first_expired_first_out() -> None:
    lots = (
        Lot("L1", "A", Decimal(40), date(2027, 1, 1)),
        Lot("L2", "A", Decimal(25), date(2026, 1, 1)),
    )
    servings = tuple(Serving(it.code, "d", 600) for it in lots)
    found = allocate(Problem((Demand("d", "i", Decimal(30)),), lots, servings))
    assert all(sent(one) == {"L2": 25, "L1": 5} for one in found.values())


def test_ten_per_cent_later_can_save_a_depot() -> None:
    depots = (("A", 60, 20), ("B", 40, 20), ("C", 100, 22), ("D", 100, 23))
    found = allocate(problem(depots))
    assert sent(found["fewest_depots"]) == {"A": 60, "B": 40}
    assert sent(found["fewest_depots_10"]) == {"C": 100}


def test_a_demand_of_zero_an_empty_depot_and_no_depot() -> None:
    assert allocate(problem(THREE, wanted=0))["fewest_depots"] == Allocation((), (), ())
    nothing = (("A", 0, 12),)
    for it in (problem(nothing), problem(())):
        found = allocate(it)
        assert all(one.takes == () for one in found.values())
        assert all(one.unmet == (("d", Decimal(100)),) for one in found.values())
    assert allocate(Problem(()))["least_travel"] == Allocation((), (), ())


def test_a_demand_of_a_million_takes_all_there_is_and_says_what_is_short() -> None:
    found = allocate(problem(THREE, wanted=1_000_000))["fewest_depots"]
    assert sent(found) == {"A": 40, "B": 30, "C": 100}
    assert found.unmet == (("d", Decimal(999_830)),)


def test_parts_of_a_unit_are_exact() -> None:
    lots = (Lot("A", "A", Decimal("0.1")), Lot("B", "B", Decimal("0.7")))
    servings = (Serving("A", "d", 60), Serving("B", "d", 120))
    found = allocate(Problem((Demand("d", "i", Decimal("0.3")),), lots, servings))
    assert found["least_travel"].takes[1].quantity == Decimal("0.2")


def test_equal_depots_are_sent_in_the_order_of_their_codes() -> None:
    depots = (("B", 50, 10), ("A", 50, 10), ("C", 50, 10))
    for one in allocate(problem(depots, wanted=60)).values():
        assert sent(one) == {"A": 50, "B": 10}


def test_stale_stock_is_taken_last_of_what_is_as_near_but_never_left_out() -> None:
    lots = (Lot("A", "A", Decimal(50), is_stale=True), Lot("B", "B", Decimal(50)))
    near = (Serving("A", "d", 600), Serving("B", "d", 600 + 59))
    for wanted, expected in ((50, {"B": 50}), (60, {"A": 10, "B": 50})):
        found = allocate(Problem((Demand("d", "i", Decimal(wanted)),), lots, near))
        assert sent(found["fewest_depots_10"]) == expected


def test_a_substitute_goes_by_its_ratio_and_in_whole_units() -> None:
    lots = (Lot("G", "A", Decimal(1)), Lot("L", "A", Decimal(10)))
    servings = (
        Serving("G", "d", 600),
        Serving("L", "d", 600, Fraction(4), is_substitute=True),
    )
    found = allocate(Problem((Demand("d", "i", Decimal(4)),), lots, servings))["fewest_depots"]
    assert [(it.lot, it.quantity, it.meets) for it in found.takes] == [("G", 1, 1), ("L", 8, 2)]
    assert found.unmet == (("d", Decimal(1)),)


def test_one_that_does_for_two_is_not_halved() -> None:
    lots = (Lot("L", "A", Decimal(9)),)
    servings = (Serving("L", "d", 600, Fraction(1, 2), is_substitute=True),)
    found = allocate(Problem((Demand("d", "i", Decimal(3)),), lots, servings))["least_travel"]
    assert [it.quantity for it in found.takes] == [2]
    assert found.unmet == ()


def test_the_thing_itself_comes_before_a_substitute_of_the_same_depot() -> None:
    lots = (Lot("S", "A", Decimal(9)), Lot("T", "A", Decimal(9)))
    servings = (Serving("S", "d", 600, is_substitute=True), Serving("T", "d", 600))
    found = allocate(Problem((Demand("d", "i", Decimal(10)),), lots, servings))
    assert all(sent(one) == {"S": 1, "T": 9} for one in found.values())


def test_what_must_be_made_first_fills_only_what_stock_does_not() -> None:
    it = problem(THREE, wanted=200, deadline_min=60)
    it = Problem(it.demands, it.lots, it.servings, (Making("M", "d", Decimal(37)),))
    found = allocate(it)["fewest_depots"]
    assert sent(found) == {"A": 40, "B": 30, "C": 100}
    assert [(one.maker, one.quantity) for one in found.made] == [("M", 30)]
    assert allocate(problem(THREE), ["least_travel"])["least_travel"].made == ()


TWO = (Demand("1/1", "1", Decimal(50), 1.0, 4), Demand("2/1", "2", Decimal(50), 4.0, 2))


def test_the_graver_incident_is_served_first_and_sooner() -> None:
    lots = (Lot("A", "A", Decimal(50)), Lot("B", "B", Decimal(20)))
    servings = (
        Serving("A", "1/1", 600), Serving("A", "2/1", 1200),
        Serving("B", "1/1", 900), Serving("B", "2/1", 300),
    )  # fmt: skip
    it = Problem(TWO, lots, servings)
    for one in allocate(it).values():
        assert one.unmet == (("1/1", Decimal(30)),)
        assert aims_of(it, one) == Aims(30.0, Decimal(0), (1200, 600), 3, Decimal(54_000))


def test_greedy_would_lose_where_incidents_share_stock() -> None:
    # The first incident's nearest depot is the only one that the second can be helped from.
    demands = (Demand("1", "1", Decimal(10)), Demand("2", "2", Decimal(10)))
    lots = (Lot("A", "A", Decimal(10)), Lot("B", "B", Decimal(10)))
    servings = (Serving("A", "1", 60), Serving("B", "1", 120), Serving("A", "2", 600))
    for one in allocate(Problem(demands, lots, servings)).values():
        assert one.unmet == ()
        assert {(it.lot, it.demand) for it in one.takes} == {("B", "1"), ("A", "2")}


def test_a_narrow_demand_leaves_to_a_wide_one_what_only_that_can_use() -> None:
    demands = (Demand("all", "1", Decimal(10)), Demand("pumps", "1", Decimal(10)))
    lots = (Lot("hose", "A", Decimal(10)), Lot("pump", "A", Decimal(10)))
    servings = (
        Serving("hose", "all", 60),
        Serving("pump", "all", 60),
        Serving("pump", "pumps", 60),
    )
    for one in allocate(Problem(demands, lots, servings)).values():
        assert {(it.lot, it.demand) for it in one.takes} == {("hose", "all"), ("pump", "pumps")}


@pytest.mark.parametrize("goal", list(GOALS))
def test_the_closed_form_and_the_search_agree(goal: str) -> None:
    for wanted in (10, 65, 100, 170, 400):
        it = problem((*THREE, ("D", 70, 26), ("E", 70, 27)), wanted=wanted)
        judge = allocate_with_search(it, goal, time_limit_s=5)
        assert aims_of(it, allocate(it)[goal]) == aims_of(it, judge)


def test_what_is_not_proven_in_the_time_says_so() -> None:
    demands = tuple(Demand(f"{i}", f"{i}", Decimal(40)) for i in range(8))
    lots = tuple(Lot(f"L{j:02}", f"D{j:02}", Decimal(5 + j % 7)) for j in range(40))
    servings = tuple(
        Serving(lot.code, it.code, 60 * (1 + (7 * i + 3 * j) % 50))
        for i, it in enumerate(demands)
        for j, lot in enumerate(lots)
    )
    it = Problem(demands, lots, servings)
    hurried = allocate(it, ["fewest_depots"], time_limit_s=1e-4)["fewest_depots"]
    assert not hurried.is_proven
    assert 0 < hurried.gap <= 1
    for lot in lots:
        assert sum(one.quantity for one in hurried.takes if one.lot == lot.code) <= lot.available


def _stocked(*, held: int, wanted: int) -> Problem:
    """Four incidents that want two things of twenty depots, which hold so much of each."""
    demands = tuple(
        Demand(f"{i}{k}", f"{i}", Decimal(wanted + 7 * i), 1.0, 1 + i % 2)
        for i in range(4) for k in "xy"
    )  # fmt: skip
    lots = tuple(
        Lot(f"L{j:02}{k}", f"D{j:02}", Decimal(held + (5 * j + n) % 11))
        for j in range(20) for n, k in enumerate("xy")
    )  # fmt: skip
    servings = tuple(
        Serving(lot.code, it.code, 60 * (5 + (7 * int(it.incident) + 3 * j) % 40))
        for it in demands for j in range(20) for lot in lots[2 * j : 2 * j + 2]
        if lot.code[-1] == it.code[-1]
    )  # fmt: skip
    return Problem(demands, lots, servings)


def test_where_stock_is_plenty_each_incident_has_what_it_would_have_alone() -> None:
    it = _stocked(held=500, wanted=60)
    found = allocate(it, time_limit_s=5)
    for name in ("fewest_depots", "fewest_depots_10"):
        assert found[name].is_proven
        assert aims_of(it, found[name]).trips == 4


def test_it_is_said_whether_codes_decided_between_equal_plans() -> None:
    lots = tuple(Lot(f"L{j:02}", f"D{j:02}", Decimal(5)) for j in range(30))
    servings = tuple(Serving(lot.code, "d", 600) for lot in lots)
    few, many = (
        allocate(Problem((Demand("d", "i", Decimal(wanted)),), lots, servings))
        for wanted in (10, 70)
    )
    assert few["fewest_depots"].is_by_code
    assert [it.lot for it in few["fewest_depots"].takes] == ["L00", "L01"]
    assert not many["fewest_depots"].is_by_code  # 14 of 30: 145 million sets
    assert len(many["fewest_depots"].takes) == 14
    assert many["least_travel"].is_by_code


def test_the_best_so_far_is_as_good_as_it_says() -> None:
    it = _stocked(held=15, wanted=30)
    (hurried,) = allocate(it, ["fewest_depots"], time_limit_s=0.02).values()
    (patient,) = allocate(it, ["fewest_depots"], time_limit_s=5).values()
    (travel,) = allocate(it, ["least_travel"]).values()
    quick, slow, all_sent = (aims_of(it, one) for one in (hurried, patient, travel))
    assert (quick.unmet, quick.last_s) == (slow.unmet, slow.last_s)
    assert slow.trips <= quick.trips <= all_sent.trips
    assert quick.trips * (1 - hurried.gap) <= slow.trips


def test_millionths_of_a_unit_in_great_numbers_are_exact() -> None:
    lots = tuple(Lot(code, code, Decimal(10**9) + Decimal("0.000001")) for code in "ABC")
    servings = tuple(Serving(lot.code, "d", 86_400 + i) for i, lot in enumerate(lots))
    found = allocate(Problem((Demand("d", "i", Decimal(2 * 10**9)),), lots, servings))
    for one in found.values():
        assert sum(it.quantity for it in one.takes) == 2 * 10**9
        assert one.is_proven
