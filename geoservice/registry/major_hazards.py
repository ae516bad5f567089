"""The R value of a store or plant of hazardous chemicals (pure).

``R = alpha * sum(beta_i * q_i / Q_i)``: q the quantity, Q the critical quantity (tonnes), beta the
kind of danger, alpha the people who live within 500 m of the plant's boundary. It is a major
hazard source only if ``sum(q_i / Q_i) >= 1``, whatever R is. (GB 18218; the tables are data with
their sources, in `core.risk_parameter`.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from geoservice.errors import InputError
from geoservice.registry.risk import exact

NEAR_M = 500.0  # the residents that count (GB 18218)


@dataclass(frozen=True)
class Substance:
    """So many tonnes of a substance; what is None is looked up in the tables."""

    name: str
    quantity_t: float
    critical_t: float | None = None
    beta: float | None = None
    kind: str | None = None
    cas_no: str | None = None


@dataclass(frozen=True)
class HazardTables:
    """The tables: steps are (least, value) from the highest down, names as people write them."""

    alpha: tuple[tuple[float, float], ...]
    grades: tuple[tuple[float, str], ...]
    beta_of_kind: Mapping[str, float]
    beta_of: Mapping[str, float]
    critical_t_of: Mapping[str, float]


@dataclass(frozen=True)
class Term:
    """What one substance adds."""

    name: str
    quantity_t: float
    critical_t: float
    beta: float
    ratio: float


@dataclass(frozen=True)
class MajorHazard:
    """What the R value of a unit is and rests on; no grade when it is no major hazard source.

    ``ratio`` is ``sum(q/Q)``, ``weighted`` is ``sum(beta * q/Q)``. ``residents_from`` says whether
    the residents were given by hand or counted; ``residents_counted`` stands beside a given number.
    """

    r_value: float
    weighted: float
    ratio: float
    is_major: bool
    grade: str | None
    alpha: float
    residents: int
    terms: tuple[Term, ...]
    residents_from: Literal["given", "counted"] = "given"
    residents_counted: int | None = None


def make_tables(parameters: Mapping[str, Any]) -> HazardTables:
    """Return the tables from the parameters that are called ``r_...``."""
    return HazardTables(
        alpha=tuple((least, alpha) for least, alpha in parameters["r_alpha"]["steps"]),
        grades=tuple((least, grade) for least, grade in parameters["r_grade"]["steps"]),
        beta_of_kind=parameters["r_beta_kind"],
        beta_of=_by_key(parameters["r_beta_substance"]),
        critical_t_of=_by_key(parameters["r_critical"]),
    )


def r_value(
    substances: Sequence[Substance], *, residents: int, tables: HazardTables
) -> MajorHazard:
    """Return the R value of the substances of one unit and the grade it means.

    Parameters
    ----------
    substances
        Of one unit; none gives ratio 0 and no grade.
    residents
        Who live within ``NEAR_M`` metres of the plant's boundary.

    Raises
    ------
    InputError
        A quantity is negative, or a critical quantity or beta is neither given nor in the tables.
    """
    if residents < 0:
        raise InputError(
            f"{residents} residents: none or more are needed",
            zh=f"居民 {residents} 人：不能为负数",
            where="residents_500m",
        )
    terms = [_term(it, tables) for it in substances]
    shares = [exact(t.quantity_t) / exact(t.critical_t) for t in terms]
    ratio = sum(shares, Fraction(0))
    weighted = sum((exact(t.beta) * s for t, s in zip(terms, shares, strict=True)), Fraction(0))
    alpha = _step(tables.alpha, residents)
    value = exact(alpha) * weighted
    is_major = ratio >= 1
    return MajorHazard(
        r_value=float(value),
        weighted=float(weighted),
        ratio=float(ratio),
        is_major=is_major,
        grade=_step(tables.grades, value) if is_major else None,
        alpha=alpha,
        residents=residents,
        terms=tuple(terms),
    )


def _term(substance: Substance, tables: HazardTables) -> Term:
    name = substance.name
    keys = [_key(it) for it in (substance.cas_no, name) if it]
    if substance.quantity_t < 0:
        raise InputError(
            f"{name}: {substance.quantity_t:g} t, none or more is needed",
            zh=f"{name}：数量 {substance.quantity_t:g} t，不能为负数",
            where="quantity_t",
        )
    critical_t = substance.critical_t or _first(tables.critical_t_of, keys)
    if not critical_t or critical_t < 0:
        raise InputError(
            f"{name}: no critical quantity is known, give critical_t (tonnes, above 0)",
            zh=f"{name}：临界量未知，请填写 critical_t（吨，大于 0）",
            where="critical_t",
        )
    beta = substance.beta or _first(tables.beta_of, keys)
    if not beta:
        beta = tables.beta_of_kind.get(substance.kind or "")
    if not beta or beta < 0:
        kinds = ", ".join(tables.beta_of_kind)
        raise InputError(
            f"{name}: no beta is known, give beta or its kind ({kinds})",
            zh=f"{name}：校正系数 β 未知，请填写 beta 或类别（{kinds}）",
            where="beta",
        )
    return Term(name, substance.quantity_t, critical_t, beta, substance.quantity_t / critical_t)


def _step(steps: Sequence[tuple[float, Any]], value: float | Fraction) -> Any:
    """Return the value of the step that a number reaches; the last takes what is below."""
    return next((it for least, it in steps if value >= least), steps[-1][1])


def _first(table: Mapping[str, float], keys: Sequence[str]) -> float | None:
    return next((table[key] for key in keys if key in table), None)


def _by_key(named: Mapping[str, float]) -> dict[str, float]:
    return {_key(name): value for name, value in named.items()}


def _key(name: str) -> str:
    return "".join(name.split()).casefold()
