"""How many people are reached within each limit, by town and by settlement (pure)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geoservice.coverage.answers import Covered, SettlementCovered, TownCovered
from geoservice.coverage.records import Living

Floats = NDArray[np.float64]


def covered(
    settlements: Sequence[Living],
    minutes: Sequence[float],
    time_s: Floats,
    with_what_if_s: Floats | None,
) -> tuple[Covered, ...]:
    """Return how many are reached within each limit.

    Parameters
    ----------
    time_s, with_what_if_s
        Seconds to each settlement, ``inf`` where nobody comes in time, shape ``(n,)``; the same
        with one more station, None without.
    """
    people = np.array([it.population or 0 for it in settlements], np.int64)
    found = []
    for limit in minutes:
        now = _inside(time_s, limit)
        then = None if with_what_if_s is None else _inside(with_what_if_s, limit)
        found.append(
            Covered(
                limit,
                int(people[now].sum()),
                int(now.sum()),
                None if then is None else int(people[then].sum()),
                None if then is None else int(then.sum()),
            )
        )
    return tuple(found)


def by_town(
    settlements: Sequence[Living],
    minutes: Sequence[float],
    time_s: Floats,
    with_what_if_s: Floats | None,
) -> tuple[TownCovered, ...]:
    """Return the same for each town, by its code; those of no town come last."""
    towns = {it.town_code: it.town for it in settlements}
    found = []
    for code in sorted(towns, key=lambda it: (it is None, it or "")):
        rows = [i for i, it in enumerate(settlements) if it.town_code == code]
        theirs = [settlements[i] for i in rows]
        then_s = None if with_what_if_s is None else with_what_if_s[rows]
        people = sum(it.population or 0 for it in theirs)
        told = covered(theirs, minutes, time_s[rows], then_s)
        found.append(TownCovered(code, towns[code], people, told))
    return tuple(found)


def one_by_one(
    settlements: Sequence[Living],
    time_s: Floats,
    first_codes: Sequence[str | None],
    with_what_if_s: Floats | None,
) -> tuple[SettlementCovered, ...]:
    """Return who is first at each settlement, and when."""
    return tuple(
        SettlementCovered(
            it.code,
            it.name,
            it.town_code,
            it.population,
            _or_none(time_s[i]),
            first_codes[i],
            None if with_what_if_s is None else _or_none(with_what_if_s[i]),
        )
        for i, it in enumerate(settlements)
    )


def _inside(time_s: Floats, minutes: float) -> NDArray[np.bool_]:
    return np.round(time_s, 3) <= minutes * 60


def _or_none(seconds: float) -> float | None:
    return float(seconds) if np.isfinite(seconds) else None
