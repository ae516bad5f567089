"""What is refused, with its place; and what is only flagged."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import CRS
from shapely import MultiPolygon, Polygon

from geoservice.errors import DatumError, FileError, GeometryError, InputError, RecordError
from geoservice.minewater.derive import derive
from geoservice.minewater.inputs import Goaf, Override, Pillar, Rasters, Shaft, Treatment

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "minewater_mine.py"))
EAST, NORTH, MINE, RULES, SEAM = (SCENE[it] for it in ("EAST", "NORTH", "MINE", "RULES", "SEAM"))
mine, at, zoned, write_raster, strips = (
    SCENE[it] for it in ("mine", "at", "zoned", "write_raster", "strips")
)
GRID = np.full((120, 220), 40.0)


def wrongs_of(inputs: object) -> list[InputError]:
    with pytest.raises(RecordError) as refused:
        derive(inputs, RULES)  # type: ignore[arg-type]
    return list(refused.value.wrongs)


def test_a_self_crossing_licence_is_refused_with_the_place() -> None:
    ring = [(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100)]
    bow = MultiPolygon([Polygon(ring)])
    (wrong,) = wrongs_of(replace(mine(), licence=bow))
    assert isinstance(wrong, GeometryError)
    assert "Self-intersection[430050 4022050]" in wrong.message


def test_a_licence_that_is_not_as_large_as_stated_is_refused() -> None:
    (wrong,) = wrongs_of(replace(mine(), licence_area_m2=1_997_000.0))
    assert "more than 0.1 % apart" in wrong.message
    derive(replace(mine(), licence_area_m2=1_999_000.0), RULES)


def test_the_licence_table_of_a_real_mine_has_the_area_that_it_states() -> None:
    # X is north, Y is east with the prefix of zone 19: outer ring, and what is taken out.
    outer = [(4207832.19, 19684980.10), (4205952.18, 19683930.11), (4204262.17, 19683930.12),
             (4204262.18, 19686530.13), (4204576.19, 19687070.13), (4204602.19, 19688080.13),
             (4207832.20, 19688080.12), (4207832.20, 19686530.11)]  # fmt: skip
    inner = [(4207502.20, 19686530.11), (4206652.18, 19684730.11), (4205552.18, 19684730.11),
             (4205352.19, 19686530.12)]  # fmt: skip
    rings = [[(y, x) for x, y in ring] for ring in (outer, inner)]
    licence = MultiPolygon([Polygon(rings[0], [rings[1]])])
    assert Polygon(rings[0]).area / 1e6 == pytest.approx(13.413566, abs=5e-7)
    assert Polygon(rings[1]).area / 1e6 == pytest.approx(2.925019, abs=5e-7)
    assert licence.area / 1e6 == pytest.approx(10.488547, abs=5e-7)
    derive(replace(mine(), licence=licence, licence_area_m2=10.4886e6), RULES)


def test_degrees_are_refused() -> None:
    degrees = MultiPolygon([shapely.box(113.2, 36.3, 113.3, 36.4)])
    (wrong,) = wrongs_of(replace(mine(), licence=degrees))
    assert "degrees" in wrong.message
    (wrong,) = wrongs_of(replace(mine(), crs=CRS.from_epsg(4490)))
    assert "not in metres" in wrong.message


def test_a_missing_crs_is_refused() -> None:
    (wrong,) = wrongs_of(replace(mine(), crs=None))
    assert isinstance(wrong, DatumError)
    assert wrong.where == "crs"


def test_levels_in_two_height_datums_are_refused_and_so_is_a_missing_one() -> None:
    goaf = Goaf("G-1", at(0, 0, 9, 9), level_m=700.0, height_datum="1985")
    shaft = Shaft("S-1", shapely.Point(EAST, NORTH), 900.0, 890.0, height_datum="1956")
    (wrong,) = wrongs_of(mine([goaf, shaft]))
    assert "1956 (shaft:S-1), 1985 (goaf:G-1)" in wrong.message
    (wrong,) = wrongs_of(mine([replace(goaf, height_datum=None)]))
    assert "height datum of goaf:G-1 is missing" in wrong.message


def test_all_that_is_wrong_is_told_at_once() -> None:
    goaf = Goaf("G-1", at(0, 0, 9, 9), pressure_mpa=800.0)  # kPa
    bare = Override("O-1", at(0, 0, 9, 9), reason=" ")
    flat = Pillar("P-1", MultiPolygon())
    treated = Treatment("T-1", at(0, 0, 9, 9), inrush_mpa_per_m=55.0)
    seam = replace(SEAM, thickness_m=6000.0)  # mm
    wrongs = wrongs_of(replace(mine([goaf, bare, flat, treated, goaf]), seam=seam))
    assert {it.where for it in wrongs} == {
        "goaf:G-1.pressure_mpa", "goaf:G-1", "override:O-1.reason", "pillar:P-1",
        "treatment:T-1.inrush_mpa_per_m", "seam:3.thickness_m",
    }  # fmt: skip
    assert all(it.zh for it in wrongs)


def test_misaligned_rasters_are_refused(tmp_path: Path) -> None:
    rasters = strips(tmp_path, [0.05] * 4)
    for given in ({"west": -95.0}, {"cell_m": 5.0}):
        other = write_raster(tmp_path / "other.tif", GRID, **given)
        with pytest.raises(FileError, match="do not lie on one grid"):
            zoned(rasters=replace(rasters, aquiclude_m=other))
    other = write_raster(tmp_path / "other.tif", GRID[:100])
    with pytest.raises(FileError, match="do not lie on one grid"):
        zoned(rasters=replace(rasters, aquiclude_m=other))


def test_a_raster_without_or_with_another_crs_is_refused(tmp_path: Path) -> None:
    rasters = strips(tmp_path, [0.05] * 4)
    for crs, words in ((None, "has no CRS"), (CRS.from_epsg(4546), "reproject it first")):
        other = write_raster(tmp_path / "other.tif", GRID, crs=crs)
        with pytest.raises(DatumError, match=words):
            zoned(rasters=replace(rasters, aquiclude_m=other))


def test_values_of_another_unit_are_refused_with_their_place(tmp_path: Path) -> None:
    rasters = strips(tmp_path, [0.05] * 4)
    other = write_raster(tmp_path / "other.tif", GRID * 1000.0)  # mm
    with pytest.raises(InputError, match=r"aquiclude_m is 40000 at \(\d+\.0, \d+\.0\)"):
        zoned(rasters=replace(rasters, aquiclude_m=other))


def test_nodata_that_the_file_does_not_declare_is_refused(tmp_path: Path) -> None:
    rasters = strips(tmp_path, [0.05] * 4)
    hidden = GRID.copy()
    hidden[60, 60] = -9999.0
    other = write_raster(tmp_path / "other.tif", hidden, nodata=None)
    with pytest.raises(InputError, match="nodata that the file does not declare"):
        zoned(rasters=replace(rasters, aquiclude_m=other))


def test_scaled_numbers_and_other_units_are_refused(tmp_path: Path) -> None:
    rasters = strips(tmp_path, [0.05] * 4)
    other = write_raster(tmp_path / "other.tif", GRID)
    with rasterio.open(other, "r+") as dataset:
        dataset.scales = (0.1,)
    with pytest.raises(FileError, match="scaled numbers"):
        zoned(rasters=replace(rasters, aquiclude_m=other))
    with rasterio.open(other, "r+") as dataset:
        dataset.scales, dataset.units = (1.0,), ("ft",)
    with pytest.raises(InputError, match="is in ft, metres are needed"):
        zoned(rasters=replace(rasters, aquiclude_m=other))


def test_a_file_that_is_no_raster_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.tif").write_text("head")
    rasters = replace(strips(tmp_path, [0.05] * 4), head_m=str(tmp_path / "other.tif"))
    with pytest.raises(FileError, match="head_m cannot be read"):
        zoned(rasters=rasters)
    with pytest.raises(InputError, match="no raster"):
        zoned(rasters=Rasters("floor", "1985"))


def test_what_the_rasters_do_not_cover_is_no_mining(tmp_path: Path) -> None:
    rasters = Rasters(
        "aquiclude_base", "1985",
        head_m=write_raster(tmp_path / "head.tif", np.full((50, 100), 400.0), west=0.0),
        floor_m=write_raster(tmp_path / "floor.tif", np.full((50, 100), 380.0), west=0.0),
        aquiclude_m=write_raster(tmp_path / "aquiclude.tif", np.full((50, 100), 40.0), west=0.0),
    )  # fmt: skip
    # The grid covers 0..1000 by 600..1100, of the mine 1000 x 400.
    found = zoned([*SCENE["clearances"](), SCENE["argument"]()], rasters)
    assert SCENE["areas"](found) == pytest.approx({"workable": 400_000, "no_mining": 1_600_000})
    assert "F2" in SCENE["rules_at"](found, 1500, 100)


def test_a_goaf_outside_the_mine_is_noted_and_its_pillar_still_reaches_in() -> None:
    goaf = Goaf("G-9", at(-60, 400, -10, 500), edge="sure", pressure_mpa=0.8)
    found = zoned([goaf])
    assert [it.code for it in found.notes] == ["GOAF_OUTSIDE"]
    assert "G1" in SCENE["rules_at"](found, 13.9, 450)
    assert "G1" not in SCENE["rules_at"](found, 14.1, 450)
