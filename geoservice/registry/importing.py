"""Rows of a file -> records of a register, and what was wrong in which row (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.errors import InputError
from geoservice.registry.fields import Register
from geoservice.registry.mapping import Mapped
from geoservice.registry.records import Record
from geoservice.registry.values import Habits, value_of

Cells = Mapping[str, Any]
_MOST_SHOWN = 80


@dataclass(frozen=True)
class Refusal:
    """What is wrong with one row, in which column (None: the row as a whole), at what value."""

    row: int
    column: str | None
    en: str
    zh: str
    given: str = ""

    @classmethod
    def of(cls, row: int, column: str | None, error: InputError, given: object = "") -> "Refusal":
        """Return the refusal that an error means for a row."""
        return cls(row, column, error.message, error.zh, str(given)[:_MOST_SHOWN])


@dataclass(frozen=True)
class Row:
    """One row: its number as the file's reader sees it, its cells, its stored shape."""

    number: int
    cells: Cells
    geom: BaseGeometry | None


@dataclass(frozen=True)
class Setting:
    """What is known beside the file.

    Parameters
    ----------
    source
        Where the rows come from, for those that do not say it.
    is_source_said
        The user said so: it goes for records that stand already, too.
    current
        The records that stand now, by code: what a file does not have stays as it is.
    envelope
        The service envelope; None where nothing can lie outside.
    habits
        How the file writes numbers and times.
    """

    source: str
    current: Mapping[str, Record] = field(default_factory=dict)
    envelope: BaseGeometry | None = None
    habits: Habits = field(default_factory=Habits)
    is_source_said: bool = False


def codes_of(rows: Sequence[Row], mapped: Mapped) -> list[str]:
    """Return the codes that the rows have, as far as they are any."""
    heading = next((t.heading for t in mapped.taken if t.field.name == "code"), None)
    found = []
    for row in rows:
        cell = row.cells.get(heading) if heading else None
        if isinstance(cell, str | int | float):
            found.append(code_text(cell))
    return [code for code in found if code]


def code_text(cell: str | float) -> str:
    """Return a code as text, which a file may hold as a number."""
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def read_records(
    register: Register, rows: Sequence[Row], mapped: Mapped, setting: Setting
) -> tuple[list[Record], list[Refusal]]:
    """Return the records of the rows that are right, and every complaint about the others.

    A row whose code stands already changes only what the file has; a demonstration record
    lends nothing. No rows give no records.
    """
    records: dict[int, Record] = {}
    refusals: list[Refusal] = []
    for row in rows:
        record, wrong = _record(register, row, mapped, setting)
        refusals += wrong
        if record is not None:
            records[row.number] = record
    for repeated in _repeated(records):
        refusals.append(repeated)
        del records[repeated.row]
    return list(records.values()), sorted(refusals, key=lambda refusal: refusal.row)


def _repeated(records: Mapping[int, Record]) -> list[Refusal]:
    """Rows that share a code: which of them is right is not ours to say."""
    rows_of: dict[str, list[int]] = {}
    for number, record in records.items():
        rows_of.setdefault(record.code, []).append(number)
    return [
        Refusal(
            number, "code",
            f"code {code} is in rows {_listed(numbers)}",
            f"编号 {code} 在第 {_listed(numbers)} 行重复",
        )
        for code, numbers in rows_of.items() if len(numbers) > 1
        for number in numbers
    ]  # fmt: skip


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:10])) + (" ..." if len(numbers) > 10 else "")


def _record(
    register: Register, row: Row, mapped: Mapped, setting: Setting
) -> tuple[Record | None, list[Refusal]]:
    values, wrong = _values(row, mapped, setting.habits)
    values.setdefault("source_doc", setting.source)
    standing = setting.current.get(str(values.get("code")))
    if standing is not None and standing.is_demo:
        standing = None
    if register.shape is not None:
        wrong += _shape(register, row, setting, values, standing)
    _name_ending(register, values, standing)
    wrong += _gaps(register, row, values, standing, mapped)
    if wrong:
        return None, wrong
    if standing is not None and "source_doc" not in mapped.names and not setting.is_source_said:
        values.pop("source_doc")
    try:
        return replace(standing, **values) if standing else register.record(**values), []
    except InputError as error:  # what the fields must be to each other
        headings = {t.field.name: t.heading for t in mapped.taken}
        where = headings.get(error.where or "", error.where)
        return None, [Refusal.of(row.number, where, error, values.get(error.where or "", ""))]


def _values(row: Row, mapped: Mapped, habits: Habits) -> tuple[dict[str, Any], list[Refusal]]:
    values: dict[str, Any] = {}
    wrong: list[Refusal] = []
    for taken in mapped.taken:
        try:
            cell = row.cells.get(taken.heading)
            value = value_of(taken.field, cell, habits, taken.factor)
        except InputError as error:
            wrong.append(Refusal.of(row.number, taken.heading, error, cell))
            continue
        # An empty cell clears what may be empty; elsewhere it is as if it were not there.
        if value is not None or taken.field.is_nullable:
            values[taken.field.name] = value
    return values, wrong


def _shape(
    register: Register, row: Row, setting: Setting, values: dict[str, Any], standing: Record | None
) -> list[Refusal]:
    if row.geom is None:
        if register.needs_shape and standing is None:
            return [Refusal(row.number, None, "the row has no shape", "该行没有几何")]
        return []
    values["geom"] = row.geom
    if setting.envelope is None or setting.envelope.covers(row.geom):
        return []
    lon, lat = shapely.get_coordinates(row.geom)[0]
    swapped = shapely.transform(row.geom, lambda xy: xy[:, ::-1])
    hint = ("", "")
    if setting.envelope.covers(swapped):
        hint = ("; longitude and latitude are swapped", "；经纬度顺序颠倒")
    return [
        Refusal(
            row.number, None,
            f"outside the district's service envelope (boundary + 20 km){hint[0]}",
            f"超出本区服务范围（边界外扩 20 km）{hint[1]}",
            f"{lon:.6f}, {lat:.6f}",
        )
    ]  # fmt: skip


def _name_ending(register: Register, values: dict[str, Any], standing: Record | None) -> None:
    """Where the file does not say it, the ending of the name does: a 镇 is a town."""
    for it in register.fields:
        if it.column.is_in_name and it.name not in values and standing is None:
            ends = sorted(it.codes.items(), key=lambda pair: -len(pair[1].zh))
            name = str(values.get("name", ""))
            found = next((code for code, label in ends if name.endswith(label.zh)), None)
            if found:
                values[it.name] = found


def _gaps(
    register: Register, row: Row, values: Cells, standing: Record | None, mapped: Mapped
) -> list[Refusal]:
    headings = {t.field.name: t.heading for t in mapped.taken}
    wanted = [it for it in register.fields if it.is_required and it.name not in values]
    # What has a cell with something in it is refused already, with its reason.
    empty = [it for it in wanted if row.cells.get(headings.get(it.name, "")) in (None, "")]
    return [
        Refusal(
            row.number, headings.get(it.name, it.name),
            f"{it.label.en} ({it.name}) is missing", f"缺少“{it.label.zh}”（{it.name}）",
        )
        for it in (empty if standing is None else [])
    ]  # fmt: skip
