"""What alternatives aim at, and how an allocation is told before it is one (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoservice.plans.arrays import Arrays, Whole


@dataclass(frozen=True)
class Goal:
    """What comes after the demand met and the last arrival.

    Parameters
    ----------
    is_fewest
        The fewest depots, of such the least travel; otherwise the least travel at once.
    slack
        By what part the last arrival may be later.
    """

    is_fewest: bool
    slack: float = 0.0


# By the names that a request and an answer use; the first is the plan by the order of aims.
GOALS: Mapping[str, Goal] = {
    "fewest_depots": Goal(is_fewest=True),
    "least_travel": Goal(is_fewest=False),
    "fewest_depots_10": Goal(is_fewest=True, slack=0.1),
}


@dataclass(frozen=True)
class Limits:
    """The last arrival, whole seconds, of incidents of each level; 0 where nothing is sent."""

    last_s: Mapping[int, int]


@dataclass(frozen=True, eq=False)
class Flow:
    """What goes by each arc, in what it meets and in what it takes, and what each maker makes.

    ``is_by_code``: of flows as good in every aim this is the one that codes put first.
    """

    meets: Whole
    takes: Whole
    made: Whole
    gap: float
    is_by_code: bool = True


def later(arrays: Arrays, limits: Limits, slack: float) -> NDArray[np.float64]:
    """Return until when each arc may arrive, seconds."""
    last_s = np.array([limits.last_s[level] for level in arrays.level.tolist()], float)
    return np.floor(last_s[arrays.arc_demand] * (1 + slack) + 1e-9)
