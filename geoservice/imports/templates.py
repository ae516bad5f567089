"""An empty workbook for each register: headings, required fields, drop-downs, an example row."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geoservice.registry.fields import Field, Register
from geoservice.registry.importing import EXAMPLE

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_ROWS = 5000  # that have drop-downs and formats
_CODES = "代码表"
_NOT_ASKED = {"is_demo"}
_KINDS = {
    "text": ("文字", "text"), "integer": ("整数", "whole number"), "number": ("数字", "number"),
    "date": ("日期，如 2026-05-01", "date"), "truth": ("是 或 否", "yes or no"),
    "instant": ("时间，如 2026-05-01 08:00", "time"), "list": ("多项以、分隔", "list"),
    "json": ("名称=数值；…", "name=value; ..."),
}  # fmt: skip
_EXAMPLES: dict[str, Any] = {
    "integer": 1, "number": 1, "date": "2026-05-01", "instant": "2026-05-01 08:00", "truth": "否",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a template."""

    heading: str
    about: str
    is_required: bool
    example: Any
    choices: tuple[str, ...] = ()
    is_strict: bool = True
    number_format: str | None = None


def template(register: Register) -> bytes:
    """Return an .xlsx file to be filled in; its import skips the example row."""
    import openpyxl  # slow import, templates and reports only

    book = openpyxl.Workbook()
    sheet = book.active
    if sheet is None:
        raise TypeError("a new workbook has a sheet")
    sheet.title = register.label.zh[:31]
    codes = book.create_sheet(_CODES)
    codes.sheet_state = "hidden"
    for number, column in enumerate(columns(register), 1):
        _write(sheet, number, column)
        if column.choices:
            _offer(sheet, codes, number, column)
    sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def columns(register: Register) -> Iterator[Column]:
    """Give the columns: the fields as the layer calls them, then the place."""
    seen: set[str] = set()
    for it in register.fields:
        if it.name not in _NOT_ASKED:
            heading = it.name if it.label.zh in seen else it.label.zh
            seen.add(heading)
            yield _column(it, heading)
    if register.shape == "Point":
        for heading, about, example in (("经度", "longitude", 113.22), ("纬度", "latitude", 36.33)):
            yield Column(heading, f"十进制度 · {about}, degrees", register.needs_shape, example)
    elif register.shape is not None:
        about = "几何的 WKT，经度在前 · the shape as WKT, longitude first"
        yield Column("WKT", about, register.needs_shape, "")


def _column(it: Field, heading: str) -> Column:
    zh, en = _KINDS[it.kind]
    is_asked = it.is_required and not it.column.is_in_name and it.name != "source_doc"
    needed = "必填 · required" if is_asked else "选填 · optional"
    choices = tuple(label.zh for label in it.codes.values())
    return Column(
        heading=heading,
        about=f"{it.label.en} ({it.name})\n{zh} · {en}\n{needed}",
        is_required=is_asked,
        example=_example(it, choices),
        choices=choices,
        is_strict=it.kind != "list",
        number_format={"date": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm"}.get(it.kind),
    )


def _example(it: Field, choices: tuple[str, ...]) -> Any:
    if it.name == "code":
        return f"{EXAMPLE}-001（本行导入时跳过）"
    if choices:
        return choices[0]
    if it.name == "name":
        return EXAMPLE
    return _EXAMPLES.get(it.kind, "") if it.is_required else ""


def _write(sheet: "Worksheet", number: int, column: Column) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    heading: Cell = sheet.cell(1, number, column.heading)
    heading.font = Font(bold=True, color="C00000" if column.is_required else "000000")
    heading.fill = PatternFill("solid", fgColor="FCE4D6" if column.is_required else "EDEDED")
    heading.comment = Comment(column.about, "geoservice")
    example = sheet.cell(2, number, column.example or None)
    example.font = Font(italic=True, color="808080")
    letter = get_column_letter(number)
    sheet.column_dimensions[letter].width = max(12, 2 * len(column.heading) + 4)
    if column.number_format:
        for row in range(2, _ROWS // 10):
            sheet.cell(row, number).number_format = column.number_format


def _offer(sheet: "Worksheet", codes: "Worksheet", number: int, column: Column) -> None:
    """Put the choices on the hidden sheet, and a drop-down on the column."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(number)
    for row, choice in enumerate(column.choices, 1):
        codes.cell(row, number, choice)
    offered = DataValidation(
        type="list", allow_blank=True, showErrorMessage=column.is_strict,
        formula1=f"'{_CODES}'!${letter}$1:${letter}${len(column.choices)}",
        errorTitle="代码表", error="请从下拉列表中选择 · choose from the list",
    )  # fmt: skip
    offered.add(f"{letter}2:{letter}{_ROWS}")
    sheet.add_data_validation(offered)
