"""Heights into the district's zone, block by block: what is held is a few blocks, however large.

Where files of several grids overlap, the first that has a height gives it. A cell inside the
files' outlines without a height is a void; filled ones are told apart in a band of their own.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.features import geometry_mask
from rasterio.fill import fillnodata
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window
from shapely.geometry.base import BaseGeometry

from geoservice.terrain import refusals
from geoservice.terrain.records import Written
from geoservice.terrain.sources import Mosaic, Source
from geoservice.terrain.store import HEIGHT_BAND, TILE, Heights, corner_of

OnProgress = Callable[[str, int, int | None], None]
BLOCK = 4 * TILE
# How far from a height a void is filled, in cells: beyond that it would be invented.
FILL_CELLS = 100
_UNFILLED = np.float32(-32768)
# GDAL's usual eighth of a cell would be metres of height on a slope of rock.
_TOLERANCE = 1e-4
_CACHE_MB = 96


@dataclass(frozen=True, eq=False)
class Frame:
    """The raster to be made: square cells, their corners at whole multiples of the cell."""

    crs: pyproj.CRS
    transform: Affine
    rows: int
    cols: int

    def windows(self, size: int) -> Iterator[Window]:
        """Return the blocks row by row."""
        for row in range(0, self.rows, size):
            for col in range(0, self.cols, size):
                height, width = min(size, self.rows - row), min(size, self.cols - col)
                yield Window(col, row, width, height)

    def around(self, window: Window, margin: int) -> Window:
        """Return a block with so many cells around it, as far as the raster goes."""
        row, col = max(window.row_off - margin, 0), max(window.col_off - margin, 0)
        bottom = min(window.row_off + window.height + margin, self.rows)
        right = min(window.col_off + window.width + margin, self.cols)
        return Window(col, row, right - col, bottom - row)


def frame_for(sources: Sequence[Source], target: pyproj.CRS, cell_m: float | None) -> Frame:
    """Return the raster that all files lie in.

    Raises
    ------
    InputError
        It would have too many cells.
    """
    size = cell_m or _three_digits(min(_mean_m(source, target) for source in sources))
    west, south, east, north = shapely.total_bounds([s.footprint(target) for s in sources])
    left, top = np.floor(west / size) * size, np.ceil(north / size) * size
    cols, rows = int(np.ceil((east - left) / size)), int(np.ceil((top - south) / size))
    if rows * cols > refusals.MOST_CELLS:
        raise refusals.too_many_cells(rows, cols, size)
    return Frame(target, Affine(size, 0, float(left), 0, -size, float(top)), rows, cols)


def _mean_m(source: Source, target: pyproj.CRS) -> float:
    wide_m, high_m = source.cell_m(target)
    return float(np.sqrt(wide_m * high_m))


def _three_digits(size_m: float) -> float:
    return float(f"{size_m:.3g}")


@dataclass(frozen=True)
class Wish:
    """How to make it."""

    resampling: str
    fill_voids: bool
    block: int = BLOCK


def write_terrain(
    path: Path, frame: Frame, parts: Sequence[Mosaic], wish: Wish, on_progress: OnProgress
) -> Written:
    """Write the raster: tiled, compressed, with overviews.

    Raises
    ------
    InputError
        There is no height in it, or heights that no land has.
    """
    outline = shapely.union_all([t.footprint(frame.crs) for part in parts for t in part.tiles])
    with rasterio.Env(GDAL_CACHEMAX=_CACHE_MB):
        with ExitStack() as stack:
            opened = [stack.enter_context(_warped(stack, frame, p, wish)) for p in parts]
            bands = 2 if wish.fill_voids else 1
            raster = stack.enter_context(rasterio.open(path, "w", **raster_profile(frame, bands)))
            raster.set_band_description(HEIGHT_BAND, "height_m")
            made = _write_blocks(raster, frame, opened, (outline, wish), on_progress)
        on_progress("overviews", 0, None)
        add_overviews(path)
        on_progress("overviews", 1, 1)
    return made


def _write_blocks(
    raster: Any, frame: Frame, opened: Sequence[Any], how: tuple[BaseGeometry, Wish],
    on_progress: OnProgress,
) -> Written:  # fmt: skip
    outline, wish = how
    # A cell on the rim may get its height from the edge of a cell or not: not a void of the survey.
    inner = outline.buffer(-frame.transform.a)
    windows = list(frame.windows(wish.block))
    voids, filled, least, most = 0, 0, np.inf, -np.inf
    for done, window in enumerate(windows):
        on_progress("warp", done, len(windows))
        heights, void, is_filled = _block(frame, window, opened, (inner, wish))
        voids, filled = voids + int(void.sum()), filled + int(is_filled.sum())
        known = heights[np.isfinite(heights)]
        if known.size:
            least, most = min(least, float(known.min())), max(most, float(known.max()))
        if least < refusals.LEAST_M or most > refusals.MOST_M:
            raise refusals.implausible(least, most)
        raster.write(heights, HEIGHT_BAND, window=window)
        if wish.fill_voids:
            raster.write(is_filled.astype(np.float32), HEIGHT_BAND + 1, window=window)
    on_progress("warp", len(windows), len(windows))
    if most < least:
        raise refusals.no_heights()
    return Written(voids, filled, least, most)


def _block(
    frame: Frame, window: Window, opened: Sequence[Any], how: tuple[BaseGeometry, Wish]
) -> tuple[Heights, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the heights of a block, its voids, and which of them are filled."""
    inner, wish = how
    heights = _composed(opened, window)
    void = np.isnan(heights)
    if void.any():
        void &= _inside(frame, window, inner)
    filled = np.zeros_like(void)
    if wish.fill_voids and void.any():
        wide = frame.around(window, FILL_CELLS)
        around = _composed(opened, wide)
        known = np.isfinite(around)
        made = fillnodata(np.where(known, around, _UNFILLED), known, max_search_distance=FILL_CELLS)
        row, col = window.row_off - wide.row_off, window.col_off - wide.col_off
        made = made[row : row + window.height, col : col + window.width]
        filled = void & (made != _UNFILLED)
        heights = np.where(filled, made, heights)
    return heights, void, filled


