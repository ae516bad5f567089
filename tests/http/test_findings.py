"""What the registers say together, by HTTP and by the command line; a grade that is not stored."""

import json
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from geoservice.cli import app

Headers = Callable[..., dict[str, str]]
PATHS = {
    "/registry/hidden_dangers/repeats": {"ruling", "repeats", "chains", "causes", "counted"},
    "/registry/dangerous_sections/proposals": {"ruling", "until", "without_stake", "proposals"},
}
LISTS = ("/registry/hazard_sources/unowned", "/registry/stale", "/registry/risk_points/grades")


@pytest.mark.parametrize("path", PATHS)
def test_findings_say_by_which_rule(client: TestClient, as_role: Headers, path: str) -> None:
    answer = client.get(path, headers=as_role("viewer"))
    assert answer.status_code == 200, answer.text
    assert PATHS[path] <= answer.json().keys()
    assert answer.json()["ruling"]["is_verified"] is False
    assert " · " in answer.json()["ruling"]["source_doc"]


@pytest.mark.parametrize("path", LISTS)
def test_lists(client: TestClient, as_role: Headers, path: str) -> None:
    answer = client.get(path, headers=as_role("viewer"))
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json(), list)


@pytest.mark.parametrize("path", [*PATHS, *LISTS])
def test_findings_are_for_viewers(client: TestClient, as_role: Headers, path: str) -> None:
    assert client.get(path).status_code == 401
    assert client.get(path, headers=as_role("admin")).status_code == 403
    assert client.get(f"{path}?x=1", headers=as_role("viewer")).status_code == 400


def test_proposals_of_the_demonstration_have_their_stretch(
    client: TestClient, as_role: Headers
) -> None:
    path = "/registry/dangerous_sections/proposals?window_m=2000&years=50&crashes=1"
    found = client.get(path, headers=as_role("viewer")).json()["proposals"]
    assert found
    assert {it["geometry"]["type"] for it in found if it["geometry"]} <= {"LineString"}
    assert all((it["geometry"] is None) == (it["no_geometry"] is not None) for it in found)
    assert any(it["geometry"] for it in found)
    bad = client.get("/registry/dangerous_sections/proposals?window_m=0", headers=as_role("viewer"))
    assert (bad.status_code, bad.json()["errors"][0]["where"]) == (400, "window_m")


def test_a_token_of_one_town_counts_its_own(client: TestClient, as_role: Headers) -> None:
    everything = client.get("/registry/stale", headers=as_role("viewer")).json()
    mine = client.get("/registry/stale", headers=as_role("viewer", towns=["140406101"])).json()
    count = {it["register"]: it["records"] for it in everything}
    assert all(it["records"] <= count[it["register"]] for it in mine)
    assert sum(it["records"] for it in mine) < sum(count.values())


@pytest.mark.parametrize(
    ("body", "score", "grade"),
    [
        ({"method": "LEC", "inputs": {"L": 3, "E": 6, "C": 15}}, 270, "orange"),
        ({"method": "RAM", "inputs": {"L": 5, "S": 4}}, 20, "red"),
    ],
)
def test_a_grade_without_storing_it(
    client: TestClient, as_role: Headers, body: dict[str, object], score: float, grade: str
) -> None:
    path = "/registry/risk_assessments/check"
    answer = client.post(path, json=body, headers=as_role("viewer"))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["score"], answer.json()["grade"]) == (score, grade)
    typed = client.post(path, json=body | {"grade": "blue"}, headers=as_role("viewer"))
    assert typed.status_code in {400, 422}
    assert grade in typed.json()["detail"]


@pytest.mark.parametrize("name", ["repeats", "proposals", "unowned", "stale", "grades"])
def test_commands_show_a_table_and_json(demo_shared: str, name: str) -> None:
    runner = CliRunner(env={"GEOSERVICE_DATABASE_URL": demo_shared, "COLUMNS": "160"})
    shown = runner.invoke(app, ["registry", name])
    assert shown.exit_code == 0, shown.output
    assert shown.output.strip()
    told = runner.invoke(app, ["registry", name, "--json"])
    assert isinstance(json.loads(told.output), dict | list)
