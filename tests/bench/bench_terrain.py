"""Terrain, side by side with pyflwdir: filling, directions, heights above drainage; then in blocks.

Each contender runs in a process of its own, one after the other. The terrain is the real tile of
Andorra on a square of 75 km with 15 cm of noise; without it, made hills.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from aims import Aim, show_aims
from racing import Options, console
from rasterio.warp import Resampling, reproject
from rich.table import Table

HERE = Path(__file__).parent
TILE = HERE.parents[2] / "shared" / "data" / "dem" / "N42E001.hgt.zip"
SIDE, QUICK_SIDE = 10_000, 2_500
SQUARE_M, WEST, NORTH = 75_000.0, 339_000.0, 4_742_000.0  # EPSG:32631
CHAIN = ("fill", "directions", "accumulate", "hand")


def bench(_url: str, options: Options) -> None:
    """Run every contender, and say what is aimed at."""
    side = QUICK_SIDE if options.quick else SIDE
    folder = Path(tempfile.mkdtemp(prefix="geoservice-bench-"))
    try:
        heights = _heights(side)
        np.save(folder / "heights.npy", heights)
        _write_large(folder, heights)
        _write_tiles(folder, heights)
        del heights
        done = {
            name: _run(name, folder) for name in ("ours", "pyflwdir", "blocks", "whole", "load")
        }
    finally:
        shutil.rmtree(folder)
    _show(side, done)
    show_aims(_aims(side, done))


def _heights(side: int) -> np.ndarray:
    rng = np.random.default_rng(3)
    if TILE.is_file():
        with rasterio.open(TILE) as raster:
            heights = np.full((side, side), np.nan, np.float32)
            cell = SQUARE_M / side
            reproject(
                rasterio.band(raster, 1), heights, src_nodata=-32768, dst_nodata=np.nan,
                dst_transform=Affine(cell, 0, WEST, 0, -cell, NORTH), dst_crs="EPSG:32631",
                resampling=Resampling.cubic,
            )  # fmt: skip
    else:
        console.print(f"{TILE} is not here: made hills instead")
        y, x = np.mgrid[0:side, 0:side].astype(np.float32) * (60 / side)
        heights = 900 + 200 * np.sin(x + np.cos(y)) * np.cos(1.3 * y)
    for rows in np.array_split(heights, 50):
        rows += rng.normal(0, 0.15, rows.shape).astype(np.float32)
        np.round(rows, 2, out=rows)
    return heights


def _write_large(folder: Path, heights: np.ndarray) -> None:
    """Write four mirrored copies side by side, and a level with the place its water comes from."""
    side = heights.shape[0]
    said = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "height": 2 * side, "width": 2 * side,
        "tiled": True, "blockxsize": 512, "blockysize": 512, "nodata": np.nan, "predictor": 3,
        "compress": "deflate", "bigtiff": "if_safer", "crs": "EPSG:32631",
        "transform": Affine(SQUARE_M / side, 0, WEST, 0, -SQUARE_M / side, NORTH),
    }  # fmt: skip
    with rasterio.open(folder / "large.tif", "w", **said) as raster:
        for start in range(0, 2 * side, 512):
            rows = np.arange(start, min(start + 512, 2 * side))
            band = heights[np.where(rows < side, rows, 2 * side - 1 - rows)]
            window = rasterio.windows.Window(0, start, 2 * side, rows.size)
            raster.write(np.hstack([band, band[:, ::-1]]), 1, window=window)
    row, col = (int(v) for v in np.unravel_index(np.nanargmin(heights), heights.shape))
    level = float(np.nanpercentile(heights[::10, ::10], 30))
    (folder / "water.json").write_text(json.dumps({"level_m": level, "seeds": [[row, col]]}))


def _write_tiles(folder: Path, heights: np.ndarray) -> None:
    """Write four tiles in degrees, of as many cells in all as the large raster has."""
    side = heights.shape[0]
    step = 1.0 / side
    for n, (lon, lat) in enumerate(((113, 37), (114, 37), (113, 36), (114, 36))):
        said = {
            "driver": "GTiff", "dtype": "float32", "count": 1, "height": side, "width": side,
            "crs": "EPSG:4326", "transform": Affine(step, 0, lon, 0, -step, lat), "nodata": np.nan,
            "tiled": True, "bigtiff": "if_safer",
        }  # fmt: skip
        with rasterio.open(folder / f"tile-{n}.tif", "w", **said) as raster:
            raster.write(heights, 1)


def _run(name: str, folder: Path) -> dict[str, float]:
    program = [sys.executable, str(HERE / "terrain_contenders.py"), name, str(folder)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _show(side: int, done: dict[str, dict[str, float]]) -> None:
    table = Table("seconds", *CHAIN, "in all", "most MB", title=f"{side} x {side} cells")
    for name in ("ours", "pyflwdir"):
        laps = [done[name][step] for step in CHAIN]
        seconds = [f"{v:.2f}" for v in (*laps, sum(laps))]
        table.add_row(name, *seconds, f"{done[name]['most MB']:.0f}")
    console.print(table)
    for name in ("blocks", "whole", "load"):
        console.print(f"{2 * side} x {2 * side} cells, {name}: {done[name]}")


def _aims(side: int, done: dict[str, dict[str, float]]) -> list[Aim]:
    ours, theirs = (sum(done[name][step] for step in CHAIN) for name in ("ours", "pyflwdir"))
    ratio, most = theirs / ours, done["ours"]["most MB"]
    cells = f"{side**2 / 1e6:g} million cells"
    large = f"{4 * side**2 / 1e6:g} million cells"
    differ, held = done["whole"]["cells that differ"], done["blocks"]["most MB"]
    return [
        Aim(f"fill, directions, HAND of {cells}: twice as fast as pyflwdir", f"{ratio:.1f}",
            ratio >= 2),
        Aim("under 4 GB", f"{most:.0f} MB", most < 4000),
        Aim(f"bathtub of {large} in blocks: under 300 MB", f"{held:.0f} MB", held < 300),
        Aim("the same cells as the whole", f"{differ:.0f} differ", differ == 0),
        Aim(f"load dem of {large}: bounded memory, under 1 GB", f"{done['load']['most MB']:.0f} MB",
            done["load"]["most MB"] < 1000),
    ]  # fmt: skip
