"""What an arc takes a vehicle: worked vectors by hand, and the curve of speed through water."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geoservice.errors import InputError
from geoservice.network.effects import Obstacle, laid, met_by, slow_down
from geoservice.network.graph import RoadNetwork
from geoservice.network.profiles import RoadRules, VehicleProfile, open_s, turn_costs

FILE = Path(__file__).parents[1] / "data" / "risk_parameters.json"
VALUES = json.loads(FILE.read_text("utf-8"))
RULES = RoadRules.from_values(VALUES)
CAR = VehicleProfile("car", 2.0, 2.5, 0.3, False, 1.0, 120, 2, 4, 6, 15)
TRUCK = VehicleProfile("truck", 3.6, 18, 0.5, False, 0.85, 80, 4, 8, 12, 40)
TANKER = replace(TRUCK, code="tanker", carries_hazmat=True)


def one_road(**said: float) -> RoadNetwork:
    """One kilometre at 60 km/h: a minute."""
    column = {
        "id": 1, "road_id": 1, "from_node": 1, "to_node": 2, "length_m": 1000.0,
        "speed_kph": 60.0, "gradient_pct": np.nan, "max_height_m": np.nan, "max_weight_t": np.nan,
        "surface": 0, "start_deg": 90, "end_deg": 90, "lon": 113.0, "lat": 36.0, **said,
    }  # fmt: skip
    columns = {name: np.array([value]) for name, value in column.items()}
    return RoadNetwork.from_columns(columns, (), ("", "gravel", "moon dust"))


def seconds(vehicle: VehicleProfile, *obstacles: Obstacle, **said: float) -> float:
    network = one_road(**said)
    arc_s = open_s(network, vehicle, RULES)
    number = np.arange(len(obstacles), dtype=np.int32)
    given = laid(met_by(obstacles, vehicle, RULES), number, number * 0)
    slow_down(arc_s, network, given, RULES)
    return float(arc_s[0])


def obstacle(kind: str = "closure", **said: object) -> Obstacle:
    usual = {"factor": 0.0, "depth_m": None, "classes": [], "grade": None}
    return Obstacle(kind, 1, "C1", "x", **{**usual, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("depth_mm", "kph"), [(0, 86.94), (100, 40.66), (150, 24.26), (200, 12.37), (300, 2.07)]
)
def test_speed_by_depth_of_water_is_as_the_worked_vector_has_it(depth_mm: int, kph: float) -> None:
    assert RULES.water_kph(depth_mm / 1000) == pytest.approx(kph, abs=0.006)


def test_water_never_speeds_up_as_it_gets_deeper() -> None:
    speeds = [RULES.water_kph(depth / 100) for depth in range(200)]
    assert speeds == sorted(speeds, reverse=True)
    assert min(speeds) > 0


@pytest.mark.parametrize(
    ("vehicle", "depth_m", "expected"),
    [
        (CAR, 0.1, 1000 / 40.65 * 3.6), (CAR, 0.02, 1000 / 76.25 * 3.6), (CAR, 0.3, np.inf),
        (TRUCK, 0.3, 1000 / 2.0748 * 3.6), (TRUCK, 0.5, np.inf),
    ],
)  # fmt: skip
def test_water_slows_to_its_speed_and_stops_at_the_wading_depth(
    vehicle: VehicleProfile, depth_m: float, expected: float
) -> None:
    # 60 km/h is slower than the water allows at 2 cm.
    told = seconds(vehicle, obstacle("flood", depth_m=depth_m))
    dry_s = seconds(vehicle)
    assert told == pytest.approx(max(expected, dry_s), rel=2e-3)


def test_speed_is_of_sign_surface_gradient_and_vehicle() -> None:
    assert seconds(CAR) == pytest.approx(60)
    assert seconds(TRUCK) == pytest.approx(60 / 0.85)
    assert seconds(TRUCK, speed_kph=130) == pytest.approx(45)  # its own limit, 80
    assert seconds(CAR, surface=1) == pytest.approx(60 / 0.7)
    assert seconds(CAR, surface=2) == pytest.approx(60)  # a surface that no rule knows
    assert seconds(CAR, gradient_pct=-9) == pytest.approx(60 / 0.85)
    assert seconds(CAR, gradient_pct=90) == pytest.approx(60 / 0.4)


def test_a_road_too_low_or_too_weak_is_not_passable() -> None:
    assert seconds(TRUCK, max_height_m=3.5) == np.inf
    assert seconds(TRUCK, max_height_m=3.6) < np.inf
    assert seconds(TRUCK, max_weight_t=17.9) == np.inf
    assert seconds(CAR, max_height_m=3.5, max_weight_t=10) == pytest.approx(60)


@pytest.mark.parametrize(
    ("grade", "factor"), [("red", 0.5), ("orange", 0.7), ("yellow", 0.85), ("blue", 1)]
)
def test_dangerous_sections_slow_by_grade_and_do_not_close(grade: str, factor: float) -> None:
    assert seconds(CAR, obstacle("section", factor=1, grade=grade)) == pytest.approx(60 / factor)


def test_closures_are_for_the_vehicles_they_name_and_shares_multiply() -> None:
    trucks, hazmat = obstacle(classes=["truck", "boat_carrier"]), obstacle(classes=["hazmat"])
    assert (seconds(CAR, trucks), seconds(TRUCK, trucks)) == (pytest.approx(60), np.inf)
    assert (seconds(TRUCK, hazmat) < np.inf, seconds(TANKER, hazmat)) == (True, np.inf)
    half, third = obstacle(factor=0.5), obstacle(factor=0.25)
    assert seconds(CAR, half, third) == pytest.approx(480)
    assert seconds(CAR, half, obstacle()) == np.inf


def test_of_two_waters_the_deeper_counts() -> None:
    shallow, deep = (obstacle("flood", depth_m=depth) for depth in (0.1, 0.2))
    deeper_s = seconds(CAR, deep)
    assert seconds(CAR, shallow, deep) == seconds(CAR, deep, shallow) == deeper_s


def test_turns_cost_by_angle_and_side() -> None:
    table = turn_costs(CAR, RULES)
    assert table.shape == (361,)
    angles = (0, 29, 30, 134, 135, 180, 225, 226, 330, 331, 360)
    assert [table[a] for a in angles] == [0, 0, 2, 2, 6, 6, 6, 4, 4, 0, 15]


def test_rules_that_are_missing_or_impossible_are_refused() -> None:
    with pytest.raises(InputError, match="road_turns"):
        RoadRules.from_values({k: v for k, v in VALUES.items() if k != "road_turns"})
    with pytest.raises(InputError, match="above 0"):
        RoadRules.from_values({**VALUES, "road_surfaces": {"gravel": 0}})
