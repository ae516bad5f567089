"""Which depots are sent: what each incident would do alone, and guesses to begin a search with.

What incidents need alone is a bound: together they send no fewer depots. Where the stock is
enough for all of them to have it, it is the answer (pure).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoservice.plans.arrays import Arrays, Whole
from geoservice.plans.fewest import fewest_depots
from geoservice.plans.model import Best, Floats, Held, Model

_ROUNDS = 6
NOTHING = 1e-9  # as HiGHS reckons
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Alone:
    """The trips of the fewest depots for each incident by itself, with their least travel.

    ``travel`` is in units times seconds, NaN where it is not known to be the least.
    """

    trips: Whole
    travel: float


def alone(arrays: Arrays, wanted: Whole, is_open: Bools) -> Alone | None:
    """Return what each incident would do if nobody else wanted anything.

    Parameters
    ----------
    wanted
        Of each demand, what is to be met of it.
    is_open
        The arcs that may be used.

    Returns
    -------
    alone
        None where an incident has more sets of depots than are worth looking at.
    """
    it, sent, travel = arrays, [np.empty(0, np.int64)], 0.0
    for incident in np.unique(it.incident).tolist():
        demands = np.flatnonzero(it.incident == incident)
        arcs = np.flatnonzero(is_open & np.isin(it.arc_demand, demands))
        trips, row = np.unique(it.trip[arcs], return_inverse=True)
        column = np.searchsorted(demands, it.arc_demand[arcs])
        holds = np.zeros((trips.size, demands.size), np.int64)
        np.add.at(holds, (row, column), it.supply[it.arc_pool[arcs]])
        cost_s = np.zeros_like(holds)
        np.maximum.at(cost_s, (row, column), it.cost_s[arcs])
        if (holds.sum(axis=0) < wanted[demands]).any():
            return None
        chosen = fewest_depots(holds, wanted[demands], cost_s)
        if chosen is None:
            return None
        sent.append(trips[chosen])
        if (it.cost_s[arcs] < cost_s[row, column]).any():
            travel = np.nan  # lots of one depot count differently: the set may not be the best
        travel += _nearest_first(holds[chosen], wanted[demands], cost_s[chosen])
    return Alone(np.concatenate(sent), travel)


def _nearest_first(holds: Whole, wanted: Whole, cost_s: Whole) -> float:
    """Return the units times seconds of each demand met from its nearest."""
    total = 0.0
    for d in range(wanted.size):
        order = np.argsort(cost_s[:, d], kind="stable")
        given = np.minimum(holds[order, d].cumsum(), wanted[d])
        total += float((np.diff(given, prepend=0) * cost_s[order, d].astype(float)).sum())
    return total


def opened(model: Model, upper: Floats, trips: Whole | Bools) -> Floats:
    """Return the most of each column when only these trips are made (numbers, or flags of all)."""
    is_made = np.zeros(model.trips)
    is_made[trips] = 1
    few = upper.copy()
    few[model.meets] *= is_made[model.arrays.trip]
    return few


def by_slopes(model: Model, upper: Floats, held: list[Held]) -> Bools | None:
    """Return the trips of a guess: what little is carried is made dear, again and again.

    A depot's trip costs the same however much it carries; so each round takes the price of a
    unit to be one over what the trip carried in the round before. None where nothing will do.
    """
    part = _part(model)
    rate, best = 1 / np.maximum(upper[model.meets], NOTHING), None
    price = np.ones(model.trips)
    for _ in range(_ROUNDS):
        found = model.search(model.along(model.meets, rate), upper, held)
        if found is None:
            break
        carried = carried_by(model, found)
        used: Bools = carried > NOTHING
        best = used if best is None or used.sum() < best.sum() else best
        dearest = np.maximum(price, price.max())
        price = np.where(used, 1 / np.maximum(carried, NOTHING), dearest)
        rate = price[model.arrays.trip] * part
    return best


def without_idle(model: Model, upper: Floats, held: list[Held], made: Bools) -> Bools:
    """Return the trips that are left when one after the other is given up, if the rest will do.

    Those that carry least go first. What the rest carry then tells which are still needed.
    """
    cheap = model.along(model.meets, 1 / np.maximum(upper[model.meets], NOTHING))
    found = model.search(cheap, opened(model, upper, made), held)
    if found is None:
        return made
    carried = carried_by(model, found)
    made = carried > NOTHING
    for trip in np.argsort(carried, kind="stable").tolist():
        if not made[trip]:
            continue
        fewer = made.copy()
        fewer[trip] = False
        found = model.search(cheap, opened(model, upper, fewer), held)
        if found is not None:
            made = carried_by(model, found) > NOTHING
    return made


def carried_by(model: Model, found: Best) -> Floats:
    """Return what each trip carries, as parts of what is wanted."""
    parts = found.x[model.meets] * _part(model)
    return np.bincount(model.arrays.trip, parts, minlength=model.trips).astype(float)


def _part(model: Model) -> Floats:
    need: Floats = np.maximum(model.arrays.need[model.arrays.arc_demand], 1)
    return model.scale / need


def better(one: Best | None, other: Best | None) -> Best | None:
    """Return the one of less value, with the better bound of both."""
    if one is None or other is None:
        return one or other
    best = one if one.value <= other.value else other
    return Best(best.x, best.value, max(one.bound, other.bound))
