"""The first few are the first of all, however many are asked for and however they load."""

import random
import runpy
from pathlib import Path

import pytest

from geoservice.db import Connection
from geoservice.dispatch.actions import nearest_by_road
from geoservice.dispatch.answers import Found, NearestQuestion

SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "plan_scene.py"))
NOW, add_depot = SCENE["NOW"], SCENE["add_depot"]
DEPOTS = 14


def first(conn: Connection, k: int) -> list[Found]:
    question = NearestQuestion(113.0, 36.3, "depot", k)
    return list(nearest_by_road(conn, question, at=NOW, towns=None).found)


@pytest.mark.parametrize("load_min", [(20.0,), (20.0, None), (0.0, 1.0, 2.0, 20.0)])
def test_a_few_are_the_first_of_everybody(
    conn: Connection, load_min: tuple[float | None, ...]
) -> None:
    SCENE["settle"](conn)
    chance = random.Random(len(load_min))  # noqa: S311  # a scene, not a secret
    places = [round(113 + chance.random() * 0.03, 4) for _ in range(DEPOTS - 4)]
    for no, lon in enumerate([*places, *places[:4]]):  # four stand where another does
        add_depot(conn, f"N{DEPOTS - no:02}", load_min=chance.choice(load_min), lon=lon)
    everybody = first(conn, 50)
    assert len(everybody) == DEPOTS + 3  # with those of the scene
    arrivals = [(round(it.drive_s + it.prepare_min * 60, 3), it.code) for it in everybody]
    assert arrivals == sorted(arrivals)
    for k in range(1, DEPOTS + 4):
        assert [it.code for it in first(conn, k)] == [it.code for it in everybody[:k]]
