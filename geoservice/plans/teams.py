"""Which teams go: a set with the skills and types wanted, the soonest first (pure).

Teams that are there in the same minute are ranked by tier, then by who was not sent for longest,
then by code. A record that nobody verified lately counts as a minute later, in the ranking only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from geoservice.dispatch.eta import Timing
from geoservice.plans.records import TeamRow

TIERS = ("main", "pro", "part", "social", "vol")
STALE_LATER_MIN = 1
_MINUTE = 1e4  # above every rank
_NOT_FILLED = 1e10  # above every sum of minutes
_HEAVIEST = 1e4


@dataclass(frozen=True)
class TeamWant:
    """So many teams with a skill, of a type (1 the most capable) or better, for one incident."""

    code: str
    incident: int
    no: int
    skill: str
    type_no: int | None
    number: int
    deadline_s: float
    weight: float
    level: int


@dataclass(frozen=True)
class Picked:
    """A team for a want."""

    want: TeamWant
    team: TeamRow
    timing: Timing


@dataclass(frozen=True)
class Picks:
    """Who goes, and how many are short of each want."""

    picked: tuple[Picked, ...]
    short: tuple[tuple[TeamWant, int], ...]


def can(team: TeamRow, want: TeamWant) -> bool:
    """Return whether a team has the skill, in a type that will do."""
    return any(
        it["skill"] == want.skill and (want.type_no is None or it["type_no"] <= want.type_no)
        for it in team.can
    )


def is_manned(team: TeamRow, want: TeamWant) -> bool:
    """Return whether as many are on duty as the skill needs, as far as both are known."""
    needs = [it["min_headcount"] for it in team.can if it["skill"] == want.skill]
    least = max((n for n in needs if n is not None), default=0)
    return team.on_duty is None or team.on_duty >= least


def pick(
    wants: Sequence[TeamWant],
    teams: Sequence[TeamRow],
    timings: Sequence[Sequence[Timing]],
) -> Picks:
    """Return who goes.

    Parameters
    ----------
    timings
        Of each team at each incident, by the place of both in what was given.

    Returns
    -------
    picks
        As many as can be, weighted; then the last arrival of the gravest incidents; then the
        soonest. No want or no team gives none.
    """
    order = sorted(range(len(teams)), key=lambda i: teams[i].code)
    slots = [want for want in sorted(wants, key=lambda it: it.code)
             for _ in range(min(want.number, len(teams)))]  # fmt: skip
    at = [[timings[want.incident][i] for i in order] for want in slots]
    fits = _fits(slots, [teams[i] for i in order], at)
    eta_s = np.array([[it.eta_s if it.comes else np.inf for it in row] for row in at], float)
    later_min = np.array([STALE_LATER_MIN * teams[i].is_stale for i in order])
    eta_min = np.floor(eta_s.reshape(fits.shape) / 60) + later_min
    weight = np.array([want.weight for want in slots])
    fits &= eta_min <= _last_min(slots, fits, eta_min, weight)
    cost = eta_min * _MINUTE + _ranks([teams[i] for i in order])
    chosen = _assign(np.where(fits, cost, np.inf), weight)
    picked = tuple(
        sorted(
            (Picked(slots[s], teams[order[t]], at[s][t]) for s, t in chosen),
            key=lambda it: (it.want.code, it.timing.eta_s, it.team.code),
        )
    )
    counts = [(want, sum(it.want is want for it in picked)) for want in wants]
    return Picks(picked, tuple((it, it.number - n) for it, n in counts if n < it.number))


def _fits(
    slots: Sequence[TeamWant], teams: Sequence[TeamRow], at: Sequence[Sequence[Timing]]
) -> NDArray[np.bool_]:
    fits = np.zeros((len(slots), len(teams)), bool)
    for s, want in enumerate(slots):
        for t, team in enumerate(teams):
            there = at[s][t].comes and at[s][t].eta_s <= want.deadline_s
            is_free = team.status == "ready" and is_manned(team, want)
            fits[s, t] = there and is_free and can(team, want)
    return fits


def _last_min(
    slots: Sequence[TeamWant],
    fits: NDArray[np.bool_],
    eta_min: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return until which minute each slot's team may come so that no more is short, ``(s, 1)``."""
    level = np.array([want.level for want in slots])
    last_min = np.full((len(slots), 1), np.inf)
    most = _filled(fits, weight)
    for grave in np.unique(level).tolist():
        times = np.unique(np.append(eta_min[fits & (level == grave)[:, None]], 0))
        low, high = 0, times.size - 1
        while low < high:
            middle = (low + high) // 2
            tried = last_min.copy()
            tried[level == grave] = times[middle]
            if _filled(fits & (eta_min <= tried), weight) < most - 1e-9:
                low = middle + 1
            else:
                high = middle
        last_min[level == grave] = times[low]
    return last_min


def _filled(fits: NDArray[np.bool_], weight: NDArray[np.float64]) -> float:
    value = fits * weight[:, None]
    rows, columns = linear_sum_assignment(value, maximize=True)
    return float(value[rows, columns].sum())


def _ranks(teams: Sequence[TeamRow]) -> NDArray[np.float64]:
    order = sorted(
        range(len(teams)),
        key=lambda i: (
            TIERS.index(teams[i].tier),
            sent.timestamp() if (sent := teams[i].last_sent_at) else 0.0,
            teams[i].code,
        ),
    )
    ranks = np.zeros(len(teams))
    ranks[order] = np.arange(len(teams))
    return ranks


def _assign(cost: NDArray[np.float64], weight: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return slot and team of each that is filled; a slot may stay empty, which costs most."""
    slots, teams = cost.shape
    if not slots:
        return []
    heavy = np.minimum(weight / weight.min(), _HEAVIEST) * _NOT_FILLED
    never = np.where(np.eye(slots, dtype=bool), heavy[:, None], 1e18)
    table = np.hstack([np.where(np.isfinite(cost), cost, 1e18), never])
    rows, columns = linear_sum_assignment(table)
    return [(int(s), int(t)) for s, t in zip(rows, columns, strict=True) if t < teams]
