"""`geoservice dispatch closure` and `flood`, on a demonstration district of its own."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from geoservice.cli import app
from geoservice.errors import InputError, RecordError


def run(url: str, *arguments: str) -> Result:
    environment = {"GEOSERVICE_DATABASE_URL": url, "COLUMNS": "160"}
    return CliRunner(env=environment).invoke(app, ["dispatch", *arguments])


def told(url: str, *arguments: str) -> Any:
    result = run(url, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_road_is_closed_listed_and_opened_again(demo_url: str, tmp_path: Path) -> None:
    shape = tmp_path / "shape.json"
    ring = [[113.2, 36.3], [113.25, 36.3], [113.25, 36.35], [113.2, 36.35], [113.2, 36.3]]
    shape.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), "utf-8")
    given = ("closure", "add", "flood", "--shape", str(shape), "--depth-m", "0.4")
    (closed,) = told(demo_url, *given, "--vehicle", "car", "--vehicle", "hazmat")
    assert closed["arcs"] > 0
    assert (closed["depth_m"], closed["vehicle_classes"]) == (0.4, ["car", "hazmat"])
    assert closed["code"] in run(demo_url, "closure", "list").output
    (opened,) = told(demo_url, "closure", "reopen", str(closed["id"]))
    assert not opened["is_in_force"]
    assert closed["id"] not in {it["id"] for it in told(demo_url, "closure", "list")}


def test_a_closure_that_meets_no_road_says_so(demo_url: str) -> None:
    result = run(demo_url, "closure", "add", "works", "--point", "113.0305,36.2005")
    assert result.exit_code == 0, result.output
    assert "no road is met" in result.output


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("closure", "add", "flood"), InputError),
        (("closure", "add", "flood", "--point", "here"), InputError),
        (("closure", "add", "boredom", "--point", "113.2,36.3"), RecordError),
        (("closure", "list", "--state", "odd"), InputError),
    ],
)
def test_what_makes_no_sense_is_refused(
    demo_shared: str, arguments: tuple[str, ...], error: type[Exception]
) -> None:
    assert isinstance(run(demo_shared, *arguments).exception, error)


def test_a_flood_of_the_demonstration_is_put_on_the_roads_and_taken_off(demo_url: str) -> None:
    first = told(demo_url, "flood", "list")[0]
    assert (first["state"], first["is_in_force"]) == ("draft", False)
    (wet,) = told(demo_url, "flood", "set", str(first["id"]), "in_force")
    assert wet["is_in_force"]
    assert wet["arcs"] > 0
    assert first["code"] in run(demo_url, "flood", "list").output
    (dry,) = told(demo_url, "flood", "set", str(first["id"]), "ended")
    assert not dry["is_in_force"]
