"""Work a flood out from the terrain in force, and store it as a screening."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from affine import Affine
from rasterio.features import geometry_mask, rasterize
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geoservice.crs import CGCS2000, reproject, to_metric, to_store
from geoservice.db import Connection, Query, require_district
from geoservice.errors import InputError
from geoservice.floods.actions import flood_rules, store_scenario
from geoservice.floods.answers import Scenario
from geoservice.floods.heights import height_in
from geoservice.floods.polygons import Depths, areas_only, bands_of_raster, polygons_of
from geoservice.floods.records import NewScenario
from geoservice.floods.water import (
    METHOD_VERSIONS,
    DerivedMethod,
    Flags,
    Water,
    level_water,
    stage_water,
    standing_water,
)
from geoservice.registry.bodies import geojson
from geoservice.terrain.store import Grid, Terrain, open_terrain

DISTRICT = Query("terrain", "district", MultiPolygon)
WATER_BODY = Query("floods", "water_body", BaseGeometry)
Progress = Callable[[str, int, int], None]
STEPS = {
    "read": "读取地形 · reading heights",
    "water": "推算水深 · working depths out",
    "areas": "生成范围 · drawing areas",
}
MOST_CELLS = 60_000_000
# Water comes from beyond an area, and runs off beyond it: so far around it is looked.
MARGIN_M = 3000.0


@dataclass(frozen=True)
class Derivation:
    """What is to be worked out; shapes in CGCS2000 degrees.

    ``level_m`` of ``height_datum`` goes with bathtub, ``stage_m`` with HAND; ``channel`` (or the
    code of a water body) is where the water is; HAND without one takes what ``drainage_km2`` and
    more runs to.
    """

    name: str
    method: DerivedMethod
    height_datum: str | None = None
    level_m: float | None = None
    stage_m: float | None = None
    least_m: float = 0.15
    channel: BaseGeometry | None = None
    water_body: str | None = None
    drainage_km2: float = 1.0
    area: BaseGeometry | None = None
    return_period_y: float | None = None
    gauge_level_m: float | None = None
    family: str | None = None
    source: str | None = None
    drawn_by: str | None = None


def quiet(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def derive(
    conn: Connection, asked: Derivation, *, home: Path, at: datetime, tell: Progress = quiet
) -> Scenario:
    """Work a scenario out and store it as a draft, labelled a screening.

    Parameters
    ----------
    home
        The state folder, in which the terrain lies.
    tell
        Told the step, how much of it is done, and of how much; may raise to stop.

    Raises
    ------
    NoDistrictError, NoTerrainError
        No boundary, or no terrain, is loaded.
    DatumError
        The level's height datum cannot be compared with the terrain's.
    InputError
        Something is missing or does not fit; nothing would be wet.
    """
    require_district(conn)
    terrain = open_terrain(conn, home)
    datum = asked.height_datum or terrain.datum
    level_m = height_in(asked.level_m or 0.0, datum, terrain.datum)
    area = to_metric_of(terrain, asked.area or DISTRICT.one(conn))
    channel = _channel(conn, asked, terrain)
    tell("read", 0, 1)
    grid = _window(terrain, area)
    tell("read", 1, 1)
    tell("water", 0, 1)
    water = _water(asked, grid, channel, level_m)
    tell("water", 1, 1)
    tell("areas", 0, 2)
    return _stored(conn, asked, terrain, (grid, water, area), at=at, tell=tell)


def to_metric_of(terrain: Terrain, geom: BaseGeometry) -> BaseGeometry:
    """Return a stored shape in the terrain's metres."""
    return reproject(geom, CGCS2000, terrain.crs)


def _channel(conn: Connection, asked: Derivation, terrain: Terrain) -> BaseGeometry | None:
    channel = asked.channel
    if asked.water_body is not None:
        channel = WATER_BODY.first(conn, code=asked.water_body)
        if channel is None:
            raise InputError(
                f"no water body {asked.water_body!r} is on record",
                zh=f"没有编码为“{asked.water_body}”的水体", where="water_body",
            )  # fmt: skip
    return None if channel is None else to_metric_of(terrain, channel)


