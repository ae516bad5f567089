"""New readings of one sensor, some of them late -> how it stands, and what is to be told (pure)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from geoservice.sensors.thresholds import (
    Limit,
    Mark,
    Standing,
    Standings,
    Step,
    follow,
    rank,
    rewound,
)

REPLAYED = timedelta(hours=24)  # a reading later than this is kept, and not judged any more


@dataclass(frozen=True)
class Judged:
    """How the limits stand now, what is to be told in order, and readings that changed nothing.

    ``repeats`` counts, by rule, readings at a level that was told already.
    """

    standing: Standings
    steps: tuple[Step, ...]
    repeats: Mapping[str, int]


def begin_at(fresh: Collection[datetime], last_at: datetime | None) -> datetime | None:
    """Return from which instant on readings are judged; None: none of the fresh ones is."""
    since = [at for at in fresh if last_at is None or at > last_at - REPLAYED]
    return min(since, default=None)


def reach_back(limits: Iterable[Limit]) -> timedelta:
    """Return how much earlier readings must begin for the sums."""
    return timedelta(minutes=max((one.window_min or 0 for one in limits), default=0))


@dataclass
class _Telling:
    """What was told of each rule so far; nothing is told twice."""

    told: dict[str, str | None]
    steps: list[Step] = field(default_factory=list)
    peaks: dict[str, Step] = field(default_factory=dict)
    repeats: Counter[str] = field(default_factory=Counter)

    def note_late(self, step: Step) -> None:
        """Keep what a late reading shows, where it is the worst that nobody was told of."""
        so_far = self.peaks.get(step.rule)
        known = rank(so_far.level if so_far else self.told.get(step.rule))
        if rank(step.level) > known:
            self.peaks[step.rule] = step

    def tell(self, step: Step) -> None:
        """Tell the level of a rule, unless it was told before; what late readings showed first."""
        peak = self.peaks.pop(step.rule, None)
        if peak is not None:
            self.tell(peak)
        if step.level != self.told.get(step.rule):
            self.steps.append(step)
            self.told[step.rule] = step.level

    def hear(self, step: Step) -> None:
        """Tell what a new reading changes; count what it repeats."""
        if step.level is not None and step.level == self.told.get(step.rule):
            self.repeats[step.rule] += 1
        self.tell(step)


def judge(
    limits: Sequence[Limit],
    marks: Sequence[Mark],
    kept: Standings,
    *,
    told: Mapping[str, str | None],
    last_at: datetime | None,
    fresh: Collection[datetime],
) -> Judged:
    """Judge the fresh readings in the order of their instants.

    Late ones are played again with what was known after them: where a late reading shows a level
    that nobody was told of, that is told, and then how it stands now. A level that is told already
    is not told again.

    Parameters
    ----------
    marks
        The readings from ``begin_at`` less ``reach_back`` on, by instant.
    kept
        How the limits stood after the reading of ``last_at``; limits it lacks were off.
    told
        The level of the open warning of each rule.
    fresh
        The instants that are new; none change nothing.
    """
    now = {one.id: kept.get(one.id, Standing()) for one in limits}
    telling = _Telling(dict(told))
    first_at = begin_at(fresh, last_at)
    if first_at is None:
        return Judged(now, (), {})
    if last_at is not None and first_at <= last_at:
        now = rewound(now, first_at)
    first = next((i for i, mark in enumerate(marks) if mark.at >= first_at), len(marks))
    levels: dict[str, Step] = {}
    for mark, standing, levels in follow(limits, marks, now, first):
        now = standing
        is_late = last_at is not None and mark.at <= last_at
        for step in levels.values():
            if not is_late:
                telling.hear(step)
            elif mark.at in fresh:
                telling.note_late(step)
    for step in levels.values():
        telling.tell(step)
    return Judged(now, tuple(telling.steps), telling.repeats)
