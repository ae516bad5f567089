"""Rasters of a seam: taken in whole with their datum, or refused; kept, listed, retired."""

import json
import os
import runpy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from geoservice import db
from geoservice.errors import (
    ConflictError,
    DatumError,
    FileError,
    InputError,
    NotFoundError,
    UnknownNameError,
)
from geoservice.keeping.archive import pack, unpack
from geoservice.keeping.checks import examine
from geoservice.minewater.derive import derive
from geoservice.minewater.rulesets import shipped_ruleset
from geoservice.settings import Settings
from geoservice.zoning.interpolating import Wish, interpolate_raster
from geoservice.zoning.rasters import MineRaster, add_raster, list_rasters, retire_raster
from geoservice.zoning.reading import read_inputs

DATA = runpy.run_path(str(Path(__file__).parents[1] / "data" / "zone_mine.py"))
EAST, NORTH = DATA["EAST"], DATA["NORTH"]
CELL_M, COLS, ROWS = 20.0, 110, 60  # 2200 x 1200 m, 100 m beyond the licence on every side


@pytest.fixture
def mine(conn: db.Connection) -> tuple[db.Connection, int]:
    return conn, DATA["set_up"](conn)


def _file(
    path: Path, value: Any, *, epsg: int | None = 4547, west: float = EAST - 100,
    north: float = NORTH + 1100, dtype: str = "float32", **more: Any,
) -> Path:  # fmt: skip
    array = np.broadcast_to(np.asarray(value, dtype), (ROWS, COLS)).astype(dtype)
    transform = more.pop("transform", Affine(CELL_M, 0, west, 0, -CELL_M, north))
    unit = more.pop("unit", None)
    profile = {
        "driver": "GTiff", "width": COLS, "height": ROWS, "count": 1, "dtype": dtype,
        "crs": None if epsg is None else f"EPSG:{epsg}", "transform": transform, **more,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as made:
        for band in range(1, profile["count"] + 1):
            made.write(array, band)
        if unit:
            made.units = (unit,)
    return path


def _add(
    mine: tuple[db.Connection, int], home: Path, kind: str, path: Path, datum: str | None = None
) -> MineRaster:
    conn, seam_id = mine
    return add_raster(
        conn, home=home, mine_seam_id=seam_id, kind=kind, path=path, name=path.name, datum=datum
    )


def test_a_raster_is_stored_in_the_districts_plane_and_in_1985(
    mine: tuple[db.Connection, int], tmp_path: Path
) -> None:
    # EPSG:4526 has the number of the zone before its eastings.
    given = _file(tmp_path / "head.tif", 620.0, epsg=4526, west=38e6 + EAST - 100, dtype="float64")
    it = _add(mine, tmp_path, "head_m", given, "1956")
    assert (it.given_datum, it.height_datum, it.method, it.source_doc) == (
        "1956", "1985", "file", "head.tif",
    )  # fmt: skip
    assert (it.cell_m, it.cols, it.rows, it.west_m, it.north_m) == (
        20, COLS, ROWS, EAST - 100, NORTH + 1100,
    )  # fmt: skip
    assert (it.least, it.most) == (619.971, 619.971)
    assert it.nodata_share == 0
    kept = tmp_path / "zoning" / it.file
    assert it.file == f"{it.sha256}.tif"
    assert kept.stat().st_mode & 0o777 == 0o600
    with rasterio.open(kept) as raster:
        assert raster.crs.to_epsg() == 4547
        assert np.all(raster.read(1) == 619.971)


def test_the_datum_of_the_head_changes_the_zone_from_stored_rasters(
    mine: tuple[db.Connection, int], tmp_path: Path
) -> None:
    """Head 620, floor 380, M 45: T is 0.06213 at the aquiclude's base, 0.05232 at the floor."""
    for kind, value, datum in (
        ("head_m", 620, "1985"), ("floor_m", 380, "1985"), ("aquiclude_m", 45, None)
    ):  # fmt: skip
        _add(mine, tmp_path, kind, _file(tmp_path / f"{kind}.tif", value), datum)
    conn, seam_id = mine
    zones = {}
    for pressure_datum in ("aquiclude_base", "floor"):
        DATA["put"](
            conn, "mine_seams", replace(DATA["SEAM"], pressure_datum=pressure_datum)
        )  # fmt: skip
        DATA["put"](conn, "mine_areas", *_all_clear())
        read = read_inputs(conn, home=tmp_path, mine_seam_id=seam_id)
        assert read.inputs.rasters is not None
        assert read.inputs.rasters.height_datum == "1985"
        made = derive(read.inputs, shipped_ruleset("NMSA-2022-85"))
        zones[pressure_datum] = {it.zone: it.area_m2 for it in made.zones}
    assert "workable" not in zones["aquiclude_base"]
    assert zones["floor"]["workable"] > 1.8e6  # all but the pillar of the boundary
    assert "slow_mining" not in zones["floor"]


def _all_clear() -> list[Any]:
    from geoservice.registry import records

    common = {"mine_seam_code": "S3", **DATA["APPROVED"], "geom": DATA["LICENCE"].geom}
    cleared = [
        records.MineArea(
            **DATA["common"](f"C-{domain}"), **common, kind="clearance", domains=(domain,)
        )
        for domain in ("surface", "roof", "goaf")
    ]
    argued = records.MineArea(
        **DATA["common"]("A-floor"), **common, kind="argument", domains=("floor",)
    )
    return [*cleared, argued]


WRONG: list[tuple[str, str, dict[str, Any], str | None, type[Exception], str]] = [
    ("no_datum", "head_m", {}, None, DatumError, "say their datum"),
    ("odd_datum", "head_m", {}, "1984", DatumError, "unknown height datum"),
    ("no_kind", "depth", {}, None, UnknownNameError, "no kind of raster"),
    ("no_crs", "aquiclude_m", {"epsg": None}, None, DatumError, "has no CRS"),
    ("other_zone", "aquiclude_m", {"epsg": 4546}, None, DatumError, "gdalwarp -t_srs EPSG:4547"),
    ("xian80", "aquiclude_m", {"epsg": 2383}, None, DatumError, "seven parameters"),
    ("feet", "aquiclude_m", {"unit": "ft"}, None, InputError, "metres are needed"),
    ("bands", "aquiclude_m", {"count": 2}, None, FileError, "2 bands"),
    ("turned", "aquiclude_m", {"transform": Affine(20, 1, EAST - 100, 1, -20, NORTH + 1100)}, None,
     FileError, "north up"),
    ("millimetres", "aquiclude_m", {"value": 45_000}, None, InputError, "another unit"),
    ("undeclared_nodata", "aquiclude_m", {"value": -9999}, None, InputError, "does not declare"),
    ("empty", "aquiclude_m", {"value": -9999, "nodata": -9999}, None, InputError, "no value"),
    ("elsewhere", "aquiclude_m", {"west": EAST + 90_000}, None, InputError, "no value"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more", "datum", "error", "said"),
    [it[1:] for it in WRONG],
    ids=[it[0] for it in WRONG],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(  # parametrized
    mine: tuple[db.Connection, int], tmp_path: Path, kind: str, more: dict[str, Any],
    datum: str | None, error: type[Exception], said: str,
) -> None:  # fmt: skip
    path = _file(tmp_path / "given.tif", more.pop("value", 45), **more)
    with pytest.raises(error, match=said) as refused:
        _add(mine, tmp_path, kind, path, datum)
    assert refused.value.zh != refused.value.message
    assert not (tmp_path / "zoning").exists()
    assert list(tmp_path.glob(".zoning-*")) == []


def test_no_tiff_and_a_broken_one_are_refused(
    mine: tuple[db.Connection, int], tmp_path: Path
) -> None:
    text = tmp_path / "head.tif"
    text.write_text("no tiff")
    with pytest.raises(FileError, match="no GeoTIFF"):
        _add(mine, tmp_path, "aquiclude_m", text)
    whole = _file(tmp_path / "whole.tif", 45)
    text.write_bytes(whole.read_bytes()[:2000])
    with pytest.raises(FileError):
        _add(mine, tmp_path, "aquiclude_m", text)
    vrt = tmp_path / "a.vrt"
    vrt.write_text(f'<VRTDataset rasterXSize="1" rasterYSize="1"><SRS>{whole}</SRS></VRTDataset>')
    with pytest.raises(FileError, match="no GeoTIFF"):
        _add(mine, tmp_path, "aquiclude_m", vrt)


def test_rasters_of_a_seam_lie_on_one_grid_and_a_new_one_replaces_the_old(
    mine: tuple[db.Connection, int], tmp_path: Path
) -> None:
    conn, _ = mine
    first = _add(mine, tmp_path, "aquiclude_m", _file(tmp_path / "a.tif", 45))
    moved = _file(tmp_path / "b.tif", 5, west=EAST - 110)
    with pytest.raises(FileError, match="do not lie on one grid"):
        _add(mine, tmp_path, "seam_thickness_m", moved)
    second = _add(mine, tmp_path, "aquiclude_m", moved)  # alone it may have a grid of its own
    (mine_id,) = conn.execute("SELECT id FROM core.mine").fetchone()
    assert [it.id for it in list_rasters(conn, mine_id=mine_id)] == [second.id]
    assert (tmp_path / "zoning" / first.file).exists()  # versions made from it can be looked into
    retire_raster(conn, mine_id=mine_id, raster_id=second.id)
    assert list_rasters(conn, mine_id=mine_id) == []
    with pytest.raises(NotFoundError):
        retire_raster(conn, mine_id=mine_id, raster_id=second.id)


def test_where_a_raster_knows_nothing_is_told_as_a_share_of_the_licence(
    mine: tuple[db.Connection, int], tmp_path: Path
) -> None:
    values = np.full((ROWS, COLS), 45.0)
    values[:, : 5 + 50] = -9999  # the western half of the licence
    it = _add(mine, tmp_path, "aquiclude_m", _file(tmp_path / "half.tif", values, nodata=-9999))
    assert it.nodata_share == pytest.approx(0.5, abs=0.01)
    east = _file(tmp_path / "east.tif", 45, west=EAST + 1000)
    assert _add(mine, tmp_path, "aquiclude_m", east).nodata_share == pytest.approx(0.5, abs=0.01)


def test_a_raster_that_was_damaged_stops_the_derivation(
    mine: tuple[db.Connection, int], tmp_path: Path
) -> None:
    conn, seam_id = mine
    it = _add(mine, tmp_path, "aquiclude_m", _file(tmp_path / "a.tif", 45))
    (tmp_path / "zoning" / it.file).write_bytes(b"")
    with pytest.raises(InputError, match="missing or damaged"):
        read_inputs(conn, home=tmp_path, mine_seam_id=seam_id)


def test_a_backup_has_the_rasters(mine: tuple[db.Connection, int], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    it = _add(mine, home, "aquiclude_m", _file(tmp_path / "a.tif", 45))
    pack(home, tmp_path / "files.tar")
    (tmp_path / "again").mkdir()
    assert "zoning" in unpack(tmp_path / "files.tar", tmp_path / "again")
    again = tmp_path / "again" / "zoning" / it.file
    assert again.read_bytes() == (home / "zoning" / it.file).read_bytes()


def test_a_mine_without_licence_takes_no_raster(
    mine: tuple[db.Connection, int], tmp_path: Path
) -> None:
    mine[0].execute("UPDATE core.mine_licence SET valid_to = now()")
    with pytest.raises(ConflictError, match="no licence area"):
        _add(mine, tmp_path, "aquiclude_m", _file(tmp_path / "a.tif", 45))


def test_every_change_of_a_raster_is_in_the_trail(
    mine: tuple[db.Connection, int], tmp_path: Path
) -> None:
    conn, _ = mine
    it = _add(mine, tmp_path, "aquiclude_m", _file(tmp_path / "a.tif", 45))
    found = conn.execute(
        "SELECT action, change FROM core.audit_event WHERE table_name = 'mine_raster'"
    ).fetchall()
    assert [row[0] for row in found] == ["insert"]
    assert it.sha256 in json.dumps(found[0][1])


def test_the_doctor_misses_a_file(demo_url: str, tmp_path: Path) -> None:
    here = replace(Settings.from_environment(os.environ), home=tmp_path, database_url=demo_url)

    def found() -> tuple[str, str]:
        at = datetime(2026, 11, 25, tzinfo=UTC)
        it = next(it for it in examine(here, at=at) if it.name == "rasters")
        return it.state, it.detail_en

    assert found() == ("good", "0 in use")
    with db.connect(demo_url) as conn:
        db.set_actor(conn, "tester")
        (seam_id,) = conn.execute("SELECT id FROM core.mine_seam").fetchone()
        wish = Wish("aquiclude_m", cell_m=50)
        made = interpolate_raster(conn, home=tmp_path, mine_seam_id=seam_id, wish=wish)
    assert found() == ("good", "1 in use")
    (tmp_path / "zoning" / made.file).unlink()
    assert found() == ("bad", f"1 are missing: {made.file}")
