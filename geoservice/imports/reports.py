"""A job's rows as a file that can be corrected and sent again: as they came, and what is wrong."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from geoservice.errors import FileError
from geoservice.imports.records import Job, StagedRow

_STATES = {
    "ok": "新增", "amend": "更新", "unchanged": "未变", "refused": "拒绝", "aside": "待补位置",
    "duplicate": "疑似重复", "inserted": "已新增", "amended": "已更新", "skipped": "已跳过",
    "drafted": "已存草稿", "conflict": "冲突",
}  # fmt: skip
STATE_HEADING, REASON_ZH, REASON_EN = "导入状态", "导入说明", "Import remarks"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTH = 18


def write_report(path: Path, job: Job, rows: Sequence[StagedRow]) -> None:
    """Write the report where somebody at the command line wants it, by its ending.

    Raises
    ------
    FileError
        It cannot be written there.
    """
    is_text = path.suffix.lower() == ".csv"
    write_file(path, as_csv(job, rows) if is_text else as_workbook(job, rows))


def write_file(path: Path, made: bytes) -> None:
    """Write a file where somebody at the command line wants it.

    Raises
    ------
    FileError
        It cannot be written there.
    """
    try:
        path.write_bytes(made)
    except OSError as error:
        raise FileError(
            f"{path} cannot be written: {error.strerror}", zh=f"无法写入 {path}：{error.strerror}"
        ) from error


def as_csv(job: Job, rows: Sequence[StagedRow]) -> bytes:
    """Return the report as CSV in UTF-8 with its mark, for Excel."""
    text = io.StringIO()
    writer = csv.writer(text)
    for line in _lines(job, rows):
        writer.writerow([_harmless(it) for it in line])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def as_workbook(job: Job, rows: Sequence[StagedRow]) -> bytes:
    """Return the report as a workbook; refused rows are red, those to be decided yellow."""
    import openpyxl  # slow import, reports and templates only
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import PatternFill

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("导入报告")
    colours = {"refused": "F8CBAD", "conflict": "F8CBAD", "duplicate": "FFE699", "aside": "FFE699"}
    fills = {state: PatternFill("solid", fgColor=colour) for state, colour in colours.items()}
    states = [None, *((it.outcome or it.state) for it in rows)]
    for line, state in zip(_lines(job, rows), states, strict=True):
        cells = [WriteOnlyCell(sheet, _storable(it)) for it in line]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text, though it may begin like a formula
            if state in fills:
                cell.fill = fills[state]
        sheet.append(cells)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _lines(job: Job, rows: Sequence[StagedRow]) -> Iterator[list[Any]]:
    """Give the heading, then each row as it came with its state and reasons behind it."""
    yield [*job.found["headings"], STATE_HEADING, REASON_ZH, REASON_EN]
    for it in rows:
        state = it.outcome or it.state
        yield [
            *it.cells, f"{_STATES.get(state, state)} {state}",
            "；".join(_reason(reason, "zh") for reason in it.reasons),
            "; ".join(_reason(reason, "en") for reason in it.reasons),
        ]  # fmt: skip


def _reason(reason: dict[str, Any], language: str) -> str:
    column, given = reason.get("column"), reason.get("given")
    return f"{column + ': ' if column else ''}{reason[language]}{f' ({given})' if given else ''}"


def _storable(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _harmless(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would compute."""
    value = _storable(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
