"""The numbers of the calculations, read from their register (`risk_parameters`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, InputError
from geoservice.registry.major_hazards import HazardTables, make_tables
from geoservice.registry.repeats import RepeatRule
from geoservice.registry.risk import GRADES, AreaRule, Scale, make_scale
from geoservice.registry.sections import WindowRule


@dataclass(frozen=True)
class Parameter:
    """A table or limit, with its source."""

    code: str
    value: Mapping[str, Any]
    is_verified: bool
    source_doc: str


PARAMETERS = Query("risk", "parameters", Parameter)
HAZARDS = ("r_alpha", "r_grade", "r_beta_kind", "r_beta_substance", "r_critical")


def parameters(conn: Connection, *codes: str) -> dict[str, Parameter]:
    """Return the parameters of these codes.

    Raises
    ------
    ConflictError
        One was retired.
    """
    found = {it.code: it for it in PARAMETERS.all(conn, codes=list(codes))}
    missing = [code for code in codes if code not in found]
    if missing:
        raise ConflictError(
            f"risk parameter {', '.join(missing)} is retired: add it again",
            zh=f"风险计算参数 {'、'.join(missing)} 已注销：请重新登记",
        )
    return found


def scales(conn: Connection) -> dict[str, Scale]:
    """Return the scales of LEC and the 5x5 matrix."""
    found = parameters(conn, "lec", "ram")
    return {code.upper(): make_scale(code.upper(), it.value) for code, it in found.items()}


def hazard_tables(conn: Connection) -> HazardTables:
    """Return the tables of the R value."""
    return make_tables({code: it.value for code, it in parameters(conn, *HAZARDS).items()})


def repeat_rule(conn: Connection) -> RepeatRule:
    """Return what counts as coming back."""
    return RepeatRule(**parameters(conn, "repeats")["repeats"].value)


def window_rule(conn: Connection) -> WindowRule:
    """Return the window over crashes."""
    return WindowRule(**parameters(conn, "crash_window")["crash_window"].value)


def area_rule(conn: Connection) -> AreaRule:
    """Return how the grade of an area follows from its points."""
    return AreaRule(**parameters(conn, "area_grade")["area_grade"].value)


def check_parameter(code: str, value: Mapping[str, Any]) -> None:
    """Refuse a value that the calculation of that code could not use; other codes are free.

    Raises
    ------
    InputError
        With what is wrong in it.
    """
    build = _BUILD.get(code)
    if build is None:
        return
    try:
        build(value)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{code}: not usable as it is ({error!s})", zh=f"{code}：无法使用（{error!s}）",
            where="value",
        ) from error  # fmt: skip


def _scale(method: str) -> Callable[[Mapping[str, Any]], None]:
    def build(value: Mapping[str, Any]) -> None:
        scale = make_scale(method, value)
        grades = {band.grade for band in scale.bands}
        if not scale.bands or grades - set(GRADES):
            raise ValueError(f"bands of {', '.join(GRADES)} are needed")
        if {type(band.least) for band in scale.bands} - {int, float}:
            raise ValueError("least: numbers are needed")

    return build


def _steps(value: Mapping[str, Any]) -> None:
    least = [float(step) for step, _ in value["steps"]]
    if not least or least != sorted(least, reverse=True):
        raise ValueError("steps [least, value] from the highest down are needed")


def _numbers(value: Mapping[str, Any]) -> None:
    if not all(float(number) > 0 for number in value.values()):
        raise ValueError("numbers above 0 are needed")


def _area(value: Mapping[str, Any]) -> None:
    rule = AreaRule(**value)
    if rule.rule not in {"worst", "share"} or not 0 < rule.share <= 1:
        raise ValueError("rule worst or share, and a share from above 0 to 1 are needed")


def _repeats(value: Mapping[str, Any]) -> None:
    rule = RepeatRule(**value)
    if not (0 < rule.within_days < 10**5 and 0 < rule.within_m < 10**5):
        raise ValueError("days and metres above 0 are needed")


_BUILD: dict[str, Callable[[Mapping[str, Any]], object]] = {
    "lec": _scale("LEC"),
    "ram": _scale("RAM"),
    "area_grade": _area,
    "r_alpha": _steps,
    "r_grade": _steps,
    "r_beta_kind": _numbers,
    "r_beta_substance": _numbers,
    "r_critical": _numbers,
    "repeats": _repeats,
    "crash_window": lambda value: WindowRule(**value),
}
