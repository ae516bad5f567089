"""A model's result as it came -> depth bands (pure).

Polygons with depths, and velocities and arrival times where the model has them. Rows of one band
and grade become one band: the fastest water and the soonest arrival of them are told.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import shapely
from shapely import MultiPolygon

from geoservice.errors import FileError, InputError, RecordError, UnknownNameError
from geoservice.floods.grades import FloodRules
from geoservice.floods.polygons import areas_only, band_of
from geoservice.floods.records import NewBand
from geoservice.registry.fields import plain, without_brackets
from geoservice.registry.reading import Table

ArrivalUnit = Literal["s", "min", "h"]
_MINUTES = {"s": 1 / 60, "min": 1.0, "h": 60.0}
# What models and people call their columns; letter case, blanks and brackets do not matter.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "depth_min_m": ("depth_min_m", "depth_min", "min_depth", "水深下限", "最小水深", "SS_MIN_M"),
    "depth_max_m": ("depth_max_m", "depth_to", "水深上限", "SS_MAX_M"),
    "depth_m": ("depth_m", "depth", "max_depth", "maxdepth", "depth_max", "h", "hmax", "水深",
                "最大水深", "淹没水深", "SS"),
    "velocity_ms": ("velocity_ms", "velocity", "speed", "v", "vmax", "max_velocity", "流速",
                    "最大流速", "LS_MS"),
    "arrival": ("arrival_min", "arrival", "arrival_time", "t_arrival", "到达时间",
                "洪水到达时间", "DDSJ_M"),
}  # fmt: skip
_DEEPEST_M, _FASTEST_MS = 300.0, 100.0
_TOLD = 20


@dataclass(frozen=True)
class ModelRow:
    """One polygon of a model, degrees; depth from and to, the latter None where it is open."""

    depth_min_m: float
    depth_max_m: float | None
    is_one_depth: bool
    velocity_ms: float | None
    arrival_min: float | None
    geom: MultiPolygon


def columns_of(headings: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    """Return which heading holds what: as said, else by its name.

    Raises
    ------
    UnknownNameError
        What is said names no field or no column.
    """
    for name, heading in said.items():
        if name not in _NAMES or heading not in headings:
            raise UnknownNameError(
                f"columns: {name}={heading}: fields are {', '.join(_NAMES)}; the file has "
                f"{', '.join(headings)}",
                zh=f"columns：{name}={heading} 有误：字段为 {'、'.join(_NAMES)}，"
                f"文件的列为 {'、'.join(headings)}",
                where="columns",
            )
    found = dict(said)
    for name, names in _NAMES.items():
        known = {plain(it) for it in names}
        for heading in headings:
            called = {plain(heading), plain(without_brackets(heading)[0])}
            if name not in found and heading not in found.values() and called & known:
                found[name] = heading
    return found


def read_rows(
    table: Table, shapes: Sequence[Any], columns: Mapping[str, str], *,
    unit: ArrivalUnit, assumed_m: float | None,
) -> list[ModelRow]:  # fmt: skip
    """Return the polygons of a table; rows without water (depth 0) are left out.

    Parameters
    ----------
    shapes
        Of its rows, placed; None where one has none.
    assumed_m
        The depth of all, where the file has no column of it.

    Raises
    ------
    FileError
        There is no column of depths, and none is assumed.
    RecordError
        Rows that cannot be used, each with what is wrong.
    """
    if not columns.keys() & {"depth_m", "depth_min_m"} and assumed_m is None:
        raise FileError(
            f"no column of depths: say which ({', '.join(table.headings)}), or a depth for all",
            zh=f"没有水深列：请指定哪一列（{'、'.join(table.headings)}），或给出统一水深",
            where="columns",
        )
    rows, wrongs = [], []
    for number, cells, geom in zip(table.numbers, table.cells, shapes, strict=True):
        values = dict(zip(table.headings, cells, strict=True))
        try:
            row = _row(values, geom, columns, (unit, assumed_m))
        except InputError as error:
            wrongs.append(InputError(error.message, zh=error.zh, where=f"row {number}"))
        else:
            rows += [row] if row else []
    if wrongs:
        raise RecordError(wrongs[:_TOLD])
    return rows


def _row(
    values: Mapping[str, Any], geom: Any, columns: Mapping[str, str],
    how: tuple[ArrivalUnit, float | None],
) -> ModelRow | None:  # fmt: skip
    unit, assumed_m = how
    read = {name: _number(values[heading], name) for name, heading in columns.items()}
    depth_m = read.get("depth_m") if "depth_m" in columns else assumed_m
    least, most = read.get("depth_min_m"), read.get("depth_max_m")
    is_one = least is None
    if is_one:
        if depth_m is None:
            raise InputError("no depth", zh="缺少水深")
        least = most = depth_m
    if most is not None and least is not None and most < least:
        raise InputError(
            f"depth from {least:g} to {most:g}", zh=f"水深 {least:g} 至 {most:g}，颠倒"
        )
    if geom is None:
        raise InputError("no area", zh="没有面")
    if most == 0 or least is None:
        return None
    arrival = read.get("arrival")
    return ModelRow(
        least, most, is_one, read.get("velocity_ms"),
        None if arrival is None else arrival * _MINUTES[unit], geom,
    )  # fmt: skip


def _number(cell: object, name: str) -> float | None:
    if cell is None or cell == "":
        return None
    try:
        value = float(str(cell))
    except ValueError:
        value = math.nan
    most = {"velocity_ms": _FASTEST_MS, "arrival": math.inf}.get(name, _DEEPEST_M)
    if not (math.isfinite(value) and 0 <= value <= most):
        raise InputError(
            f"{name}: {cell!r}: a number from 0 to {most:g} is needed",
            zh=f"{name}：{cell!r} 须为 0 至 {most:g} 的数",
        )
    return value


def bands_from(rows: Sequence[ModelRow], rules: FloodRules) -> list[NewBand]:
    """Return the bands of a model's polygons, the shallowest first; no rows give none.

    A depth of its own falls into a band of the rules; depths from and to stay as the model has
    them. Rows are kept apart by grade too, so that one fast place does not grade its whole band.
    """
    groups: dict[tuple[Any, ...], list[ModelRow]] = defaultdict(list)
    for row in rows:
        edges = _edges(row, rules)
        grade = rules.grades.of(row.depth_min_m, row.depth_max_m, row.velocity_ms or 0)
        groups[edges[0], edges[1] or math.inf, grade].append(row)
    return [_band(key, some, rules) for key, some in sorted(groups.items())]


def _edges(row: ModelRow, rules: FloodRules) -> tuple[float, float | None]:
    if row.is_one_depth:
        return rules.bands_m()[rules.band_of(row.depth_min_m)]
    return row.depth_min_m, row.depth_max_m


def _band(key: tuple[Any, ...], rows: Sequence[ModelRow], rules: FloodRules) -> NewBand:
    least, most, grade = key
    geom = areas_only(shapely.union_all([it.geom for it in rows]))
    geom = shapely.set_srid(geom, 4490)
    fastest = max((it.velocity_ms for it in rows if it.velocity_ms is not None), default=None)
    soonest = min((it.arrival_min for it in rows if it.arrival_min is not None), default=None)
    edges = (least, None if math.isinf(most) else most)
    made = band_of(geom, edges, rules, fastest, soonest)
    return NewBand(**{**vars(made), "grade": grade})
