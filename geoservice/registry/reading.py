"""Read a file of unknown make in a process of its own, which can hurt nothing.

What it is is told by its content. The reader process gets copies under names made here (a
name of the caller's could be a `/vsicurl/...` that GDAL fetches), little memory and time, and
sees nothing else of this machine; what it found comes back in frames.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoservice.errors import DatumError, FileError, GeometryError, InputError, UnknownNameError
from geoservice.sandbox.frames import unpacked
from geoservice.sandbox.limits import Limits
from geoservice.sandbox.running import BrokenReaderError, running

_SIBLINGS = (".dbf", ".shx", ".prj", ".cpg")
_ERRORS: dict[str, type[InputError]] = {
    kind.__name__: kind for kind in (FileError, DatumError, GeometryError, UnknownNameError)
}
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """What is said of a file before it is read.

    Parameters
    ----------
    layer
        Which layer or sheet, of a file with several.
    encoding
        Of its text, where that is not to be told by the text.
    names
        What the headings may be called, plain: by them the heading of a table is found.
    shown_as
        What its owner calls the file, where its name here is one of ours.
    shape
        Of what kind its shapes are to be: rows that are corners are joined into such.
    """

    layer: str | None = None
    encoding: str | None = None
    names: frozenset[str] = frozenset()
    shown_as: str | None = None
    shape: str | None = None


@dataclass(frozen=True)
class Table:
    """A file as it was read.

    Parameters
    ----------
    form
        ``GeoJSON``, ``GeoPackage``, ``Shapefile``, ``CSV``, ``Excel`` or ``KML``.
    encoding
        Of its text.
    crs
        WKT or authority code of the CRS it declares; None where it declares none.
    headings
        Its columns, without those that hold the shape.
    numbers
        Row numbers as a person sees them: in a CSV the heading is row 1.
    cells
        One list a row, as JSON values.
    shapes
        One shape a row, None where there is none; in the file's own coordinates.
    has_shapes
        Whether the file is of a kind that has shapes at all.
    unread
        Row number -> why its shape or text could not be read (en, zh).
    notes
        What was told by the content against what the file says (en, zh).
    place_headings, places
        Columns of a table that hold the shape, and their cells as they came.
    """

    form: str
    encoding: str
    crs: str | None
    headings: tuple[str, ...]
    numbers: tuple[int, ...]
    cells: tuple[tuple[Any, ...], ...]
    shapes: NDArray[np.object_]
    has_shapes: bool
    unread: dict[int, tuple[str, str]]
    notes: tuple[tuple[str, str], ...] = field(default=())
    place_headings: tuple[str, ...] = field(default=())
    places: tuple[tuple[Any, ...], ...] = field(default=())


def read_table(
    path: Path,
    asked: Asked | str | None = None,
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Table:
    """Return what an Excel, CSV, GeoJSON, KML, GeoPackage or Shapefile (also zipped) file holds.

    Parameters
    ----------
    layer
        Which layer, of a file with several.

    Raises
    ------
    FileError
        It is missing, unreadable, too large, corrupt, empty, or none of these.
    UnknownNameError
        The layer is not there, or not said; the message lists those there are.
    """
    if not isinstance(asked, Asked):
        asked = Asked(layer=asked)
    name = asked.shown_as or path.name
    limits = limits or Limits.from_environment()
    request = {
        "layer": asked.layer,
        "encoding": asked.encoding,
        "names": sorted(asked.names),
        "shape": asked.shape,
    }
    with tempfile.TemporaryDirectory(prefix="geoservice-read-") as folder:
        _copy(path, Path(folder), limits)
        try:
            with running("geoservice.registry.readers", Path(folder), request, limits) as frames:
                return _table(frames, name, progress)
        except (BrokenReaderError, StopIteration, EOFError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise _broken(name) from error


def _copy(path: Path, folder: Path, limits: Limits) -> None:
    if path.exists() and not path.is_file():
        raise FileError(
            f"{path} is a folder or device, not a file",
            zh=f"{path} 是文件夹或设备，不是文件",
            where=str(path),
        )
    try:
        _refuse_open_geopackage(path)
        if path.stat().st_size > limits.upload_mb * 1_000_000:
            raise FileError(
                f"{path} is larger than {limits.upload_mb} MB",
                zh=f"{path} 超过 {limits.upload_mb} MB", where=str(path),
            )  # fmt: skip
        shutil.copyfile(path, folder / "input")
        for sibling in _siblings(path):
            shutil.copyfile(sibling, folder / f"input{sibling.suffix.lower()}")
    except FileNotFoundError as error:
        raise FileError(
            f"{path} does not exist", zh=f"文件不存在：{path}", where=str(path)
        ) from error
    except (OSError, shutil.SpecialFileError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise FileError(
            f"{path} cannot be read: {why}", zh=f"无法读取 {path}：{why}", where=str(path)
        ) from error


def _refuse_open_geopackage(path: Path) -> None:
    """Refuse a file with a log beside it: what that holds is not in the file yet."""
    log = path.with_name(path.name + "-wal")
    if log.is_file() and log.stat().st_size:
        raise FileError(
            f"{path} is open in another program, with changes not yet in it: close it there first",
            zh=f"{path} 正被其他程序打开，改动尚未写入：请先在该程序中关闭", where=str(path),
        )  # fmt: skip


def _siblings(path: Path) -> list[Path]:
    """Return the other files of a Shapefile, whatever the case of their endings."""
    if path.suffix.lower() != ".shp":
        return []
    return [
        other
        for other in path.parent.iterdir()
        if other.stem == path.stem and other.suffix.lower() in _SIBLINGS and other.is_file()
    ]


def _broken(name: str) -> FileError:
    return FileError(
        f"{name}: reading it took too much time or memory, or broke the reader: it is damaged, or "
        "far larger than a register",
        zh=f"{name}：读取时超出时间或内存限制，或使读取程序中断：文件已损坏，或远大于一个登记簿",
        where=name,
    )


def _table(frames: Iterator[bytes], name: str, progress: Progress | None) -> Table:
    head = _object(next(frames), name)
    numbers: list[int] = []
    cells: list[tuple[Any, ...]] = []
    shapes: list[Any] = []
    places: list[tuple[Any, ...]] = []
    while "numbers" in (part := _object(next(frames), name)):
        numbers += part["numbers"]
        cells += map(tuple, part["cells"])
        places += map(tuple, part["places"])
        shapes += shapely.from_wkb(unpacked(next(frames))).tolist()
        if progress is not None:
            progress(len(numbers), head["rows"])
    if not len(numbers) == len(cells) == len(shapes):
        raise EOFError("rows without shapes")
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return Table(
        form=head["form"],
        encoding=head["encoding"],
        crs=head["crs"],
        headings=tuple(head["headings"]),
        numbers=tuple(numbers),
        cells=tuple(cells),
        shapes=array,
        has_shapes=head["has_shapes"],
        unread={int(row): (en, zh) for row, (en, zh) in part["unread"].items()},
        notes=tuple((en, zh) for en, zh in head["notes"]),
        place_headings=tuple(head["place_headings"]),
        places=tuple(places),
    )


def _object(frame: bytes, name: str) -> dict[str, Any]:
    """Return a frame's JSON, or raise the error that it is."""
    found: dict[str, Any] = json.loads(frame)
    if "error" in found:
        kind = _ERRORS.get(found["error"], FileError)
        raise kind(f"{name}: {found['en']}", zh=f"{name}：{found['zh']}", where=name)
    return found
