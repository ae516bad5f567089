"""What holds for every allocation, judged by trying everything on small ones."""

import math
import random
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from geoservice.plans.allocate import allocate
from geoservice.plans.problem import (
    Aims,
    Allocation,
    Demand,
    Lot,
    Making,
    Problem,
    Serving,
    Take,
    aims_of,
)

RATIOS = (Fraction(1), Fraction(1), Fraction(1), Fraction(2), Fraction(1, 2))
FEW = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def problems(draw: st.DrawFn, *, depots: int = 3, most: int = 3, shares: bool = True) -> Problem:
    """Up to two demands at two incidents; each lot serves some of them, in time or not."""
    demands = tuple(
        Demand(f"d{i}", f"i{draw(st.integers(0, 1))}", Decimal(draw(st.integers(0, most))),
               draw(st.sampled_from([1.0, 2.0])), draw(st.sampled_from([2, 4])))
        for i in range(draw(st.integers(1, 2)))
    )  # fmt: skip
    lots, servings = [], []
    for number in range(draw(st.integers(0, depots))):
        depot = f"D{draw(st.integers(0, depots - 1))}"
        lots.append(Lot(f"L{number}", depot, Decimal(draw(st.integers(0, most)))))
        serves = demands if shares else [draw(st.sampled_from(demands))]
        for demand in serves:
            if draw(st.booleans()):
                eta_s = 60 * _minutes(depot, demand.incident)
                ratio = draw(st.sampled_from(RATIOS)) if shares else Fraction(1)
                servings.append(Serving(f"L{number}", demand.code, eta_s, ratio, ratio != 1))
    return Problem(demands, tuple(lots), tuple(servings))


def _minutes(depot: str, incident: str) -> int:
    return 10 + 7 * int(depot[1:]) if incident == "i0" else 25 - 5 * int(depot[1:])


def everything(problem: Problem) -> list[Allocation]:
    """Every allocation there is."""
    demands = {it.code: it for it in problem.demands}
    available = {it.code: it.available for it in problem.lots}
    choices = [range(int(demands[it.demand].quantity) + 1) for it in problem.servings]
    found = []
    for meets in product(*choices):
        takes = [
            Take(it.lot, it.demand, Decimal(math.ceil(it.ratio * n)), Decimal(n))
            for it, n in zip(problem.servings, meets, strict=True)
            if n
        ]
        taken: Counter[str] = Counter()
        met: Counter[str] = Counter()
        for take in takes:
            taken[take.lot] += take.quantity  # type: ignore[assignment]  # decimals are counted too
            met[take.demand] += take.meets  # type: ignore[assignment]
        if all(taken[code] <= held for code, held in available.items()) and all(
            met[code] <= it.quantity for code, it in demands.items()
        ):
            unmet = tuple(
                (code, it.quantity - met[code])
                for code, it in demands.items()
                if it.quantity > met[code]
            )
            found.append(Allocation(tuple(takes), (), unmet))
    return found


def by_travel(aims: Aims) -> tuple[object, ...]:
    return aims.unmet, aims.made, aims.last_s, aims.unit_s


@FEW
@given(problems())
def test_nothing_is_better_than_the_plan(problem: Problem) -> None:
    found = allocate(problem)
    judged = [aims_of(problem, it) for it in everything(problem)]
    assert aims_of(problem, found["fewest_depots"]) == min(judged)
    travel = by_travel(aims_of(problem, found["least_travel"]))
    assert travel == min(by_travel(it) for it in judged)
    assert all(it.is_proven for it in found.values())


@FEW
@given(problems())
def test_ten_per_cent_later_is_no_later_than_that_and_sends_no_more_depots(
    problem: Problem,
) -> None:
    found = allocate(problem)
    plan, later = (aims_of(problem, found[name]) for name in ("fewest_depots", "fewest_depots_10"))
    assert (later.unmet, later.made) == (plan.unmet, plan.made)
    assert later.trips <= plan.trips
    assert all(one <= 1.1 * other for one, other in zip(later.last_s, plan.last_s, strict=True))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(problems(depots=7, most=9), st.booleans())
def test_no_lot_gives_more_than_it_has_and_no_demand_gets_more_than_it_wants(
    problem: Problem, releases: bool
) -> None:
    makings = (Making("M", "d0", Decimal(2)),) if releases else ()
    problem = Problem(problem.demands, problem.lots, problem.servings, makings)
    held = {it.code: it.available for it in problem.lots}
    served = {(it.lot, it.demand) for it in problem.servings}
    for found in allocate(problem).values():
        for code in held:
            assert sum(it.quantity for it in found.takes if it.lot == code) <= held[code]
        assert all((it.lot, it.demand) in served and it.quantity > 0 for it in found.takes)
        made = sum((it.quantity for it in found.made), Decimal(0))
        for it in problem.demands:
            met = sum((one.meets for one in found.takes if one.demand == it.code), Decimal(0))
            met += made if it.code == "d0" else 0
            short = dict(found.unmet).get(it.code, Decimal(0))
            # One unit that does for two may do for one.
            halves = sum(one.meets > one.quantity for one in found.takes if one.demand == it.code)
            assert it.quantity <= met + short <= it.quantity + halves


@FEW
@given(problems(depots=6, most=9), st.data())
def test_more_stock_is_never_worse(problem: Problem, data: st.DataObject) -> None:
    if not problem.lots:
        return
    before = aims_of(problem, allocate(problem, ["fewest_depots"])["fewest_depots"])
    i = data.draw(st.integers(0, len(problem.lots) - 1))
    more = Lot(problem.lots[i].code, problem.lots[i].depot, problem.lots[i].available + 4)
    lots = (*problem.lots[:i], more, *problem.lots[i + 1 :])
    richer = Problem(problem.demands, lots, problem.servings)
    assert aims_of(richer, allocate(richer, ["fewest_depots"])["fewest_depots"]) <= before


@FEW
@given(problems(depots=6, most=9), st.randoms(use_true_random=False))
def test_neither_the_order_of_what_is_given_nor_asking_again_matters(
    problem: Problem, chance: random.Random
) -> None:
    shuffled = chance.sample
    other = Problem(
        tuple(shuffled(problem.demands, len(problem.demands))),
        tuple(shuffled(problem.lots, len(problem.lots))),
        tuple(shuffled(problem.servings, len(problem.servings))),
    )
    assert allocate(other) == allocate(problem) == allocate(problem)


@FEW
@given(problems(depots=7, most=9, shares=False))
def test_demands_that_do_not_compete_are_exact_too(problem: Problem) -> None:
    wanted = sum(it.quantity for it in problem.demands)
    for found in allocate(problem).values():
        assert found.is_proven
        assert sum(it.meets for it in found.takes) + sum(n for _, n in found.unmet) == wanted
