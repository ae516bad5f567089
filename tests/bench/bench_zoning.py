"""Three-zone derivation beside gdal_polygonize.py on its class raster, in one run.

A mine of 10 x 10 km with 200 shapes: at 5 m cells, smooth and ragged (3 m of noise in the head),
against the program alone; then at 1 m cells, for memory. The program is given no more than the
class raster, and only draws polygons round it: no shapes, no reasons, no zones.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from aims import Aim, show_aims
from racing import Options, console
from rich.table import Table
from zoning_contenders import EAST, NORTH, SIDE_M, inputs

from geoservice.minewater.classes import classified
from geoservice.minewater.grids import open_stack
from geoservice.minewater.rulesets import shipped_ruleset

HERE = Path(__file__).parent
ROUNDS, SIDE, LARGE, QUICK_LARGE = 5, 2_000, 10_000, 4_000
NOISE_M = {"smooth": 0.0, "ragged": 3.0}


def bench(_url: str, options: Options) -> None:
    """Race both on each raster, and say what is aimed at."""
    program = shutil.which("gdal_polygonize.py")
    table = Table("raster", "derivation s", "gdal_polygonize s", "most MB", "cells")
    aims = []
    with tempfile.TemporaryDirectory(prefix="geoservice-bench-") as home:
        for name, noise_m in NOISE_M.items():
            folder = Path(home) / name
            _write(folder, SIDE, noise_m)
            theirs, ours = [], []
            for _ in range(1 if options.quick else 3):
                theirs.append(_polygonize(program, folder))
                ours.append(_derive(folder, ROUNDS))
            told = min(ours, key=lambda it: it["seconds"])
            seconds, other = told["seconds"], min(theirs, default=float("nan"))
            console.print(name, told["steps"])
            table.add_row(f"{SIDE} x {SIDE} {name}", f"{seconds:.2f}", f"{other:.2f}",
                          f"{told['most MB']:.0f}", str(told["cells"]))  # fmt: skip
            aims.append(Aim(f"5 m {name}: no longer than gdal_polygonize.py",
                            f"{seconds / other:.2f} of it", seconds <= other))  # fmt: skip
            shutil.rmtree(folder)
        side = QUICK_LARGE if options.quick else LARGE
        _write(Path(home) / "large", side, 0.0)
        told = _derive(Path(home) / "large", 1)
        console.print("large", told["steps"])
        table.add_row(f"{side} x {side} smooth", f"{told['seconds']:.2f}", "-",
                      f"{told['most MB']:.0f}", str(told["cells"]))  # fmt: skip
        aims.append(Aim(f"{SIDE_M / side:g} m cells: under 1 GB", f"{told['most MB']:.0f} MB",
                        told["most MB"] < 1000))  # fmt: skip
    console.print(table)
    show_aims(aims)


def _write(folder: Path, side: int, noise_m: float) -> None:
    """Write head, floor and aquiclude, float32, a corner of them unknown, band by band."""
    folder.mkdir()
    cell_m, rng = SIDE_M / side, np.random.default_rng(1)
    said = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "height": side, "width": side,
        "crs": "EPSG:4526", "transform": Affine(cell_m, 0, EAST, 0, -cell_m, NORTH + SIDE_M),
        "nodata": -9999.0,
    }  # fmt: skip
    with ExitStack() as held:
        out = {
            kind: held.enter_context(rasterio.open(folder / f"{kind}.tif", "w", **said))
            for kind in ("head_m", "floor_m", "aquiclude_m")
        }
        for first in range(0, side, 500):
            y, x = np.mgrid[first : first + 500, 0:side] * cell_m
            made = {
                "head_m": 600
                + 60 * np.sin(x / 1500) * np.cos(y / 1800)
                + rng.normal(0, noise_m, x.shape),
                "floor_m": 380 + 30 * np.sin(x / 2500),
                "aquiclude_m": 40 + 15 * np.sin(y / 1300 + x / 2100),
            }
            made["aquiclude_m"][(y < 500) & (x < 700)] = -9999.0
            for kind, values in made.items():
                window = rasterio.windows.Window(0, first, side, 500)
                out[kind].write(values.astype(np.float32), 1, window=window)


def _derive(folder: Path, rounds: int) -> dict[str, float]:
    program = [sys.executable, str(HERE / "zoning_contenders.py"), str(folder), str(rounds)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _polygonize(program: str | None, folder: Path) -> float:
    """Time the program on the class raster of the folder."""
    if program is None:
        console.print("gdal_polygonize.py is not here: not raced")
        return float("nan")
    given = inputs(folder)
    classes = folder / "classes.tif"
    if not classes.exists():
        with ExitStack() as held:
            stack = open_stack(given.rasters, given.licence, given.crs, held)
            found = classified(stack, given.seam, shipped_ruleset("NMSA-2022-85"))
        said = {"driver": "GTiff", "dtype": "uint8", "count": 1, "crs": "EPSG:4526",
                "height": found.grid.rows, "width": found.grid.cols,
                "transform": found.grid.transform}  # fmt: skip
        with rasterio.open(classes, "w", **said) as raster:
            raster.write(found.classes, 1)
    out = folder / "polygons.gpkg"
    out.unlink(missing_ok=True)
    started = time.perf_counter()
    asked = [program, "-q", str(classes), "-f", "GPKG", str(out)]
    subprocess.run(asked, check=True, capture_output=True)
    return time.perf_counter() - started
