"""Water on the ground, over the roof and in old workings."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from geoservice.minewater.derive import derive
from geoservice.minewater.inputs import (
    Argument,
    Clearance,
    Fault,
    Goaf,
    Rasters,
    RoofAquifer,
    Shaft,
    SurfaceWater,
    Treatment,
)

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "minewater_mine.py"))
EAST, NORTH, MINE, RULES, SEAM = (SCENE[it] for it in ("EAST", "NORTH", "MINE", "RULES", "SEAM"))
mine, at, zoned, write_raster, strips, clearances, argument = (
    SCENE[it] for it in ("mine", "at", "zoned", "write_raster", "strips", "clearances", "argument")
)
zone_at, rules_at = SCENE["zone_at"], SCENE["rules_at"]
# Of 6 m in two slices under a medium roof: formula 2 gives 20 sqrt(6) + 10 = 58.99; Hb is 6 x 3.
REACH_M = 76.99


def domain_rules(found: object, x: float, y: float) -> set[str]:
    return set(rules_at(found, x, y)) - {"NO_EVIDENCE", "CLEARANCE", "F6"}


def test_collars_beside_the_highest_flood_level() -> None:
    place = shapely.Point(EAST + 10, NORTH + 10)
    shafts = [
        Shaft("1", place, 905.2, 904.0, "1985"),
        Shaft("2", place, 903.5, 904.0, "1985", defence_doc="wall"),
        Shaft("3", place, 903.5, 904.0, "1985"),
        Shaft("4", place, 904.0, 904.0, "1985"),
        Shaft("5", place, 905.2, None, "1985"),
    ]
    found = zoned(shafts)
    assert [(it.code, it.is_flag) for it in found.notes] == [
        ("S2", False), ("S2", False), ("S2", True), ("S2", True), ("S2", True)]  # fmt: skip
    assert "defended: wall" in found.notes[1].text.en


@pytest.mark.parametrize(
    ("yield_class", "cover_m", "zone"),
    [("strong", REACH_M - 0.01, "no_mining"), ("strong", REACH_M + 0.01, "workable"),
     ("very_strong", 10.0, "no_mining"), (None, 10.0, "no_mining"), ("medium", 10.0, "slow_mining"),
     ("weak", 10.0, "workable"), ("strong", None, "no_mining")],
)  # fmt: skip
def test_roof_aquifers_by_yield_and_cover(
    tmp_path: Path, yield_class: str | None, cover_m: float | None, zone: str
) -> None:
    aquifer = RoofAquifer("R-1", at(0, 0, 500, 500), yield_class=yield_class, cover_m=cover_m)  # type: ignore[arg-type]
    found = zoned([*clearances(), argument(), aquifer], strips(tmp_path, [0.03] * 4))
    assert zone_at(found, 250, 250) == zone
    assert zone_at(found, 750, 250) == "workable"


def test_strong_roof_water_is_slow_when_treated_and_workable_when_argued_too(
    tmp_path: Path,
) -> None:
    aquifer = RoofAquifer("R-1", at(0, 0, 900, 500), yield_class="strong", cover_m=10.0)
    treated = Treatment("T-1", at(300, 0, 900, 500), domain="roof", document="ACC-1")
    argued = Argument("A-2", at(600, 0, 900, 500), domains=frozenset({"roof"}), document="ARG-2",
                      is_approved=True)  # fmt: skip
    shapes = [*clearances(), argument(), aquifer, treated, argued]
    found = zoned(shapes, strips(tmp_path, [0.03] * 4))
    assert [zone_at(found, x, 250) for x in (150, 450, 750)] == [
        "no_mining", "slow_mining", "workable"]  # fmt: skip


def test_cover_by_raster_decides_cell_by_cell_and_unknown_cover_is_in_reach(
    tmp_path: Path,
) -> None:
    cover = np.full((120, 220), 300.0)
    cover[:, 60:110] = 76.0
    cover[:, 110:160] = np.nan
    rasters = strips(tmp_path, [0.03] * 4)
    rasters = replace(rasters, overburden_m=write_raster(tmp_path / "cover.tif", cover))
    aquifer = RoofAquifer("R-1", MINE, yield_class="strong")
    river = SurfaceWater(
        "W-1", shapely.LineString([(EAST - 9, NORTH + 900), (EAST + 2100, NORTH + 900)])
    )
    found = zoned([*clearances(), argument(), aquifer, river], rasters)
    assert [zone_at(found, x, 300) for x in (250, 750, 1250, 1750)] == [
        "workable", "no_mining", "no_mining", "workable"]  # fmt: skip
    assert [domain_rules(found, x, 900) for x in (250, 750, 1250, 1750)] == [
        set(), {"S1", "R1"}, {"S1", "R1"}, set()]  # fmt: skip


def test_a_thicker_seam_by_raster_breaks_more_rock(tmp_path: Path) -> None:
    thickness = np.full((120, 220), 3.0)
    thickness[:, 110:] = 6.0
    rasters = replace(
        strips(tmp_path, [0.03] * 4),
        overburden_m=write_raster(tmp_path / "cover.tif", np.full((120, 220), 60.0)),
        seam_thickness_m=write_raster(tmp_path / "thickness.tif", thickness),
    )
    # 3 m in two slices: 20 sqrt(3) + 10 + 6 x 1.5 = 53.64 m.
    aquifer = RoofAquifer("R-1", MINE, yield_class="strong")
    found = zoned([*clearances(), argument(), aquifer], rasters)
    assert [zone_at(found, x, 300) for x in (500, 1500)] == ["workable", "no_mining"]


def test_out_of_range_of_the_formulas_all_water_is_in_reach(tmp_path: Path) -> None:
    aquifer = RoofAquifer("R-1", at(0, 0, 500, 500), yield_class="strong", cover_m=400.0)
    inputs = mine([*clearances(), argument(), aquifer], strips(tmp_path, [0.03] * 4))
    caving = replace(SEAM, mining_method="thick_cut")
    found = derive(replace(inputs, seam=caving), RULES)
    assert zone_at(found, 250, 250) == "no_mining"
    assert [it.code for it in found.notes] == ["OUT_OF_RANGE"]
    measured = derive(replace(inputs, seam=replace(caving, fracture_height_m=120.0)), RULES)
    assert zone_at(measured, 250, 250) == "workable"
    assert measured.notes == ()


def test_surface_water_keeps_a_pillar_unless_it_was_shown_harmless(tmp_path: Path) -> None:
    pond = SurfaceWater("W-1", at(900, 400, 1000, 500), cover_m=50.0)
    base = [*clearances(), argument()]
    rasters = strips(tmp_path, [0.03] * 4)
    found = zoned([*base, pond], rasters)
    # 20 m of strip and 76.99 cot 60 = 44.45 m of slant.
    assert [zone_at(found, 1000 + x, 450) for x in (64.4, 64.5)] == ["no_mining", "workable"]
    harmless = replace(pond, harmless_doc="LINED-1")
    assert zone_at(zoned([*base, harmless], rasters), 950, 450) == "workable"
    deep = replace(pond, cover_m=80.0)
    assert zone_at(zoned([*base, deep], rasters), 950, 450) == "workable"


def test_a_steep_seam_under_water_is_no_mining_whatever_the_cover(tmp_path: Path) -> None:
    pond = SurfaceWater("W-1", at(900, 400, 1000, 500), cover_m=900.0)
    loose = RoofAquifer(
        "R-1", at(0, 0, 300, 300), yield_class="medium", is_loose=True, cover_m=900.0
    )
    medium = RoofAquifer("R-2", at(300, 0, 600, 300), yield_class="medium", cover_m=900.0)
    inputs = mine([*clearances(), argument(), pond, loose, medium], strips(tmp_path, [0.03] * 4))
    steep = replace(SEAM, dip_deg=55.0, stage_height_m=60.0)
    found = derive(replace(inputs, seam=steep), RULES)
    assert [zone_at(found, x, y) for x, y in ((950, 450), (150, 150), (450, 150))] == [
        "no_mining", "no_mining", "workable"]  # fmt: skip
    assert "R2" in rules_at(found, 950, 450)
    flat = derive(replace(inputs, seam=replace(steep, dip_deg=54.9)), RULES)
    assert "R2" not in rules_at(flat, 950, 450)


def test_vulnerability_raises_to_slow_and_lowers_nothing(tmp_path: Path) -> None:
    index = np.full((120, 220), 0.2)
    index[:, 60:] = 0.6
    rasters = replace(
        strips(tmp_path, [0.03, 0.03, 0.105, float("nan")]),
        vulnerability=write_raster(tmp_path / "index.tif", index),
    )
    found = zoned([*clearances(), argument()], rasters)
    assert [zone_at(found, x, 300) for x in (250, 750, 1250, 1750)] == [
        "workable", "slow_mining", "no_mining", "no_mining"]  # fmt: skip
    assert "V1" in rules_at(found, 750, 300)


def test_goaf_pressure_by_level_and_floor(tmp_path: Path) -> None:
    # Level 461.55 m over the raster's floor of 380 m: 0.8 MPa, so 24 m of pillar.
    goaf = Goaf("G-1", at(100, 100, 300, 300), edge="sure", level_m=380 + 0.8 / 0.00981,
                height_datum="1985")  # fmt: skip
    base = [*clearances(), argument()]
    rasters = strips(tmp_path, [0.03] * 4)
    for known in (goaf, replace(goaf, floor_m=380.0)):
        found = zoned([*base, known], rasters)
        assert [zone_at(found, 300 + x, 200) for x in (23.9, 24.1, 29.9, 30.1)] == [
            "no_mining", "slow_mining", "slow_mining", "workable"]  # fmt: skip
    lower = zoned([*base, replace(goaf, floor_m=300.0)], rasters)
    assert zone_at(lower, 333.0, 200) == "no_mining"


def test_goaf_of_which_nothing_is_known_is_no_mining_up_to_its_exploration_line(
    tmp_path: Path,
) -> None:
    goaf = Goaf("G-1", at(100, 100, 300, 300))
    found = zoned([*clearances(), argument(), goaf], strips(tmp_path, [0.03] * 4))
    assert "G3" in rules_at(found, 399.9, 200)
    assert "G3" not in rules_at(found, 400.1, 200)
    assert [it.code for it in found.notes] == ["GOAF_UNKNOWN"]
    drained = zoned([goaf_drained(goaf)])
    assert "G1" in rules_at(drained, 319.9, 200)
    assert "G1" not in rules_at(drained, 320.1, 200)


def goaf_drained(goaf: Goaf) -> Goaf:
    return replace(goaf, is_drained=True)


def test_what_clears_nothing_is_told() -> None:
    floor = Clearance("C-1", MINE, domain="floor", document="doc")
    bare = Clearance("C-2", MINE, domain="goaf")
    dry = Fault("F-1", shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH + 9)]), conducts=False)
    found = zoned([floor, bare, dry])
    assert [(it.code, it.is_flag) for it in found.notes] == [
        ("FAULT_DRY", False), ("FLOOR_CLEARANCE", True), ("NO_DOCUMENT", True)]  # fmt: skip
    assert {it.rule for it in found.evidence} == {"NO_EVIDENCE"}


def test_a_fault_that_faces_an_aquifer_keeps_the_wide_pillar_even_when_dry(tmp_path: Path) -> None:
    trace = shapely.LineString([(EAST + 900, NORTH - 500), (EAST + 900, NORTH + 1500)])
    fault = Fault("F-1", trace, dip_deg=90.0, conducts=False, head_mpa=1.2, is_against_aquifer=True)
    found = zoned([*clearances(), argument(), fault], strips(tmp_path, [0.03] * 4))
    # 30 csc 90 + 76.99 cot 90 + 76.99 cot 60 = 74.45.
    assert [zone_at(found, 900 + x, 500) for x in (74.4, 74.8)] == ["no_mining", "slow_mining"]


def test_rasters_of_the_roof_alone_leave_the_floor_unclear(tmp_path: Path) -> None:
    cover = write_raster(tmp_path / "cover.tif", np.full((120, 220), 300.0))
    found = zoned([*clearances()], Rasters("floor", None, overburden_m=cover))
    assert SCENE["areas"](found) == pytest.approx({"no_mining": 2_000_000})
    assert "F2" in rules_at(found, 100, 100)
