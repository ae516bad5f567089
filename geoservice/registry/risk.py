"""Risk grades: LEC, the 5x5 matrix, and the grade of a unit or an area (pure).

Every band is half-open: a score that reaches `least` is in the band. Grades of different methods
are not comparable, so a result always names its method. The tables are data
(`core.risk_parameter`), each with its source and whether it was verified.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from geoservice.errors import InputError

GRADES = ("red", "orange", "yellow", "blue")  # the worst first
_STEPS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Band:
    """Scores from ``least`` upwards, to the next band above."""

    least: float
    grade: str
    zh: str
    en: str


@dataclass(frozen=True)
class Scale:
    """A method of grading: the values its factors may take, and the bands of their product."""

    method: str
    factors: Mapping[str, tuple[float, ...]]
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Assessed:
    """A score with its grade, and the method they are of."""

    method: str
    score: float
    grade: str
    zh: str
    en: str


@dataclass(frozen=True)
class AreaRule:
    """How the grade of an area follows from its points: the worst, or the worst of a share."""

    rule: Literal["worst", "share"]
    share: float


@dataclass(frozen=True)
class Overall:
    """The grade of several assessments, and every method that is behind it."""

    grade: str | None
    methods: tuple[str, ...]


def make_scale(method: str, table: Mapping[str, Any]) -> Scale:
    """Return a scale from its parameter: ``factors`` (absent: 1 to 5) and ``bands``."""
    factors = {name: tuple(values) for name, values in table["factors"].items()}
    bands = sorted((Band(**band) for band in table["bands"]), key=lambda b: -b.least)
    return Scale(method, {name: values or _STEPS for name, values in factors.items()}, tuple(bands))


def assess(scale: Scale, inputs: Mapping[str, Any]) -> Assessed:
    """Return the score of the inputs, being the product of the factors, and its grade.

    Parameters
    ----------
    scale
        LEC (``L``, ``E``, ``C``) or RAM (``L``, ``S``).
    inputs
        A value for each factor, out of the table: there is nothing between two of its values.

    Raises
    ------
    InputError
        A factor is missing, unknown, or not a value of the table.
    """
    unknown = sorted(set(inputs) - set(scale.factors))
    if unknown:
        names = ", ".join(scale.factors)
        raise InputError(
            f"{scale.method} has no factor {', '.join(unknown)}: {names} are needed",
            zh=f"{scale.method} 没有因子 {'、'.join(unknown)}：须为 {names}",
            where="inputs",
        )
    score = Fraction(1)
    for name, allowed in scale.factors.items():
        score *= exact(_factor(scale.method, name, inputs.get(name), allowed))
    band = band_of(scale.bands, float(score))
    return Assessed(scale.method, float(score), band.grade, band.zh, band.en)


def band_of(bands: Sequence[Band], score: float) -> Band:
    """Return the band of a score; the worst band comes first, the last takes what is below."""
    return next((band for band in bands if score >= band.least), bands[-1])


def exact(number: float) -> Fraction:
    """Return a number as it is written: 0.1 is a tenth, so that an edge of a band is met."""
    return Fraction(str(number))


def worst(grades: Iterable[str]) -> str | None:
    """Return the worst of the grades; None of none."""
    return min(grades, key=GRADES.index, default=None)


def unit_grade(assessed: Iterable[Assessed]) -> Overall:
    """Return the grade of a unit: the worst of its risk points, with the methods used."""
    known = list(assessed)
    methods = tuple(sorted({it.method for it in known}))
    return Overall(worst(it.grade for it in known), methods)


def area_grade(grades: Sequence[str], rule: AreaRule) -> str | None:
    """Return the grade of an area from its points; None without any.

    ``share``: the worst grade that at least this share of the points reaches (being so bad, or
    worse).
    """
    if rule.rule == "worst" or not grades:
        return worst(grades)
    counts, reached = Counter(grades), 0
    for grade in GRADES:
        reached += counts[grade]
        if reached and reached >= exact(rule.share) * len(grades):
            return grade
    return GRADES[-1]


def _factor(method: str, name: str, value: object, allowed: Sequence[float]) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and value in allowed:
        return value
    listed = ", ".join(f"{it:g}" for it in allowed)
    given = "is missing" if value is None else f"{value} is not in the table"
    given_zh = "缺失" if value is None else f"{value} 不是表中的值"
    raise InputError(
        f"{method} factor {name} {given}: one of {listed} is needed",
        zh=f"{method} 因子 {name} {given_zh}：须为 {listed} 之一",
        where=f"inputs.{name}",
    )
