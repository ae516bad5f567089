"""Heights that cannot be right, and terrain that is not there: refused, with the reason."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from geoservice.db import Connection
from geoservice.errors import (
    DatumError,
    FileError,
    GeoServiceError,
    InputError,
    NoDistrictError,
    NoTerrainError,
    OutsideDistrictError,
    SetupError,
)
from geoservice.terrain.actions import load_dem
from geoservice.terrain.records import DemRequest, LoadedTerrain
from geoservice.terrain.store import open_terrain, terrain_folder

SMALL = runpy.run_path(str(Path(__file__).parents[1] / "data" / "small_roads.py"))
MADE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "made_dem.py"))
write_dem, plane = MADE["write_dem"], MADE["plane"]
CORNER, SIZE = (112.9, 36.6), (400, 500)  # to 113.4 E and 36.2 N


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def district(conn: Connection) -> Connection:
    SMALL["lay_district"](conn, (113.0, 36.3, 113.3, 36.5))
    return conn


def load(conn: Connection, home: Path, path: Path, cell_m: float | None = None) -> LoadedTerrain:
    return load_dem(conn, home=home, paths=[path], request=DemRequest("1985", cell_m=cell_m))


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ({"crs": None}, DatumError, "no coordinate system"),
        ({"crs": "EPSG:4610"}, DatumError, "Xi'an 80"),
        ({"crs": "EPSG:4214"}, DatumError, "Beijing 54"),
        ({"crs": "EPSG:4269+6360"}, InputError, "foot"),
        ({"units": "ft"}, InputError, "ft"),
        ({"scale": 0.1}, FileError, "unscale"),
        ({"count": 3}, FileError, "3 bands"),
        ({"transform": Affine(0.001, 1e-5, 113, 1e-5, -0.001, 36.5)}, FileError, "north up"),
        ({"height": lambda x, y: plane(x, y) * 12}, InputError, "feet"),
        ({"height": lambda x, _: x * 0 - 9999}, InputError, "nodata"),
        ({"height": lambda x, _: x * 0 - 32768}, InputError, "no height"),
        ({"corner": (116.0, 40.0)}, OutsideDistrictError, "no part of the district"),
    ],
)
def test_what_cannot_be_right_is_refused(
    district: Connection, home: Path, tmp_path: Path, said: dict[str, Any],
    error: type[GeoServiceError], words: str,
) -> None:  # fmt: skip
    kept = {"height": plane, "corner": CORNER, **said}
    path = write_dem(tmp_path / "a.tif", kept.pop("corner"), SIZE, kept.pop("height"), **kept)
    with pytest.raises(error, match=words):
        load(district, home, path)
    assert not list(terrain_folder(home).glob("*")) if terrain_folder(home).exists() else True
    with pytest.raises(NoTerrainError):
        open_terrain(district, home)


def test_voids_told_by_a_mask_are_refused(district: Connection, home: Path, tmp_path: Path) -> None:
    path = write_dem(tmp_path / "a.tif", CORNER, SIZE, nodata=None)
    with rasterio.open(path, "r+") as raster:
        raster.write_mask(np.ones(SIZE, bool))
    with pytest.raises(FileError, match="by a mask"):
        load(district, home, path)


def test_no_raster_no_boundary_and_a_lost_file(
    conn: Connection, home: Path, tmp_path: Path
) -> None:
    good = write_dem(tmp_path / "a.tif", CORNER, SIZE)
    with pytest.raises(NoDistrictError):
        load(conn, home, good)
    SMALL["lay_district"](conn, (113.0, 36.3, 113.3, 36.5))
    (tmp_path / "text.tif").write_text("no raster")
    for wrong in ("text.tif", "absent.tif"):
        with pytest.raises(FileError, match=wrong):
            load(conn, home, tmp_path / wrong)
    with pytest.raises(InputError, match="--cell"):
        load(conn, home, good, cell_m=0.5)
    load(conn, home, good)
    open_terrain(conn, home).path.unlink()
    with pytest.raises(SetupError, match="load it again"):
        open_terrain(conn, home)
