"""The fewest depots that hold what an incident needs, and of those the least travel (pure).

Demands here do not compete: a depot's stock of one is no use to another. So a set of depots is
enough when, demand by demand, it holds enough.
"""

from itertools import chain, combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from geoservice.plans.arrays import Whole

# Up to so many sets of depots are looked at one by one, which is exact.
MOST_SETS = 60_000
Floats = NDArray[np.float64]


def fewest_depots(holds: Whole, wanted: Whole, cost_s: Whole) -> NDArray[np.bool_] | None:
    """Return the smallest set of depots that holds what is wanted, with the least travel of such.

    Parameters
    ----------
    holds
        What each depot can give of each demand, shape ``(n, d)``, depots in the order of codes.
    wanted
        Of each demand, shape ``(d,)``; together the depots hold it.
    cost_s
        Seconds from each depot for each demand, shape ``(n, d)``.

    Returns
    -------
    sent
        Shape ``(n,)``; between equal sets the one whose codes come first. None where there are
        more sets than are worth looking at.
    """
    holds = np.minimum(holds, wanted)
    must: NDArray[np.bool_] = ((holds.sum(axis=0) - holds < wanted) & (holds > 0)).any(axis=1)
    rest = np.maximum(wanted - holds[must].sum(axis=0), 0)
    useful = np.flatnonzero(~must & (holds[:, rest > 0] > 0).any(axis=1))
    if not rest.any():
        return must
    count = _at_least(holds[useful], rest)
    while comb(useful.size, count) <= MOST_SETS:
        sets = _sets(useful.size, count)
        enough = (holds[useful][sets].sum(axis=1) >= rest).all(axis=1)
        if enough.any():
            chosen = useful[sets[enough]]
            whole = np.hstack([np.tile(np.flatnonzero(must), (len(chosen), 1)), chosen])
            sent = must.copy()
            sent[chosen[np.argmin(_travel(holds, wanted, cost_s, whole))]] = True
            return sent
        count += 1
    return None


def _at_least(holds: Whole, rest: Whole) -> int:
    """Return how many depots the demand that needs most of them needs, the largest first."""
    largest = -np.sort(-holds, axis=0)
    return int((largest.cumsum(axis=0) < rest).sum(axis=0).max()) + 1


def _sets(of: int, count: int) -> NDArray[np.intp]:
    chosen = chain.from_iterable(combinations(range(of), count))
    return np.fromiter(chosen, np.intp, comb(of, count) * count).reshape(-1, count)


def _travel(holds: Whole, wanted: Whole, cost_s: Whole, sets: NDArray[np.intp]) -> Floats:
    """Return units times seconds of each set of depots, each demand from its nearest first."""
    total = np.zeros(len(sets))
    for d in range(wanted.size):
        order = np.argsort(cost_s[sets, d], axis=1, kind="stable")
        ordered = np.take_along_axis(sets, order, axis=1)
        given = np.minimum(holds[ordered, d].cumsum(axis=1), wanted[d])
        total += (np.diff(given, axis=1, prepend=0) * cost_s[ordered, d].astype(float)).sum(axis=1)
    return total
