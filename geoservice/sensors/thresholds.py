"""How far a sensor's thresholds are met, reading by reading (pure).

A limit is on once its value was met without a break for ``hold_s``, and off again once the readings
were back by ``clear_margin`` for ``clear_hold_s``: a value that trembles about a limit is one
warning, not a hundred. Limits of one comparison make one rule; its level is that of the worst limit
that is on, so that of several windows of rain any one triggers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

LEVELS = ("blue", "yellow", "orange", "red")
RULES = ("above", "below")
_EXACT = 1e-9  # what adding up tenths of millimetres loses


@dataclass(frozen=True)
class Limit:
    """A threshold; ``window_min`` None judges each reading, else the sum of the last minutes."""

    id: int
    level: str
    comparison: str
    value: float
    window_min: int | None = None
    hold_s: int = 0
    clear_margin: float = 0.0
    clear_hold_s: int = 600


@dataclass(frozen=True)
class Mark:
    """One reading that may be judged."""

    at: datetime
    value: float


@dataclass(frozen=True)
class Standing:
    """Whether a limit is on, since when, and since when readings speak for the contrary."""

    is_on: bool = False
    since: datetime | None = None
    turning_at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """A rule's level after a reading (None: normal), the limit that decides it, and the amount.

    ``is_silence``: no reading at all, for so long that the sums of a warning cannot be told; ``at``
    is the last one.
    """

    rule: str
    at: datetime
    level: str | None
    limit: Limit | None
    amount: float
    is_silence: bool = False


Standings = dict[int, Standing]


def rank(level: str | None) -> int:
    """Return how bad a level is: 0 normal to 4 red."""
    return 0 if level is None else LEVELS.index(level) + 1


def level_of(limits: Sequence[Limit], standing: Standings, rule: str) -> Limit | None:
    """Return the worst limit of a rule that is on, the first of equal ones; None: normal."""
    on = [one for one in limits if one.comparison == rule and standing[one.id].is_on]
    return max(on, key=lambda one: rank(one.level), default=None)


def rewound(standing: Standings, to: datetime) -> Standings:
    """Return how limits stood at an earlier instant, as far as their standing tells."""
    return {
        key: Standing(is_on=True, since=one.since)
        if one.is_on and one.since is not None and one.since <= to
        else Standing()
        for key, one in standing.items()
    }


def follow(
    limits: Sequence[Limit], marks: Sequence[Mark], standing: Standings, first: int = 0
) -> Iterator[tuple[Mark, Standings, dict[str, Step]]]:
    """Yield each mark from the ``first`` on, how the limits stand after it, and each rule's level.

    Parameters
    ----------
    limits
        Each with an entry in ``standing``, which says how they stand before ``marks[first]``.
    marks
        In the order of their instants; those before ``first`` are only summed.
    """
    windows = {one.window_min for one in limits if one.window_min is not None}
    sums = {window: _sums(marks, timedelta(minutes=window)) for window in windows}
    now = dict(standing)
    for index in range(first, len(marks)):
        mark = marks[index]
        amounts = {one.id: _amount(one, mark, sums, index) for one in limits}
        now = {one.id: _turned(one, now[one.id], amounts[one.id], mark.at) for one in limits}
        yield mark, now, {rule: _step(rule, mark, limits, now, amounts) for rule in RULES}


def _step(
    rule: str, mark: Mark, limits: Sequence[Limit], now: Standings, amounts: Mapping[int, float]
) -> Step:
    worst = level_of(limits, now, rule)
    if worst is None:
        return Step(rule, mark.at, None, None, mark.value)
    return Step(rule, mark.at, worst.level, worst, amounts[worst.id])


def _amount(limit: Limit, mark: Mark, sums: Mapping[int, Sequence[float]], index: int) -> float:
    return mark.value if limit.window_min is None else sums[limit.window_min][index]


def _sums(marks: Sequence[Mark], window: timedelta) -> list[float]:
    """Sum what fell within the window up to each mark: a reading tells of the time before it."""
    at_s = np.array([mark.at.timestamp() for mark in marks])
    total = np.concatenate([[0.0], np.cumsum([mark.value for mark in marks])])
    starts = np.searchsorted(at_s, at_s - window.total_seconds(), side="right")
    found: list[float] = (total[1:] - total[starts]).tolist()
    return found


def _turned(limit: Limit, standing: Standing, amount: float, at: datetime) -> Standing:
    """Return how a limit stands after a reading."""
    turns = _is_back(limit, amount) if standing.is_on else _is_met(limit, amount)
    if not turns:
        return Standing(standing.is_on, standing.since)
    since = standing.turning_at or at
    wait = limit.clear_hold_s if standing.is_on else limit.hold_s
    if at - since >= timedelta(seconds=wait):
        return Standing(not standing.is_on, since)
    return Standing(standing.is_on, standing.since, since)


def _is_met(limit: Limit, amount: float) -> bool:
    if limit.comparison == "above":
        return amount >= limit.value - _EXACT
    return amount <= limit.value + _EXACT


def _is_back(limit: Limit, amount: float) -> bool:
    if limit.comparison == "above":
        return amount < limit.value - limit.clear_margin - _EXACT
    return amount > limit.value + limit.clear_margin + _EXACT
