"""An assessment's score and grade follow from its inputs; a typed one that differs is refused."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geoservice.errors import InputError
from geoservice.registry.assessing import graded
from geoservice.registry.major_hazards import MajorHazard, Substance, make_tables, r_value
from geoservice.registry.records import RiskAssessment
from geoservice.registry.risk import make_scale

TABLES = json.loads(
    (Path(__file__).parents[1] / "data" / "risk_parameters.json").read_text("utf-8")
)
SCALES = {name: make_scale(name, TABLES[name.lower()]) for name in ("LEC", "RAM")}
LEC = RiskAssessment(
    code="A", name="A", source_doc="t", risk_point_code="P", method="LEC",
    inputs={"L": 3, "E": 6, "C": 15}, assessed_on=date(2026, 1, 1),
)  # fmt: skip


def chlorine(_: str) -> MajorHazard:
    return r_value([Substance("Cl2", 20)], residents=120, tables=make_tables(TABLES))


def grade(record: RiskAssessment = LEC, **change: Any) -> tuple[float | None, str | None]:
    found = graded(replace(record, **change), SCALES, chlorine)
    return found.score, found.grade


def test_score_and_grade_are_worked_out() -> None:
    assert grade() == (270, "orange")
    assert grade(score=270.0, grade="orange") == (270, "orange")
    assert grade(method="RAM", inputs={"L": 4, "S": 5}) == (20, "red")


@pytest.mark.parametrize(
    ("change", "where", "right"),
    [
        ({"grade": "red"}, "grade", "orange"),
        ({"score": 271.0}, "score", "270"),
        ({"inputs": {"L": 4, "E": 6, "C": 15}}, "inputs.L", "3"),
        ({"inputs": {}}, "inputs.L", "10"),
        ({"method": "SCL", "inputs": {}}, "grade", "RAM"),
        ({"method": "JHA", "inputs": {"L": 4, "S": 5}, "grade": "blue"}, "grade", "red"),
    ],
)
def test_what_differs_is_refused_with_what_is_right(
    change: dict[str, Any], where: str, right: str
) -> None:
    with pytest.raises(InputError, match=right) as refused:
        grade(**change)
    assert refused.value.where == where


def test_other_methods_take_the_factors_or_the_assessors_grade() -> None:
    assert grade(method="HAZOP", grade="yellow", inputs={"node": "R-101"}) == (None, "yellow")
    assert grade(method="JHA", inputs={"L": 3, "E": 6, "C": 15}) == (270, "orange")


R = replace(LEC, method="R", inputs={}, risk_point_code=None, hazard_source_code="H")


def test_r_is_a_value_with_what_it_rests_on_and_no_colour() -> None:
    found = graded(R, SCALES, chlorine)
    assert (found.score, found.grade) == (32.0, None)
    assert found.inputs == {
        "alpha": 2.0, "weighted": 16.0, "ratio": 4.0, "residents": 120, "is_major": True,
        "level": "3", "residents_from": "given", "residents_counted": None,
    }  # fmt: skip
    assert grade(R, inputs={"alpha": 1.5, "weighted": 4.2}) == (6.3, None)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"grade": "red"}, "grade"),
        ({"score": 31.0}, "score"),
        ({"inputs": {"alpha": 2}}, "inputs"),
        ({"hazard_source_code": None, "risk_point_code": "P"}, "hazard_source_code"),
    ],
)
def test_r_refuses_what_it_is_not(change: dict[str, Any], where: str) -> None:
    with pytest.raises(InputError) as refused:
        grade(R, **change)
    assert refused.value.where == where
