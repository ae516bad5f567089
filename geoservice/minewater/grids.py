"""The rasters of a mine: that they lie on one grid, and their cells in bands of rows (pure).

Reads rasters by path and nothing else.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.errors import RasterioIOError
from rasterio.features import geometry_mask
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from geoservice.errors import DatumError, FileError, InputError
from geoservice.minewater.inputs import Rasters

Array = NDArray[np.float64]
BAND_ROWS = 512
CACHE_MB = 64  # each cell is read once; by itself GDAL would keep a twentieth of the memory
KINDS = (
    "head_m", "floor_m", "aquiclude_m", "seam_thickness_m", "overburden_m", "vulnerability",
)  # fmt: skip
# What a value in metres can be in a coal mine: outside it is another unit, or nodata that the file
# does not declare. Metres taken for feet are not told apart by this.
_PLAUSIBLE = {
    "head_m": (-1500.0, 6000.0),
    "floor_m": (-2500.0, 6000.0),
    "aquiclude_m": (-50.0, 1500.0),
    "seam_thickness_m": (0.0, 60.0),
    "overburden_m": (-50.0, 2500.0),
    "vulnerability": (0.0, 1.0),
}
_METRES = {"", "m", "metre", "metres", "meter", "meters", "1", "unity"}


@dataclass(frozen=True)
class Grid:
    """Where the cells lie: north up, ``transform`` from column and row to x and y."""

    transform: Affine
    rows: int
    cols: int


@dataclass(frozen=True)
class Band:
    """Some rows of every raster: ``first_row`` of the window, arrays by kind, NaN where unknown."""

    first_row: int
    values: dict[str, Array]
    is_inside: NDArray[np.bool_]


class Stack:
    """The open rasters of a mine, cut to the window round it."""

    def __init__(self, rasters: Rasters, mine: BaseGeometry, opened: dict[str, Any]) -> None:
        self.rasters, self._mine, self._opened = rasters, mine, opened
        any_of_them = next(iter(opened.values()))
        self._window = _window(any_of_them, mine)
        moved = _moved(any_of_them.transform, self._window.row_off, self._window.col_off)
        self.grid = Grid(moved, int(self._window.height), int(self._window.width))
        self.kinds = frozenset(opened)

    def bands(self) -> Iterator[Band]:
        """Give every row of the window, some hundred at a time, float64."""
        for first in range(0, self.grid.rows, BAND_ROWS):
            rows = min(BAND_ROWS, self.grid.rows - first)
            moved = _moved(self.grid.transform, first, 0)
            is_inside = geometry_mask(
                [self._mine], (rows, self.grid.cols), moved, invert=True, all_touched=True
            )
            values = {kind: self._read(kind, first, rows) for kind in self._opened}
            for kind, array in values.items():
                _check_plausible(kind, array, is_inside, moved)
            yield Band(first, values, is_inside)

    def _read(self, kind: str, first: int, rows: int) -> Array:
        window = Window(self._window.col_off, self._window.row_off + first, self.grid.cols, rows)
        return _numbers(self._opened[kind], window)


def open_stack(rasters: Rasters, mine: BaseGeometry, crs: pyproj.CRS, held: ExitStack) -> Stack:
    """Return the rasters of a mine, opened until ``held`` is closed.

    Raises
    ------
    FileError
        A file cannot be read, or the rasters do not lie on one grid.
    DatumError
        A raster has no CRS, or another than the mine.
    InputError
        There is no raster, or one is not in metres.
    """
    paths = {kind: path for kind in KINDS if (path := getattr(rasters, kind)) is not None}
    if not paths:
        raise InputError("no raster is given", zh="未提供任何栅格", where="rasters")
    held.enter_context(rasterio.Env(GDAL_CACHEMAX=CACHE_MB))
    opened = {kind: held.enter_context(_open(kind, path)) for kind, path in paths.items()}
    first_kind, first = next(iter(opened.items()))
    for kind, dataset in opened.items():
        _check_one(kind, dataset, crs)
        if _grid_of(dataset) != _grid_of(first):
            raise FileError(
                f"rasters {first_kind} and {kind} do not lie on one grid: "
                f"{_told(first)} and {_told(dataset)}; resample one onto the other",
                zh=f"栅格 {first_kind} 与 {kind} 的网格不一致：{_told(first)} 与 {_told(dataset)}；"
                "请先重采样到同一网格",
                where=kind,
            )
    return Stack(rasters, mine, opened)


def lowest_floor_m(rasters: Rasters | None, shape: BaseGeometry) -> float | None:
    """Return the lowest floor of the seam under a shape; None where any of it is not known.

    Every cell that the shape touches counts.
    """
    if rasters is None or rasters.floor_m is None:
        return None
    with _open("floor_m", rasters.floor_m) as dataset:
        if not shapely.box(*dataset.bounds).contains(shape):
            return None
        window = _window(dataset, shape)
        moved = _moved(dataset.transform, window.row_off, window.col_off)
        numbers = _numbers(dataset, window)
        touched = geometry_mask([shape], numbers.shape, moved, invert=True, all_touched=True)
        values = numbers[touched]
    return float(values.min()) if len(values) and bool(np.isfinite(values).all()) else None


def read_known(dataset: Any, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return cells as the file has them, and which are known: not nodata, masked nor infinite."""
    values = dataset.read(1, window=window)
    is_known = np.isfinite(values)
    flags = dataset.mask_flag_enums[0]
    if flags == [MaskFlags.nodata]:
        is_known &= values != dataset.nodata
    elif MaskFlags.all_valid not in flags:
        is_known &= dataset.read_masks(1, window=window) > 0
    return values, is_known


