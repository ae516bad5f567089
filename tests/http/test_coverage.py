"""`/dispatch/isochrones` and `/dispatch/coverage` in the demonstration district."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape
from starlette.testclient import TestClient
from typer.testing import CliRunner

from geoservice.cli import app

Headers = Callable[..., dict[str, str]]
AREAS, PEOPLE = "/dispatch/isochrones", "/dispatch/coverage"


def test_areas_grow_with_the_minutes_and_so_do_the_people(
    client: TestClient, as_role: Headers
) -> None:
    answer = client.get(AREAS, params={"minutes": "5,15"}, headers=as_role("dispatcher"))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["type"] == "FeatureCollection"
    assert [it["properties"]["minutes"] for it in told["features"]] == [5, 15]
    five, fifteen = (shape(it["geometry"]) for it in told["features"])
    assert 0 < five.area < fifteen.area
    people = [it["people"] for it in told["coverage"]["covered"]]
    assert 0 < people[0] <= people[1] <= told["coverage"]["people"]
    assert "phone" not in answer.text


def test_one_more_station_never_covers_fewer(client: TestClient, as_role: Headers) -> None:
    said = {"minutes": [10], "what_if": {"lon": 113.23, "lat": 36.33}, "kind": "fire_station"}
    told = client.post(AREAS, json=said, headers=as_role("dispatcher")).json()
    (covered,) = told["coverage"]["covered"]
    assert covered["people_with_what_if"] >= covered["people"]
    assert [it["properties"]["with_what_if"] for it in told["features"]] == [False, True]


def test_coverage_alone_is_the_same(client: TestClient, as_role: Headers) -> None:
    headers, params = as_role("dispatcher"), {"minutes": "5,15", "kind": "depot"}
    alone = client.get(PEOPLE, params=params, headers=headers).json()
    assert alone == client.get(AREAS, params=params, headers=headers).json()["coverage"]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"kind": "helicopter"}, "kind"), ({"minutes": "soon"}, "minutes"),
        ({"minutes": "0"}, "minutes"), ({"what_if": "113"}, "what_if"), ({"speed": 3}, "speed"),
        ({"profile": "hgv"}, "profile"), ({"at": "soon"}, "at"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("url", [AREAS, PEOPLE])
def test_wrong_parameter_is_named(
    client: TestClient, as_role: Headers, url: str, query: dict[str, Any], where: str
) -> None:
    answer = client.get(url, params=query, headers=as_role("dispatcher"))
    assert answer.status_code == 400, answer.text
    assert [it["where"] for it in answer.json()["errors"]] == [where]


def test_wrong_body_is_refused(client: TestClient, as_role: Headers) -> None:
    answer = client.post(AREAS, json={"minutes": []}, headers=as_role("dispatcher"))
    assert answer.status_code == 422


def test_only_dispatchers_may_ask(client: TestClient, as_role: Headers) -> None:
    for ask, url in ((client.get, AREAS), (client.get, PEOPLE), (client.post, AREAS)):
        assert ask(url).status_code == 401
        assert ask(url, headers=as_role("viewer")).status_code == 403


def test_the_answers_are_described(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for url, name in ((AREAS, "Isochrones"), (PEOPLE, "CoverageAnswer")):
        schema = paths[url]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema["$ref"].endswith(f"/{name}")


def test_the_command_line_says_it_in_a_table(demo_shared: str, tmp_path: Path) -> None:
    run = CliRunner(env={"GEOSERVICE_DATABASE_URL": demo_shared, "COLUMNS": "160"})
    out = tmp_path / "areas.geojson"
    asked = ["dispatch", "coverage", "--minutes", "5,10", "--what-if", "113.23,36.33"]
    table = run.invoke(app, [*asked, "--out", str(out)], catch_exceptions=False)
    assert "合计 · all" in table.output
    assert "盲区 · beyond 10 min" in table.output
    assert len(json.loads(out.read_text())["features"]) == 4
    told = json.loads(run.invoke(app, [*asked, "--json"], catch_exceptions=False).output)
    assert told["minutes"] == [5, 10]
