"""Excel: a sheet of rows under Chinese labels, and a sheet that says what each column means."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from geoservice.errors import InputError
from geoservice.exports.rows import SHAPE
from geoservice.exports.shapefile import dictionary
from geoservice.exports.source import Source

# Of the format: rows of a sheet, and characters of a cell.
_MOST_ROWS, _MOST_CHARACTERS = 1_048_576, 32_767


def write_xlsx(source: Source, path: Path) -> list[str]:
    """Write the rows, shapes as WKT.

    Raises
    ------
    InputError
        There are more rows than a sheet has.
    """
    if source.survey.rows >= _MOST_ROWS:
        raise InputError(
            f"{source.survey.rows} rows: a sheet holds {_MOST_ROWS - 1}; use bbox, filter or csv",
            zh=f"共 {source.survey.rows} 行，超过工作表上限 {_MOST_ROWS - 1} 行；"
            "请用 bbox、filter 缩小范围，或改用 csv",
            where="format",
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet(source.layer.title.zh)
    heads = ["标识", *(one.zh for one in source.sight.fields)]
    sheet.append([*heads, "WKT"] if source.has_places else heads)
    too_long = 0
    for batch in source.batches():
        for row in _rows(batch):
            cells = [_cell(sheet, value) for value in row]
            too_long += sum(
                isinstance(value, str) and len(value) > _MOST_CHARACTERS for value in row
            )
            sheet.append(cells)
    about = book.create_sheet("字段 fields")
    about.append(["列", "field", "zh", "en", "codes"])
    for line in dictionary(source.layer, source.sight.fields):
        about.append(line)
    book.save(path)
    if not too_long:
        return []
    return [
        f"{too_long} 个单元格超过 {_MOST_CHARACTERS} 字符，已留空 · "
        f"cells over {_MOST_CHARACTERS} characters are left empty"
    ]


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    columns = [column.to_pylist() for column in batch.columns]
    if SHAPE in batch.schema.names:
        shapes = shapely.from_wkb(np.asarray(columns[-1], dtype=object))
        columns[-1] = shapely.to_wkt(shapes, rounding_precision=-1).tolist()
    return zip(*columns, strict=True)


def _cell(sheet: Any, value: object) -> object:
    """Return a cell: a text never as a formula, an instant without a zone, which Excel has not."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    if not isinstance(value, str):
        return value
    if len(value) > _MOST_CHARACTERS:
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell
