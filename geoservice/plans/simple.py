"""Demands that do not compete, in closed form: the nearest first is exact (pure)."""

from dataclasses import dataclass

import numpy as np

from geoservice.plans.arrays import Arrays, Whole
from geoservice.plans.goals import Flow, Goal, Limits, later
from geoservice.plans.sent import alone


@dataclass(frozen=True, eq=False)
class Simple:
    """A problem in which no two demands want the same (`Arrays.is_simple`)."""

    arrays: Arrays

    def limits(self) -> Limits:
        """Return what can be met from stock, and the last arrival that this takes, by level."""
        it = self.arrays
        last_s = dict.fromkeys(it.level.tolist(), 0)
        for d, wanted in enumerate(self._wanted().tolist()):
            arcs = np.flatnonzero(it.arc_demand == d)
            arcs = arcs[np.argsort(it.eta_s[arcs], kind="stable")]
            short = it.supply[it.arc_pool[arcs]].cumsum() < wanted
            if wanted:
                level = int(it.level[d])
                last_s[level] = max(last_s[level], int(it.eta_s[arcs[short.sum()]]))
        return Limits(last_s)

    def flow(self, limits: Limits, goal: Goal) -> Flow | None:
        """Return how much goes by each arc; None where the fewest depots are too many to count."""
        it = self.arrays
        is_open = it.eta_s <= later(it, limits, goal.slack)
        if goal.is_fewest:
            sent = alone(it, self._wanted(), is_open)
            if sent is None:
                return None
            is_open &= np.isin(it.trip, sent.trips)
        meets = np.zeros(it.arc_pool.size, np.int64)
        for d, wanted in enumerate(self._wanted().tolist()):
            arcs = np.flatnonzero(is_open & (it.arc_demand == d))
            arcs = arcs[np.lexsort((it.order[it.arc_pool[arcs]], it.cost_s[arcs]))]
            given = np.minimum(it.supply[it.arc_pool[arcs]].cumsum(), wanted)
            meets[arcs] = np.diff(given, prepend=0)
        return Flow(meets, meets, self._made(meets), 0.0)

    def _wanted(self) -> Whole:
        """Return what stock can meet of each demand."""
        it = self.arrays
        held = np.zeros_like(it.need)
        np.add.at(held, it.arc_demand, it.supply[it.arc_pool])
        return np.minimum(held, it.need)

    def _made(self, meets: Whole) -> Whole:
        """Return what makers make of what stock does not meet, in the order of their codes."""
        it = self.arrays
        short = it.need.copy()
        np.subtract.at(short, it.arc_demand, meets)
        made = np.zeros_like(it.make_most)
        for m, d in enumerate(it.make_demand.tolist()):
            made[m] = min(int(it.make_most[m]), int(short[d]))
            short[d] -= made[m]
        return made
