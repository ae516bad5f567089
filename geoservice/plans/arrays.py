"""A problem as arrays of whole numbers, in the largest part of a unit that suits all of it (pure).

Lots of one depot that can meet the same demands are one pool: which of them are drawn, the first to
expire first, is decided last.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from geoservice.dispatch.eta import STALE_LATER_S
from geoservice.plans.problem import Demand, Lot, Problem, Serving

Whole = NDArray[np.int64]
# What the ledger keeps: six decimals.
_MICRO = 10**6


@dataclass(frozen=True)
class Pool:
    """Lots of a depot that can meet the same demands, the first to expire first."""

    depot: str
    lots: tuple[Lot, ...]
    servings: tuple[Serving, ...]
    is_substitute: bool


@dataclass(frozen=True, eq=False)
class Arrays:
    """The problem, numbered.

    Parameters
    ----------
    grain
        The part of a unit that every quantity is a multiple of, in millionths.
    need, weight, incident, level
        Of each demand, shape ``(d,)``.
    supply, order
        Of each pool, shape ``(p,)``; ``order`` is what comes first of what is as near: the thing
        itself before a substitute, the first to expire, the depot's code.
    arc_pool, arc_demand, eta_s, cost_s, trip
        Of each pool that can meet a demand, shape ``(a,)``; ``trip`` numbers depot and incident,
        ``cost_s`` is the time with what a stale record counts more.
    ratio
        Units of the pool for one of the demand, a list of ``a``.
    make_maker, make_demand, make_most
        Of each maker that can make for a demand, shape ``(m,)``.
    """

    problem: Problem
    grain: int
    demands: tuple[Demand, ...]
    pools: tuple[Pool, ...]
    need: Whole
    weight: NDArray[np.float64]
    incident: Whole
    level: Whole
    supply: Whole
    order: Whole
    arc_pool: Whole
    arc_demand: Whole
    eta_s: Whole
    cost_s: Whole
    trip: Whole
    ratio: tuple[Fraction, ...]
    makers: tuple[str, ...]
    make_maker: Whole
    make_demand: Whole
    make_most: Whole

    @property
    def is_simple(self) -> bool:
        """Whether no two demands want the same, and nothing is exchanged but one for one."""
        return (
            np.unique(self.arc_pool).size == self.arc_pool.size
            and np.unique(self.make_maker).size == self.make_maker.size
            and self.is_one_for_one
        )

    @property
    def is_one_for_one(self) -> bool:
        """Whether nothing is exchanged but one for one."""
        return all(ratio == 1 for ratio in self.ratio)

    def amount(self, grains: int) -> Decimal:
        """Return a quantity in units."""
        return Decimal(int(grains) * self.grain) / _MICRO


def arrays_of(problem: Problem) -> Arrays:
    """Return the problem numbered in the order of codes, whatever order it came in."""
    demands = tuple(sorted(problem.demands, key=lambda it: it.code))
    pools = _pools(problem)
    makings = sorted(problem.makings, key=lambda it: (it.maker, it.demand))
    makers = tuple(sorted({it.maker for it in makings}))
    grain = _grain(problem)
    d_no = {it.code: i for i, it in enumerate(demands)}
    incidents = {code: i for i, code in enumerate(sorted({it.incident for it in demands}))}
    arcs = [(p, s) for p, pool in enumerate(pools) for s in pool.servings]
    trips = [(pools[p].depot, demands[d_no[s.demand]].incident) for p, s in arcs]
    trip_no = {trip: i for i, trip in enumerate(sorted(set(trips)))}
    return Arrays(
        problem=problem,
        grain=grain,
        demands=demands,
        pools=pools,
        need=_whole(_micro(it.quantity) // grain for it in demands),
        weight=np.array([it.weight for it in demands], float),
        incident=_whole(incidents[it.incident] for it in demands),
        level=_whole(it.level for it in demands),
        supply=_whole(sum(_micro(lot.available) // grain for lot in it.lots) for it in pools),
        order=_order(pools),
        arc_pool=_whole(p for p, _ in arcs),
        arc_demand=_whole(d_no[s.demand] for _, s in arcs),
        eta_s=_whole(s.eta_s for _, s in arcs),
        cost_s=_whole(s.eta_s + _later_s(pools[p]) for p, s in arcs),
        trip=_whole(trip_no[trip] for trip in trips),
        ratio=tuple(s.ratio for _, s in arcs),
        makers=makers,
        make_maker=_whole(makers.index(it.maker) for it in makings),
        make_demand=_whole(d_no[it.demand] for it in makings),
        make_most=_whole(_micro(it.most) // grain for it in makings),
    )


def fefo_key(lot: Lot) -> tuple[str, bool, str]:
    """Return by what lots of a pool are drawn: date, then what was verified lately, then code."""
    return (lot.expires_on.isoformat() if lot.expires_on else "9999-12-31", lot.is_stale, lot.code)


def _pools(problem: Problem) -> tuple[Pool, ...]:
    serves: defaultdict[str, list[Serving]] = defaultdict(list)
    for serving in problem.servings:
        serves[serving.lot].append(serving)
    pooled: defaultdict[tuple[str, object], list[Lot]] = defaultdict(list)
    for lot in problem.lots:
        if lot.available > 0 and lot.code in serves:
            found = sorted(serves[lot.code], key=lambda it: it.demand)
            signature = tuple((it.demand, it.eta_s, it.ratio, it.is_substitute) for it in found)
            pooled[lot.depot, signature].append(lot)
    made = []
    for lots in pooled.values():
        first, *rest = sorted(lots, key=fefo_key)
        served = tuple(sorted(serves[first.code], key=lambda it: it.demand))
        is_substitute = any(it.is_substitute for it in served)
        made.append(Pool(first.depot, (first, *rest), served, is_substitute))
    return tuple(sorted(made, key=lambda it: (it.depot, *fefo_key(it.lots[0]))))


def _order(pools: tuple[Pool, ...]) -> Whole:
    keys = [
        (it.is_substitute, *fefo_key(it.lots[0])[:2], it.depot, i) for i, it in enumerate(pools)
    ]
    rank = {key[-1]: number for number, key in enumerate(sorted(keys))}
    return _whole(rank[i] for i in range(len(pools)))


def _later_s(pool: Pool) -> int:
    return STALE_LATER_S if any(lot.is_stale for lot in pool.lots) else 0


def _grain(problem: Problem) -> int:
    quantities = [it.quantity for it in problem.demands]
    quantities += [it.available for it in problem.lots] + [it.most for it in problem.makings]
    return math.gcd(_MICRO, *(_micro(quantity) for quantity in quantities)) or 1


def _micro(quantity: Decimal) -> int:
    return int(quantity * _MICRO)


def _whole(values: object) -> Whole:
    return np.fromiter(values, np.int64)  # type: ignore[call-overload, no-any-return]  # any iterable of whole numbers
