"""Rasters of a seam: added from a file or worked out from boreholes, listed, retired."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import pyproj
from affine import Affine
from rasterio.features import geometry_mask
from shapely import MultiPolygon

from geoservice.crs import CGCS2000, metric_crs, reproject
from geoservice.db import Connection, Query, require_district
from geoservice.errors import ConflictError, DatumError, InputError, UnknownNameError
from geoservice.heights import NATIONAL, converted
from geoservice.keeping.archive import sha256_of
from geoservice.minewater.grids import open_stack
from geoservice.minewater.inputs import Rasters
from geoservice.terrain.refusals import height_datum_named
from geoservice.zoning.input_rows import RASTERS, SEAM, SeamRow
from geoservice.zoning.raster_files import raster_folder
from geoservice.zoning.raster_reading import Cells, copy_raster

Kind = Literal[
    "head_m", "floor_m", "aquiclude_m", "seam_thickness_m", "overburden_m", "vulnerability"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
HEIGHTS = {"head_m", "floor_m"}
_ROWS_AT_ONCE = 512


@dataclass(frozen=True)
class MineRaster:
    """A raster of a seam.

    Parameters
    ----------
    given_datum
        Of its heights as they came; they are stored in ``height_datum``.
    method, error_m, details
        ``file``, or ``interpolated`` with its leave-one-out error and how it was done.
    nodata_share
        Of the licence area: where nothing is known, which counts as the worse.
    least, most
        Of its values inside the licence.
    """

    id: int
    code: str
    kind: str
    seam_code: str
    seam: str
    file: str
    sha256: str
    given_sha256: str | None
    height_datum: str | None
    given_datum: str | None
    method: str
    details: dict[str, Any]
    error_m: float | None
    cell_m: float
    cols: int
    rows: int
    west_m: float
    north_m: float
    crs: str
    nodata_share: float
    least: float
    most: float
    source_doc: str
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class Origin:
    """Whence a raster is."""

    source: str
    method: str = "file"
    given_sha256: str | None = None
    given_datum: str | None = None
    height_datum: str | None = None
    error_m: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """A seam whose rasters are worked on, its licence in metres of the district's plane."""

    seam: SeamRow
    plane: pyproj.CRS
    licence: MultiPolygon


HOLD_SEAM = Query("zone_inputs", "hold_seam", int)
LISTED = Query("zone_inputs", "listed_rasters", MineRaster)
RETIRE = Query("zone_inputs", "retire_raster", int)
RETIRE_KIND = Query("zone_inputs", "retire_rasters_of_kind", int)
ADD = Query("zone_inputs", "add_raster", int)


def add_raster(
    conn: Connection, *, home: Path, mine_seam_id: int, kind: str, path: Path, name: str,
    datum: str | None,
) -> MineRaster:  # fmt: skip
    """Store a GeoTIFF as a raster of a seam; one of its kind that was in use is retired.

    Parameters
    ----------
    home
        The state folder.
    kind
        One of ``KINDS``.
    path, name
        Where the file is, and what its owner calls it.
    datum
        Height datum of its values: needed for heights, of no meaning for the rest.

    Raises
    ------
    UnknownNameError, DatumError, FileError, InputError
        There is no such kind; the datum, the CRS or the unit is wrong or missing; it is not on the
        grid of the seam's other rasters, has implausible values, or none inside the licence.
    ConflictError
        The mine has no licence area yet.
    """
    _check_kind(kind)
    given = _datum(kind, datum)
    kept = NATIONAL if given == "1956" else given
    lift_m = 0.0 if given is None or kept is None else (converted(0.0, given, kept) or 0.0)
    place = hold_place(conn, mine_seam_id)
    with aside(home) as folder:
        made = folder / "raster.tif"
        cells = copy_raster(path, made, plane=place.plane, name=name, lift_m=lift_m)
        origin = Origin(name, "file", sha256_of(path), given, kept)
        return put_in_use(conn, home, place, kind, made, cells, origin)


def list_rasters(conn: Connection, *, mine_id: int) -> list[MineRaster]:
    """Return the rasters in use of every seam of a mine."""
    return LISTED.all(conn, mine_id=mine_id, raster_id=None)


def retire_raster(conn: Connection, *, mine_id: int, raster_id: int) -> None:
    """Take a raster out of use; its file stays.

    Raises
    ------
    NotFoundError
        The mine has no such raster in use.
    """
    RETIRE.one(conn, mine_id=mine_id, raster_id=raster_id)


def hold_place(conn: Connection, mine_seam_id: int) -> Place:
    """Return a seam, locked until the end of the transaction, with its licence in metres.

    Raises
    ------
    NotFoundError, NoDistrictError
        There is no such seam, or no boundary.
    ConflictError
        Its mine has no licence area yet.
    """
    require_district(conn)
    HOLD_SEAM.one(conn, mine_seam_id=mine_seam_id)
    seam = SEAM.one(conn, mine_seam_id=mine_seam_id)
    if seam.licence is None or seam.lon is None:
        raise ConflictError(
            f"mine {seam.mine_code} has no licence area yet: load it first",
            zh=f"矿井 {seam.mine_code} 尚未登记矿区范围：请先导入", where="licence",
        )  # fmt: skip
    plane = metric_crs(seam.lon)
    return Place(seam, plane, reproject(seam.licence, CGCS2000, plane))


