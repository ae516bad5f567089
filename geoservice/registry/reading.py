"""Read a file of unknown make in a process of its own, which can hurt nothing.

What it is is told by its content. The reader process gets copies under names made here (a
name of the caller's could be a `/vsicurl/...` that GDAL fetches), little memory and time, and
no environment; what it found comes back as JSON.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoservice.errors import DatumError, FileError, GeometryError, InputError, UnknownNameError

MOST_BYTES = 200_000_000
_WALL_S = 90.0
_SIBLINGS = (".dbf", ".shx", ".prj", ".cpg")
KEPT_DRIVERS = {"ESRI Shapefile", "GPKG"}
_ERRORS: dict[str, type[InputError]] = {
    kind.__name__: kind for kind in (FileError, DatumError, GeometryError, UnknownNameError)
}


@dataclass(frozen=True)
class Table:
    """A file as it was read.

    Parameters
    ----------
    form
        ``GeoJSON``, ``GeoPackage``, ``Shapefile`` or ``CSV``.
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


def read_table(path: Path, layer: str | None = None) -> Table:
    """Return what a GeoJSON, GeoPackage, Shapefile (also zipped) or CSV file holds.

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
    with tempfile.TemporaryDirectory(prefix="geoservice-read-") as folder:
        _copy(path, Path(folder))
        found = _run(Path(folder), layer, path.name)
    return _table(found)


def _copy(path: Path, folder: Path) -> None:
    if path.exists() and not path.is_file():
        raise FileError(
            f"{path} is a folder or device, not a file",
            zh=f"{path} 是文件夹或设备，不是文件",
            where=str(path),
        )
    try:
        _refuse_open_geopackage(path)
        if path.stat().st_size > MOST_BYTES:
            raise FileError(
                f"{path} is larger than {MOST_BYTES // 1_000_000} MB",
                zh=f"{path} 超过 {MOST_BYTES // 1_000_000} MB", where=str(path),
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


def _run(folder: Path, layer: str | None, name: str) -> dict[str, Any]:
    """Run the reader; its answer, or the error it reports."""
    command = [sys.executable, "-P", "-m", "geoservice.registry.reader", str(folder), layer or ""]
    with (folder / "answer").open("wb") as answer:
        try:
            done = subprocess.run(  # noqa: S603  # our own module
                command, cwd=folder, env=_environment(folder), stdin=subprocess.DEVNULL,
                stdout=answer, stderr=subprocess.DEVNULL, timeout=_WALL_S, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise _broken(name) from error
    try:
        found: dict[str, Any] = json.loads((folder / "answer").read_bytes())
    except ValueError as error:
        raise _broken(name) from error
    if "error" in found:
        kind = _ERRORS.get(found["error"], FileError)
        raise kind(f"{name}: {found['en']}", zh=f"{name}：{found['zh']}", where=name)
    if done.returncode != 0:
        raise _broken(name)
    return found


def _environment(folder: Path) -> dict[str, str]:
    """Return its environment: where our modules are, and that GDAL has two drivers only."""
    return {
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
        "PYTHONUTF8": "1",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "GDAL_SKIP": _other_drivers(),
        "OGR_SKIP": _other_drivers(),
        "GDAL_VRT_ENABLE_PYTHON": "NO",
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
    }


@cache
def _other_drivers() -> str:
    """Every driver but two: a VRT named `x.shp` would else read any file of the machine."""
    import pyogrio  # slow import, reading only

    return ",".join(sorted(set(pyogrio.list_drivers()) - KEPT_DRIVERS))


def _broken(name: str) -> FileError:
    return FileError(
        f"{name}: reading it took too much time or memory, or broke the reader: it is damaged, or "
        "far larger than a register",
        zh=f"{name}：读取时超出时间或内存限制，或使读取程序中断：文件已损坏，或远大于一个登记簿",
        where=name,
    )


def _table(found: dict[str, Any]) -> Table:
    shapes = np.empty(len(found["shapes"]), dtype=object)
    shapes[:] = shapely.from_wkb([bytes.fromhex(it) if it else None for it in found["shapes"]])
    return Table(
        form=found["form"],
        encoding=found["encoding"],
        crs=found["crs"],
        headings=tuple(found["headings"]),
        numbers=tuple(found["numbers"]),
        cells=tuple(tuple(row) for row in found["cells"]),
        shapes=shapes,
        has_shapes=found["has_shapes"],
        unread={int(row): (en, zh) for row, (en, zh) in found["unread"].items()},
    )
