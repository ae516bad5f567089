"""Rows of a file -> records of a register, and what was wrong in which row (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.errors import InputError
from geoservice.registry.fields import Register
from geoservice.registry.mapping import Mapped, Taken
from geoservice.registry.records import Record
from geoservice.registry.values import Habits, value_of

Cells = Mapping[str, Any]
_MOST_SHOWN = 80
# How the code of a template's example row begins.
EXAMPLE = "示例"
_REPEATED = {"date", "instant", "truth"}


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
class Placeless(Refusal):
    """The row has no place: it may be kept until it has one."""


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
    towns
        Whose records may be written; None: all.
    """

    source: str
    current: Mapping[str, Record] = field(default_factory=dict)
    envelope: BaseGeometry | None = None
    habits: Habits = field(default_factory=Habits)
    is_source_said: bool = False
    towns: frozenset[str] | None = None


@dataclass(frozen=True)
class Checked:
    """A row that was checked: its record, or what is wrong with it.

    Parameters
    ----------
    values
        What the file has of it, by field; of a wrong row what could be read.
    standing
        The record of its code that stands; of the demonstration none.
    """

    row: Row
    record: Record | None
    values: Mapping[str, Any]
    wrong: tuple[Refusal, ...]
    standing: Record | None = None

    @property
    def is_placeless(self) -> bool:
        """Whether the row is right but for its place, which is not known."""
        return bool(self.wrong) and all(isinstance(it, Placeless) for it in self.wrong)


def codes_of(rows: Sequence[Row], mapped: Mapped) -> list[str]:
    """Return the codes that the rows have, as far as they are any."""
    heading = next((t.heading for t in mapped.taken if t.field.name == "code"), None)
    found = []
    for row in rows:
        cell = row.cells.get(heading) if heading else None
        if isinstance(cell, str | int | float):
            found.append(code_text(cell))
    return [code for code in found if code]


def is_example(row: Row, mapped: Mapped) -> bool:
    """Return whether this is the example row of a template, which nobody means to import."""
    heading = next((t.heading for t in mapped.taken if t.field.name == "code"), None)
    return heading is not None and str(row.cells.get(heading) or "").startswith(EXAMPLE)


def code_text(cell: str | float) -> str:
    """Return a code as text, which a file may hold as a number."""
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def check_rows(
    register: Register, rows: Iterable[Row], mapped: Mapped, setting: Setting
) -> list[Checked]:
    """Return every row with the record it makes, or every complaint about it.

    A row whose code stands already changes only what the file has; a demonstration record
    lends nothing. No rows give none.
    """
    checked = [_checked(register, row, mapped, setting) for row in rows]
    repeated = _repeated(checked)
    return [
        replace(it, record=None, wrong=(*it.wrong, repeated[it.row.number]))
        if it.row.number in repeated
        else it
        for it in checked
    ]


def _repeated(checked: Sequence[Checked]) -> dict[int, Refusal]:
    """Rows that share a code: which of them is right is not ours to say."""
    rows_of: dict[str, list[int]] = {}
    for it in checked:
        if it.record is not None:
            rows_of.setdefault(it.record.code, []).append(it.row.number)
    return {
        number: Refusal(
            number, "code",
            f"code {code} is in rows {_listed(numbers)}",
            f"编号 {code} 在第 {_listed(numbers)} 行重复",
        )
        for code, numbers in rows_of.items() if len(numbers) > 1
        for number in numbers
    }  # fmt: skip


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:10])) + (" ..." if len(numbers) > 10 else "")


def _checked(register: Register, row: Row, mapped: Mapped, setting: Setting) -> Checked:
    values, wrong = _values(row, mapped, setting.habits)
    values.setdefault("source_doc", setting.source)
    standing = setting.current.get(str(values.get("code")))
    if standing is not None and standing.is_demo:
        standing = None
    if register.shape is not None:
        wrong += _shape(register, row, setting, values, standing)
    _name_ending(register, values, standing)
    wrong += _gaps(register, row, values, standing, mapped)
    if "source_doc" not in mapped.names and not setting.is_source_said and standing is not None:
        values.pop("source_doc")
    wrong += _other_town(row, values, setting, standing)
    if wrong:
        return Checked(row, None, values, tuple(wrong), standing)
    try:
        record = register.record(**values) if standing is None else replace(standing, **values)
    except InputError as error:  # what the fields must be to each other
        headings = {t.field.name: t.heading for t in mapped.taken}
        where = headings.get(error.where or "", error.where)
        refusal = Refusal.of(row.number, where, error, values.get(error.where or "", ""))
        return Checked(row, None, values, (refusal,), standing)
    return Checked(row, record, values, (), standing)


def _other_town(
    row: Row, values: Cells, setting: Setting, standing: Record | None
) -> list[Refusal]:
    if setting.towns is None:
        return []
    stood = None if standing is None else standing.town_code
    codes = {values.get("town_code", stood)} | ({stood} if standing is not None else set())
    towns = ", ".join(sorted(setting.towns))
    return [
        Refusal(
            row.number, "town_code",
            f"town_code {code or 'is empty'}: yours are {towns}",
            f"乡镇代码 {code or '为空'}：您只能登记 {towns}",
        )
        for code in codes if code not in setting.towns
    ]  # fmt: skip


def _values(row: Row, mapped: Mapped, habits: Habits) -> tuple[dict[str, Any], list[Refusal]]:
    values: dict[str, Any] = {}
    wrong: list[Refusal] = []
    for taken in mapped.taken:
        cell = row.cells.get(taken.heading)
        try:
            value = _value(taken, cell, habits)
        except InputError as error:
            wrong.append(Refusal.of(row.number, taken.heading, error, cell))
            continue
        # An empty cell clears what may be empty; elsewhere it is as if it were not there.
        if value is not None or taken.field.is_nullable:
            values[taken.field.name] = value
    return values, wrong


def _value(taken: Taken, cell: Any, habits: Habits) -> Any:  # JSON in, field type out
    """Return the value; what a column says again and again is read once."""
    if type(cell) is not str or not (taken.field.codes or taken.field.kind in _REPEATED):
        return value_of(taken.field, cell, habits, taken.factor)
    if cell not in taken.known:
        taken.known[cell] = value_of(taken.field, cell, habits, taken.factor)
    return taken.known[cell]


def _shape(
    register: Register, row: Row, setting: Setting, values: dict[str, Any], standing: Record | None
) -> list[Refusal]:
    if row.geom is None:
        if register.needs_shape and standing is None:
            why = ("the row has no place", "该行没有位置")
            return [Placeless(row.number, None, *why)]
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
