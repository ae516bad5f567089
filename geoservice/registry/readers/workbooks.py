"""Excel workbooks (.xlsx), by openpyxl, which reads their XML through defusedxml."""

import warnings
import zipfile
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from geoservice.errors import FileError
from geoservice.registry.readers import raw
from geoservice.registry.readers.archives import inflate, one_of, opened, refuse_crowd
from geoservice.registry.readers.raw import Raw, refuse_many
from geoservice.registry.readers.tabular import Numbered, add_rows

_ENTRIES = 400
_DAMAGE = (
    InvalidFileException, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, OSError, zipfile.BadZipFile,
)  # fmt: skip


def read_workbook(path: Path, layer: str, names: Collection[str]) -> Raw:
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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and drop-downs that are not read
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            sheets = _sheets(book)
    except _DAMAGE as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"a damaged workbook: {error}", zh=f"Excel 文件已损坏：{error}") from error
    name = one_of([it for it, rows in sheets.items() if rows] or list(sheets)[:1], layer)
    found = Raw("Excel", "UTF-8", [])
    if len(sheets) > 1:
        found.notes.append((f"sheet {name!r}", f"工作表“{name}”"))
    return add_rows(found, sheets[name], names)


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
        scratch.unlink(missing_ok=True)


def _sheets(book: openpyxl.Workbook) -> dict[str, list[Numbered]]:
    """Return the filled rows of every sheet that a person sees."""
    return {
        sheet.title: list(_rows(sheet))
        for sheet in book.worksheets
        if isinstance(sheet, ReadOnlyWorksheet) and sheet.sheet_state == "visible"
    }


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[Numbered]:
    sheet.reset_dimensions()  # what a file says of its size may be a lie
    most = raw.LIMITS.columns
    kept = 0
    for number, row in enumerate(sheet.rows, 1):
        cells = [_cell(it.value) for it in row]
        if any(it not in (None, "") for it in cells[most:]):
            raise FileError(f"over {most} columns", zh=f"超过 {most} 列")
        if any(it is not None and str(it).strip() for it in cells):
            kept += 1
            refuse_many(kept)
            yield number, cells[:most]


def _cell(value: Any) -> Any:  # what openpyxl gives in, JSON value out
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
