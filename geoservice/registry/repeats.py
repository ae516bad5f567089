"""Hidden dangers that come back (pure).

One is a repeat of an earlier one of the same category found within so many days, at the same
source or within so many metres. The notice asks why: standard, system, people, management or
facility; the causes of each chain of repeats are counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from scipy.spatial import cKDTree

CAUSES = ("standard", "system", "people", "management", "facility")
Link = Literal["source", "near"]


@dataclass(frozen=True)
class Danger:
    """A hidden danger as it was found; ``x``, ``y`` are metres of one plane, if it has a place."""

    code: str
    category: str
    found_on: date
    source: str | None = None
    x: float | None = None
    y: float | None = None
    causes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RepeatRule:
    """What counts as coming back: both limits are included."""

    within_days: int
    within_m: float


@dataclass(frozen=True)
class Repeat:
    """A danger, the latest earlier one it repeats, and by what they belong together."""

    code: str
    repeat_of: str
    days: int
    link: Link


@dataclass(frozen=True)
class Chain:
    """Dangers of one category that repeat each other, the earliest first."""

    category: str
    codes: tuple[str, ...]
    sources: tuple[str, ...]
    first_on: date
    last_on: date
    causes: Mapping[str, int]


def find_repeats(dangers: Iterable[Danger], rule: RepeatRule) -> list[Repeat]:
    """Return each danger that comes back, with the latest earlier one it repeats.

    In order of the day found, then code; of two on one day the later code repeats the earlier.
    No dangers give an empty list.
    """
    ordered = sorted(dangers, key=_when)
    found: list[Repeat] = []
    for category in sorted({it.category for it in ordered}):
        found += _of_category([it for it in ordered if it.category == category], rule)
    place = {it.code: n for n, it in enumerate(ordered)}
    return sorted(found, key=lambda it: place[it.code])


def chains(dangers: Iterable[Danger], repeats: Iterable[Repeat]) -> list[Chain]:
    """Return the repeats put together: the longest chain first, then by category and code.

    Each danger counts its own causes; one without a cause counts none.
    """
    of = {it.code: it for it in dangers}
    first: dict[str, str] = {}
    members: dict[str, list[Danger]] = {}
    for repeat in repeats:  # the earlier one of a pair always comes first
        start = first.setdefault(repeat.repeat_of, repeat.repeat_of)
        first[repeat.code] = start
        members.setdefault(start, [of[start]]).append(of[repeat.code])
    made = [_chain(sorted(many, key=_when)) for many in members.values()]
    return sorted(made, key=lambda c: (-len(c.codes), c.category, c.codes))


def _chain(members: Sequence[Danger]) -> Chain:
    counted = Counter(cause for it in members for cause in it.causes)
    return Chain(
        category=members[0].category,
        codes=tuple(it.code for it in members),
        sources=tuple(sorted({it.source for it in members if it.source})),
        first_on=members[0].found_on,
        last_on=members[-1].found_on,
        causes={cause: counted[cause] for cause in CAUSES},
    )


def _of_category(ordered: Sequence[Danger], rule: RepeatRule) -> list[Repeat]:
    """Walk through the dangers of one category: who was last at this source, and near by."""
    spots, near = _neighbours(ordered, rule.within_m)
    last_at_source: dict[str, int] = {}
    last_at_spot: dict[int, int] = {}
    found: list[Repeat] = []
    for n, danger in enumerate(ordered):
        by_source = last_at_source.get(danger.source or "", -1)
        by_place = max((last_at_spot.get(s, -1) for s in near.get(spots[n], ())), default=-1)
        earlier = max(by_source, by_place)
        if earlier >= 0:
            days = (danger.found_on - ordered[earlier].found_on).days
            if days <= rule.within_days:
                link: Link = "source" if earlier == by_source else "near"
                found.append(Repeat(danger.code, ordered[earlier].code, days, link))
        if danger.source:
            last_at_source[danger.source] = n
        last_at_spot[spots[n]] = n
    return found


def _neighbours(
    dangers: Sequence[Danger], within_m: float
) -> tuple[list[int], dict[int, tuple[int, ...]]]:
    """Return the spot of each danger (-1: no place), and the spots near each spot, itself too."""
    placed = [(it.x, it.y) for it in dangers if it.x is not None and it.y is not None]
    of: dict[object, int] = {xy: n for n, xy in enumerate(dict.fromkeys(placed))}
    spots = [of.get((it.x, it.y), -1) for it in dangers]
    if not of:
        return spots, {}
    tree = cKDTree(np.array(list(of), dtype=float))
    near = tree.query_ball_point(tree.data, within_m)
    return spots, {n: tuple(some) for n, some in enumerate(near)}


def _when(danger: Danger) -> tuple[date, str]:
    return danger.found_on, danger.code
