"""Who gives what: the plan by the order of aims, and its alternatives (pure).

The aims, in their order: the demand not met by its deadline, weighted; what has to be made first;
the last arrival, of the gravest incidents first; depots sent; units times minutes. Demands that do
not compete are allocated in closed form, others by HiGHS.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from geoservice.plans.arrays import Arrays, arrays_of
from geoservice.plans.goals import GOALS, Flow
from geoservice.plans.problem import Allocation, Made, Problem, Take
from geoservice.plans.shared import Shared
from geoservice.plans.simple import Simple

TIME_LIMIT_S = 0.3


def allocate(
    problem: Problem, goals: Sequence[str] = tuple(GOALS), *, time_limit_s: float = TIME_LIMIT_S
) -> Mapping[str, Allocation]:
    """Return an allocation for each goal.

    Parameters
    ----------
    goals
        Names of `GOALS`.
    time_limit_s
        For all searches by HiGHS together; an allocation that is not proven by then says so.

    Returns
    -------
    found
        In the order of ``goals``. No demand, or nothing to meet it with, gives one that takes
        nothing and says what is short.
    """
    arrays = arrays_of(problem)
    simple = Simple(arrays) if arrays.is_simple else None
    searches = 2 * max(1, sum(GOALS[name].is_fewest for name in goals))
    found, shared, limits = {}, None, simple.limits() if simple else None
    for name in goals:
        flow = simple.flow(limits, GOALS[name]) if simple and limits else None
        if flow is None:
            shared = shared or Shared(arrays, time_limit_s=time_limit_s, share=1 / searches)
            limits = limits or shared.limits()
            flow = shared.flow(limits, GOALS[name])
        found[name] = _told(arrays, flow)
    return found


def allocate_with_search(problem: Problem, goal: str, *, time_limit_s: float) -> Allocation:
    """Return what HiGHS finds where the closed form would do as well: one judges the other."""
    shared = Shared(arrays_of(problem), time_limit_s=time_limit_s)
    return _told(shared.arrays, shared.flow(shared.limits(), GOALS[goal]))


def _told(arrays: Arrays, flow: Flow) -> Allocation:
    short = arrays.need.copy()
    np.subtract.at(short, arrays.arc_demand, flow.meets)
    np.subtract.at(short, arrays.make_demand, flow.made)
    return Allocation(
        takes=tuple(_takes(arrays, flow)),
        made=tuple(
            Made(arrays.makers[m], arrays.demands[d].code, arrays.amount(quantity))
            for m, d, quantity in zip(
                arrays.make_maker.tolist(), arrays.make_demand.tolist(), flow.made.tolist(),
                strict=True,
            )
            if quantity
        ),
        unmet=tuple(
            (it.code, arrays.amount(grains))
            for it, grains in zip(arrays.demands, short.tolist(), strict=True)
            if grains > 0
        ),
        gap=flow.gap,
        is_by_code=flow.is_by_code,
    )  # fmt: skip


def _takes(arrays: Arrays, flow: Flow) -> list[Take]:
    """Draw from the lots of each pool, the first to expire first, demand by demand."""
    left = [[_grains(arrays, lot.available) for lot in pool.lots] for pool in arrays.pools]
    takes: list[Take] = []
    for a in np.lexsort((arrays.arc_demand, arrays.arc_pool)).tolist():
        wanted, pool = int(flow.takes[a]), arrays.pools[arrays.arc_pool[a]]
        held, demand = left[arrays.arc_pool[a]], arrays.demands[arrays.arc_demand[a]]
        for i, lot in enumerate(pool.lots):
            drawn = min(held[i], wanted)
            if drawn:
                held[i] -= drawn
                wanted -= drawn
                quantity = arrays.amount(drawn)
                takes.append(Take(lot.code, demand.code, quantity, _meets(quantity, arrays, a)))
    return sorted(takes, key=lambda it: (it.demand, it.lot))


def _meets(quantity: Decimal, arrays: Arrays, a: int) -> Decimal:
    ratio = arrays.ratio[a]
    return quantity * ratio.denominator / ratio.numerator


def _grains(arrays: Arrays, quantity: Decimal) -> int:
    return int(quantity * 10**6) // arrays.grain
