"""Rasters worked out from boreholes: values, error, datum, and what is not known."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest
import rasterio
import shapely

from geoservice import db
from geoservice.errors import InputError, RecordError, UnknownNameError
from geoservice.minewater.derive import derive
from geoservice.minewater.rulesets import shipped_ruleset
from geoservice.registry import records
from geoservice.zoning.interpolating import Wish, interpolate_raster
from geoservice.zoning.rasters import MineRaster
from geoservice.zoning.reading import read_inputs

DATA = runpy.run_path(str(Path(__file__).parents[1] / "data" / "zone_mine.py"))
AROUND = [(-100, -100), (2100, -100), (2100, 1100), (-100, 1100), (1000, 500)]


@pytest.fixture
def mine(conn: db.Connection) -> db.Connection:
    DATA["set_up"](conn)
    return conn


def _holes(
    conn: db.Connection, values: list[float], field: str = "aquiclude_m", **more: object
) -> None:
    for n, ((x, y), value) in enumerate(zip(AROUND, values, strict=False), 1):
        said = {"mine_seam_code": "S3", field: value, **more}
        hole = records.MineBorehole(
            **DATA["common"](f"B{n}"), **said, geom=DATA["at"](shapely.Point(x, y))
        )
        DATA["put"](conn, "mine_boreholes", hole)


def _made(conn: db.Connection, home: Path, kind: str = "aquiclude_m", **more: object) -> MineRaster:
    (seam_id,) = conn.execute("SELECT id FROM core.mine_seam WHERE code = 'S3'").fetchone()
    return interpolate_raster(conn, home=home, mine_seam_id=seam_id, wish=Wish(kind, **more))


def test_a_plane_is_found_again_and_the_error_is_what_a_hole_gives_away(
    mine: db.Connection, tmp_path: Path
) -> None:
    _holes(mine, [40 + 0.01 * x for x, _ in AROUND])
    it = _made(mine, tmp_path, cell_m=20)
    assert (it.method, it.cell_m, it.details["tested"]) == ("interpolated", 20, 1)
    assert it.error_m == pytest.approx(0, abs=1e-9)
    assert it.nodata_share == 0
    assert it.details["boreholes"] == ["B1", "B2", "B3", "B4", "B5"]
    with rasterio.open(tmp_path / "zoning" / it.file) as raster:
        x, y = DATA["EAST"] + 505, DATA["NORTH"] + 255
        row, col = raster.index(x, y)
        centre, _ = raster.xy(row, col)
        found = float(raster.read(1)[row, col])
    assert found == pytest.approx(40 + 0.01 * (centre - DATA["EAST"]), abs=1e-6)


def test_the_error_is_that_of_leaving_a_hole_out(mine: db.Connection, tmp_path: Path) -> None:
    _holes(mine, [40, 40, 40, 40, 52])  # without the middle one its place is told 40
    it = _made(mine, tmp_path)
    assert it.error_m == pytest.approx(12)
    assert it.details["worst_m"] == pytest.approx(12)
    assert it.source_doc.startswith("由 5 个钻孔推算")


def test_too_few_holes_or_none_inside_the_others_are_refused(
    mine: db.Connection, tmp_path: Path
) -> None:
    _holes(mine, [40, 41])
    with pytest.raises(InputError, match="2 boreholes have aquiclude_m"):
        _made(mine, tmp_path)
    _holes(mine, [40, 41, 42])
    with pytest.raises(InputError, match="none lies inside the others"):
        _made(mine, tmp_path)
    with pytest.raises(InputError, match="0 boreholes have"):
        _made(mine, tmp_path, "seam_thickness_m")
    with pytest.raises(UnknownNameError):
        _made(mine, tmp_path, "vulnerability")
    assert not (tmp_path / "zoning").exists()


def test_heights_of_1956_and_1985_meet_and_others_do_not(
    mine: db.Connection, tmp_path: Path
) -> None:
    _holes(mine, [500] * 5, "floor_m", height_datum="1956")
    it = _made(mine, tmp_path, "floor_m")
    assert (it.height_datum, it.least, it.most) == (
        "1985", pytest.approx(499.971), pytest.approx(499.971),
    )  # fmt: skip
    _holes(mine, [500], "floor_m", height_datum="local")
    with pytest.raises(RecordError, match="not to be compared"):
        _made(mine, tmp_path, "floor_m")
    _holes(mine, [500], "floor_m")
    with pytest.raises(RecordError, match="borehole:B1 is missing"):
        _made(mine, tmp_path, "floor_m")


def test_holes_of_another_seam_and_of_none_do_not_count(
    mine: db.Connection, tmp_path: Path
) -> None:
    DATA["put"](mine, "mine_seams", replace(DATA["SEAM"], code="S15", name="S15", seam="15"))
    _holes(mine, [40, 40, 40, 40, 52])
    for code, seam in (("N1", None), ("N2", "S15")):
        hole = records.MineBorehole(
            **DATA["common"](code), mine_seam_code=seam, aquiclude_m=900.0,
            geom=DATA["at"](shapely.Point(300, 300)),
        )  # fmt: skip
        DATA["put"](mine, "mine_boreholes", hole)
    it = _made(mine, tmp_path)
    assert (it.details["points"], it.most <= 52) == (5, True)


def test_a_seam_is_derived_from_its_boreholes_on_one_grid(
    mine: db.Connection, tmp_path: Path
) -> None:
    """Head 620, M 45, and a floor that rises eastward from 330: T sinks to 0.06 on the way."""
    _holes(mine, [0] * 5, "aquiclude_m")
    for n, (x, y) in enumerate(AROUND, 1):
        DATA["put"](
            mine, "mine_boreholes",
            records.MineBorehole(
                **DATA["common"](f"B{n}"), mine_seam_code="S3", height_datum="1985", head_m=620.0,
                floor_m=330 + 0.1 * (x + 100), aquiclude_m=45.0, is_sealed=True,
                geom=DATA["at"](shapely.Point(x, y)),
            ),
        )  # fmt: skip
    first = _made(mine, tmp_path, "aquiclude_m", cell_m=25)
    for kind in ("head_m", "floor_m"):
        it = _made(mine, tmp_path, kind)  # on the grid of the first
        assert (it.cell_m, it.west_m, it.cols) == (first.cell_m, first.west_m, first.cols)
    (seam_id,) = mine.execute("SELECT id FROM core.mine_seam WHERE code = 'S3'").fetchone()
    inputs = read_inputs(mine, home=tmp_path, mine_seam_id=seam_id).inputs
    made = derive(inputs, shipped_ruleset("NMSA-2022-85"))
    # T > 0.06 where 0.00981 (620 - floor + 45) > 2.7: floor < 389.77, up to 497.7 m eastward.
    slow = shapely.union_all([it.geom for it in made.evidence if it.rule == "F3"])
    assert slow.intersection(inputs.licence).area == pytest.approx(497.7e3, abs=25e3)
