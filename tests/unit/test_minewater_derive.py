"""Whole derivations, against areas worked out by hand."""

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from geoservice.minewater.derive import STEPS, derive
from geoservice.minewater.inputs import (
    Borehole,
    Column,
    Conversion,
    Fault,
    Override,
    Pillar,
    Treatment,
)
from geoservice.minewater.results import StoppedError

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "minewater_mine.py"))
GOAF = SCENE["GOAF"]
MINE = SCENE["MINE"]
RULES = SCENE["RULES"]
areas = SCENE["areas"]
argument = SCENE["argument"]
at = SCENE["at"]
clearances = SCENE["clearances"]
mine = SCENE["mine"]
rules_at = SCENE["rules_at"]
strips = SCENE["strips"]
zone_at = SCENE["zone_at"]
zoned = SCENE["zoned"]
NAN = float("nan")
STRIPS = (0.045, 0.08, 0.105, NAN)


def test_the_worked_partition(tmp_path: Path) -> None:
    found = zoned([*clearances(), argument(), GOAF], strips(tmp_path, STRIPS))
    assert areas(found) == pytest.approx(
        {"workable": 432_400, "slow_mining": 506_096, "no_mining": 1_061_504}, abs=1e-4
    )
    assert sum(areas(found).values()) == pytest.approx(2_000_000, abs=1e-6)
    assert rules_at(found, 50, 500) == ("F6", "CLEARANCE")
    assert rules_at(found, 750, 500) == ("F3", "CLEARANCE")
    assert rules_at(found, 1250, 500) == ("F1", "CLEARANCE")
    assert rules_at(found, 1750, 500) == ("F2", "CLEARANCE")
    assert rules_at(found, 200, 200) == ("F6", "G1", "G2", "CLEARANCE")
    assert rules_at(found, 73, 200) == ("F6", "G2", "CLEARANCE")


def test_not_argued_leaves_nothing_workable(tmp_path: Path) -> None:
    found = zoned([*clearances(), GOAF], strips(tmp_path, STRIPS))
    assert areas(found) == pytest.approx({"slow_mining": 938_496, "no_mining": 1_061_504}, abs=1e-4)
    assert "F5" in rules_at(found, 50, 500)


def test_an_argument_that_was_not_approved_is_none(tmp_path: Path) -> None:
    shapes = [*clearances(), argument(is_approved=False), GOAF]
    assert "workable" not in areas(zoned(shapes, strips(tmp_path, STRIPS)))


def test_a_treated_and_argued_strip_is_workable(tmp_path: Path) -> None:
    treatment = Treatment("T-1", at(500, 0, 1000, 1000), document="ACC-1", inrush_mpa_per_m=0.055)
    found = zoned([*clearances(), argument(), GOAF, treatment], strips(tmp_path, STRIPS))
    assert areas(found) == pytest.approx(
        {"workable": 932_400, "slow_mining": 6_096, "no_mining": 1_061_504}, abs=1e-4
    )
    (reason,) = {
        it.reason.en for it in found.evidence if it.rule == "F6" and "treatment" in it.inputs[-1]
    }
    assert "0.055 after treatment" in reason
    without = replace(treatment, document=None)
    again = zoned([*clearances(), argument(), GOAF, without], strips(tmp_path, STRIPS))
    assert areas(again)["workable"] == pytest.approx(432_400, abs=1e-4)


def test_without_evidence_a_place_is_slow_and_of_the_floor_no_mining(tmp_path: Path) -> None:
    nothing = zoned()
    assert areas(nothing) == pytest.approx({"no_mining": 2_000_000})
    assert {it.domain for it in nothing.evidence} == {"surface", "roof", "floor", "goaf"}
    assert {it.rule for it in nothing.evidence} == {"NO_EVIDENCE"}
    uncleared = zoned([argument(), GOAF], strips(tmp_path, STRIPS))
    assert zone_at(uncleared, 50, 500) == "slow_mining"
    assert "NO_EVIDENCE" in rules_at(uncleared, 50, 500)


def test_unknown_floor_stays_no_mining_whatever_was_argued_or_treated(tmp_path: Path) -> None:
    treatment = Treatment("T-1", MINE, document="ACC-1", inrush_mpa_per_m=0.01)
    shapes = [*clearances(), argument(is_probed_clean=True), treatment]
    found = zoned(shapes, strips(tmp_path, STRIPS))
    assert zone_at(found, 1750, 500) == "no_mining"
    assert zone_at(found, 1250, 500) == "workable"