def _window(terrain: Terrain, area: BaseGeometry) -> Grid:
    west, south, east, north = area.bounds
    box = (west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
    rows, cols = terrain.slices(box)
    cells = (rows.stop - rows.start) * (cols.stop - cols.start)
    if cells > MOST_CELLS:
        raise InputError(
            f"{cells:,} cells at once: {MOST_CELLS:,} at most; draw a smaller area",
            zh=f"一次推算 {cells:,} 个格网，最多 {MOST_CELLS:,}：请缩小范围", where="area",
        )  # fmt: skip
    return terrain.window(box)


def _water(asked: Derivation, grid: Grid, channel: BaseGeometry | None, level_m: float) -> Water:
    cells = None if channel is None else _burnt(channel, grid)
    if asked.method == "fill":
        return standing_water(grid.array, asked.least_m)
    if asked.method == "hand":
        least = max(round(asked.drainage_km2 * 1e6 / grid.transform.a**2), 1)
        return stage_water(grid.array, cells, _needed(asked.stage_m, "stage_m"), least)
    if cells is None:
        raise InputError(
            "channel or water_body: whence the water comes is needed",
            zh="须给出 channel 或 water_body：水从哪里来", where="channel",
        )  # fmt: skip
    _needed(asked.level_m, "level_m")
    return level_water(grid.array, cells, level_m)


def _needed(value: float | None, name: str) -> float:
    if value is None:
        raise InputError(f"{name} is needed for this method", zh=f"此方法须给出 {name}", where=name)
    return value


def _burnt(geom: BaseGeometry, grid: Grid) -> Flags:
    shape = grid.array.shape
    burnt = rasterize(
        [geom], shape, transform=grid.transform, all_touched=True, dtype="uint8",
        skip_invalid=False,
    )  # fmt: skip
    return np.asarray(burnt > 0)


def _stored(
    conn: Connection, asked: Derivation, terrain: Terrain, made: tuple[Grid, Water, BaseGeometry],
    *, at: datetime, tell: Progress,
) -> Scenario:  # fmt: skip
    grid, water, area = made
    outside = geometry_mask([area], grid.array.shape, grid.transform)

    def stored(geom: MultiPolygon) -> MultiPolygon:
        return areas_only(to_store(geom, terrain.crs))

    depth: Depths = np.where(outside, np.float32(0), water.depth_m).astype(np.float32)
    bands = bands_of_raster(depth, grid.transform, flood_rules(conn), stored)
    tell("areas", 1, 2)
    unknown = _unknown(water.is_unknown & ~outside, grid.transform, area, terrain)
    degrees = stored(unknown) if not unknown.is_empty else None
    told = _told(asked, terrain)
    scenario = NewScenario(
        name=asked.name, method=asked.method, method_version=METHOD_VERSIONS[asked.method],
        height_datum=asked.height_datum or terrain.datum, level_m=asked.level_m,
        gauge_level_m=asked.gauge_level_m, family=asked.family,
        source_doc=asked.source or f"本系统推算 · worked out here; {terrain.row.source_doc}",
        return_period_y=asked.return_period_y, parameters=told,
        inputs_hash=hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest(),
        drawn_by=asked.drawn_by, unknown=degrees,
        unknown_area_m2=0.0 if degrees is None else to_metric(degrees, degrees.centroid.x).area,
    )  # fmt: skip
    found = store_scenario(conn, scenario, bands, at=at)
    tell("areas", 2, 2)
    return found


def _unknown(cells: Flags, transform: Affine, area: BaseGeometry, terrain: Terrain) -> MultiPolygon:
    """Return the cells of the area without an answer, and what of it has no cells at all."""
    parts = list(polygons_of(cells.astype(np.uint8), transform).values())
    beyond = area.difference(shapely.box(*terrain.bounds))
    return areas_only(shapely.union_all([*parts, beyond]))


def _told(asked: Derivation, terrain: Terrain) -> dict[str, Any]:
    row = terrain.row
    return {
        "level_m": asked.level_m, "stage_m": asked.stage_m, "least_m": asked.least_m,
        "height_datum": asked.height_datum, "water_body": asked.water_body,
        "drainage_km2": asked.drainage_km2,
        "channel": geojson(asked.channel), "area": geojson(asked.area),
        "terrain": {
            "name": row.name, "sha256": row.sha256, "height_datum": row.height_datum,
            "cell_m": row.cell_m, "filled_cells": row.filled_count,
        },
    }  # fmt: skip