def _numbers(dataset: Any, window: Window) -> Array:
    values, is_known = read_known(dataset, window)
    numbers = values.astype(np.float64)
    numbers[~is_known] = np.nan
    return numbers


def _open(kind: str, path: str) -> Any:
    try:
        return rasterio.open(path)
    except RasterioIOError as error:
        raise FileError(
            f"raster {kind} cannot be read", zh=f"栅格 {kind} 无法读取", where=kind
        ) from error


def _check_one(kind: str, dataset: Any, crs: pyproj.CRS) -> None:
    if dataset.crs is None:
        raise DatumError(f"raster {kind} has no CRS", zh=f"栅格 {kind} 没有坐标系", where=kind)
    own = pyproj.CRS.from_wkt(dataset.crs.to_wkt())
    if not _is_same(own, crs):
        raise DatumError(
            f"raster {kind} is in {own.name}, the mine in {crs.name}: reproject it first",
            zh=f"栅格 {kind} 的坐标系为 {own.name}，矿井为 {crs.name}：请先转换",
            where=kind,
        )
    transform = dataset.transform
    if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        raise FileError(
            f"raster {kind} is turned: north has to be up",
            zh=f"栅格 {kind} 有旋转：须正北朝上",
            where=kind,
        )
    if dataset.scales[0] != 1.0 or dataset.offsets[0] != 0.0:
        raise FileError(
            f"raster {kind} holds scaled numbers: write it in metres without scale and offset",
            zh=f"栅格 {kind} 带有缩放系数或偏移：请改存为以米为单位的原值",
            where=kind,
        )
    unit = (dataset.units[0] or "").casefold()
    if unit not in _METRES:
        raise InputError(
            f"raster {kind} is in {unit}, metres are needed",
            zh=f"栅格 {kind} 的单位为 {unit}，须为米",
            where=kind,
        )


def _is_same(own: pyproj.CRS, crs: pyproj.CRS) -> bool:
    if own.equals(crs, ignore_axis_order=True):
        return True
    code = crs.to_epsg()
    return code is not None and code == own.to_epsg()


def _grid_of(dataset: Any) -> tuple[Any, ...]:
    return (dataset.transform, dataset.width, dataset.height)


def _told(dataset: Any) -> str:
    at = dataset.transform
    return f"{dataset.width} x {dataset.height} @ ({at.c:g}, {at.f:g}), {at.a:g} x {-at.e:g} m"


def _moved(at: Affine, row: float, col: float) -> Affine:
    return Affine(at.a, 0, at.c + col * at.a, 0, at.e, at.f + row * at.e)


def _window(dataset: Any, shape: BaseGeometry) -> Window:
    west, south, east, north = shape.bounds
    at = dataset.transform
    left, right = (west - at.c) / at.a - 1, (east - at.c) / at.a + 1
    top, bottom = (north - at.f) / at.e - 1, (south - at.f) / at.e + 1
    col, end_col = _clip(left, right, dataset.width)
    row, end_row = _clip(top, bottom, dataset.height)
    return Window(col, row, end_col - col, end_row - row)


def _clip(first: float, last: float, size: int) -> tuple[int, int]:
    start = min(max(int(np.floor(first)), 0), size)
    return start, max(min(int(np.ceil(last)), size), start)


def _check_plausible(kind: str, array: Array, is_inside: NDArray[np.bool_], at: Affine) -> None:
    low, high = _PLAUSIBLE[kind]
    wrong = is_inside & ((array < low) | (array > high))
    if not wrong.any():
        return
    row, col = (int(it[0]) for it in np.nonzero(wrong))
    x, y = at.c + (col + 0.5) * at.a, at.f + (row + 0.5) * at.e
    value = float(array[row, col])
    raise InputError(
        f"raster {kind} is {value:g} at ({x:.1f}, {y:.1f}), which is not between {low:g} and "
        f"{high:g}: another unit, or nodata that the file does not declare",
        zh=f"栅格 {kind} 在 ({x:.1f}, {y:.1f}) 处为 {value:g}，不在 {low:g} 至 {high:g} 之间："
        "单位有误，或文件未声明无效值",
        where=kind,
    )
