"""The reader process: `python -m geoservice.registry.readers FOLDER`, one file, one answer.

It confines itself, tells by its content what `input` in that folder is, and answers in frames:
what the file is; then some thousand rows at a time, cells and shapes; then what could not be read.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from geoservice.errors import FileError, InputError
from geoservice.sandbox.child import Task, answer, begin, send
from geoservice.sandbox.frames import packed

if TYPE_CHECKING:
    from geoservice.registry.readers.raw import Raw
    from geoservice.registry.readers.tabular import Wanted

_AT_ONCE = 5000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main() -> int:
    """Read, answer, and return the exit status."""
    task = begin()
    from geoservice.registry.readers import raw  # after the limits

    raw.LIMITS = task.limits
    try:
        _answer(_read(task).checked())
    except InputError as error:
        _refuse(error)
    except MemoryError:
        _refuse(FileError("it takes more memory than a register", zh="读取所需内存超过上限"))
    return 0


def _refuse(error: InputError) -> None:
    answer({"error": type(error).__name__, "en": error.message, "zh": error.zh})


def _read(task: Task) -> "Raw":
    """Tell by its content what the file is, and read it."""
    from geoservice.registry.readers.raw import GEOPACKAGE_IDS, SHAPE_MAGIC

    folder, layer = task.folder, task.request.get("layer") or ""
    path = folder / "input"
    with path.open("rb") as stream:
        head = stream.read(100)
    if not head:
        raise FileError("the file is empty", zh="文件是空的")
    if head.startswith(b"SQLite format 3\0"):
        if head[68:72] not in GEOPACKAGE_IDS:
            raise FileError(
                "an SQLite file, but no GeoPackage", zh="是 SQLite 文件，但不是 GeoPackage"
            )
        from geoservice.registry.readers import gis

        return gis.read_geopackage(path.rename(folder / "input.gpkg"), layer)
    encoding = task.request.get("encoding")
    if head.startswith(b"PK\x03\x04"):
        return _read_zip(task, path, layer)
    if head.startswith(_OLD_EXCEL):
        raise FileError(
            "an old (.xls) or locked Excel file: save it as .xlsx without a password",
            zh="是旧版（.xls）或加密的 Excel 文件：请另存为不带密码的 .xlsx",
        )
    if head.startswith(SHAPE_MAGIC):
        from geoservice.registry.readers import gis

        path.rename(folder / "input.shp")
        return gis.read_shapefile(folder, "input", encoding)
    from geoservice.registry.readers import text

    return text.read_text(path.read_bytes(), encoding, _wanted(task))


def _wanted(task: Task) -> "Wanted":
    from geoservice.registry.readers.tabular import Wanted

    return Wanted(task.request.get("names") or (), task.request.get("shape"))


def _read_zip(task: Task, path: Path, layer: str) -> "Raw":
    """Read a workbook, a KMZ or a Shapefile: told by what is in it."""
    from geoservice.registry.readers import archives

    with archives.opened(path) as archive:
        inside = archives.names_in(archive)
    if "[Content_Types].xml" in inside:
        from geoservice.registry.readers import workbooks

        path = path.rename(path.with_suffix(".xlsx"))
        return workbooks.read_workbook(path, layer, _wanted(task))
    endings = {name.lower().rpartition(".")[2] for name in inside}
    if "kml" in endings and "shp" not in endings:
        from geoservice.registry.readers import kml

        return kml.read_kmz(path, layer)
    from geoservice.registry.readers import gis

    stem = archives.unpack(path, layer)
    return gis.read_shapefile(task.folder, stem, task.request.get("encoding"))


def _answer(raw: "Raw") -> None:
    import shapely

    answer(
        {
            "form": raw.form, "encoding": raw.encoding, "crs": raw.crs, "headings": raw.headings,
            "has_shapes": raw.has_shapes, "rows": len(raw.numbers), "notes": raw.notes,
            "place_headings": raw.place_headings,
        }
    )  # fmt: skip
    for start in range(0, len(raw.numbers), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        places = raw.places[some] if raw.place_headings else []
        answer({"numbers": raw.numbers[some], "cells": raw.cells[some], "places": places})
        send(packed(shapely.to_wkb(raw.shapes[some], include_srid=False).tolist()))
    answer({"unread": raw.unread})


if __name__ == "__main__":
    sys.exit(main())
