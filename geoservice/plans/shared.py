"""Demands that compete for the same stock, by the order of aims, with HiGHS (pure)."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geoservice.plans.arrays import Arrays, Whole
from geoservice.plans.goals import Flow, Goal, Limits, later
from geoservice.plans.model import Best, Floats, Held, Model
from geoservice.plans.sent import (
    NOTHING,
    alone,
    better,
    by_slopes,
    carried_by,
    opened,
    without_idle,
)

Bools = NDArray[np.bool_]


class Shared:
    """A problem in which demands may want the same.

    Parameters
    ----------
    time_limit_s
        For all searches by whole numbers; what is found by then is told with its gap.
    share
        The part of it that each of them may take.
    """

    def __init__(self, arrays: Arrays, *, time_limit_s: float, share: float = 0.5) -> None:
        self.arrays, self.share = arrays, share
        self._model = Model(arrays, time_limit_s=time_limit_s)
        self._gap = 0.0
        self._few: Bools | None = None
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
        is_open = it.eta_s <= later(it, limits, goal.slack)
        upper = self._closed(is_open)
        travel, gap = self._travel(), self._gap
        if goal.is_fewest:
            upper, wider = self._fewest(upper, travel, is_open)
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
        self._is_all_met = not least.gap and least.value <= 0 and not model.upper[model.made].any()
        made = model.along(model.made, np.ones(self.arrays.make_most.size))
        if made.any():
            held.append(Held(made, self._best(made, model.upper, held).value))
        return held

    def _last_s(self, is_open: Bools, of_level: Bools) -> int:
        """Return the least last arrival of a level with which nothing more is short.

        Mostly it is that of the demand that has to wait longest by itself: so one looks from
        there on, in steps that double, and then between the last two.
        """
        model, eta_s = self._model, self.arrays.eta_s
        times = np.unique(np.append(eta_s[is_open & of_level], 0))
        nothing = np.zeros(model.columns)

        def is_enough(at: int) -> bool:
            upper = self._closed(is_open & (~of_level | (eta_s <= times[at])))
            return model.search(nothing, upper, self._held) is not None

        low = tried = int(np.searchsorted(times, self._least_s(is_open, of_level)))
        step, high = 1, times.size - 1
        while tried < high and not is_enough(tried):
            low, tried, step = tried + 1, min(tried + step, high), 2 * step
        high = tried
        while low < high:
            middle = (low + high) // 2
            if is_enough(middle):
                high = middle
            else:
                low = middle + 1
        return int(times[low])

    def _least_s(self, is_open: Bools, of_level: Bools) -> int:
        """Return a time before which some demand of a level cannot be met, whoever else wants."""
        if not self._is_all_met:
            return 0
        it, least_s = self.arrays, 0
        most = it.supply[it.arc_pool] / np.array([float(ratio) for ratio in it.ratio])
        for d in np.unique(it.arc_demand[is_open & of_level]).tolist():
            arcs = np.flatnonzero(is_open & (it.arc_demand == d))
            arcs = arcs[np.argsort(it.eta_s[arcs], kind="stable")]
            short = most[arcs].cumsum() < it.need[d]
            least_s = max(least_s, int(it.eta_s[arcs[min(short.sum(), arcs.size - 1)]]))
        return least_s

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

    def _fewest(self, upper: Floats, travel: Floats, is_open: Bools) -> tuple[Floats, float]:
        """Keep at home all but the fewest depots, of such those with the least travel."""
        model, it = self._model, self.arrays
        by_itself = alone(it, it.need, is_open) if self._is_all_met and it.is_one_for_one else None
        if by_itself is None:
            return self._fewer(upper, travel, self._guess(upper, travel), 0)
        start = self._made_by(upper, travel, by_itself.trips)
        if start is None:
            return self._fewer(upper, travel, self._guess(upper, travel), by_itself.trips.size)
        if start.value * model.scale <= by_itself.travel * (1 + 1e-9):
            return opened(model, upper, by_itself.trips), 0.0
        return self._fewer(upper, travel, start, by_itself.trips.size)

    def _guess(self, upper: Floats, travel: Floats) -> Best | None:
        """Return a good guess at few trips; what was good with less time is one, too."""
        model, held = self._model, self._held
        made = self._few
        if made is None or model.search(travel, opened(model, upper, made), held) is None:
            made = by_slopes(model, upper, held)
        if made is None:
            return None
        return self._made_by(upper, travel, without_idle(model, upper, held, made))

    def _fewer(
        self, upper: Floats, travel: Floats, start: Best | None, least: int
    ) -> tuple[Floats, float]:
        """Search whether fewer depots will do than in a first guess, and then for less travel."""
        model = self._model
        count = model.along(model.sent, np.ones(model.trips))
        guess = None if start is None else Best(start.x, float(self._trips(start).sum()), least)
        few = guess
        if guess is None or guess.gap:
            held = self._held if guess is None else [*self._held, Held(count, guess.value)]
            found = model.search(count, upper, held, share=self.share, counts_trips=True)
            few = better(guess, found and replace(found, bound=np.ceil(found.bound - 1e-6)))
        if few is None:
            return upper, 1.0
        kept = [*self._held, Held(count, few.value)]
        second = model.search(travel, upper, kept, share=self.share, counts_trips=True)
        first = self._made_by(upper, travel, self._trips(few))
        best = better(second, first)
        if best is None:
            return opened(model, upper, self._trips(few)), 1.0
        # However many depots are sent, the travel is no less than with all of them.
        least_travel = self._best(travel, upper, self._held).value
        best = replace(best, bound=max(best.bound, least_travel))
        self._few = self._trips(best)
        return opened(model, upper, self._few), max(few.gap, best.gap)

    def _made_by(self, upper: Floats, travel: Floats, trips: Whole | Bools | None) -> Best | None:
        """Return the least travel by these trips alone; nothing is known of what others can do."""
        if trips is None:
            return None
        found = self._model.search(travel, opened(self._model, upper, trips), self._held)
        return None if found is None else replace(found, bound=-np.inf)

    def _trips(self, found: Best) -> Bools:
        """Return which trips carry anything."""
        made: Bools = carried_by(self._model, found) > NOTHING
        return made

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
        gap = gap if is_right else max(gap, 1e-6)
        return Flow(meets, takes, made, gap, is_by_code=False)

    def _rounded(self, values: Floats) -> Whole:
        return np.round(values * self._model.scale).astype(np.int64)
