"""The first few by the time they are there, which is not the order in which they drive."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoservice.dispatch.eta import STALE_LATER_S
from geoservice.network.reach import Reach

# Another search goes so far beyond what is needed that equal times are found as well.
_TIE_S = 0.01
_SAME_S = 1e-6  # what adding up in another order makes of one time


@dataclass(frozen=True)
class Entrant:
    """What goes before driving, and what breaks ties.

    ``before_s`` is the time to load or turn out.
    """

    code: str
    before_s: float
    is_stale: bool

    @property
    def handicap_s(self) -> float:
        """Seconds that count on top of driving."""
        return self.before_s + STALE_LATER_S * self.is_stale


def ranked(entrants: Sequence[Entrant], drive_s: NDArray[np.float64], k: int) -> list[int]:
    """Return the first ``k`` that come, by when they are there (stale ones later), then by code.

    Parameters
    ----------
    drive_s
        Seconds of driving, shape ``(n,)``, ``inf`` for who does not come.
    """
    score = drive_s + np.array([it.handicap_s for it in entrants] or [0.0])[: drive_s.size]
    coming = np.flatnonzero(np.isfinite(score)).tolist()
    coming.sort(key=lambda i: (round(float(score[i]), 3), entrants[i].code))
    return coming[:k]


def search_first(
    entrants: Sequence[Entrant],
    k: int,
    first: Reach,
) -> tuple[Reach, Reach, list[int]]:
    """Return the ``k`` that are there first, without searching farther than that takes.

    The k that drive least give a bound; who drives longer may still be earlier when it leaves at
    once, so the search is widened up to that bound.

    Parameters
    ----------
    first
        The search for the ``k`` that drive least.

    Returns
    -------
    first, reached, order
        The search for the k soonest, which knows who cannot come; the one that knows the ways of
        those ranked; and these.
    """
    within_s = first.search.within_s
    order = ranked(entrants, first.time_s, k)
    missing = np.isinf(first.time_s)
    if len(order) < k or not missing.any():
        return first, first, order
    handicap_s = np.array([it.handicap_s for it in entrants])
    bound_s = float(first.time_s[order[-1]]) + entrants[order[-1]].handicap_s
    need_s = bound_s - float(handicap_s[missing].min())
    # Whoever is missing drives longer than the last of the k, and than all just as soon as that.
    if need_s <= float(np.partition(first.time_s, k - 1)[k - 1]) + _SAME_S:
        return first, first, order
    need_s = need_s + _TIE_S if within_s is None else min(need_s + _TIE_S, within_s)
    wider = first.again(wanted=None, within_s=need_s)
    return first, wider, ranked(entrants, wider.time_s, k)