@pytest.mark.parametrize(
    ("inrush", "aquiclude_m", "is_argued", "is_clean", "zone"),
    [
        (0.06, 40.0, True, False, "workable"),  # the limit itself
        (0.06015, 39.9, True, False, "slow_mining"),
        (0.1, 40.0, True, False, "slow_mining"),  # the limit itself
        (0.105, 40.0, True, False, "no_mining"),
        (8.5 / 90.0, 90.0, True, True, "workable"),
        (8.5 / 90.0, 90.0, False, True, "slow_mining"),
        (8.5 / 90.0, 90.0, True, False, "slow_mining"),
        (8.5 / 80.0, 80.0, True, True, "no_mining"),
        (7.5 / 80.0, 80.0, True, True, "slow_mining"),  # not above 80 m
        (9.5 / 90.0, 90.0, True, True, "no_mining"),
        (0.045, 19.0, True, False, "slow_mining"),  # F4: thinner than the damage of 20 m
        (-0.01, 19.0, True, False, "workable"),  # not under pressure
    ],
)
def test_floor_by_coefficient(  # one row of the vectors
    tmp_path: Path, inrush: float, aquiclude_m: float, is_argued: bool, is_clean: bool, zone: str
) -> None:
    said = [argument(is_probed_clean=is_clean)] if is_argued else [
        argument(is_probed_clean=is_clean, is_approved=False)]  # fmt: skip
    found = zoned([*clearances(), *said], strips(tmp_path, [inrush] * 4, aquiclude_m))
    assert areas(found) == pytest.approx({zone: 2_000_000})


def test_a_pillar_is_no_mining_whatever_the_coefficient(tmp_path: Path) -> None:
    pillar = Pillar("P-1", at(400, 400, 450, 450))
    found = zoned([*clearances(), argument(), pillar], strips(tmp_path, [0.03] * 4))
    assert zone_at(found, 425, 425) == "no_mining"
    assert areas(found)["no_mining"] == pytest.approx(2500.0)


def test_structures_keep_their_pillars_and_what_is_explored_first(tmp_path: Path) -> None:
    fault = Fault("F-1", shapely.LineString([(430_900, 4_021_000), (430_900, 4_024_000)]),
                  dip_deg=90.0, head_mpa=1.2)  # fmt: skip
    column = Column("X-1", at(1500, 500, 1510, 510), head_mpa=0.8)
    holes = [Borehole("B-1", shapely.Point(430_300, 4_022_800), is_sealed=None, head_mpa=0.1),
             Borehole("B-2", shapely.Point(430_500, 4_022_800), is_sealed=True)]  # fmt: skip
    shapes = [*clearances(), argument(), fault, column, *holes]
    found = zoned(shapes, strips(tmp_path, [0.03] * 4))
    # In the seam 0.5 x 4 x 6 sqrt(3 x 1.2/0.6) = 29.39; by Ha 1.2/0.06 + 10 = 30.
    assert [zone_at(found, 900 + x, 300) for x in (-29.9, 29.9, 30.2, 49.9, 50.3)] == [
        "no_mining", "no_mining", "slow_mining", "slow_mining", "workable"]  # fmt: skip
    assert [zone_at(found, 1510 + x, 505) for x in (23.9, 24.1, 43.9, 44.1)] == [
        "no_mining", "slow_mining", "slow_mining", "workable"]  # fmt: skip
    assert [zone_at(found, x, 800) for x in (319.9, 320.2, 500.0)] == [
        "no_mining", "workable", "workable"]  # fmt: skip
    hazards = {it.zone: it.water_hazards for it in found.zones}
    assert hazards["no_mining"] == ("FT", "CC", "BH")


def test_a_fault_without_head_has_the_highest_of_the_rasters(tmp_path: Path) -> None:
    fault = Fault("F-1", shapely.LineString([(430_900, 4_021_000), (430_900, 4_024_000)]),
                  dip_deg=90.0)  # fmt: skip
    found = zoned([*clearances(), argument(), fault], strips(tmp_path, [0.03, 0.03, 0.05, 0.03]))
    # P is at most 0.05 x 40 = 2 MPa: 0.5 x 4 x 6 sqrt(3 x 2/0.6) = 37.95; Ha 2/0.06 + 10 = 43.33.
    assert zone_at(found, 943.2, 300) == "no_mining"
    assert zone_at(found, 943.6, 300) == "slow_mining"