def _composed(opened: Sequence[Any], window: Window) -> Heights:
    heights: Heights = opened[0].read(1, window=window)
    for other in opened[1:]:
        missing = np.isnan(heights)
        if missing.any():
            heights[missing] = other.read(1, window=window)[missing]
    heights[~np.isfinite(heights)] = np.nan
    return heights


def _inside(frame: Frame, window: Window, outline: BaseGeometry) -> NDArray[np.bool_]:
    corner = corner_of(frame.transform, window.row_off, window.col_off)
    if outline.is_empty:
        return np.zeros((window.height, window.width), bool)
    inside: NDArray[np.bool_] = geometry_mask(
        [outline], (window.height, window.width), corner, invert=True
    )
    return inside


def _warped(stack: ExitStack, frame: Frame, part: Mosaic, wish: Wish) -> Any:
    raster = stack.enter_context(rasterio.open(part.described()))
    wide_m, high_m = part.tiles[0].cell_m(frame.crs)
    # GDAL would work out for each block anew how far to look, and blocks would not fit each other.
    scale = {"XSCALE": min(wide_m / frame.transform.a, 1.0),
             "YSCALE": min(high_m / frame.transform.a, 1.0)}  # fmt: skip
    return WarpedVRT(
        raster, crs=rasterio.CRS.from_wkt(frame.crs.to_wkt()), transform=frame.transform,
        width=frame.cols, height=frame.rows, resampling=Resampling[wish.resampling],
        src_nodata=part.nodata, nodata=np.nan, dtype="float32", tolerance=_TOLERANCE, **scale,
    )  # fmt: skip


def raster_profile(frame: Frame, bands: int) -> dict[str, Any]:
    """Return how a raster of terrain is kept: tiled, compressed, NaN where there is no height."""
    return {
        "driver": "GTiff", "dtype": "float32", "count": bands, "nodata": np.nan,
        "height": frame.rows, "width": frame.cols, "transform": frame.transform,
        "crs": rasterio.CRS.from_wkt(frame.crs.to_wkt()),
        "tiled": True, "blockxsize": TILE, "blockysize": TILE, "interleave": "band",
        "compress": "deflate", "predictor": 3, "bigtiff": "if_safer",
    }  # fmt: skip


def add_overviews(path: Path) -> None:
    """Add halves of halves, as long as one is larger than a tile."""
    with rasterio.open(path, "r+") as raster:
        side = max(raster.height, raster.width)
        factors = [2**n for n in range(1, 16) if side > TILE * 2 ** (n - 1)]
        if factors:
            raster.build_overviews(factors, Resampling.average)
