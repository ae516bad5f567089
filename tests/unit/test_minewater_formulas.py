"""The numbers of the water-control rules, against values worked out by hand or published."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.errors import InputError
from geoservice.minewater.formulas import (
    exceeds,
    exploration_m,
    facing_pillar_m,
    fault_damage_m,
    fault_pillar_m,
    heading_aquiclude_m,
    heading_clearance_m,
    in_seam_pillar_m,
    pressure_mpa,
    warning_m,
    yield_class_of,
)
from geoservice.minewater.rulesets import shipped_ruleset
from geoservice.minewater.vulnerability import (
    ahp_weights,
    scaled,
    vulnerability_class,
    vulnerability_index,
)

RULES = shipped_ruleset("NMSA-2022-85")
G = 0.00981


@pytest.mark.parametrize(
    ("pressure", "aquiclude_m", "is_over_006", "is_over_010"),
    [
        (1.8, 40.0, False, False),  # 0.045
        (2.4, 40.0, False, False),  # 0.06: the limit itself
        (2.4, 39.9, True, False),  # 0.06015
        (4.0, 40.0, True, False),  # 0.1: the limit itself
        (4.2, 40.0, True, True),  # 0.105
        (8.5, 90.0, True, False),  # 0.0944
        (9.5, 90.0, True, True),  # 0.1056
    ],
)
def test_inrush_coefficient_beside_its_two_limits(
    pressure: float, aquiclude_m: float, is_over_006: bool, is_over_010: bool
) -> None:
    assert exceeds(pressure, aquiclude_m, 0.06, 1e-9) is is_over_006
    assert exceeds(pressure, aquiclude_m, 0.10, 1e-9) is is_over_010


def test_the_datum_of_pressure_changes_the_coefficient() -> None:
    base = pressure_mpa(620.0, 380.0, 45.0, datum="aquiclude_base", gravity=G)
    floor = pressure_mpa(620.0, 380.0, 45.0, datum="floor", gravity=G)
    assert base == pytest.approx(2.79585, abs=1e-9)
    assert floor == pytest.approx(2.3544, abs=1e-9)
    assert base / 45.0 == pytest.approx(0.06213, abs=5e-6)
    assert floor / 45.0 == pytest.approx(0.05232, abs=5e-6)
    high = pressure_mpa(820.0, 380.0, 40.0, datum="aquiclude_base", gravity=G)
    assert high == pytest.approx(4.7088, abs=1e-9)
    assert high / 40.0 == pytest.approx(0.11772, abs=5e-6)


@pytest.mark.parametrize(
    ("safety", "height_m", "pressure", "tensile", "formula", "kept"),
    [
        (2.0, 5.0, 0.75, 0.46, 11.06, 20.0),
        (2.0, 5.0, 0.75, 1.0, 7.50, 20.0),
        (5.0, 5.0, 0.75, 0.46, 27.65, 27.65),
        (5.0, 5.0, 0.75, 1.0, 18.75, 20.0),
        (4.0, 6.0, 0.8, 0.6, 24.0, 24.0),
        (4.0, 6.0, 2.5, 0.6, 42.426, 42.426),
        (3.0, 2.0, 0.3, 1.0, 2.85, 20.0),
    ],
)
def test_pillar_along_the_seam(  # one row of the published table
    safety: float, height_m: float, pressure: float, tensile: float, formula: float, kept: float
) -> None:
    bare = RULES.with_values({"pillar_safety": safety, "pillar_least_m": 0.0}, source="test")
    with_floor = RULES.with_values({"pillar_safety": safety}, source="test")
    assert in_seam_pillar_m(pressure, height_m, tensile, bare) == pytest.approx(formula, abs=0.005)
    found = in_seam_pillar_m(pressure, height_m, tensile, with_floor)
    assert found == pytest.approx(kept, abs=0.005)


def test_pillar_of_a_conducting_fault() -> None:
    # Ha = 1.2/0.06 + 10 = 30; 30/sin 30 = 60; 30/sin 90 = 30.
    assert fault_damage_m(1.2, RULES) == pytest.approx(30.0)
    assert fault_pillar_m(1.2, 30.0, RULES) == pytest.approx(60.0)
    assert fault_pillar_m(1.2, 90.0, RULES) == pytest.approx(30.0)
    assert fault_pillar_m(0.0, 90.0, RULES) == 20.0  # Ha is 10: the least width
    # 30 csc 45 + 40 cot 45 + 40 cot 60 = 42.426 + 40 + 23.094.
    assert facing_pillar_m(1.2, 45.0, 40.0, 60.0, RULES) == pytest.approx(105.520, abs=5e-4)


def test_aquiclude_that_a_heading_needs() -> None:
    # L 4, g 0.025, Kp 0.5, p 2: 4 (sqrt(0.01 + 8) - 0.1) / 2 = 5.4604.
    assert heading_aquiclude_m(2.0, 4.0, 0.025, 0.5) == pytest.approx(5.4604, abs=5e-5)
    assert heading_aquiclude_m(0.0, 4.0, 0.025, 0.5) == 0.0
    assert heading_clearance_m(3.5, RULES) == 35.0


@pytest.mark.parametrize(
    ("edge", "pressure", "line_m"),
    [("sure", 1.0, 30.0), ("sure", 1.01, 60.0), ("sure", None, 60.0), ("inferred", 0.2, 60.0),
     ("drawings", 0.2, 60.0), ("suspected", 0.2, 100.0)],
)  # fmt: skip
def test_exploration_and_warning_lines(edge: str, pressure: float | None, line_m: float) -> None:
    assert exploration_m(edge, pressure, RULES) == line_m  # type: ignore[arg-type]
    assert warning_m(line_m, RULES) == line_m + 60.0


@pytest.mark.parametrize(
    ("q", "found"),
    [(0.1, "weak"), (0.11, "medium"), (1.0, "medium"), (1.1, "strong"), (5.0, "strong"),
     (5.1, "very_strong")],
)  # fmt: skip
def test_yield_limits_belong_to_the_lower_class(q: float, found: str) -> None:
    assert yield_class_of(q, RULES) == found


@given(st.floats(0, 20), st.floats(0, 20), st.floats(0.5, 15), st.floats(0.1, 3))
def test_more_pressure_never_needs_less_pillar(
    one: float, other: float, height_m: float, tensile: float
) -> None:
    low, high = sorted((one, other))
    narrow = in_seam_pillar_m(low, height_m, tensile, RULES)
    assert 20.0 <= narrow <= in_seam_pillar_m(high, height_m, tensile, RULES)


def test_weights_of_a_consistent_comparison() -> None:
    weights = ahp_weights([[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]])
    assert weights.values == pytest.approx((4 / 7, 2 / 7, 1 / 7))
    assert weights.ci == pytest.approx(0.0, abs=1e-12)


def test_weights_say_how_consistent_they_are() -> None:
    # The largest eigenvalue of 1 3 5, 1/3 1 2, 1/5 1/2 1: t + 1/t + 1 where t^3 = 5/(3 x 2).
    t = (5 / 6) ** (1 / 3)
    ci = (t + 1 / t + 1 - 3) / 2
    weights = ahp_weights([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]])
    assert (weights.ci, weights.cr) == pytest.approx((ci, ci / 0.58), abs=1e-12)


def test_a_comparison_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(InputError, match="contradicts itself"):
        ahp_weights([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]])
    with pytest.raises(InputError, match="square"):
        ahp_weights([[1, 2], [0.5, 1]])
    with pytest.raises(InputError, match="square"):
        ahp_weights([[1, 2, 2], [0.5, 1, 1], [2, 1, 1]])


def test_index_and_its_five_classes() -> None:
    head, aquiclude = np.array([0.0, 5.0, 10.0, np.nan]), np.array([40.0, 40.0, 20.0, 20.0])
    factors = [scaled(head, is_positive=True), scaled(aquiclude, is_positive=False)]
    index = vulnerability_index(factors, [0.75, 0.25])
    np.testing.assert_allclose(index, [0.0, 0.375, 1.0, np.nan])
    assert vulnerability_class(index).tolist() == [1, 2, 5, 0]
    assert scaled(np.array([3.0, 3.0]), is_positive=True).tolist() == [0.0, 0.0]
    assert math.isnan(index[3])
    with pytest.raises(InputError, match="2 factors have 1 weights"):
        vulnerability_index(factors, [1.0])
