"""The mine of the worked partition, and rasters to write for it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from shapely import MultiPolygon, box

from geoservice.minewater.derive import derive
from geoservice.minewater.inputs import (
    Argument,
    Clearance,
    Domain,
    Goaf,
    InputShape,
    MineInputs,
    Rasters,
    Seam,
)
from geoservice.minewater.results import Derivation
from geoservice.minewater.rulesets import RuleSet, shipped_ruleset

CM_114 = CRS.from_epsg(4547)
EAST, NORTH = 430_000.0, 4_022_000.0
NODATA = -9999.0
ALL: frozenset[Domain] = frozenset({"surface", "roof", "floor", "goaf"})
# As the worked vectors have it: K 4, sharp corners, no boundary pillar.
RULES = shipped_ruleset("NMSA-2022-85").with_values(
    {"pillar_safety": 4.0, "buffer_join": "mitre", "boundary_pillar_m": 0.0}, source="test"
)
SEAM = Seam("3", 6.0, 6.0, 8.0, "medium", slices=2, coal_tensile_mpa=0.6)


def at(west: float, south: float, east: float, north: float) -> MultiPolygon:
    return MultiPolygon([box(EAST + west, NORTH + south, EAST + east, NORTH + north)])


MINE = at(0, 0, 2000, 1000)
# L is 24 m (K 4, M 6, p 0.8, Kp 0.6) and the exploration line 30 m.
GOAF = Goaf("G-1", at(100, 100, 300, 300), edge="sure", pressure_mpa=0.8)


def write_raster(
    path: Path,
    values: NDArray[np.float64],
    *,
    west: float = -100.0,
    north: float = 1100.0,
    cell_m: float = 10.0,
    crs: CRS | None = CM_114,
    nodata: float | None = NODATA,
) -> str:
    """Write a raster whose corner lies so many metres from the mine's; NaN is nodata."""
    transform = Affine(cell_m, 0, EAST + west, 0, -cell_m, NORTH + north)
    filled = np.where(np.isnan(values), NODATA if nodata is None else nodata, values)
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1,
        dtype="float64", transform=transform, nodata=nodata,
        crs=None if crs is None else crs.to_wkt(),
    ) as dataset:  # fmt: skip
        dataset.write(filled, 1)
    return str(path)


def strips(folder: Path, inrush: Iterable[float], aquiclude_m: float = 40.0) -> Rasters:
    """Write rasters of 500 m strips with these coefficients; NaN: nothing is known."""
    values = [*inrush]
    per_strip = np.repeat([values[0], *values, values[-1]], [10, *([50] * len(values)), 10])
    floor = np.full((120, len(per_strip)), 380.0)
    aquiclude = np.full_like(floor, aquiclude_m)
    # P = 0.00981 (head - (floor - M)) = T M.
    head = floor - aquiclude + per_strip * aquiclude / 0.00981
    return Rasters(
        "aquiclude_base",
        "1985",
        head_m=write_raster(folder / "head.tif", head),
        floor_m=write_raster(folder / "floor.tif", floor),
        aquiclude_m=write_raster(folder / "aquiclude.tif", aquiclude),
    )


def clearances() -> tuple[Clearance, ...]:
    """Clear surface, roof and goaf water over the whole mine."""
    domains: tuple[Domain, ...] = ("surface", "roof", "goaf")
    return tuple(Clearance(f"C-{it}", MINE, domain=it, document=f"doc-{it}") for it in domains)


def argument(area: MultiPolygon = MINE, **said: object) -> Argument:
    made = Argument("A-1", area, domains=frozenset({"floor"}), document="ARG-1", is_approved=True)
    return replace(made, **said)  # type: ignore[arg-type]


def mine(shapes: Iterable[InputShape] = (), rasters: Rasters | None = None) -> MineInputs:
    return MineInputs(MINE, SEAM, CM_114, tuple(shapes), rasters, hydro_type="simple")


def areas(found: Derivation) -> dict[str, float]:
    return {it.zone: it.area_m2 for it in found.zones}


def zone_at(found: Derivation, x: float, y: float) -> str:
    cell = cell_at(found, x, y)
    return found.cells[cell].zone


def rules_at(found: Derivation, x: float, y: float) -> tuple[str, ...]:
    return found.cells[cell_at(found, x, y)].rules


def cell_at(found: Derivation, x: float, y: float) -> int:
    place = shapely.Point(EAST + x, NORTH + y)
    (number,) = (no for no, it in enumerate(found.cells) if it.geom.covers(place))
    return number


def zoned(
    shapes: Iterable[InputShape] = (), rasters: Rasters | None = None, rules: RuleSet = RULES
) -> Derivation:
    return derive(mine(shapes, rasters), rules)
