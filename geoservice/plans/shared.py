"""Demands that compete for the same stock, by the order of aims, with HiGHS (pure)."""

import numpy as np
from numpy.typing import NDArray

from geoservice.plans.arrays import Arrays, Whole
from geoservice.plans.goals import Flow, Goal, Limits, later
from geoservice.plans.model import Best, Floats, Held, Model

Bools = NDArray[np.bool_]


class Shared:
    """A problem in which demands may want the same.

    Parameters
    ----------
    time_limit_s
        For each search; what is found by then is told with its gap.
    """

    def __init__(self, arrays: Arrays, *, time_limit_s: float) -> None:
        self.arrays = arrays
        self._model = Model(arrays, time_limit_s=time_limit_s)
        self._gap = 0.0
        self._held = self._demand_first()

    def limits(self) -> Limits:
        """Return the last arrival that the least unmet demand takes, by level, gravest first."""
        it = self.arrays
        last_s = dict.fromkeys(sorted(set(it.level.tolist())), 0)
        is_open = np.ones(it.eta_s.size, bool)
        for level in last_s:
            of_level = it.level[it.arc_demand] == level
            last_s[level] = self._last_s(is_open, of_level)
            is_open &= ~of_level | (it.eta_s <= last_s[level])
        return Limits(last_s)

    def flow(self, limits: Limits, goal: Goal) -> Flow:
        """Return how much goes by each arc."""
        model, it = self._model, self.arrays
        upper = self._closed(it.eta_s <= later(it, limits, goal.slack))
        travel, gap = self._travel(), self._gap
        if goal.is_fewest:
            upper, wider = self._fewest(upper, travel)
            gap = max(gap, wider)
        best = self._best(travel, upper, self._held)
        # Of what is equal so far: the thing itself before a substitute, the first to expire first.
        order = model.along(model.meets, it.order[it.arc_pool].astype(float))
        held = [*self._held, Held(travel, best.value)]
        last = model.search(order, upper, held) or best
        gap = 1.0 if model.was_cut_short else max(gap, best.gap)
        return self._whole(last, gap)

    def _demand_first(self) -> list[Held]:
        """Hold the least unmet demand, and of such what has to be made least."""
        model = self._model
        short = model.along(model.short, self.arrays.weight)
        least = self._best(short, model.upper, [])
        held, self._gap = [Held(short, least.value)], least.gap
        made = model.along(model.made, np.ones(self.arrays.make_most.size))
        if made.any():
            held.append(Held(made, self._best(made, model.upper, held).value))
        return held

    def _last_s(self, is_open: Bools, of_level: Bools) -> int:
        """Return the least last arrival of a level with which nothing more is short."""
        model, eta_s = self._model, self.arrays.eta_s
        times = np.unique(np.append(eta_s[is_open & of_level], 0))
        nothing = np.zeros(model.columns)
        low, high = 0, times.size - 1
        while low < high:
            middle = (low + high) // 2
            upper = self._closed(is_open & (~of_level | (eta_s <= times[middle])))
            if model.search(nothing, upper, self._held) is None:
                low = middle + 1
            else:
                high = middle
        return int(times[low])

    def _closed(self, is_open: Bools) -> Floats:
        upper = self._model.upper.copy()
        upper[self._model.meets] *= is_open
        return upper

    def _travel(self) -> Floats:
        """Units times seconds, of what is taken."""
        model, it = self._model, self.arrays
        travel = model.along(model.meets, it.cost_s.astype(float))
        travel[model.exchanged] = 0
        travel[model.takes] = it.cost_s[model.exchanged]
        return travel

    def _fewest(self, upper: Floats, travel: Floats) -> tuple[Floats, float]:
        """Keep at home all but the fewest depots, of such those with the least travel."""
        model = self._model
        count = model.along(model.sent, np.ones(model.sent.stop - model.sent.start))
        first = model.search(count, upper, self._held, counts_trips=True)
        if first is None:
            return upper, 1.0
        few = Held(count, float(np.round(first.x[model.sent]).sum()))
        second = model.search(travel, upper, [*self._held, few], counts_trips=True)
        sent = np.round((second or first).x[model.sent])
        few_open = upper.copy()
        few_open[model.meets] *= sent[self.arrays.trip]
        return few_open, max(first.gap, 1.0 if second is None else second.gap)

    def _best(self, aim: Floats, upper: Floats, held: list[Held]) -> Best:
        found = self._model.search(aim, upper, held)
        if found is not None:
            return found
        nothing = np.zeros(self._model.columns)  # out of time before anything was found
        nothing[self._model.short] = self._model.upper[self._model.short]
        return Best(nothing, float(aim @ nothing), 1.0)

    def _whole(self, found: Best, gap: float) -> Flow:
        """Return whole numbers; what rounding would overdraw is not taken, and tells in the gap."""
        model, it = self._model, self.arrays
        meets = self._rounded(found.x[model.meets])
        takes = meets.copy()
        for a in model.exchanged:
            takes[a] = -(-int(meets[a]) * it.ratio[a].numerator // it.ratio[a].denominator)
        made, is_right = self._rounded(found.x[model.made]), True
        for p, supply in enumerate(it.supply.tolist()):
            for a in np.flatnonzero(it.arc_pool == p)[::-1].tolist():
                if takes[it.arc_pool == p].sum() > supply:
                    meets[a] = takes[a] = 0
                    is_right = False
        return Flow(meets, takes, made, gap if is_right else max(gap, 1e-6))

    def _rounded(self, values: Floats) -> Whole:
        return np.round(values * self._model.scale).astype(np.int64)
