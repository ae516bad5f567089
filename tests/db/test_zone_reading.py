"""What a seam is zoned from: read as it is on record, or refused with everything that is wrong."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from geoservice import db
from geoservice.errors import DatumError, NotFoundError, RecordError
from geoservice.minewater.derive import derive
from geoservice.minewater.inputs import Goaf, Shaft, SurfaceWater
from geoservice.minewater.rulesets import shipped_ruleset
from geoservice.registry import records
from geoservice.zoning.reading import ReadInputs, read_inputs

DATA = runpy.run_path(str(Path(__file__).parents[1] / "data" / "zone_mine.py"))
APPROVED, HERE, LICENCE, MINE, SEAM = (
    DATA[name] for name in ("APPROVED", "HERE", "LICENCE", "MINE", "SEAM")
)
area, at, common, put, set_up = (DATA[name] for name in ("area", "at", "common", "put", "set_up"))

GOAF = records.WaterBody(
    **common("G1"), kind="goaf", mine_seam_code="S3", edge="sure", level_m=550.0, floor_m=520.0,
    height_datum="1985", geom=area(100, 100, 300, 300),
)  # fmt: skip
SHAFT = records.MineShaft(
    **common("SH1"), mine_code="M1", kind="main", collar_m=905.2, height_datum="1985",
    flood_level_m=904.0, flood_datum="1985", geom=HERE,
)  # fmt: skip


def _read(conn: db.Connection, tmp_path: Path) -> ReadInputs:
    ((seam_id,),) = conn.execute("SELECT id FROM core.mine_seam WHERE code = 'S3'").fetchall()
    return read_inputs(conn, home=tmp_path, mine_seam_id=seam_id)


def _refused(conn: db.Connection, tmp_path: Path) -> dict[str | None, str]:
    with pytest.raises(RecordError) as refused:
        _read(conn, tmp_path)
    assert all(it.zh != it.message for it in refused.value.wrongs)
    return {it.where: it.message for it in refused.value.wrongs}


@pytest.fixture
def mine(conn: db.Connection) -> db.Connection:
    set_up(conn)
    return conn


def test_everything_on_record_is_read_in_metres_under_the_names_of_the_rules(
    mine: db.Connection, tmp_path: Path
) -> None:
    put(mine, "water_bodies", GOAF)
    put(mine, "mine_shafts", SHAFT)
    put(
        mine, "mine_structures",
        records.MineStructure(**common("F1"), mine_seam_code="S3", kind="fault", dip_deg=70.0,
                              throw_m=12.0, conducts=True, head_mpa=1.1,
                              geom=at(shapely.LineString([(0, 500), (2000, 600)]))),
        records.MineStructure(**common("X1"), kind="column", geom=area(900, 100, 940, 140)),
    )  # fmt: skip
    put(mine, "mine_boreholes", records.MineBorehole(**common("B1"), geom=HERE, head_mpa=0.5))
    put(
        mine, "mine_areas",
        records.MineArea(**common("A1"), mine_seam_code="S3", kind="argument", **APPROVED,
                         domains=("floor", "goaf"), is_probed_clean=True,
                         geom=area(0, 0, 1000, 1000)),
        records.MineArea(**common("A2"), kind="pillar", domains=("surface",),
                         geom=area(0, 900, 50, 950)),
        records.MineArea(**common("A3"), kind="roof_aquifer", yield_class="strong", cover_m=40.0,
                         geom=area(0, 0, 500, 500)),
    )  # fmt: skip
    read = _read(mine, tmp_path)
    assert read.notes == ()
    it = read.inputs
    assert it.licence.area == pytest.approx(2e6, abs=1e-3)
    assert it.licence_area_m2 == pytest.approx(2e6, rel=1e-9)
    assert (it.hydro_type, it.seam.slices, it.seam.mining_height_m) == ("complex", 2, 5.0)
    by_name = {f"{shape.kind}:{shape.code}": shape for shape in it.shapes}
    assert set(by_name) == {
        "goaf:G1", "shaft:SH1", "fault:F1", "column:X1", "borehole:B1", "argument:A1",
        "pillar:A2", "roof_aquifer:A3",
    }  # fmt: skip
    goaf = by_name["goaf:G1"]
    assert goaf.geom.symmetric_difference(
        shapely.box(430_100, 4_022_100, 430_300, 4_022_300)
    ).area == pytest.approx(0, abs=1e-3)
    assert (goaf.level_m, goaf.floor_m, goaf.edge, goaf.height_datum) == (550, 520, "sure", "1985")
    assert by_name["argument:A1"].domains == {"floor", "goaf"}
    assert by_name["fault:F1"].throw_m == 12.0
    assert by_name["column:X1"].conducts is None
    assert not by_name["borehole:B1"].is_sealed
    assert by_name["roof_aquifer:A3"].cover_m == 40.0


def test_a_seam_is_derived_from_what_was_read(mine: db.Connection, tmp_path: Path) -> None:
    put(mine, "water_bodies", GOAF)
    inputs = _read(mine, tmp_path).inputs
    made = derive(inputs, shipped_ruleset("NMSA-2022-85"))
    assert [zone.zone for zone in made.zones] == ["no_mining"]  # nothing of the floor is known
    assert made.zones[0].area_m2 == pytest.approx(2e6, abs=1e-3)
    rules = {it.rule for it in made.evidence}
    assert {"NO_EVIDENCE", "G1", "G2"} <= rules


def test_a_licence_more_than_a_thousandth_off_is_refused_in_the_plane_of_its_table(
    mine: db.Connection, tmp_path: Path
) -> None:
    put(mine, "mines", replace(MINE, licence_area_km2=2.0019))
    _read(mine, tmp_path)
    put(mine, "mines", replace(MINE, licence_area_km2=2.0021))
    told = _refused(mine, tmp_path)["geom"]
    assert "2.000000 km2" in told
    assert "-0.105 %" in told
    # 113.2° lies 70 km from the middle of its zone of 3 degrees, 200 km from that of 6: there an
    # area is larger by y²/R², 0.09 % more.
    put(mine, "mines", replace(MINE, licence_area_km2=1.9985))
    assert _read(mine, tmp_path).inputs.licence_area_m2 == pytest.approx(1.9985e6)
    with pytest.raises(RecordError, match=r"\+0\.16"):
        put(mine, "mine_licences", replace(LICENCE, zone_width_deg=6))
    put(mine, "mines", replace(MINE, licence_area_km2=None))
    put(mine, "mine_licences", replace(LICENCE, zone_width_deg=6))
    put(mine, "mines", replace(MINE, licence_area_km2=1.9985))
    assert "+0.16" in _refused(mine, tmp_path)["geom"]
    put(mine, "mines", replace(MINE, licence_area_km2=2.0017))
    assert _read(mine, tmp_path).inputs.licence_area_m2 == pytest.approx(2e6, rel=1e-4)
    put(mine, "mines", replace(MINE, licence_area_km2=None))
    assert [note.code for note in _read(mine, tmp_path).notes] == ["LICENCE_AREA_UNKNOWN"]


def test_without_licence_or_with_a_seam_half_known_everything_missing_is_named(
    mine: db.Connection, tmp_path: Path
) -> None:
    mine.execute("UPDATE core.mine_licence SET valid_to = now()")
    put(mine, "mine_seams", replace(SEAM, dip_deg=None, roof_class=None))
    assert set(_refused(mine, tmp_path)) == {"licence", "seam:S3.dip_deg", "seam:S3.roof_class"}
    with pytest.raises(NotFoundError):
        read_inputs(mine, home=tmp_path, mine_seam_id=0)


def test_levels_of_1956_are_taken_to_1985(mine: db.Connection, tmp_path: Path) -> None:
    put(mine, "water_bodies", replace(GOAF, height_datum="1956"))
    put(mine, "mine_shafts", replace(SHAFT, flood_datum="1956", flood_level_m=905.2))
    shapes = _read(mine, tmp_path).inputs.shapes
    goaf = next(it for it in shapes if isinstance(it, Goaf))
    shaft = next(it for it in shapes if isinstance(it, Shaft))
    assert (goaf.level_m, goaf.floor_m, goaf.height_datum) == (549.971, 519.971, "1985")
    assert (shaft.collar_m, shaft.flood_level_m, shaft.height_datum) == (905.2, 905.171, "1985")


@pytest.mark.parametrize("other", ["EGM96", "local"])
def test_two_datums_that_are_not_to_be_compared_are_refused(
    mine: db.Connection, tmp_path: Path, other: str
) -> None:
    put(mine, "water_bodies", GOAF)
    put(mine, "mine_shafts", replace(SHAFT, height_datum=other, flood_datum=other))
    told = _refused(mine, tmp_path)
    assert set(told) == {"height_datum"}
    assert "1985 (goaf:G1)" in told["height_datum"]
    assert f"{other} (shaft:SH1)" in told["height_datum"]
    put(mine, "water_bodies", replace(GOAF, height_datum=other))
    assert _read(mine, tmp_path).inputs.shapes[0].height_datum == other  # all in the same one


def test_a_level_without_datum_is_refused_with_its_place(
    mine: db.Connection, tmp_path: Path
) -> None:
    put(mine, "water_bodies", replace(GOAF, height_datum=None))
    put(mine, "mine_shafts", replace(SHAFT, flood_datum=None))
    with pytest.raises(RecordError) as refused:
        _read(mine, tmp_path)
    assert {it.where for it in refused.value.wrongs} == {"goaf:G1", "shaft:SH1"}
    assert all(isinstance(it, DatumError) for it in refused.value.wrongs)


def test_what_names_no_seam_counts_for_all_and_another_seam_is_told(
    mine: db.Connection, tmp_path: Path
) -> None:
    put(mine, "mine_seams", replace(SEAM, code="S15", name="S15", seam="15"))
    put(mine, "mines", replace(MINE, code="M2", name="M2"))
    put(mine, "mine_seams", replace(SEAM, code="N3", name="N3", mine_code="M2", seam="3 号煤层"))
    put(
        mine, "water_bodies", replace(GOAF, mine_seam_code=None),
        replace(GOAF, code="G15", mine_seam_code="S15", geom=area(500, 500, 600, 600)),
        replace(GOAF, code="GN", mine_seam_code="N3", geom=area(2050, 0, 2200, 100)),
        replace(GOAF, code="GX", mine_seam_code="N3", geom=area(9000, 0, 9200, 100)),
        replace(GOAF, code="GY", geom=area(-9200, 0, -9000, 100)),
    )  # fmt: skip
    read = _read(mine, tmp_path)
    goafs = {it.code for it in read.inputs.shapes if isinstance(it, Goaf)}
    assert goafs == {"G1", "GN", "GY"}  # GX is far away, GY too, but says that it is of this seam
    assert [(it.code, "G15" in it.text.en) for it in read.notes] == [("OTHER_SEAM", True)]
    outside = {it.text.en for it in derive(read.inputs, shipped_ruleset("NMSA-2022-85")).notes}
    assert "goaf GY is outside the mine" in outside


def test_documents_count_once_approved_and_for_their_seam_only(
    mine: db.Connection, tmp_path: Path
) -> None:
    put(mine, "mine_seams", replace(SEAM, code="S15", name="S15", seam="15"))
    argued = records.MineArea(
        **common("A1"), mine_seam_code="S3", kind="argument", domains=("floor",),
        geom=area(0, 0, 900, 900),
    )  # fmt: skip
    put(mine, "mine_areas", argued, replace(argued, code="A2", mine_seam_code="S15", **APPROVED))
    read = _read(mine, tmp_path)
    assert read.inputs.shapes == ()
    assert [note.code for note in read.notes] == ["NOT_APPROVED"]
    put(mine, "mine_areas", replace(argued, **APPROVED))
    assert [it.code for it in _read(mine, tmp_path).inputs.shapes] == ["A1"]


def test_of_a_river_only_the_part_shown_harmless_is_so(mine: db.Connection, tmp_path: Path) -> None:
    river = records.WaterBody(
        **common("R1"), kind="river", geom=at(shapely.LineString([(-100, 500), (2100, 500)]))
    )
    put(mine, "water_bodies", river)
    put(
        mine, "mine_areas",
        records.MineArea(**common("C1"), mine_seam_code="S3", kind="clearance", **APPROVED,
                         domains=("surface",), water_body_code="R1", geom=area(0, 0, 1000, 1000)),
    )  # fmt: skip
    waters = [it for it in _read(mine, tmp_path).inputs.shapes if isinstance(it, SurfaceWater)]
    lengths = {it.code: (it.harmless_doc, round(it.geom.length)) for it in waters}
    assert lengths == {"R1/C1": ("文件 1 号", 1000), "R1": (None, 1200)}
