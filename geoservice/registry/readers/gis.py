"""GeoPackage and Shapefile, by GDAL; runs in the reader process."""

import sqlite3
import struct
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from geoservice.errors import FileError
from geoservice.registry.readers.archives import one_of
from geoservice.registry.readers.encodings import codec_named, decoded, fitting_codec
from geoservice.registry.readers.raw import SHAPE_MAGIC, Raw
from geoservice.sandbox.running import KEPT_DRIVERS

_BINARY = "(binary)"


def read_geopackage(path: Path, layer: str) -> Raw:
    """Return the rows of one layer of a GeoPackage; views and virtual tables are not run.

    Raises
    ------
    FileError
        It is damaged, or the layer is not a plain table.
    UnknownNameError
        The layer is not there, or not said where there are several.
    """
    tables = _plain_tables(path)
    names = [name for name in _layers(path) if name in tables]
    name = one_of(names, layer)
    return _rows(path, Raw("GeoPackage", "UTF-8", []), name, encoding=None)


def read_shapefile(folder: Path, stem: str, encoding: str | None = None) -> Raw:
    """Return the rows of a Shapefile; its text as said, else as its bytes can only be.

    Raises
    ------
    FileError
        A part is missing or damaged, or the text is neither UTF-8 nor GB18030.
    """
    missing = [end for end in (".dbf", ".shx") if not (folder / f"{stem}{end}").is_file()]
    if missing:
        raise FileError(
            f"a Shapefile is several files: {' and '.join(missing)} is missing beside it",
            zh=f"Shapefile 由多个文件组成：缺少 {'、'.join(missing)}",
        )
    _refuse_cut(folder, stem)
    claimed = _claimed(folder / f"{stem}.cpg")
    # As Latin-1 GDAL hands over the bytes as they are: what they mean is decided here.
    raw = _rows(folder / f"{stem}.shp", Raw("Shapefile", "", []), None, encoding="ISO-8859-1")
    texts = [it.encode("latin-1") for it in _texts(raw)]
    raw.encoding = codec_named(encoding or "") or fitting_codec(texts, claimed)
    if claimed and raw.encoding != claimed:
        raw.notes.append(
            (
                f"its .cpg says {claimed}, its text is {raw.encoding}: read as that",
                f".cpg 声明为 {claimed}，文字实为 {raw.encoding}，已按后者读取",
            )
        )
    _decode(raw)
    return raw


def _claimed(cpg: Path) -> str:
    """Return the codec that the .cpg says, and take the file away: GDAL would obey it."""
    if not cpg.is_file():
        return ""
    said = cpg.read_bytes()[:64].decode("ascii", "replace")
    cpg.unlink()
    try:
        return codec_named(said)
    except FileError as error:
        raise FileError(f"its .cpg: {error.message}", zh=f".cpg：{error.zh}") from None


def _texts(raw: Raw) -> list[str]:
    return [it for row in [raw.headings, *raw.cells] for it in row if isinstance(it, str)]


def _decode(raw: Raw) -> None:
    raw.headings = [_said(it, raw.encoding) or it for it in raw.headings]
    for number, cells in zip(raw.numbers, raw.cells, strict=True):
        new = [_said(it, raw.encoding) if isinstance(it, str) else it for it in cells]
        if any(it is None and was is not None for it, was in zip(new, cells, strict=True)):
            raw.unread[number] = (
                f"its text is not {raw.encoding}, or cut within a character",
                f"文字不是 {raw.encoding} 编码，或在半个字处被截断",
            )
        cells[:] = new


def _said(text: str, codec: str) -> str | None:
    return decoded(text.encode("latin-1"), codec)


def _refuse_cut(folder: Path, stem: str) -> None:
    """Refuse a file shorter than its header says: GDAL would read it with rows left empty."""
    with (folder / f"{stem}.shp").open("rb") as shp, (folder / f"{stem}.dbf").open("rb") as dbf:
        head = shp.read(28).ljust(28, b"\0")
        words = int.from_bytes(head[24:], "big")
        _, rows, first, width = struct.unpack("<4sIHH", dbf.read(12).ljust(12, b"\0"))
    if not head.startswith(SHAPE_MAGIC):
        raise FileError("its .shp is none", zh=".shp 文件不是 Shapefile")
    needed = {".shp": 2 * words, ".dbf": max(first + rows * width, 33)}
    for end, least in needed.items():
        size = (folder / f"{stem}{end}").stat().st_size
        if size < least:
            raise FileError(
                f"its {end} is cut: {size} bytes of {least}",
                zh=f"{end} 不完整：应有 {least} 字节，只有 {size} 字节",
            )


def _plain_tables(path: Path) -> set[str]:
    """Names of tables that hold rows; a view or virtual table of a stranger is a program."""
    try:
        with sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True) as conn:
            conn.execute("PRAGMA trusted_schema = OFF")
            found = conn.execute(
                "SELECT name, upper(sql) FROM sqlite_schema WHERE type = 'table'"
            )  # a file, not our database
            return {name for name, text in found if not (text or "").startswith("CREATE VIRTUAL")}
    except sqlite3.Error as error:
        raise FileError(
            f"a damaged GeoPackage: {error}", zh=f"GeoPackage 已损坏：{error}"
        ) from error


def _layers(path: Path) -> list[str]:
    try:
        return [str(name) for name, _ in pyogrio.list_layers(path)]
    except DataSourceError as error:
        raise FileError(
            f"a damaged GeoPackage: {error}", zh=f"GeoPackage 已损坏：{error}"
        ) from error


def _rows(path: Path, raw: Raw, layer: str | None, encoding: str | None) -> Raw:
    if not set(pyogrio.list_drivers()) <= KEPT_DRIVERS:
        raise FileError("the reader is not closed: nothing is read", zh="读取程序未隔离，拒绝读取")
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            meta, _, shapes, columns = pyogrio.raw.read(
                path, layer=layer, encoding=encoding, datetime_as_string=True
            )
    except (DataSourceError, DataLayerError, ValueError, RuntimeError) as error:
        raise FileError(
            f"a damaged {raw.form}: {error}", zh=f"{raw.form} 已损坏：{error}"
        ) from error
    if any("error" in str(it.message).lower() for it in said):
        why = str(said[0].message)
        raise FileError(f"a damaged {raw.form}: {why}", zh=f"{raw.form} 已损坏：{why}")
    crs = meta["crs"]
    raw.crs = None if crs is None or "undefined" in crs.lower()[:60] else crs
    raw.headings = [str(name) for name in meta["fields"]]
    raw.has_shapes = shapes is not None
    count = len(columns[0]) if columns else len(shapes if shapes is not None else ())
    for index in range(count):
        cells = [_cell(column[index]) for column in columns]
        raw.add(index + 1, cells, _shape(raw, index + 1, shapes[index] if raw.has_shapes else None))
    return raw


def _shape(raw: Raw, number: int, wkb: bytes | None) -> BaseGeometry | None:
    if wkb is None:
        return None
    try:
        return shapely.from_wkb(wkb)
    except shapely.GEOSException as error:
        raw.unread[number] = (f"its shape cannot be read: {error}", f"几何无法读取：{error}")
        return None


def _cell(value: Any) -> Any:  # numpy scalar in, JSON value out
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, bytes):
        return _BINARY
    if isinstance(plain, np.ndarray):
        return [_cell(it) for it in plain]
    if plain is None or isinstance(plain, str | int | float | bool):
        return plain
    return str(plain)
