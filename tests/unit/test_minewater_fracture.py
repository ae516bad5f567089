"""How high rock leads water above a seam: published and hand-computed values, and limits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.minewater.fracture import (
    caved_m,
    conducting_m,
    fracture_1_m,
    fracture_2_m,
    fracture_height,
    outcrop_pillar_m,
    protection_m,
    steep_caved_m,
    steep_fracture_m,
)
from geoservice.minewater.inputs import RoofClass, Seam
from geoservice.minewater.rulesets import shipped_ruleset

RULES = shipped_ruleset("NMSA-2022-85")
SEAM = Seam("3", thickness_m=3.0, mining_height_m=3.0, dip_deg=8.0, roof_class="medium")


@pytest.mark.parametrize(
    ("roof", "total_m", "height_m"),
    [("soft", 1.46, 19.33), ("soft", 1.69, 20.51), ("soft", 2.71, 24.22), ("soft", 0.86, 15.22),
     ("soft", 3.72, 26.50), ("soft", 1.58, 19.96), ("soft", 1.43, 19.16),
     ("very_soft", 2.2, 14.58), ("medium", 3.0, 41.314), ("hard", 3.0, 62.471)],
)  # fmt: skip
def test_formula_1_with_its_plus_deviation(
    roof: RoofClass, total_m: float, height_m: float
) -> None:
    # Two reports of mines (DOMAIN of the project, S12), tolerance 0.005.
    assert fracture_1_m(total_m, roof, RULES) == pytest.approx(height_m, abs=0.005)


def test_formula_2() -> None:
    assert fracture_2_m(3.0, "medium", RULES) == pytest.approx(44.641, abs=5e-4)
    assert fracture_2_m(3.0, "hard", RULES) == pytest.approx(61.962, abs=5e-4)
    assert fracture_2_m(4.0, "soft", RULES) == 25.0
    assert fracture_2_m(3.0, "very_soft", RULES) is None


@pytest.mark.parametrize(
    ("roof", "limit_m", "deviation_m"),
    [("hard", 83.33, 8.9), ("medium", 62.5, 5.6), ("soft", 32.26, 4.0), ("very_soft", 20.0, 3.0)],
)
def test_formula_1_tends_to_its_limit(roof: RoofClass, limit_m: float, deviation_m: float) -> None:
    found = fracture_1_m(1e9, roof, RULES) - deviation_m
    assert found == pytest.approx(limit_m, abs=0.005)


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6), st.sampled_from(["hard", "medium", "soft"]))
def test_more_coal_taken_never_breaks_less_rock(one: float, other: float, roof: RoofClass) -> None:
    low, high = sorted((one, other))
    assert fracture_1_m(low, roof, RULES) <= fracture_1_m(high, roof, RULES) + 1e-9
    assert caved_m(low, roof, RULES) <= caved_m(high, roof, RULES) + 1e-9


def test_caved_zone() -> None:
    # 300/(4.7 x 3 + 19) + 2.2 = 11.263; 300/(2.1 x 3 + 16) + 2.5 = 15.953.
    assert caved_m(3.0, "medium", RULES) == pytest.approx(11.263, abs=5e-4)
    assert caved_m(3.0, "hard", RULES) == pytest.approx(15.953, abs=5e-4)


def test_steep_seam() -> None:
    # 100 x 3 x 50/(4.1 x 50 + 133) + 8.4 = 52.779; 15000/(7.5 x 50 + 293) + 7.3 = 29.755.
    assert steep_fracture_m(3.0, 50.0, "hard", RULES) == pytest.approx(52.779, abs=5e-4)
    assert steep_fracture_m(3.0, 50.0, "soft", RULES) == pytest.approx(29.755, abs=5e-4)
    assert steep_caved_m(52.0, RULES) == 26.0
    steep = replace(SEAM, dip_deg=60.0, stage_height_m=50.0, roof_class="hard")
    assert fracture_height(steep, 3.0, RULES).value_m == pytest.approx(52.779, abs=5e-4)
    assert fracture_height(replace(steep, stage_height_m=None), 3.0, RULES).is_out_of_range


def test_the_higher_of_the_formulas_is_taken_and_what_was_measured_before_both() -> None:
    found = fracture_height(SEAM, 3.0, RULES)
    assert found.value_m == pytest.approx(44.641, abs=5e-4)
    assert not found.is_out_of_range
    measured = fracture_height(replace(SEAM, fracture_height_m=71.0), 3.0, RULES)
    assert (measured.value_m, measured.is_measured) == (71.0, True)


@pytest.mark.parametrize(
    ("slices", "method", "total_m", "is_out"),
    [(1, "layered", 3.5, False), (1, "layered", 3.6, True), (2, "layered", 6.0, False),
     (2, "layered", 6.2, True), (6, "layered", 15.6, True), (1, "thick_cut", 3.0, True)],
)  # fmt: skip
def test_a_thick_cut_is_out_of_range(
    slices: int, method: str, total_m: float, is_out: bool
) -> None:
    seam = replace(SEAM, slices=slices, mining_method=method)
    assert fracture_height(seam, total_m, RULES).is_out_of_range is is_out


@pytest.mark.parametrize(
    ("bed", "times"),
    [("clay_thick", (4, 3, 2, 2)), ("clay_thin", (5, 4, 3, 2)), ("weak_aquifer", (6, 5, 4, 3)),
     ("no_clay", (7, 6, 5, 4))],
)  # fmt: skip
def test_protection_layer_by_bed_and_roof(bed: str, times: tuple[int, ...]) -> None:
    rules = RULES.with_values({"protection_bed": bed}, source="test")
    roofs: tuple[RoofClass, ...] = ("hard", "medium", "soft", "very_soft")
    for roof, multiple in zip(roofs, times, strict=True):
        seam = replace(SEAM, roof_class=roof, slices=2)
        assert protection_m(seam, 6.0, rules) == multiple * 3.0


def test_what_is_within_reach_of_the_seam() -> None:
    # 44.641 + 6 x 3 (medium roof, no clay).
    assert conducting_m(SEAM, 3.0, RULES).value_m == pytest.approx(62.641, abs=5e-4)


def test_outcrop_keeps_twenty_metres_at_least() -> None:
    clay = RULES.with_values({"protection_bed": "clay_thick"}, source="test")
    # H_k + Hb = 11.263 + 9; of 0.5 m: 50/(2.35 + 19) + 2.2 + 1.5 = 6.04, so 20.
    thick = outcrop_pillar_m(SEAM, 3.0, clay, is_water_rich=False)
    assert thick == pytest.approx(20.263, abs=5e-4)
    assert outcrop_pillar_m(SEAM, 0.5, clay, is_water_rich=False) == 20.0
    rich = outcrop_pillar_m(SEAM, 3.0, clay, is_water_rich=True)
    assert rich == pytest.approx(53.641, abs=5e-4)
