"""An `.osm.pbf` file: is it one, whence is it, and its objects one by one, damage reported."""

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import osmium

from geoservice.errors import FileError
from geoservice.roads.records import Source

_HEADER = b"\x0a\x09OSMHeader"  # the first blob of a pbf, after its four-byte length
_OTHER_FORMATS = (
    (b"PK", "a zip archive", "zip 压缩包"),
    (b"\x1f\x8b", "a gzip archive", "gzip 压缩包"),
    (b"BZh", "a bzip2 archive", "bzip2 压缩包"),
    (b"SQLite", "a SQLite database or GeoPackage", "SQLite 数据库或 GeoPackage"),
    (b"<", "XML (osmium cat FILE -o NAME.osm.pbf converts it)", "XML（可用 osmium cat 转换）"),
    (b"{", "JSON", "JSON"),
)

_REASONS_ZH = {
    errno.ENOENT: "文件不存在",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EACCES: "没有读取权限",
}


def describe_source(path: Path) -> Source:
    """Return name, SHA-256 and date of an extract, having checked that it is one.

    Raises
    ------
    FileError
        The file is not there, empty, or no `.osm.pbf`.
    """
    try:
        with path.open("rb") as stream:
            _check_start(path, stream.read(64))
            stream.seek(0)
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        why_zh = _REASONS_ZH.get(error.errno or 0, error.strerror)
        raise FileError(
            f"{path}: cannot be read: {error.strerror}", zh=f"{path}：无法读取：{why_zh}"
        ) from error
    with damage_reported(path), osmium.io.Reader(_named(path)) as reader:
        header = reader.header()
        is_history = header.has_multiple_object_versions
        stamp = header.get("osmosis_replication_timestamp", "")
    if is_history:
        raise FileError(
            f"{path.name}: holds every version of each object; load an extract of one moment",
            zh=f"{path.name}：含全部历史版本的文件；请使用单一时刻的提取文件",
        )
    doc = f"OpenStreetMap contributors, ODbL 1.0: {path.name} (SHA-256 {sha256[:12]})"
    return Source(path.name, sha256, _date(stamp), doc)


def objects(path: Path, kinds: osmium.osm.osm_entity_bits, *filters: Any) -> Iterator[Any]:
    """Yield the objects of these kinds that pass the filters, in the file's order.

    An object is only there until the next one comes: take copies.

    Raises
    ------
    FileError
        The file is damaged.
    """
    reader = osmium.FileProcessor(_named(path), kinds)
    for each in filters:
        reader = reader.with_filter(each)
    with damage_reported(path):
        yield from reader


@contextmanager
def damage_reported(path: Path) -> Iterator[None]:
    """Whatever osmium cannot decode is damage to the file."""
    try:
        yield
    except (RuntimeError, ValueError, OverflowError) as error:
        raise FileError(
            f"{path.name}: damaged or cut short ({error}); nothing was loaded",
            zh=f"{path.name}：文件损坏或不完整（{error}），未导入任何内容",
        ) from error


def _named(path: Path) -> osmium.io.File:
    """Name the format: osmium would go by the file's ending, and read XML or text as well."""
    return osmium.io.File(str(path), "pbf")


def _date(stamp: str) -> date | None:
    """Return the day of a replication time stamp; a missing or odd one says nothing."""
    try:
        return datetime.fromisoformat(stamp).date()
    except ValueError:
        return None


def _check_start(path: Path, start: bytes) -> None:
    if start[4 : 4 + len(_HEADER)] == _HEADER:
        return
    known = (other[1:] for other in _OTHER_FORMATS if start.lstrip().startswith(other[0]))
    unknown = ("something else", "其他内容") if start else ("empty", "空文件")
    en, zh = next(known, unknown)
    raise FileError(
        f"{path.name}: not an OpenStreetMap .osm.pbf file but {en}",
        zh=f"{path.name}：不是 OpenStreetMap .osm.pbf 文件，而是{zh}",
    )
