"""CSV: for a spreadsheet, with shapes as WKT; and corner tables in a plane, as surveyors write.

UTF-8 with a byte-order mark, without which a spreadsheet shows Chinese as noise, or GBK. A cell
that a spreadsheet would take for a formula gets an apostrophe.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from geoservice.errors import InputError
from geoservice.exports.rows import SHAPE
from geoservice.exports.source import Source

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MILLIMETRES = 3


def write_csv(source: Source, path: Path) -> list[str]:
    """Write a row a feature: id, fields, shape as WKT in the target CRS.

    Raises
    ------
    InputError
        A text has a character that the encoding has not.
    """
    heads = [one.name for one in source.schema]
    if source.has_places:
        heads[-1] = "wkt"
    with _writing(path, source.export.encoding) as writer:
        writer.writerow(heads)
        for batch in source.batches():
            writer.writerows(_lines(batch))
    return []


def write_corners(source: Source, path: Path) -> list[str]:
    """Write a row a corner: of which feature, part and ring, its number, X north, Y east.

    Ring 1 is the outer one, the others are holes; the last corner of a ring is its first again.

    Raises
    ------
    InputError
        A text has a character that the encoding has not.
    """
    said = [one.name for one in source.sight.fields if one.name in ("code", "name")]
    with _writing(path, source.export.encoding) as writer:
        writer.writerow(["id", *said, "部分", "圈", "点号", "X（北）", "Y（东）"])
        for batch in source.batches():
            names = [map(_cell, batch[name].to_pylist()) for name in ("id", *said)]
            shapes = shapely.from_wkb(np.asarray(batch[SHAPE].to_pylist(), dtype=object))
            for shape, *named in zip(shapes, *names, strict=True):
                writer.writerows([*named, *corner] for corner in corners(shape))
    return []


def corners(shape: Any) -> Iterator[tuple[int, int, str, str, str]]:
    """Give the corners of a shape in metres: part, ring, number, X north, Y east.

    An absent or empty shape has none.
    """
    for part, single in enumerate(shapely.get_parts(shape), 1):
        rings = shapely.get_rings(single) if single.geom_type == "Polygon" else [single]
        for ring, line in enumerate(rings, 1):
            xy = shapely.get_coordinates(line)
            is_closed = len(xy) > 1 and bool((xy[0] == xy[-1]).all())
            for number, (east, north) in enumerate(xy.tolist()):
                at = 0 if is_closed and number == len(xy) - 1 else number
                x, y = (f"{value:.{_MILLIMETRES}f}" for value in (north, east))
                yield part, ring, f"J{at + 1}", x, y


def write_table(path: Path, heads: list[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a small table that goes with a file."""
    with _writing(path, "UTF-8") as writer:
        writer.writerow(heads)
        writer.writerows(map(_cell, row) for row in rows)


@contextmanager
def _writing(path: Path, encoding: str) -> Iterator[Any]:
    codec = "utf-8-sig" if encoding == "UTF-8" else encoding
    try:
        with path.open("w", encoding=codec, newline="") as stream:
            yield csv.writer(stream)
    except UnicodeEncodeError as error:
        wrong = error.object[error.start]
        raise InputError(
            f"encoding: {wrong!r} is not in {encoding}; use utf-8",
            zh=f"encoding：字符 {wrong!r} 不在 {encoding} 中；请用 utf-8",
            where="encoding",
        ) from error


def _lines(batch: pa.RecordBatch) -> Iterator[Any]:
    columns = [map(_cell, column.to_pylist()) for column in batch.columns]
    if SHAPE in batch.schema.names:
        shapes = shapely.from_wkb(np.asarray(batch[SHAPE].to_pylist(), dtype=object))
        columns[-1] = map(_cell, shapely.to_wkt(shapes, rounding_precision=-1).tolist())
    return zip(*columns, strict=True)


def _cell(value: object) -> object:
    """Return a value as a spreadsheet reads it and runs nothing."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
