"""Grades, depth bands, words and datums of floods: the worked values of the tables."""

import json
from pathlib import Path

import pytest

from geoservice.errors import DatumError, InputError
from geoservice.floods.grades import DEFAULT_GRADES, make_rules
from geoservice.floods.heights import height_in
from geoservice.network.effects import Obstacle, met_by
from geoservice.network.profiles import RoadRules, VehicleProfile

PARAMETERS = json.loads(
    (Path(__file__).parents[1] / "data" / "risk_parameters.json").read_text("utf-8")
)
RULES = make_rules(PARAMETERS)
CAR = VehicleProfile("car", 2.0, 2.5, 0.3, False, 1.0, 120, 2, 4, 6, 15, max_flow_m2s=0.3)
ENGINE = VehicleProfile("fire_engine", 3.5, 16, 0.6, False, 0.95, 90, 3, 6, 10, 30)


@pytest.mark.parametrize(
    ("least", "most", "velocity", "grade"),
    [
        (0.0, 0.5, 0.0, "blue"),  # up to 0.5 is low
        (0.5, 1.0, 0.0, "yellow"),
        (1.0, 2.0, 0.0, "orange"),
        (2.0, 3.0, 0.0, "red"),
        (3.0, None, 0.0, "red"),
        (0.0, 0.5, 1.0, "blue"),  # v x h = 0.5
        (0.0, 0.5, 1.1, "yellow"),  # 0.55
        (0.0, 0.5, 2.0, "yellow"),  # 1.0, the edge
        (0.5, 1.0, 1.5, "orange"),  # 1.5, worse than its depth
        (1.0, 2.0, 0.5, "orange"),  # 1.0, less than its depth
        (1.0, 2.0, 1.01, "red"),  # 2.02
        (2.0, None, 0.0, "red"),  # deeper than 2 somewhere
        (0.5, None, 0.0, "yellow"),
    ],
)
def test_a_grade_is_the_worse_of_depth_and_depth_times_velocity(
    least: float, most: float | None, velocity: float, grade: str
) -> None:
    assert DEFAULT_GRADES.of(least, most, velocity) == grade
    assert RULES.grades == DEFAULT_GRADES


@pytest.mark.parametrize(
    ("depth_m", "number"),
    [(0.01, 0), (0.5, 0), (0.51, 1), (1.0, 1), (2.0, 2), (2.5, 3), (3.0, 3), (3.1, 4)],
)
def test_depths_fall_into_bands_whose_upper_edge_is_theirs(depth_m: float, number: int) -> None:
    assert RULES.band_of(depth_m) == number
    least, most = RULES.bands_m()[number]
    assert least < depth_m <= (most or depth_m)


@pytest.mark.parametrize(
    ("years", "word"),
    [
        (None, None), (4, None), (5, "一般洪水"), (10, "一般洪水"), (20, "较大洪水"),
        (50, "大洪水"), (51, "特大洪水"), (100, "特大洪水"),
    ],
)  # fmt: skip
def test_a_return_period_has_its_word(years: float | None, word: str | None) -> None:
    said = RULES.words.of(years)
    assert (said and said.zh) == word


@pytest.mark.parametrize(
    "wrong",
    [
        {"flood_depths": {"breaks_m": [1, 0.5]}},
        {"flood_depths": {"breaks_m": []}},
        {"flood_grades": {"above": {"yellow": 1}}},
        {"flood_words": {"from_y": [5, 10], "zh": ["a"], "en": ["a"]}},
    ],
)
def test_tables_that_cannot_be_used_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match="flood_"):
        make_rules({**PARAMETERS, **wrong})


def test_levels_of_1985_and_1956_are_converted_and_others_refused() -> None:
    assert height_in(904.029, "1956", "1985") == pytest.approx(904.0, abs=1e-9)
    assert height_in(904.0, "1985", "1956") == pytest.approx(904.029, abs=1e-9)
    assert height_in(3.2, "local", "local") == 3.2
    for datum, wanted in (("local", "1985"), ("1985", "EGM96"), ("EGM96", "1956")):
        with pytest.raises(DatumError, match=wanted):
            height_in(904.0, datum, wanted)


@pytest.mark.parametrize(
    ("depth_m", "flow", "car", "engine"),
    [
        (0.2, None, "slowed", "slowed"),
        (0.2, 0.3, "slowed", "slowed"),  # the limit itself still holds
        (0.2, 0.31, "closed", "slowed"),
        (0.25, 0.61, "closed", "closed"),
        (0.3, None, "closed", "slowed"),
    ],
)
def test_fast_water_stops_a_vehicle_that_could_wade_it(
    depth_m: float, flow: float | None, car: str, engine: str
) -> None:
    water = Obstacle("flood", 1, "F", "f", 0, depth_m, [], None, flow)
    rules = RoadRules.from_values(PARAMETERS)
    met = [one for it in (CAR, ENGINE) for one in met_by([water], it, rules) if one]
    assert [one.effect for one in met] == [car, engine]
