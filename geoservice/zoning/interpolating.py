"""A raster of a seam worked out from its boreholes, with how far off it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray

from geoservice.crs import CGCS2000, reproject, to_store
from geoservice.db import Connection
from geoservice.errors import InputError, RecordError, UnknownNameError
from geoservice.minewater.grids import Grid
from geoservice.minewater.interpolate import LEAST_POINTS, Method, Surface, grid_over, interpolated
from geoservice.zoning.input_rows import BOREHOLES, BoreholeRow
from geoservice.zoning.input_shapes import counted, levels_of
from geoservice.zoning.raster_reading import Cells, write_raster
from geoservice.zoning.rasters import (
    HEIGHTS,
    MineRaster,
    Origin,
    Place,
    aside,
    hold_place,
    list_rasters,
    put_in_use,
)

FROM_BOREHOLES = ("head_m", "floor_m", "aquiclude_m", "seam_thickness_m", "overburden_m")
METHODS = get_args(Method)
DEFAULT_CELL_M = 10.0
_NEAR_M = 2000.0
_ROWS = 512


@dataclass(frozen=True)
class Wish:
    """What is to be worked out.

    Parameters
    ----------
    cell_m
        None: the grid of the seam's other rasters, else ``DEFAULT_CELL_M``.
    """

    kind: str
    method: Method = "linear"
    cell_m: float | None = None


@dataclass(frozen=True)
class Points:
    """What boreholes found: metres, values, their codes, and the height datum of the values."""

    xy: NDArray[np.float64]
    values: NDArray[np.float64]
    codes: tuple[str, ...]
    datum: str | None


def interpolate_raster(
    conn: Connection, *, home: Path, mine_seam_id: int, wish: Wish
) -> MineRaster:
    """Store what the boreholes of a seam foretell as its raster of a kind.

    Nothing is extrapolated: outside the boreholes a cell is not known. Boreholes count that name
    this seam, or the same one of a neighbouring mine, and have the value.

    Raises
    ------
    UnknownNameError
        Boreholes do not tell this kind, or there is no such method.
    RecordError
        A height has no datum, or they are in datums that are not to be compared.
    InputError
        There are too few boreholes to say how far off the raster is.
    """
    if wish.kind not in FROM_BOREHOLES or wish.method not in METHODS:
        raise UnknownNameError(
            f"from boreholes: one of {', '.join(FROM_BOREHOLES)} by {' or '.join(METHODS)}",
            zh=f"由钻孔推算：{'、'.join(FROM_BOREHOLES)} 之一，方法 {'、'.join(METHODS)}",
            where="kind" if wish.kind not in FROM_BOREHOLES else "method",
        )
    place = hold_place(conn, mine_seam_id)
    others = [
        it for it in list_rasters(conn, mine_id=place.seam.mine_id)
        if it.seam_code == place.seam.code and it.kind != wish.kind
    ]  # fmt: skip
    points = _points(conn, place, wish.kind, others)
    grid = _grid(place, wish, others)
    surface = interpolated(points.xy, points.values, grid, method=wish.method)
    if surface.error is None:
        raise InputError(
            f"{surface.points} boreholes with {wish.kind}: none lies inside the others, so how far "
            "off the raster is cannot be told",
            zh=f"有 {wish.kind} 的钻孔 {surface.points} 个，没有一个位于其余钻孔之内，无法给出误差",
            where="boreholes",
        )
    at = grid.transform
    cells = Cells(place.plane, at.c, at.f, at.a, grid.cols, grid.rows)
    with aside(home) as folder:
        made = folder / "raster.tif"
        write_raster(made, cells, _bands(surface), "float64")
        return put_in_use(conn, home, place, wish.kind, made, cells, _origin(points, surface))


def _points(conn: Connection, place: Place, kind: str, others: list[MineRaster]) -> Points:
    around = shapely.box(*place.licence.bounds).buffer(_NEAR_M, join_style="mitre")
    rows = BOREHOLES.all(
        conn, mine_seam_id=place.seam.id, around=to_store(around, place.plane)
    )  # fmt: skip
    rows = [
        row for row in counted(rows, place.seam)[0]
        if row.mine_seam_id is not None and getattr(row, kind) is not None
    ]  # fmt: skip
    if len(rows) < LEAST_POINTS:
        raise InputError(
            f"{len(rows)} boreholes have {kind}: at least {LEAST_POINTS} are needed",
            zh=f"有 {kind} 的钻孔 {len(rows)} 个：至少需要 {LEAST_POINTS} 个", where="boreholes",
        )  # fmt: skip
    datum = None
    values = [float(getattr(row, kind)) for row in rows]
    if kind in HEIGHTS:
        datum, values = _heights(rows, values, others)
    xy = [shapely.get_coordinates(reproject(row.geom, CGCS2000, place.plane))[0] for row in rows]
    codes = tuple(row.code for row in rows)
    return Points(np.array(xy).reshape(-1, 2), np.array(values), codes, datum)


def _heights(
    rows: list[BoreholeRow], values: list[float], others: list[MineRaster]
) -> tuple[str | None, list[float]]:
    """Return heights in the datum of the seam's other rasters, else in the common one."""
    kept = next((it.height_datum for it in others if it.height_datum is not None), None)
    named = [
        (f"borehole:{row.code}", value, row.height_datum)
        for row, value in zip(rows, values, strict=True)
    ]
    levels = levels_of(named, kept)
    found = [levels.of(where, value, datum) for where, value, datum in named]
    if levels.wrongs:
        raise RecordError(levels.wrongs)
    return levels.datum, [it for it in found if it is not None]


def _grid(place: Place, wish: Wish, others: list[MineRaster]) -> Grid:
    if wish.cell_m is None and others:
        it = others[0]
        return Grid(Affine(it.cell_m, 0, it.west_m, 0, -it.cell_m, it.north_m), it.rows, it.cols)
    return grid_over(place.licence, wish.cell_m or DEFAULT_CELL_M)


def _bands(surface: Surface) -> Iterator[NDArray[Any]]:
    for first in range(0, len(surface.values), _ROWS):
        yield surface.values[first : first + _ROWS]


def _origin(points: Points, surface: Surface) -> Origin:
    return Origin(
        source=f"由 {surface.points} 个钻孔推算 · from {surface.points} boreholes",
        method="interpolated", given_datum=points.datum, height_datum=points.datum,
        error_m=surface.error,
        details={
            "method": surface.method, "points": surface.points, "tested": surface.tested,
            "worst_m": surface.worst, "boreholes": list(points.codes),
        },
    )  # fmt: skip
