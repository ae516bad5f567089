"""The terrain in force: heights of windows and of points, with the datum they are in.

The raster is in metres of a Gauss-Krueger zone, north up, and its cells are square. Where there
is no height, heights are NaN; what was filled where the survey had none is told apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.windows import Window

from geoservice import crs
from geoservice.db import Connection, Query
from geoservice.errors import InputError, NoTerrainError, SetupError
from geoservice.terrain.records import HeightDatum, TerrainRow

CURRENT = Query("terrain", "current", TerrainRow)

Heights = NDArray[np.float32]
Bounds = tuple[float, float, float, float]
HEIGHT_BAND, FILLED_BAND = 1, 2
TILE = 512
_CACHE_MB = 64  # GDAL would take a twentieth of the machine's memory


@dataclass(frozen=True, eq=False)
class Grid:
    """A part of the raster: ``array[row, col]`` is metres, row 0 in the north, NaN is no height."""

    array: Heights
    transform: Affine
    nodata: float = np.nan


@dataclass(frozen=True, eq=False)
class Terrain:
    """A raster of heights that can be asked.

    ``bounds`` are west, south, east, north in metres of ``crs``.
    """

    row: TerrainRow
    path: Path
    transform: Affine

    @property
    def datum(self) -> HeightDatum:
        """The height datum: levels of another cannot be compared with these heights."""
        return self.row.height_datum

    @property
    def crs(self) -> pyproj.CRS:
        """The Gauss-Krueger zone that the raster is in."""
        return crs.metric_crs(self.row.meridian_deg)

    @property
    def cell_m(self) -> float:
        """How wide and high a cell is."""
        return self.row.cell_m

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.row.row_count, self.row.col_count

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north of all cells, metres."""
        west, north = self.transform.c, self.transform.f
        rows, cols = self.shape
        return (west, north - rows * self.cell_m, west + cols * self.cell_m, north)

    def window(self, bounds: Bounds) -> Grid:
        """Return the cells that touch a box, as far as the raster goes.

        Parameters
        ----------
        bounds
            West, south, east, north in metres of ``crs``.

        Raises
        ------
        InputError
            The box meets no cell.
        """
        rows, cols = self.slices(bounds)
        return Grid(self.read(rows, cols), corner_of(self.transform, rows.start, cols.start))

    def slices(self, bounds: Bounds) -> tuple[slice, slice]:
        """Return which rows and columns touch a box; as `window`."""
        west, south, east, north = bounds
        left, right = ((x - self.transform.c) / self.cell_m for x in (west, east))
        top, bottom = ((self.transform.f - y) / self.cell_m for y in (north, south))
        row_count, col_count = self.shape
        rows = slice(max(int(np.floor(top)), 0), min(int(np.ceil(bottom)), row_count))
        cols = slice(max(int(np.floor(left)), 0), min(int(np.ceil(right)), col_count))
        if rows.start >= rows.stop or cols.start >= cols.stop:
            raise InputError(
                f"the box {[round(v) for v in bounds]} lies outside the terrain "
                f"{[round(v) for v in self.bounds]} (metres)",
                zh=f"范围 {[round(v) for v in bounds]} 在地形数据 "
                f"{[round(v) for v in self.bounds]} 之外（米）",
            )
        return rows, cols

    def read(self, rows: slice, cols: slice) -> Heights:
        """Return the heights of rows and columns inside the raster."""
        with self._opened() as raster:
            return _heights(raster, rows, cols)

    def is_filled(self, rows: slice, cols: slice) -> NDArray[np.bool_]:
        """Return which cells had no height in the survey and were filled from around."""
        if self.row.filled_count == 0:
            return np.zeros((rows.stop - rows.start, cols.stop - cols.start), bool)
        with self._opened() as raster:
            flags = raster.read(FILLED_BAND, window=Window.from_slices(rows, cols))
        return np.asarray(flags > 0)

    def heights_at(self, points_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the heights of points by bilinear interpolation between the middles of cells.

        Parameters
        ----------
        points_m
            Metres of ``crs``, shape ``(n, 2)``; none give none.

        Returns
        -------
        heights_m
            Shape ``(n,)``; NaN outside the raster and where a cell that counts has no height.
        """
        x, y = np.reshape(np.asarray(points_m, np.float64), (-1, 2)).T
        col, row = (x - self.transform.c) / self.cell_m, (self.transform.f - y) / self.cell_m
        row_count, col_count = self.shape
        inside = (row >= 0) & (row <= row_count) & (col >= 0) & (col <= col_count)
        found = np.full(x.size, np.nan)
        places = np.flatnonzero(inside)
        if places.size:
            # Between the rim and the middle of its cells the cell's own height holds.
            r = np.clip(row[places] - 0.5, 0, row_count - 1)
            c = np.clip(col[places] - 0.5, 0, col_count - 1)
            with self._opened() as raster:
                found[places] = _interpolated(raster, r, c)
        return found

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        with rasterio.Env(GDAL_CACHEMAX=_CACHE_MB):
            try:
                raster = rasterio.open(self.path, driver="GTiff")
            except rasterio.errors.RasterioIOError as error:
                raise missing(self.path) from error
            with raster:
                yield raster


def terrain_folder(home: Path) -> Path:
    """Return where the rasters are kept."""
    return home / "terrain"


def open_terrain(conn: Connection, home: Path) -> Terrain:
    """Return the terrain in force.

    Parameters
    ----------
    home
        The state folder, in which the raster lies.

    Raises
    ------
    NoTerrainError
        None is loaded.
    SetupError
        The raster is not where it should be.
    """
    row = CURRENT.first(conn)
    if row is None:
        raise NoTerrainError(
            "no terrain yet: load it first (geoservice load dem FILE... --datum 1985)",
            zh="尚未导入地形：请先导入（geoservice load dem 文件… --datum 1985）",
        )
    return terrain_of(row, home)


def terrain_of(row: TerrainRow, home: Path) -> Terrain:
    """Return the terrain of a row.

    Raises
    ------
    SetupError
        Its raster is not there.
    """
    path = terrain_folder(home) / row.file_name
    if not path.is_file():
        raise missing(path)
    with rasterio.open(path, driver="GTiff") as raster:
        return Terrain(row, path, raster.transform)


def corner_of(transform: Affine, row: int, col: int) -> Affine:
    """Return the transform of a part of a north-up raster that begins at a row and column."""
    t = transform
    return Affine(t.a, 0, t.c + col * t.a, 0, t.e, t.f + row * t.e)


def missing(path: Path) -> SetupError:
    """Return the refusal of a raster that cannot be read."""
    return SetupError(
        f"{path}: the terrain's raster is missing or damaged: load it again (geoservice load dem)",
        zh=f"{path}：地形栅格缺失或已损坏，请重新导入（geoservice load dem）",
        where=str(path),
    )


def _heights(raster: Any, rows: slice, cols: slice) -> Heights:
    heights: Heights = raster.read(HEIGHT_BAND, window=Window.from_slices(rows, cols))
    return heights


def _interpolated(
    raster: Any, row: NDArray[np.float64], col: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return heights at places between the middles of cells, read tile by tile."""
    found = np.empty(row.size)
    tile = (row // TILE).astype(np.int64) << 32 | (col // TILE).astype(np.int64)
    order = np.argsort(tile, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(tile[order])) + 1):
        r, c = row[places], col[places]
        top, left = int(r.min()), int(c.min())
        rows = slice(top, min(int(r.max()) + 2, raster.height))
        cols = slice(left, min(int(c.max()) + 2, raster.width))
        found[places] = bilinear(_heights(raster, rows, cols), r - top, c - left)
    return found


def bilinear(
    heights: Heights, row: NDArray[np.float64], col: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return heights between the middles of cells, row and column counted from the first middle.

    A cell that has no share in a place may be NaN without making the place so.
    """
    last_row, last_col = heights.shape[0] - 1, heights.shape[1] - 1
    r0, c0 = np.floor(row).astype(np.int64), np.floor(col).astype(np.int64)
    down, right = row - r0, col - c0
    total = np.zeros(row.size)
    for r, down_share in ((r0, 1 - down), (np.minimum(r0 + 1, last_row), down)):
        for c, right_share in ((c0, 1 - right), (np.minimum(c0 + 1, last_col), right)):
            share = down_share * right_share
            total += np.where(share > 0, share * heights[r, c].astype(np.float64), 0.0)
    return total