def put_in_use(  # each is a thing of its own
    conn: Connection, home: Path, place: Place, kind: str, made: Path, cells: Cells, origin: Origin
) -> MineRaster:  # fmt: skip
    """Check a raster that was made, move it to where rasters are kept, and make it the one used."""
    others = {
        it.kind: str(raster_folder(home) / it.file)
        for it in RASTERS.all(conn, mine_seam_id=place.seam.id)
        if it.kind != kind
    }
    measured = _measured(place, kind, made, others)
    digest = sha256_of(made)
    RETIRE_KIND.run(conn, mine_seam_id=place.seam.id, kind=kind)
    row = {
        **asdict(replace(origin, details={})), **measured, "details": dict(origin.details),
        "source_doc": origin.source, "kind": kind, "file": f"{digest}.tif", "sha256": digest,
        "cell_m": cells.cell_m, "cols": cells.cols, "rows": cells.rows, "west_m": cells.west_m,
        "north_m": cells.north_m, "crs": cells.plane.name,
    }  # fmt: skip
    raster_id = ADD.one(conn, mine_seam_id=place.seam.id, row=json.dumps(row))
    _keep(home, made, digest)
    return LISTED.one(conn, mine_id=place.seam.mine_id, raster_id=raster_id)


@contextmanager
def aside(home: Path) -> Iterator[Path]:
    """Lend a folder in which a raster is made, on the same disk as where it goes."""
    with tempfile.TemporaryDirectory(prefix=".zoning-", dir=home) as folder:
        yield Path(folder)


def _keep(home: Path, made: Path, digest: str) -> None:
    """Move a file to its name, whole or not at all; the same content is there already or anew."""
    folder = raster_folder(home)
    folder.mkdir(mode=0o700, exist_ok=True)
    made.chmod(0o600)
    with made.open("rb") as stream:
        os.fsync(stream.fileno())
    made.replace(folder / f"{digest}.tif")


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise UnknownNameError(
            f"no kind of raster {kind!r}; there are: {', '.join(KINDS)}",
            zh=f"没有栅格类型“{kind}”；可用：{'、'.join(KINDS)}", where="kind",
        )  # fmt: skip


def _datum(kind: str, given: str | None) -> str | None:
    if kind not in HEIGHTS:
        return None
    if given is None:
        raise DatumError(
            f"{kind} holds heights: say their datum (1985, 1956, EGM96 or local)",
            zh=f"{kind} 为标高，须注明高程基准（1985、1956、EGM96 或 local）", where="datum",
        )  # fmt: skip
    return height_datum_named(given)


def _measured(place: Place, kind: str, made: Path, others: Mapping[str, str]) -> dict[str, float]:
    """Return what a raster has inside the licence; refuse one that does not go with the others."""
    paths: dict[str, Any] = {**others, kind: str(made)}
    rasters = Rasters(pressure_datum="floor", height_datum=None, **paths)
    known, least, most = 0, np.inf, -np.inf
    with ExitStack() as held:
        stack = open_stack(rasters, place.licence, place.plane, held)
        for band in stack.bands() if stack.grid.rows and stack.grid.cols else ():
            values = band.values[kind][band.is_inside]
            values = values[np.isfinite(values)]
            if len(values):
                known += len(values)
                least, most = min(least, float(values.min())), max(most, float(values.max()))
        total = _cells_of(place.licence, stack.grid.transform)
    if not known:
        raise InputError(
            f"raster {kind} has no value inside the licence area",
            zh=f"栅格 {kind} 在矿区范围内没有任何数值", where=kind,
        )  # fmt: skip
    return {"nodata_share": max(0.0, 1 - known / total), "least": least, "most": most}


def _cells_of(licence: MultiPolygon, at: Affine) -> int:
    """Return how many cells of a grid the licence touches, beyond the raster's edge too."""
    west, south, east, north = licence.bounds
    cell_m = at.a
    col, row = np.floor((west - at.c) / cell_m), np.floor((at.f - north) / cell_m)
    cols = int(np.ceil((east - at.c) / cell_m) - col)
    rows = int(np.ceil((at.f - south) / cell_m) - row)
    total = 0
    for first in range(0, rows, _ROWS_AT_ONCE):
        some = min(_ROWS_AT_ONCE, rows - first)
        moved = Affine(cell_m, 0, at.c + col * cell_m, 0, -cell_m, at.f - (row + first) * cell_m)
        total += int(
            geometry_mask([licence], (some, cols), moved, invert=True, all_touched=True).sum()
        )
    return total
