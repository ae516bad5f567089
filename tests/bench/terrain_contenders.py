"""One contender of `bench_terrain.py` in a process of its own, so that its memory is its own.

`terrain_contenders.py WHAT FOLDER` does it, and prints seconds and megabytes as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import rasterio
from rasterio.windows import Window

from geoservice.crs import metric_crs
from geoservice.terrain.bathtub import is_low, joined, joined_in_blocks
from geoservice.terrain.blocks import Blocks
from geoservice.terrain.directions import flow_cells, flow_directions
from geoservice.terrain.fill import fill_hollows
from geoservice.terrain.hand import height_above_drainage
from geoservice.terrain.sources import mosaics, read_sources
from geoservice.terrain.warping import Wish, frame_for, write_terrain

DRAINED_CELLS = 2000
Laps = dict[str, float]


def ours(heights: np.ndarray) -> Laps:
    laps, lap = _watch()
    filled = fill_hollows(heights)
    lap("fill")
    directions = flow_directions(filled)
    lap("directions")
    drainage = flow_cells(directions) > DRAINED_CELLS
    lap("accumulate")
    height_above_drainage(heights, directions, drainage)
    lap("hand")
    return laps


def theirs(heights: np.ndarray) -> Laps:
    import pyflwdir

    laps, lap = _watch()
    raw = np.where(np.isnan(heights), np.float32(-9999), heights)
    _, d8 = pyflwdir.dem.fill_depressions(raw, nodata=-9999.0, outlets="edge")
    lap("fill")  # gives its directions too
    flow = pyflwdir.from_array(d8, ftype="d8", check_ftype=False)
    lap("directions")
    drainage = flow.upstream_area("cell") > DRAINED_CELLS
    lap("accumulate")
    flow.hand(drainage, raw)
    lap("hand")
    return laps


def chain(run: Callable[[np.ndarray], Laps], folder: Path) -> Laps:
    run(np.random.default_rng(1).random((50, 50), np.float32))  # compiled, if it was not
    return run(np.load(folder / "heights.npy"))


def water(folder: Path) -> tuple[float, np.ndarray]:
    """Return a level, and the place that its water comes from."""
    told = json.loads((folder / "water.json").read_text())
    return told["level_m"], np.array(told["seeds"], np.int64)


def blocks(folder: Path) -> Laps:
    laps, lap = _watch()
    level_m, seeds = water(folder)
    with (
        rasterio.Env(GDAL_CACHEMAX=64),
        rasterio.open(folder / "large.tif") as raster,
        rasterio.open(folder / "wet.tif", "w", **_flags(raster)) as wet,
    ):

        def low(rows: slice, cols: slice) -> np.ndarray:
            return is_low(raster.read(1, window=Window.from_slices(rows, cols)), level_m)

        def write(rows: slice, cols: slice, here: np.ndarray) -> None:
            wet.write(here.astype(np.uint8), 1, window=Window.from_slices(rows, cols))

        joined_in_blocks(low, Blocks(raster.height, raster.width), seeds, write)
    lap("bathtub in blocks")
    return laps


def whole(folder: Path) -> Laps:
    laps, lap = _watch()
    level_m, seeds = water(folder)
    with rasterio.open(folder / "large.tif") as raster:
        wet = joined(is_low(raster.read(1), level_m), seeds)
    lap("bathtub whole")
    with rasterio.open(folder / "wet.tif") as raster:
        laps["cells that differ"] = int((raster.read(1).astype(bool) != wet).sum())
    laps["cells wet"] = int(wet.sum())
    return laps


def load(folder: Path) -> Laps:
    laps, lap = _watch()
    sources = read_sources(sorted(folder.glob("tile-*.tif")), "1985")
    frame = frame_for(sources, metric_crs(113.5), None)
    wish = Wish("bilinear", fill_voids=True)
    write_terrain(folder / "loaded.tif", frame, mosaics(sources), wish, lambda *_: None)
    lap("load dem")
    laps["cells"] = frame.rows * frame.cols
    return laps


def _flags(raster: rasterio.DatasetReader) -> dict[str, object]:
    return {
        "driver": "GTiff", "dtype": "uint8", "count": 1, "height": raster.height,
        "width": raster.width, "tiled": True, "blockxsize": 512, "blockysize": 512,
        "compress": "deflate", "crs": raster.crs, "transform": raster.transform,
    }  # fmt: skip


def _watch() -> tuple[Laps, Callable[[str], None]]:
    laps: Laps = {}
    since = [time.perf_counter()]

    def lap(name: str) -> None:
        now = time.perf_counter()
        laps[name] = now - since[0]
        since[0] = now

    return laps, lap


WHAT: dict[str, Callable[[Path], Laps]] = {
    "ours": lambda folder: chain(ours, folder),
    "pyflwdir": lambda folder: chain(theirs, folder),
    "blocks": blocks,
    "whole": whole,
    "load": load,
}


if __name__ == "__main__":
    done = WHAT[sys.argv[1]](Path(sys.argv[2]))
    # Not getrusage: a process that is started from a larger one is told that one's memory there.
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    most_mb = int(told["VmHWM"].split()[0]) // 1024
    print(json.dumps({**done, "most MB": most_mb}))  # noqa: T201  # read by bench_terrain.py
