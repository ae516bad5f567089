"""How bad water is: depth bands, grades of danger, words for return periods (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from geoservice.errors import InputError
from geoservice.texts import Text

GRADES = ("blue", "yellow", "orange", "red")


@dataclass(frozen=True)
class GradeTable:
    """A grade is taken from the worse of depth h (m) and v x h (m2/s): above its limit.

    ``above`` are the limits of yellow, orange and red, rising.
    """

    above: tuple[float, float, float]

    def of(self, depth_min_m: float, depth_max_m: float | None, velocity_ms: float = 0) -> str:
        """Return the grade of a band where it is deepest.

        A band without an upper edge is deeper than its lower one somewhere.
        """
        is_open = depth_max_m is None
        deepest_m = depth_min_m if depth_max_m is None else depth_max_m
        worst = max(deepest_m, velocity_ms * deepest_m)
        return GRADES[sum(worst > it or (is_open and worst == it) for it in self.above)]


# DOMAIN: danger levels of a dam-safety rule abroad; no Chinese table was seen.
DEFAULT_GRADES = GradeTable((0.5, 1.0, 2.0))


@dataclass(frozen=True)
class FloodWords:
    """What a flood of a return period is called; an upper edge belongs to the milder word."""

    from_y: tuple[float, ...]
    zh: tuple[str, ...]
    en: tuple[str, ...]

    def of(self, return_period_y: float | None) -> Text | None:
        """Return the words; None below the first, or where the period is not known."""
        if return_period_y is None or return_period_y < self.from_y[0]:
            return None
        number = max(sum(return_period_y > it for it in self.from_y), 1) - 1
        return Text(zh=self.zh[number], en=self.en[number])


@dataclass(frozen=True)
class FloodRules:
    """The tables that floods are told by, as the register `risk_parameters` has them."""

    breaks_m: tuple[float, ...]
    grades: GradeTable
    words: FloodWords

    def bands_m(self) -> tuple[tuple[float, float | None], ...]:
        """Return the depth bands from the least on, the last without an upper edge."""
        edges = (0.0, *self.breaks_m)
        return (*pairwise(edges), (edges[-1], None))

    def band_of(self, depth_m: float) -> int:
        """Return the number of the band of a depth: (0, 0.5], (0.5, 1] and so on."""
        return int(np.searchsorted(self.breaks_m, depth_m, side="left"))


def make_rules(values: Mapping[str, Mapping[str, Any]]) -> FloodRules:
    """Return the rules of the parameters ``flood_...``, by code.

    Raises
    ------
    InputError
        One is missing, or is not what it should be.
    """
    try:
        breaks = _rising(values["flood_depths"]["breaks_m"])
        above = values["flood_grades"]["above"]
        yellow, orange, red = _rising([above[grade] for grade in GRADES[1:]])
        said = values["flood_words"]
        words = FloodWords(_rising(said["from_y"]), _texts(said["zh"]), _texts(said["en"]))
        if not len(words.from_y) == len(words.zh) == len(words.en):
            raise ValueError("from_y, zh and en are of one length")
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"risk_parameters, flood_...: {error}: amend it, or add it again",
            zh=f"风险计算参数 flood_… 有误（{error}）：请修改或重新登记",
        ) from error
    return FloodRules(breaks, GradeTable((yellow, orange, red)), words)


def _rising(values: Sequence[Any]) -> tuple[float, ...]:
    found = tuple(float(it) for it in values)
    if not found or found[0] <= 0 or any(b <= a for a, b in pairwise(found)):
        raise ValueError("numbers above 0 that rise are needed")
    return found


def _texts(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(str(it) for it in values)
