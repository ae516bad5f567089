"""The score and grade of an assessment follow from its inputs (pure).

LEC and RAM are worked out; so are SCL, JHA, FMEA and HAZOP whose inputs are the factors of one of
them. Else these name the grade that the assessors agreed on. R is of a hazard source: a value and
a level, no colour.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from geoservice.errors import InputError
from geoservice.registry.major_hazards import MajorHazard
from geoservice.registry.records import RiskAssessment
from geoservice.registry.risk import Scale, assess, exact


def graded(
    record: RiskAssessment, scales: Mapping[str, Scale], major: Callable[[str], MajorHazard]
) -> RiskAssessment:
    """Return the assessment with its score and grade.

    Parameters
    ----------
    scales
        Of LEC and RAM.
    major
        Gives the R value of a hazard source by its code.

    Raises
    ------
    InputError
        A factor is not of the table; what was typed is not what the inputs mean; no grade.
    """
    if record.method == "R":
        return _by_r(record, major)
    scale = scales.get(record.method) or next(
        (it for it in scales.values() if record.inputs and set(record.inputs) == set(it.factors)),
        None,
    )
    if scale is None:
        if record.grade is None:
            raise InputError(
                f"{record.method} names the grade, or the factors of LEC (L, E, C) or RAM (L, S)",
                zh=f"{record.method} 须给出等级，或 LEC（L、E、C）、RAM（L、S）的因子",
                where="grade",
            )
        return record
    found = assess(scale, record.inputs)
    _refuse_other("score", record.score, found.score, found.method)
    _refuse_other("grade", record.grade, found.grade, found.method)
    return replace(record, score=found.score, grade=found.grade)


def _by_r(record: RiskAssessment, major: Callable[[str], MajorHazard]) -> RiskAssessment:
    if record.hazard_source_code is None:
        raise InputError(
            "an R value is of a hazard source, not of a risk point",
            zh="R 值针对危险源，不针对风险点", where="hazard_source_code",
        )  # fmt: skip
    if record.grade is not None:
        raise InputError(
            "an R value has a level, not a colour: leave the grade empty",
            zh="R 值对应级别而非颜色：等级请留空", where="grade",
        )  # fmt: skip
    inputs: dict[str, Any] = dict(record.inputs) or _inputs(major(record.hazard_source_code))
    factors = [inputs.get(name) for name in ("alpha", "weighted")]
    if not all(isinstance(it, int | float) and not isinstance(it, bool) for it in factors):
        raise InputError(
            "inputs alpha and weighted (sum of beta*q/Q) are needed, or none: then they are "
            "worked out from the substances",
            zh="须给出 alpha 与 weighted（Σβq/Q），或全部留空：将按危险物质计算",
            where="inputs",
        )
    score = float(exact(inputs["alpha"]) * exact(inputs["weighted"]))
    _refuse_other("score", record.score, score, "R")
    return replace(record, inputs=inputs, score=score)


def _inputs(found: MajorHazard) -> dict[str, Any]:
    return {
        "alpha": found.alpha,
        "weighted": found.weighted,
        "ratio": found.ratio,
        "residents": found.residents,
        "residents_from": found.residents_from,
        "residents_counted": found.residents_counted,
        "is_major": found.is_major,
        "level": found.grade,
    }


def _refuse_other(field: str, given: object, right: object, method: str) -> None:
    same = given is None or given == right
    if isinstance(given, float) and isinstance(right, float):
        same = abs(given - right) <= 1e-9 * max(1.0, abs(right))
    if not same:
        raise InputError(
            f"{field} {given} is typed, the inputs mean {right} ({method})",
            zh=f"{field} 填写为 {given}，按 {method} 的输入应为 {right}",
            where=field,
        )
