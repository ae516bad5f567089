"""Zip files, inflated by us: counted, under names of ours, refused for what no honest one has."""

import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from geoservice.errors import FileError, UnknownNameError
from geoservice.registry.readers import raw

_PARTS = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
_NESTED = {".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".kmz"}
_LEAST_BYTES = 10_000  # what is smaller may swell: a heading repeated is no bomb


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip whose names are checked; damage found while it is open is a `FileError`.

    Raises
    ------
    FileError
        It is damaged or locked, has too many files, or one with a path, a link or an archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                _refuse_hostile(entry)
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError) as error:
        raise _damaged(error) from error
    except RuntimeError as error:  # a password, or a compression of another kind
        raise _damaged(error) from error


def names_in(archive: zipfile.ZipFile) -> list[str]:
    """Return the names of its files, without those that a Mac adds."""
    return [_name(it) for it in _files(archive)]


def unpack(path: Path, layer: str) -> str:
    """Unpack the one Shapefile of a zip beside it, and return its stem.

    Raises
    ------
    FileError
        It is damaged, no zip of a Shapefile, or not what an honest one looks like.
    UnknownNameError
        It holds several, and ``layer`` is none of them.
    """
    with opened(path) as archive:
        entries = _files(archive)
        refuse_crowd(len(entries), raw.LIMITS.entries)
        shapes = [it for it in entries if _ending(it) == ".shp"]
        chosen = one_of([PurePosixPath(_name(it)).stem for it in shapes], layer)
        total = 0
        for it in entries:
            if PurePosixPath(_name(it)).stem == chosen and _ending(it) in _PARTS:
                total += inflate(archive, it, path.parent / f"unpacked{_ending(it)}", total)
    return "unpacked"


def inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, before: int) -> int:
    """Unpack one file to a name of ours, counting what comes out, whatever its header says.

    Raises
    ------
    FileError
        With the ``before`` bytes of the others it is more than an archive may hold.
    """
    most = raw.LIMITS.inflated_mb * 1_000_000 - before
    allowed = min(most, max(entry.compress_size, _LEAST_BYTES) * raw.LIMITS.ratio)
    written = 0
    with archive.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(1 << 16):
            written += len(chunk)
            if written > allowed:
                raise FileError("it swells too much when unpacked", zh="解压后过大")
            out.write(chunk)
    return written


def refuse_crowd(count: int, most: int) -> None:
    """Refuse an archive of too many files.

    Raises
    ------
    FileError
        It has more than ``most``.
    """
    if count > most:
        raise FileError(f"over {most} files in it", zh=f"内含超过 {most} 个文件")


def one_of(names: Sequence[str], wanted: str) -> str:
    """Return the layer that is wanted, or the only one.

    Raises
    ------
    FileError
        There is none.
    UnknownNameError
        It is not there, or not said; the message lists those there are.
    """
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
        f"which layer or sheet? Say which; there are: {listed}",
        zh=f"请指定图层或工作表；可选：{listed}",
        where="layer",
    )


def _files(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [
        it for it in archive.infolist()
        if not it.is_dir() and not PurePosixPath(it.filename).name.startswith("._")
    ]  # fmt: skip


def _refuse_hostile(entry: zipfile.ZipInfo) -> None:
    name = _name(entry)
    parts = PurePosixPath(name).parts
    kind = stat.S_IFMT(entry.external_attr >> 16)
    why = None
    if "\\" in name or name.startswith("/") or ".." in parts or name[1:2] == ":":
        why = ("a path that leads out of it", "指向压缩包之外的路径")
    elif kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        why = ("a link or device", "链接或设备文件")
    elif PurePosixPath(name).suffix.lower() in _NESTED:
        why = ("an archive within it", "嵌套的压缩包")
    if why is not None:
        shown = name[:80]
        raise FileError(
            f"the zip holds {why[0]}: {shown!r}", zh=f"压缩包内含{why[1]}：“{shown}”"
        )  # fmt: skip


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name; a Chinese zip has GBK names, which Python takes for the old code page."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _ending(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename).suffix.lower()


def _damaged(error: Exception) -> FileError:
    return FileError(f"a damaged or locked zip: {error}", zh=f"zip 已损坏或有密码：{error}")
