"""Risk grades: the worked vectors of LEC and the 5x5 matrix, and every edge of their bands."""

import json
import re
from pathlib import Path

import pytest

from geoservice.errors import InputError
from geoservice.registry.risk import (
    AreaRule,
    area_grade,
    assess,
    band_of,
    make_scale,
    unit_grade,
    worst,
)

TABLES = json.loads(
    (Path(__file__).parents[1] / "data" / "risk_parameters.json").read_text("utf-8")
)
LEC = make_scale("LEC", TABLES["lec"])
RAM = make_scale("RAM", TABLES["ram"])


@pytest.mark.parametrize(
    ("l", "e", "c", "score", "grade"),
    [
        (3, 6, 15, 270, "orange"),
        (6, 6, 40, 1440, "red"),
        (10, 6, 7, 420, "red"),
        (3, 3, 7, 63, "blue"),
        (1, 10, 7, 70, "yellow"),
        (0.1, 0.5, 1, 0.05, "blue"),
        (0.2, 1, 100, 20, "blue"),
    ],
)
def test_lec_worked_vectors(l: float, e: float, c: float, score: float, grade: str) -> None:  # noqa: E741  # the factor's own letter
    found = assess(LEC, {"L": l, "E": e, "C": c})
    assert (found.method, found.score, found.grade) == ("LEC", score, grade)


@pytest.mark.parametrize(
    ("score", "grade", "zh"),
    [
        (320, "red", "极其危险"),
        (319.99, "orange", "高度危险"),
        (160, "orange", "高度危险"),
        (159.99, "yellow", "显著危险"),
        (70, "yellow", "显著危险"),
        (69.99, "blue", "一般危险"),
        (20, "blue", "一般危险"),
        (19.99, "blue", "稍有危险"),
    ],
)
def test_lec_bands_are_half_open(score: float, grade: str, zh: str) -> None:
    band = band_of(LEC.bands, score)
    assert (band.grade, band.zh) == (grade, zh)


@pytest.mark.parametrize(
    ("inputs", "where"),
    [
        ({"L": 4, "E": 6, "C": 15}, "inputs.L"),
        ({"L": 3, "E": 6}, "inputs.C"),
        ({"L": 3, "E": 6, "C": True}, "inputs.C"),
        ({"L": 3, "E": "6", "C": 15}, "inputs.E"),
        ({"L": 3, "E": 6, "C": 15, "S": 2}, "inputs"),
    ],
)
def test_lec_takes_values_of_its_table_only(inputs: dict[str, object], where: str) -> None:
    with pytest.raises(InputError) as error:
        assess(LEC, inputs)
    assert error.value.where == where


def test_refusal_says_what_would_be_right() -> None:
    with pytest.raises(InputError, match=re.escape("one of 10, 6, 3, 1, 0.5, 0.2, 0.1 is")):
        assess(LEC, {"L": 4, "E": 6, "C": 15})


@pytest.mark.parametrize(
    ("likelihood", "severity", "grade"),
    [
        (5, 5, "red"),
        (4, 5, "red"),
        (4, 4, "orange"),
        (3, 5, "orange"),
        (3, 4, "yellow"),
        (3, 3, "yellow"),
        (2, 4, "blue"),
        (1, 1, "blue"),
    ],
)
def test_matrix_of_five_by_five(likelihood: int, severity: int, grade: str) -> None:
    found = assess(RAM, {"L": likelihood, "S": severity})
    assert (found.method, found.score, found.grade) == ("RAM", likelihood * severity, grade)


@pytest.mark.parametrize("value", [0, 6, 2.5])
def test_matrix_has_five_steps(value: float) -> None:
    with pytest.raises(InputError):
        assess(RAM, {"L": value, "S": 3})


def test_unit_has_the_worst_grade_of_its_points_and_names_every_method() -> None:
    points = [assess(LEC, {"L": 3, "E": 3, "C": 7}), assess(RAM, {"L": 4, "S": 4})]
    found = unit_grade(points)
    assert (found.grade, found.methods) == ("orange", ("LEC", "RAM"))
    assert unit_grade([]).grade is None


def test_area_has_the_worst_grade_or_that_of_a_share() -> None:
    grades = ["red", *["orange"] * 2, *["blue"] * 7]
    assert area_grade(grades, AreaRule("worst", 0.1)) == "red"
    assert area_grade(grades, AreaRule("share", 0.1)) == "red"
    assert area_grade(grades, AreaRule("share", 0.3)) == "orange"
    assert area_grade(grades, AreaRule("share", 0.31)) == "blue"
    assert area_grade([], AreaRule("share", 0.1)) is None
    assert worst(["blue", "yellow"]) == "yellow"