def test_the_boundary_keeps_its_pillar(tmp_path: Path) -> None:
    rules = RULES.with_values({"boundary_pillar_m": 20.0}, source="test")
    found = zoned([*clearances(), argument()], strips(tmp_path, [0.03] * 4), rules)
    assert zone_at(found, 19.9, 500) == "no_mining"
    assert areas(found)["workable"] == pytest.approx(1960 * 960, rel=1e-3)
    assert areas(found)["workable"] <= 1960 * 960


def test_a_planner_raises_for_a_reason_and_lowers_by_a_conversion_only(tmp_path: Path) -> None:
    rasters = strips(tmp_path, STRIPS)
    base = [*clearances(), argument()]
    raised = Override("O-1", at(100, 100, 200, 200), zone="no_mining", reason="water seen")
    assert zone_at(zoned([*base, raised], rasters), 150, 150) == "no_mining"
    bare = Override("O-2", at(500, 0, 1000, 1000), zone="workable", reason="drained")
    assert zone_at(zoned([*base, bare], rasters), 750, 500) == "slow_mining"
    report = replace(bare, conversion=Conversion("CONV-1", "slow_mining"))
    found = zoned([*base, report], rasters)
    assert zone_at(found, 750, 500) == "workable"
    assert rules_at(found, 750, 500) == ("F3", "CLEARANCE", "M1")
    (note,) = (it for it in found.notes if it.code == "LOWERED")
    assert "F3" in note.text.en


def test_a_conversion_lowers_nothing_worse_than_what_it_converts(tmp_path: Path) -> None:
    report = Override("O-2", MINE, zone="workable", reason="drained",
                      conversion=Conversion("CONV-1", "slow_mining"))  # fmt: skip
    found = zoned([*clearances(), argument(), GOAF, report], strips(tmp_path, STRIPS))
    assert areas(found) == pytest.approx({"workable": 938_496, "no_mining": 1_061_504}, abs=1e-4)
    raised = Override("O-3", at(700, 0, 800, 1000), zone="slow_mining", reason="seepage")
    again = zoned([*clearances(), argument(), report, raised], strips(tmp_path, STRIPS))
    assert zone_at(again, 750, 500) == "slow_mining"


def test_hashes_do_not_depend_on_order_and_change_with_what_was_given(tmp_path: Path) -> None:
    shapes = [*clearances(), argument(), GOAF, Column("X-1", at(900, 300, 930, 320), head_mpa=1.0)]
    rasters = strips(tmp_path, STRIPS)
    one, other = zoned(shapes, rasters), zoned(shapes[::-1], rasters)
    assert (one.inputs_hash, one.geom_hash) == (other.inputs_hash, other.geom_hash)
    assert one.evidence == other.evidence
    assert [it.evidence for it in one.cells] == [it.evidence for it in other.cells]
    changed = zoned([*shapes[:-1], replace(shapes[-1], head_mpa=1.1)], rasters)  # type: ignore[type-var]
    assert changed.inputs_hash != one.inputs_hash
    assert changed.geom_hash != one.geom_hash
    rules = RULES.with_values({"thick_aquiclude_m": 81.0}, source="test")
    assert zoned(shapes, rasters, rules).inputs_hash != one.inputs_hash


def test_evidence_has_reasons_in_both_languages_with_parameters(tmp_path: Path) -> None:
    found = zoned([*clearances(), argument(), GOAF], strips(tmp_path, STRIPS))
    (pillar,) = (it for it in found.evidence if it.rule == "G1")
    assert pillar.inputs == ("goaf:G-1",)
    assert pillar.parameters["pillar_safety"] == 4.0
    assert "24.0 m" in pillar.reason.en
    assert "24.0 m" in pillar.reason.zh
    (over,) = (it for it in found.evidence if it.rule == "F1")
    assert over.parameters["pressure_datum"] == "aquiclude_base"
    assert "0.1050" in over.reason.en
    assert over.geom.area == pytest.approx(500_000)
    np.testing.assert_allclose(over.geom.bounds, at(1000, 0, 1500, 1000).bounds)


def test_progress_is_told_and_a_stop_is_heard() -> None:
    told: list[tuple[str, int, int]] = []
    derive(mine(), RULES, progress=lambda *it: told.append(it))
    assert [it[0] for it in told] == list(STEPS)
    with pytest.raises(StoppedError):
        derive(mine(), RULES, should_stop=lambda: True)
