"""Excel workbooks (.xlsx), by calamine, which reads a hundred thousand rows in a second."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from geoservice.errors import FileError
from geoservice.registry.readers import raw
from geoservice.registry.readers.archives import inflate, one_of, opened, refuse_crowd
from geoservice.registry.readers.raw import Raw, refuse_many
from geoservice.registry.readers.tabular import Numbered, Wanted, add_rows

_ENTRIES = 400
_HEAD = 10_000
_EXACT = 2**53  # below it every whole number is one
_DAMAGE = (CalamineError, ValueError, OSError)


def read_workbook(path: Path, layer: str, wanted: Wanted) -> Raw:
    """Return the rows of one worksheet, below its heading; formulas by the value last computed.

    Raises
    ------
    FileError
        It is damaged, has macros, or is larger inside than a register.
    UnknownNameError
        It has several filled sheets and ``layer`` is none of them.
    """
    _refuse_unusual(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheets = _sheets(book)
    except _DAMAGE as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"a damaged workbook: {error}", zh=f"Excel 文件已损坏：{error}") from error
    name = one_of([it for it, rows in sheets.items() if rows] or list(sheets)[:1], layer)
    found = Raw("Excel", "UTF-8", [])
    if len(sheets) > 1:
        found.notes.append((f"sheet {name!r}", f"工作表“{name}”"))
    return add_rows(found, sheets[name], wanted)


def _refuse_unusual(path: Path) -> None:
    """Refuse macros, and count what comes out, before a library is asked to."""
    with opened(path) as archive:
        entries = [it for it in archive.infolist() if not it.is_dir()]
        refuse_crowd(len(entries), _ENTRIES)
        with archive.open("[Content_Types].xml") as stream:
            kinds = stream.read(1_000_000)
        if b"macroEnabled" in kinds or any("vbaproject" in it.filename.lower() for it in entries):
            raise FileError(
                "a workbook with macros: save it as .xlsx", zh="含宏的 Excel 文件：请另存为 .xlsx"
            )
        total, scratch = 0, path.parent / "inflated"
        for entry in entries:
            total += inflate(archive, entry, scratch, total)
            with scratch.open("rb") as stream:
                if b"<!DOCTYPE" in stream.read(_HEAD):  # no program writes one
                    raise FileError(
                        "a damaged workbook: a DTD in it", zh="Excel 文件已损坏：内含 DTD"
                    )
        scratch.unlink(missing_ok=True)


def _sheets(book: CalamineWorkbook) -> dict[str, list[Numbered]]:
    """Return the filled rows of every sheet that a person sees."""
    return {
        it.name: list(_rows(book.get_sheet_by_name(it.name)))
        for it in book.sheets_metadata
        if it.typ == SheetTypeEnum.WorkSheet and it.visible == SheetVisibleEnum.Visible
    }


def _rows(sheet: CalamineSheet) -> Iterator[Numbered]:
    if sheet.start is None:
        return
    first, left = sheet.start
    most = raw.LIMITS.columns + 1  # one more than may be: it is told when the headings are known
    kept = 0
    for number, row in enumerate(sheet.iter_rows(), first + 1):
        cells = [*[""] * left, *map(_cell, row)]
        if any(it != "" for it in cells[most:]):
            raise FileError(
                f"over {raw.LIMITS.columns} columns", zh=f"超过 {raw.LIMITS.columns} 列"
            )
        if any(it != "" and str(it).strip() for it in cells):
            kept += 1
            refuse_many(kept)
            yield number, cells[:most]


def _cell(value: Any) -> Any:  # what calamine gives in, JSON value out
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)
