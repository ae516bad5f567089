"""Dangerous sections proposed from where crashes happened (pure).

No standard text for black spots was found, so this is a window with stated numbers: a stretch
of at most ``window_m`` metres of one road on which, within some years, ``crashes`` crashes
happened or ``deaths`` people died. Windows that share a crash are one proposal, from its first
crash to its last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby

from geoservice.errors import InputError


@dataclass(frozen=True)
class Crash:
    """A crash on a road, at so many metres of its stakes."""

    code: str
    road_code: str
    at_m: float
    happened_on: date
    deaths: int = 0


@dataclass(frozen=True)
class WindowRule:
    """How long a window is, how far back it looks, and what makes it dangerous (either one)."""

    window_m: float
    years: int
    crashes: int | None
    deaths: int | None = None

    def __post_init__(self) -> None:
        """Refuse what could flag nothing, or everything."""
        for where in ("window_m", "years", "crashes", "deaths"):
            value = getattr(self, where)
            if value is not None and not 0 < value < float("inf"):
                raise InputError(
                    f"{where} {value}: more than 0 is needed",
                    zh=f"{where} {value}：须大于 0",
                    where=where,
                )
        if self.crashes is None and self.deaths is None:
            raise InputError(
                "a number of crashes or of deaths is needed",
                zh="须给出事故起数或死亡人数",
                where="crashes",
            )


@dataclass(frozen=True)
class Proposal:
    """A stretch that the rule calls dangerous, with the crashes on it in order of the stakes."""

    road_code: str
    from_m: float
    to_m: float
    crashes: tuple[Crash, ...]
    deaths: int
    is_widened: bool


def propose_sections(crashes: Iterable[Crash], rule: WindowRule, *, until: date) -> list[Proposal]:
    """Return the maximal merged windows, by road and metre; no crashes give an empty list.

    Parameters
    ----------
    crashes
        Of any roads; those later than ``until``, or ``years`` or more before it, do not count.
    until
        The last day that counts.

    Returns
    -------
    proposals
        Crashes all at one stake make a stretch of ``window_m`` around it, marked ``is_widened``.
    """
    since = years_before(until, rule.years)
    counted = [it for it in crashes if since < it.happened_on <= until]
    counted.sort(key=lambda it: (it.road_code, it.at_m, it.code))
    return [
        _proposal(road, some, rule.window_m)
        for road, on_road in groupby(counted, key=lambda it: it.road_code)
        for some in _merged(list(on_road), rule)
    ]


def years_before(day: date, years: int) -> date:
    """Return the day so many years earlier; 29 February becomes the 28th."""
    if years >= day.year:
        return date.min
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _merged(on_road: Sequence[Crash], rule: WindowRule) -> list[Sequence[Crash]]:
    """Slide a window that starts at each crash; put flagged ones that share a crash together."""
    died = [0, *accumulate(it.deaths for it in on_road)]
    spans: list[tuple[int, int]] = []
    end = 0
    for start, crash in enumerate(on_road):
        while end < len(on_road) and on_road[end].at_m <= crash.at_m + rule.window_m:
            end += 1
        if not _is_dangerous(rule, end - start, died[end] - died[start]):
            continue
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [on_road[start:end] for start, end in spans]


def _is_dangerous(rule: WindowRule, crashes: int, deaths: int) -> bool:
    many = rule.crashes is not None and crashes >= rule.crashes
    return many or (rule.deaths is not None and deaths >= rule.deaths)


def _proposal(road: str, some: Sequence[Crash], window_m: float) -> Proposal:
    from_m, to_m = some[0].at_m, some[-1].at_m
    is_widened = from_m == to_m
    if is_widened:
        from_m, to_m = max(0.0, from_m - window_m / 2), to_m + window_m / 2
    deaths = sum(it.deaths for it in some)
    return Proposal(road, from_m, to_m, tuple(some), deaths, is_widened)
