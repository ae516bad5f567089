"""A depth raster of unknown make, read in a process of its own."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine

from geoservice.errors import FileError
from geoservice.floods.polygons import Depths
from geoservice.sandbox.limits import Limits
from geoservice.sandbox.running import BrokenReaderError, running

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


@dataclass(frozen=True, eq=False)
class DepthRaster:
    """Depths in metres by cell, NaN where there are none; ``crs`` None where it says none."""

    depth_m: Depths
    transform: Affine
    crs: str | None


def is_raster(path: Path) -> bool:
    """Return whether the file begins as a TIFF."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in _TIFF
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}", zh=f"无法读取 {path}") from error


def read_depths(path: Path, *, shown_as: str) -> DepthRaster:
    """Return the depths of a GeoTIFF.

    Raises
    ------
    FileError
        It is too large, damaged, rotated, or no GeoTIFF.
    """
    limits = Limits.from_environment()
    if path.stat().st_size > limits.upload_mb * 1_000_000:
        raise FileError(
            f"{shown_as} is larger than {limits.upload_mb} MB",
            zh=f"{shown_as} 超过 {limits.upload_mb} MB", where=shown_as,
        )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="geoservice-read-") as folder:
        shutil.copyfile(path, Path(folder) / "input")
        try:
            with running("geoservice.floods.raster_reader", Path(folder), {}, limits) as frames:
                return _raster(frames, shown_as)
        except (BrokenReaderError, StopIteration, EOFError, ValueError) as error:
            if isinstance(error, FileError):
                raise
            raise FileError(
                f"{shown_as}: reading it took too much time or memory, or broke the reader",
                zh=f"{shown_as}：读取时超出时间或内存限制，或使读取程序中断", where=shown_as,
            ) from error  # fmt: skip


def _raster(frames: Iterator[bytes], shown_as: str) -> DepthRaster:
    head: dict[str, Any] = json.loads(next(frames))
    if "error" in head:
        raise FileError(f"{shown_as}: {head['en']}", zh=f"{shown_as}：{head['zh']}", where=shown_as)
    cells = np.frombuffer(next(frames), np.float32)
    return DepthRaster(
        cells.reshape(head["rows"], head["cols"]), Affine(*head["transform"]), head["crs"]
    )
