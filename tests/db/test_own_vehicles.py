"""Teams drive by their own vehicle, in plans and among the nearest."""

import runpy
from pathlib import Path

import pytest

from geoservice.db import Connection
from geoservice.dispatch.actions import nearest_by_road
from geoservice.dispatch.answers import NearestAnswer, NearestQuestion
from geoservice.plans.answers import PlanAnswer
from geoservice.plans.questions import TeamItem

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "plan_scene.py"))
NOW, add_team = SCENE["NOW"], SCENE["add_team"]
VEHICLES = {"T1": "truck", "T2": "消防车", "T3": None, "T4": "三轮"}


@pytest.fixture
def street(conn: Connection) -> Connection:
    """Four teams at the eastern end: a truck's, a fire engine's, of none known, of none listed."""
    SCENE["settle"](conn)
    for code, vehicle in VEHICLES.items():
        add_team(conn, code, "pro", "ready", 5, 1, 113.03)
        conn.execute(
            "UPDATE core.rescue_team SET vehicle_class = %s WHERE code = %s", (vehicle, code)
        )
    return conn


def close(conn: Connection, code: str, lon: float, lat: float, *vehicles: str) -> None:
    SCENE["close"](conn, code, lon, lat)
    conn.execute(
        "UPDATE core.road_closure SET vehicle_classes = %s WHERE code = 'C' || %s",
        (list(vehicles), code),
    )


def plan(conn: Connection, number: int = 4, **more: object) -> PlanAnswer:
    answer: PlanAnswer = SCENE["ask"](conn, 0, teams=(TeamItem(2, "排水", number),), **more)
    return answer


def nearest(conn: Connection, k: int = 5, profile: str = "car") -> NearestAnswer:
    question = NearestQuestion(113.0, 36.3, "rescue_team", k, profile)
    return nearest_by_road(conn, question, at=NOW, towns=None)


def test_each_team_drives_by_its_own_or_by_the_plans_vehicle(street: Connection) -> None:
    answer = plan(street)
    by = {it.code: it.vehicle for it in answer.teams}
    assert by == {"T1": "truck", "T2": "fire_engine", "T3": "car", "T4": "car"}
    said = {it.code: " ".join(text.en for text in it.reasons) for it in answer.teams}
    assert "driven by its own vehicle, truck" in said["T1"]
    assert "not on record as one of vehicle_profiles: driven as car" in said["T4"]
    drives = {it.code: it.drive_s for it in answer.teams}
    assert drives["T3"] == drives["T4"] == pytest.approx(3 * 89.81, abs=0.1)
    alone = {it.code: it.drive_s for it in plan(street, profile="truck").teams}
    assert drives["T1"] == alone["T1"] == alone["T3"] > drives["T3"]


def test_what_shuts_a_road_for_trucks_sends_only_the_truck_round(street: Connection) -> None:
    close(street, "1", 113.015, 36.3, "truck")
    answer = plan(street)
    drives = {it.code: it.distance_m for it in answer.teams}
    assert drives["T1"] > drives["T2"] == drives["T3"]
    assert [(c.code, c.effect) for c in answer.closures_met] == [("C1", "closed")]
    routes = {it.code: it for it in answer.routes}
    assert "goes round 洪水1" in " ".join(it.en for it in routes["T1"].reasons)
    assert routes["T3"].detour_s == 0


def test_a_team_whose_vehicle_is_cut_off_is_left_out_with_the_reason(street: Connection) -> None:
    close(street, "1", 113.015, 36.3, "truck")
    close(street, "2", 113.0125, 36.305, "truck")
    answer = plan(street)
    assert [it.code for it in answer.teams] == ["T3", "T4", "T2"]
    (out,) = [it for it in answer.not_considered if it.code == "T1"]
    assert "cut off by" in out.reason.en
    near = nearest(street)
    assert [it.code for it in near.found] == ["T3", "T4", "T2"]
    assert [it.code for it in near.unreachable] == ["T1"]
    assert near.stage is None


def test_the_nearest_of_all_vehicles_are_those_of_each_put_together(street: Connection) -> None:
    everybody = {it.code: it for it in nearest(street).found}
    assert {code: it.vehicle for code, it in everybody.items()} == {
        "T1": "truck", "T2": "fire_engine", "T3": "car", "T4": "car",
    }  # fmt: skip
    street.execute("UPDATE core.rescue_team SET vehicle_class = NULL")
    for code, profile in (("T1", "truck"), ("T2", "fire_engine"), ("T3", "car")):
        alone = {it.code: it for it in nearest(street, profile=profile).found}[code]
        assert (alone.eta_s, alone.drive_s) == (everybody[code].eta_s, everybody[code].drive_s)
        assert alone.vehicle == profile
    order = sorted(everybody, key=lambda code: (round(everybody[code].drive_s, 3), code))
    assert list(everybody) == order


def test_the_first_few_are_the_first_of_all(street: Connection) -> None:
    everybody = nearest(street)
    for k in (1, 2, 3):
        few = nearest(street, k)
        assert [(it.rank, it.code) for it in few.found] == [
            (it.rank, it.code) for it in everybody.found[:k]
        ]
        assert few.farther == 4 - k
