"""One derivation in a process of its own: the rasters of a folder, 200 shapes, how long, how much.

`bench_zoning.py` makes the rasters and starts this; the last line told is JSON.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import rasterio
import shapely
from pyproj import CRS
from shapely import LineString, MultiPolygon, Point, Polygon

from geoservice.minewater.derive import derive
from geoservice.minewater.inputs import (
    Argument,
    Clearance,
    Column,
    Fault,
    InputShape,
    MineInputs,
    Rasters,
    Seam,
)
from geoservice.minewater.rulesets import shipped_ruleset

EAST, NORTH, SIDE_M, SHAPES = 38_430_000.0, 4_022_000.0, 10_000.0, 200
CORNERS = (
    (200, 300),
    (4000, 100),
    (9700, 900),
    (9300, 6000),
    (9800, 9500),
    (3000, 9900),
    (400, 8000),
)


def mine() -> MultiPolygon:
    """Return an irregular mine that nearly fills the square."""
    return MultiPolygon([Polygon([(EAST + x, NORTH + y) for x, y in CORNERS])])


def shapes() -> list[InputShape]:
    """Return columns and faults all over, and what clears the domains of the whole mine."""
    rng = np.random.default_rng(7)
    made: list[InputShape] = []
    for number in range(SHAPES):
        x, y = EAST + rng.uniform(0, SIDE_M), NORTH + rng.uniform(0, SIDE_M)
        if number % 2:
            made.append(
                Column(f"X-{number}", Point(x, y).buffer(rng.uniform(5, 150)), head_mpa=1.0)
            )
        else:
            end = (x + rng.uniform(-900, 900), y + rng.uniform(-900, 900))
            trace = LineString([(x, y), end])
            made.append(Fault(f"F-{number}", trace, dip_deg=70.0, head_mpa=1.5))
    area = mine()
    made += [
        Clearance(f"C-{it}", area, domain=it, document="d") for it in ("surface", "roof", "goaf")
    ]
    half = shapely.box(EAST, NORTH, EAST + SIDE_M / 2, NORTH + SIDE_M)
    made.append(Argument("A-1", half, domains=frozenset({"floor"}), document="a", is_approved=True))
    return made


def inputs(folder: Path) -> MineInputs:
    """Return the inputs on the rasters of a folder."""
    paths = {it: str(folder / f"{it}.tif") for it in ("head_m", "floor_m", "aquiclude_m")}
    with rasterio.open(paths["head_m"]) as raster:
        crs = CRS.from_wkt(raster.crs.to_wkt())
    seam = Seam("3", 6.0, 6.0, 8.0, "medium", slices=2)
    return MineInputs(
        mine(), seam, crs, tuple(shapes()), Rasters("aquiclude_base", "1985", **paths)
    )


def main() -> None:
    """Derive as often as asked; the middle of the times, and the most memory of the process."""
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
    given, rules = inputs(folder), shipped_ruleset("NMSA-2022-85")
    laps = []
    for _ in range(rounds):
        steps: list[tuple[str, float]] = []
        started = time.perf_counter()
        found = derive(given, rules, progress=partial(_note, steps))
        ended = time.perf_counter()
        laps.append(ended - started)
    ends = [*(at for _, at in steps[1:]), ended]
    told = {name: round(end - at, 3) for (name, at), end in zip(steps, ends, strict=True)}
    most = _most_mb()
    said = {"seconds": float(np.median(laps)), "steps": told, "most MB": most}
    sys.stdout.write(json.dumps(said | {"cells": len(found.cells), "hash": found.geom_hash}) + "\n")


def _most_mb() -> float:
    """Return the most memory that this process had; `ru_maxrss` has that of its parent too."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _note(steps: list[tuple[str, float]], step: str, _done: int, _total: int) -> None:
    steps.append((step, time.perf_counter()))


if __name__ == "__main__":
    main()
