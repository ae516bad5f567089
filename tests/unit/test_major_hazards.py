"""The R value: its worked vectors, the edges of alpha and of its grades."""

import json
from pathlib import Path

import pytest

from geoservice.errors import InputError
from geoservice.registry.major_hazards import Substance, make_tables, r_value

PARAMETERS = Path(__file__).parents[1] / "data" / "risk_parameters.json"
TABLES = make_tables(json.loads(PARAMETERS.read_text("utf-8")))
# Residents that give alpha 2.0, 1.5, 1.2, 1.0 and 0.5.
MANY, SOME, FEW, ONE, NONE = 100, 50, 30, 1, 0


def test_twenty_tonnes_of_chlorine_among_many_people() -> None:
    found = r_value([Substance("液氯", 20)], residents=MANY, tables=TABLES)
    assert (found.r_value, found.grade, found.is_major) == (32.0, "3", True)
    assert (found.ratio, found.terms[0].beta, found.terms[0].critical_t) == (4.0, 4, 5)


def test_gas_and_ammonia_together() -> None:
    both = [Substance("LPG", 60), Substance("NH3", 12)]
    found = r_value(both, residents=SOME, tables=TABLES)
    assert (found.r_value, found.grade) == (6.3, "4")


def test_natural_gas() -> None:
    found = r_value([Substance("natural gas", 100)], residents=ONE, tables=TABLES)
    assert (found.r_value, found.grade) == (3.0, "4")


def test_below_the_critical_quantity_it_is_no_major_source_whatever_r_is() -> None:
    found = r_value([Substance("液化石油气", 40)], residents=MANY, tables=TABLES)
    assert (found.ratio, found.is_major, found.grade) == (0.8, False, None)
    poison = Substance("poison", 9, critical_t=10, beta=20)
    found = r_value([poison], residents=MANY, tables=TABLES)
    assert (found.r_value, found.is_major, found.grade) == (36.0, False, None)


def test_a_low_r_is_a_major_source_when_the_quantities_reach_one() -> None:
    tenths = [Substance(f"S{n}", 0.1, critical_t=1, beta=1) for n in range(10)]
    found = r_value(tenths, residents=NONE, tables=TABLES)
    assert (found.ratio, found.is_major, found.grade) == (1.0, True, "4")


@pytest.mark.parametrize(
    ("value", "grade"),
    [(9.99, "4"), (10, "3"), (49.99, "3"), (50, "2"), (99.99, "2"),
     (100, "1")],
)  # fmt: skip
def test_grades_are_half_open(value: float, grade: str) -> None:
    one = Substance("x", value, critical_t=1, beta=1)
    found = r_value([one], residents=ONE, tables=TABLES)
    assert (found.r_value, found.grade) == (value, grade)


@pytest.mark.parametrize(
    ("residents", "alpha"),
    [(0, 0.5), (1, 1.0), (29, 1.0), (30, 1.2), (49, 1.2), (50, 1.5), (99, 1.5), (100, 2.0)],
)
def test_alpha_by_residents(residents: int, alpha: float) -> None:
    found = r_value([Substance("Cl2", 5)], residents=residents, tables=TABLES)
    assert (found.alpha, found.r_value) == (alpha, 4 * alpha)


@pytest.mark.parametrize(
    ("name", "beta"),
    [("CO", 2), ("SO2", 2), ("氨", 2), ("环氧乙烷", 2), ("HCl", 3), ("CH3Br", 3), ("h2s", 5),
     ("HF", 5), ("NO2", 10), ("HCN", 10), ("光气", 20), ("PH3", 20), ("异氰酸甲酯", 20)],
)  # fmt: skip
def test_beta_of_named_gases(name: str, beta: float) -> None:
    found = r_value([Substance(name, 1, critical_t=1)], residents=ONE, tables=TABLES)
    assert found.terms[0].beta == beta


@pytest.mark.parametrize(
    ("kind", "beta"),
    [("toxic_gas", 2), ("highly_toxic", 4), ("explosive", 2), ("flammable_gas", 1.5), ("other", 1)],
)
def test_beta_of_kinds(kind: str, beta: float) -> None:
    some = Substance("something else", 1, critical_t=1, kind=kind)
    assert r_value([some], residents=ONE, tables=TABLES).terms[0].beta == beta


@pytest.mark.parametrize(
    ("substance", "residents", "where"),
    [
        (Substance("unheard of", 1, beta=1), 1, "critical_t"),
        (Substance("unheard of", 1, critical_t=1), 1, "beta"),
        (Substance("unheard of", 1, critical_t=-1, beta=1), 1, "critical_t"),
        (Substance("Cl2", -1), 1, "quantity_t"),
        (Substance("Cl2", 1), -1, "residents_500m"),
    ],
)
def test_what_is_unknown_is_refused(substance: Substance, residents: int, where: str) -> None:
    with pytest.raises(InputError) as error:
        r_value([substance], residents=residents, tables=TABLES)
    assert error.value.where == where


def test_nothing_stored_is_no_major_source() -> None:
    found = r_value([], residents=MANY, tables=TABLES)
    assert (found.r_value, found.ratio, found.is_major, found.grade) == (0.0, 0.0, False, None)
