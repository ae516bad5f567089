"""`POST /dispatch/evacuations` in the demonstration district, and its command."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from geoservice.cli import app

Headers = Callable[..., dict[str, str]]
URL = "/dispatch/evacuations"
RING = [[113.15, 36.3], [113.3, 36.3], [113.3, 36.4], [113.15, 36.4], [113.15, 36.3]]
AREA = {"type": "Polygon", "coordinates": [RING]}


def body(**more: Any) -> dict[str, Any]:
    arrival_at = (datetime.now(UTC) + timedelta(hours=6)).isoformat()
    return {"area": AREA, "arrival_at": arrival_at, "margin_min": 30, **more}


def test_everybody_in_danger_is_accounted_for(client: TestClient, as_role: Headers) -> None:
    answer = client.post(URL, json=body(), headers=as_role("dispatcher"))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["people"] > 0
    assert told["people"] == told["placed_in_time"] + told["placed_late"] + told["unplaced"]
    assert sum(it["people"] for it in told["left"]) == told["unplaced"]
    full = {it["code"]: it for it in told["shelters"]}
    for it in told["moves"]:
        assert full[it["shelter_code"]]["reason"] is None
        assert it["route"]["type"] == "LineString"
    assert all(it["people"] <= (it["capacity"] or 0) for it in told["shelters"])
    assert told == client.post(
        URL, json=body(arrival_at=told["arrival_at"]), headers=as_role("dispatcher")
    ).json() | {"at": told["at"]}


@pytest.mark.parametrize(
    ("wrong", "status", "where"),
    [
        ({"area": {"type": "Point", "coordinates": [113, 36]}}, 422, "area"),
        ({"area": None}, 422, "area"),
        ({"arrival_at": "2026-11-25"}, 422, "body.arrival_at"),
        ({"area": None, "flood": "nowhere"}, 404, "flood"),
        ({"profile": "hgv"}, 400, "profile"),
        ({"speed": 3}, 422, "body.speed"),
    ],
)
def test_wrong_dangers_are_refused(
    client: TestClient, as_role: Headers, wrong: dict[str, Any], status: int, where: str
) -> None:
    answer = client.post(URL, json=body(**wrong), headers=as_role("dispatcher"))
    assert answer.status_code == status, answer.text
    assert answer.json()["detail_zh"]
    if status == 422:
        assert where.removeprefix("body.") in json.dumps(answer.json()["errors"])


def test_only_dispatchers_may_ask(client: TestClient, as_role: Headers) -> None:
    assert client.post(URL, json=body()).status_code == 401
    assert client.post(URL, json=body(), headers=as_role("viewer")).status_code == 403


def test_the_answer_is_described(client: TestClient) -> None:
    operation = client.get("/openapi.json").json()["paths"][URL]["post"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["$ref"].endswith("/EvacuationAnswer")


def test_the_command_line_says_the_same(demo_shared: str, tmp_path: Path) -> None:
    given = tmp_path / "area.geojson"
    given.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": AREA}))
    environment = {"GEOSERVICE_DATABASE_URL": demo_shared, "COLUMNS": "160"}
    run = CliRunner(env=environment)
    asked = ["dispatch", "evacuate", "--arrival", body()["arrival_at"], "--area", str(given)]
    table = run.invoke(app, asked, catch_exceptions=False)
    assert "按时安置 · in time" in table.output
    assert "leave by = arrival - driving - 30 min" in table.output
    told = json.loads(run.invoke(app, [*asked, "--json"], catch_exceptions=False).output)
    assert told["people"] == told["placed_in_time"] + told["placed_late"] + told["unplaced"]
    given.write_text("{}")
    refused = run.invoke(app, asked)
    assert "one GeoJSON Polygon or MultiPolygon is needed" in str(refused.exception)
