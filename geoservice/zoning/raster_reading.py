"""A GeoTIFF of unknown make -> a plain one of ours, read in a process that can hurt nothing."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.windows import Window

from geoservice.errors import DatumError, FileError, InputError
from geoservice.registry.places import settle
from geoservice.sandbox.limits import Limits
from geoservice.sandbox.running import BrokenReaderError, running
from geoservice.zoning.raster_reader import ROWS_AT_ONCE
from geoservice.zoning.zone_prefix import same_plane, zone_prefix_m

_METRES = {"", "m", "metre", "metres", "meter", "meters", "1", "unity"}
_SQUARE = 1e-6


@dataclass(frozen=True)
class Cells:
    """Where the cells of a raster lie: north up, square, metres of ``plane``."""

    plane: pyproj.CRS
    west_m: float
    north_m: float
    cell_m: float
    cols: int
    rows: int

    @property
    def transform(self) -> Affine:
        """Return the way from column and row to metres."""
        return Affine(self.cell_m, 0, self.west_m, 0, -self.cell_m, self.north_m)


def copy_raster(
    source: Path, target: Path, *, plane: pyproj.CRS, name: str, lift_m: float
) -> Cells:
    """Write a GeoTIFF anew: its one band, in the plane of the district, NaN where it has no value.

    Nothing is resampled: a raster of another plane is refused, one whose eastings have the number
    of the zone before them is moved by that.

    Parameters
    ----------
    source
        The file as it came; only a confined process looks into it.
    plane
        The district's.
    name
        What its owner calls it.
    lift_m
        Added to every value: the step between two height datums.

    Raises
    ------
    FileError
        It is no GeoTIFF, has several bands, is turned, or its cells are not square.
    DatumError
        It has no CRS, or another than the district's.
    InputError
        Its values are not in metres.
    """
    limits = Limits.from_environment()
    with tempfile.TemporaryDirectory(prefix="geoservice-read-") as folder:
        _take(source, Path(folder) / "input", limits, name)
        try:
            with running("geoservice.zoning.raster_reader", Path(folder), {}, limits) as frames:
                head = _head(frames, name)
                cells = _cells(head, plane, name)
                _write(frames, head["dtype"], cells, target, lift_m)
        except (BrokenReaderError, StopIteration, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise FileError(
                f"{name}: reading it took too much time or memory, or broke the reader",
                zh=f"{name}：读取时超出时间或内存限制，或使读取程序中断", where=name,
            ) from error  # fmt: skip
    return cells


def write_raster(target: Path, cells: Cells, bands: Iterator[NDArray[Any]], dtype: str) -> None:
    """Write rows, some hundred at a time, as a GeoTIFF of ours."""
    profile = {
        "driver": "GTiff", "width": cells.cols, "height": cells.rows, "count": 1, "dtype": dtype,
        "crs": cells.plane.to_wkt(), "transform": cells.transform, "nodata": float("nan"),
        "compress": "deflate", "predictor": 3, "tiled": True, "blockxsize": 256,
        "blockysize": 256, "BIGTIFF": "IF_SAFER",
    }  # fmt: skip
    with rasterio.open(target, "w", **profile) as made:
        made.units = ("metre",)
        first = 0
        for band in bands:
            made.write(band, 1, window=Window(0, first, cells.cols, len(band)))
            first += len(band)


def _take(source: Path, target: Path, limits: Limits, name: str) -> None:
    try:
        if source.stat().st_size > limits.upload_mb * 1_000_000:
            raise FileError(
                f"{name} is larger than {limits.upload_mb} MB (GEOSERVICE_READER_UPLOAD_MB)",
                zh=f"{name} 超过 {limits.upload_mb} MB（GEOSERVICE_READER_UPLOAD_MB）", where=name,
            )  # fmt: skip
        shutil.copyfile(source, target)
    except OSError as error:
        raise FileError(
            f"{name} cannot be read: {error.strerror}", zh=f"无法读取 {name}：{error.strerror}",
            where=name,
        ) from error  # fmt: skip


def _head(frames: Iterator[bytes], name: str) -> dict[str, Any]:
    head: dict[str, Any] = json.loads(next(frames))
    if "error" in head:
        raise FileError(f"{name}: {head['error']}", zh=f"{name}：{head['zh']}", where=name)
    if head["bands"] != 1 or head["is_complex"]:
        raise FileError(
            f"{name} has {head['bands']} bands: one of plain numbers is needed",
            zh=f"{name} 有 {head['bands']} 个波段：须为一个数值波段", where=name,
        )  # fmt: skip
    if head["unit"].casefold() not in _METRES:
        raise InputError(
            f"{name} is in {head['unit']}, metres are needed",
            zh=f"{name} 的单位为 {head['unit']}，须为米", where=name,
        )  # fmt: skip
    return head


def _cells(head: dict[str, Any], plane: pyproj.CRS, name: str) -> Cells:
    at = Affine(*head["transform"])
    if at.b or at.d or at.a <= 0 or abs(at.a + at.e) > _SQUARE * at.a:
        raise FileError(
            f"{name}: its cells have to be square and north up (gdalwarp -tr)",
            zh=f"{name}：格网须为正方形且正北朝上（gdalwarp -tr）", where=name,
        )  # fmt: skip
    return Cells(
        plane, at.c - _prefix_m(head["crs"], plane, name), at.f, at.a, head["cols"], head["rows"]
    )


def _prefix_m(declared: str | None, plane: pyproj.CRS, name: str) -> float:
    """Return by how much eastings of the file are larger: the number of the zone, or nothing."""
    if declared is None:
        raise DatumError(
            f"{name} has no CRS: write it into the file (gdal_edit.py -a_srs)",
            zh=f"{name} 没有坐标系：请先写入（gdal_edit.py -a_srs）", where=name,
        )  # fmt: skip
    own = pyproj.CRS.from_wkt(declared)
    settle(declared, "cgcs2000")  # refuses another datum with what to do
    if same_plane(own, plane):
        return 0.0
    prefix_m = zone_prefix_m(own, plane)
    if prefix_m is None:
        raise DatumError(
            f"{name} is in {own.name}, the district's plane is {plane.name}: warp it first "
            f"(gdalwarp -t_srs {_code(plane)})",
            zh=f"{name} 的坐标系为 {own.name}，本区为 {plane.name}：请先转换"
            f"（gdalwarp -t_srs {_code(plane)}）",
            where=name,
        )
    return prefix_m


def _code(plane: pyproj.CRS) -> str:
    code = plane.to_epsg()
    return f"EPSG:{code}" if code else plane.name


def _write(frames: Iterator[bytes], dtype: str, cells: Cells, target: Path, lift_m: float) -> None:
    def bands() -> Iterator[NDArray[Any]]:
        for first in range(0, cells.rows, ROWS_AT_ONCE):
            rows = min(ROWS_AT_ONCE, cells.rows - first)
            band = np.frombuffer(next(frames), dtype=dtype).reshape(rows, cells.cols)
            yield np.where(np.isfinite(band), band + np.asarray(lift_m, dtype), np.nan).astype(
                dtype
            )

    write_raster(target, cells, bands(), np.dtype(dtype).name)
