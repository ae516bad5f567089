"""The reader process: `python -m geoservice.registry.reader FOLDER LAYER`, one file, one answer.

It reads `input` in a folder made for it, writes JSON to its output and ends. Whatever a
hostile file does to it, it does with these limits.
"""

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geoservice.registry.raw import Raw

_LIMITS = {
    resource.RLIMIT_AS: 2_000_000_000,
    resource.RLIMIT_CPU: 60,
    resource.RLIMIT_FSIZE: 400_000_000,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
}


def main() -> int:
    """Read, answer, and return the exit status."""
    for what, most in _LIMITS.items():
        resource.setrlimit(what, (most, most))
    from geoservice.errors import InputError  # after the limits

    try:
        answer = _answer(_read(Path(sys.argv[1]), sys.argv[2]).checked())
    except InputError as error:
        answer = {"error": type(error).__name__, "en": error.message, "zh": error.zh}
    json.dump(answer, sys.stdout)
    return 0


def _read(folder: Path, layer: str) -> "Raw":
    """Tell by its content what the file is, and read it."""
    from geoservice.errors import FileError
    from geoservice.registry import gisfiles, textfiles

    path = folder / "input"
    with path.open("rb") as stream:
        head = stream.read(100)
    if not head:
        raise FileError("the file is empty", zh="文件是空的")
    if head.startswith(b"SQLite format 3\0"):
        if head[68:72] not in gisfiles.GEOPACKAGE_IDS:
            raise FileError(
                "an SQLite file, but no GeoPackage", zh="是 SQLite 文件，但不是 GeoPackage"
            )
        return gisfiles.read_geopackage(path.rename(folder / "input.gpkg"), layer)
    if head.startswith(b"PK\x03\x04"):
        return gisfiles.read_shapefile(folder, gisfiles.unpack(path, layer))
    if head.startswith(gisfiles.SHAPE_MAGIC):
        path.rename(folder / "input.shp")
        return gisfiles.read_shapefile(folder, "input")
    text, encoding = textfiles.decode(path.read_bytes())
    first = text.lstrip()[:1]
    if first == "<":
        raise FileError(
            "XML (KML, GML, VRT, ...) is not read", zh="不读取 XML（KML、GML、VRT 等）文件"
        )
    if first in {"{", "["}:
        return textfiles.read_geojson(text, encoding)
    return textfiles.read_csv(text, encoding)


def _answer(raw: "Raw") -> dict[str, Any]:
    import shapely

    return {
        "form": raw.form,
        "encoding": raw.encoding,
        "crs": raw.crs,
        "headings": raw.headings,
        "numbers": raw.numbers,
        "cells": raw.cells,
        "shapes": shapely.to_wkb(raw.shapes, hex=True, include_srid=False).tolist(),
        "has_shapes": raw.has_shapes,
        "unread": raw.unread,
    }


if __name__ == "__main__":
    sys.exit(main())
