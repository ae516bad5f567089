"""GeoPackage and Shapefile, by GDAL; runs in the reader process."""

import codecs
import re
import sqlite3
import struct
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from geoservice.errors import FileError, UnknownNameError
from geoservice.registry.raw import Raw
from geoservice.registry.reading import KEPT_DRIVERS

SHAPE_MAGIC = b"\x00\x00\x27\x0a"
GEOPACKAGE_IDS = {b"GPKG", b"GP10", b"GP11"}
_PARTS = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
_MOST_ENTRIES, _MOST_BYTES, _MOST_RATIO = 20, 200_000_000, 100
_BINARY = "(binary)"
# GB2312 and GBK are subsets of GB18030; what says one often holds another.
_CHINESE = re.compile(r"^(ansi|oem|cp|ms|windows-?)?[ _-]?(936|gbk|gb2312|gb18030|euc-?cn)$")


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
    name = _one_of(names, layer)
    return _rows(path, Raw("GeoPackage", "UTF-8", []), name, encoding=None)


def read_shapefile(folder: Path, stem: str) -> Raw:
    """Return the rows of a Shapefile; its text as the .cpg says, else as it can only be.

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
    said = folder / f"{stem}.cpg"
    codec = (
        _codec(said.read_bytes()[:64].decode("ascii", "replace").strip()) if said.is_file() else ""
    )
    said.unlink(missing_ok=True)
    # As Latin-1 GDAL hands over the bytes as they are: what they mean is decided here.
    raw = _rows(folder / f"{stem}.shp", Raw("Shapefile", "", []), None, encoding="ISO-8859-1")
    raw.encoding = codec or _fitting_codec(raw)
    raw.headings = [_decoded(it, raw.encoding) or it for it in raw.headings]
    for number, cells in zip(raw.numbers, raw.cells, strict=True):
        decoded = [_decoded(it, raw.encoding) if isinstance(it, str) else it for it in cells]
        if any(new is None and old is not None for new, old in zip(decoded, cells, strict=True)):
            raw.unread[number] = (
                f"its text is not {raw.encoding}, or cut within a character",
                f"文字不是 {raw.encoding} 编码，或在半个字处被截断",
            )
        cells[:] = decoded
    return raw


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


def unpack(path: Path, layer: str) -> str:
    """Unpack the one Shapefile of a zip beside it, and return its stem.

    Raises
    ------
    FileError
        It is damaged, no zip of a Shapefile, or not what an honest one looks like.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [it for it in archive.infolist() if not it.is_dir()]
            if any(it.filename == "[Content_Types].xml" for it in entries):
                raise FileError(
                    "an Excel workbook: save it as CSV", zh="是 Excel 文件：请另存为 CSV"
                )
            shapes = [it for it in entries if _ending(it) == ".shp"]
            chosen = _one_of([PurePosixPath(_name(it)).stem for it in shapes], layer)
            total = 0
            for it in entries[: _MOST_ENTRIES + 1]:
                if PurePosixPath(_name(it)).stem == chosen and _ending(it) in _PARTS:
                    total += _inflate(archive, it, path.parent / f"unpacked{_ending(it)}", total)
            if len(entries) > _MOST_ENTRIES:
                raise FileError(
                    f"over {_MOST_ENTRIES} files in it", zh=f"内含超过 {_MOST_ENTRIES} 个文件"
                )
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError, ValueError) as error:
        if isinstance(error, FileError | UnknownNameError):
            raise
        raise FileError(
            f"a damaged or locked zip: {error}", zh=f"zip 已损坏或有密码：{error}"
        ) from error
    return "unpacked"


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name; a Chinese zip has GBK names, which Python takes for the old code page."""
    if entry.flag_bits & 0x800:
        return entry.filename
    return _decoded(entry.filename, "gb18030", was="cp437") or entry.filename


def _ending(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename).suffix.lower()


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, before: int) -> int:
    """Unpack one file to a name of ours, counting what comes out, whatever its header says."""
    allowed = min(_MOST_BYTES - before, max(entry.compress_size, 10_000) * _MOST_RATIO)
    written = 0
    with archive.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(1 << 16):
            written += len(chunk)
            if written > allowed:
                raise FileError("it swells too much when unpacked", zh="解压后过大")
            out.write(chunk)
    return written


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


def _one_of(names: Sequence[str], wanted: str) -> str:
    if len(names) == 1 and not wanted:
        return names[0]
    if wanted in names:
        return wanted
    listed = ", ".join(names) or "none"
    if not names:
        raise FileError(
            "it holds no table or Shapefile to read", zh="其中没有可读取的图层或 Shapefile"
        )
    raise UnknownNameError(
        f"which layer? Say it with --layer; there are: {listed}",
        zh=f"请用 --layer 指定图层；可选：{listed}",
        where="layer",
    )


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


def _codec(said: str) -> str:
    name = said.casefold()
    if _CHINESE.match(name):
        return "GB18030"
    if name in {"", "utf8", "utf-8", "65001", "utf-8 65001"}:
        return "UTF-8" if name else ""
    try:
        return codecs.lookup(said).name.upper()
    except LookupError:
        raise FileError(
            f"its .cpg says {said!r}, which is no encoding", zh=f".cpg 中的“{said}”不是编码"
        ) from None


def _fitting_codec(raw: Raw) -> str:
    """UTF-8 if every text is that, else GB18030 if most are."""
    texts = [it for row in [raw.headings, *raw.cells] for it in row if isinstance(it, str)]
    texts = [it for it in texts if not it.isascii()]
    if all(_decoded(it, "UTF-8") is not None for it in texts):
        return "UTF-8"
    if sum(_decoded(it, "GB18030") is None for it in texts) > len(texts) / 10:
        raise FileError(
            "its text is neither UTF-8 nor GB18030: put a .cpg beside it",
            zh="文字既非 UTF-8 也非 GB18030：请附 .cpg 文件",
        )
    return "GB18030"


def _decoded(text: str, codec: str, was: str = "latin-1") -> str | None:
    try:
        return text.encode(was).decode(codec)
    except UnicodeError:
        return None
