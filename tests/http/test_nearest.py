"""`GET /dispatch/nearest` in the demonstration district."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.app import create_app
from geoservice.settings import Settings

Headers = Callable[..., dict[str, str]]
URL = "/dispatch/nearest"
KINDS = ["depot", "rescue_team", "fire_station", "town_station", "shelter"]


@pytest.fixture(scope="module")
def point(demo_shared: str) -> dict[str, float]:
    """A depot of the demonstration district: its own nearest."""
    with psycopg.connect(demo_shared) as conn:
        row = conn.execute(
            "SELECT ST_X(geom), ST_Y(geom) FROM core.depot WHERE valid_to IS NULL ORDER BY code"
        ).fetchone()
    assert row is not None
    return {"lon": row[0], "lat": row[1]}


@pytest.fixture
def ask(
    client: TestClient, as_role: Headers, point: dict[str, float]
) -> Callable[..., dict[str, Any]]:
    headers = as_role("dispatcher")

    def get(*, status: int = 200, **query: object) -> dict[str, Any]:
        params: dict[str, Any] = {**point, "kind": "depot", **query}
        given = {name: value for name, value in params.items() if value is not None}
        answer = client.get(URL, params=given, headers=headers)
        assert answer.status_code == status, answer.text
        wanted = "application/json" if status == 200 else "application/problem+json"
        assert answer.headers["content-type"].split(";")[0] == wanted
        body: dict[str, Any] = answer.json()
        return body

    return get


@pytest.mark.parametrize("kind", KINDS)
def test_ranked_answer_with_routes_and_reasons(
    ask: Callable[..., dict[str, Any]], kind: str, point: dict[str, float]
) -> None:
    answer = ask(kind=kind, k=3)
    assert answer["at"] == point
    found = answer["found"]
    assert [f["rank"] for f in found] == [1, 2, 3][: len(found)]
    assert len(found) + answer["farther"] + len(answer["unreachable"]) >= 3
    ranks = [f["eta_s"] + 60 * f["is_stale"] for f in found]
    assert ranks == sorted(ranks)
    for each in found:
        assert each["eta_low_s"] <= each["eta_s"] <= each["eta_high_s"]
        assert each["eta_s"] == pytest.approx(60 * each["prepare_min"] + each["drive_s"], abs=1.01)
        assert each["kind"] == kind
        assert each["route"]["type"] == "LineString"
        assert len(each["route"]["coordinates"]) >= 2
        assert each["reasons"][0]["zh"].startswith("行车")
        assert "min by road" in each["reasons"][0]["en"]
    assert {"distance_m", "road"} <= answer["snap"].keys()
    assert answer["graph_version"] >= 1
    assert all({"id", "name"} <= closure.keys() for closure in answer["closures_met"])


def test_everybody_of_the_kind_is_accounted_for(
    ask: Callable[..., dict[str, Any]], demo_shared: str
) -> None:
    answer = ask(k=2)
    with psycopg.connect(demo_shared) as conn:
        row = conn.execute("SELECT count(*) FROM core.depot WHERE valid_to IS NULL").fetchone()
    listed = len(answer["found"]) + len(answer["unreachable"]) + answer["farther"]
    assert row == (listed,)
    assert answer["outside_scope"] == 0


def test_minutes_asked_move_the_rest_to_unreachable(ask: Callable[..., dict[str, Any]]) -> None:
    everybody = ask(k=50)
    within = ask(k=50, within_min=5)
    assert all(f["drive_s"] <= 300 for f in within["found"])
    listed = [len(a["found"]) + len(a["unreachable"]) for a in (everybody, within)]
    assert listed[0] == listed[1]
    reasons = {u["reason"]["en"] for u in within["unreachable"]}
    assert "more than 5 min by road" in reasons


def test_towns_of_the_token_bound_what_is_seen(
    ask: Callable[..., dict[str, Any]],
    client: TestClient,
    as_role: Headers,
    point: dict[str, float],
    demo_shared: str,
) -> None:
    with psycopg.connect(demo_shared) as conn:
        mine = conn.execute(
            "SELECT town_code, array_agg(code) FROM core.depot WHERE town_code IS NOT NULL"
            " GROUP BY town_code ORDER BY town_code"
        ).fetchone()
    assert mine is not None
    headers = as_role("dispatcher", towns=[mine[0]])
    answer = client.get(URL, params={**point, "kind": "depot", "k": 50}, headers=headers).json()
    codes = {one["code"] for one in answer["found"] + answer["unreachable"]}
    assert set(mine[1]) <= codes
    assert len(codes) + answer["outside_scope"] == sum(
        len(ask(k=50)[part]) for part in ("found", "unreachable")
    )


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"lon": None}, "lon"),
        ({"lon": "inf"}, "lon"),
        ({"lat": 91}, "lat"),
        ({"kind": "helicopter"}, "kind"),
        ({"kind": None}, "kind"),
        ({"profile": "hgv"}, "profile"),
        ({"k": 51}, "k"),
        ({"k": 0}, "k"),
        ({"within_min": "nan"}, "within_min"),
        ({"within_min": -1}, "within_min"),
        ({"speed": 3}, "speed"),
        ({"item": "20"}, "item"),
        ({"item": "2", "kind": "shelter"}, "item"),
        ({"skill": "排涝"}, "skill"),
        ({"type_no": 5}, "type_no"),
        ({"at": "2026-11-25"}, "at"),
        ({"incident": 1}, "lon"),
    ],
)
def test_wrong_parameter_is_named(
    ask: Callable[..., dict[str, Any]], query: dict[str, object], where: str
) -> None:
    problem = ask(status=400, **query)
    assert [error["where"] for error in problem["errors"]] == [where]
    assert problem["detail_zh"]


def test_an_incident_stands_for_its_place(
    ask: Callable[..., dict[str, Any]],
    client: TestClient,
    as_role: Headers,
    point: dict[str, float],
) -> None:
    said = {"name": "内涝", "kind": "flood", "level": 3, **point}
    incident = client.post("/dispatch/incidents", json=said, headers=as_role("dispatcher")).json()
    answer = ask(lon=None, lat=None, incident=incident["id"], kind="shelter")
    assert answer["at"] == {"lon": incident["lon"], "lat": incident["lat"]}
    assert all(f["capacity"] is not None for f in answer["found"])
    ask(status=404, lon=None, lat=None, incident=10**9)


def test_depots_with_a_material_tell_how_much(ask: Callable[..., dict[str, Any]]) -> None:
    answer = ask(item="2", k=50)
    assert answer["found"]
    assert all(it["quantity"] > 0 for f in answer["found"] for it in f["holds"])
    assert all(f["holds"] for f in answer["found"])


def test_point_outside_the_district_is_refused(ask: Callable[..., dict[str, Any]]) -> None:
    assert "outside the district" in ask(status=400, lon=0.5, lat=0.5)["detail"]


def test_only_dispatchers_may_ask(
    client: TestClient, as_role: Headers, point: dict[str, float]
) -> None:
    params = {**point, "kind": "depot"}
    assert client.get(URL, params=params).status_code == 401
    assert client.get(URL, params=params, headers=as_role("viewer")).status_code == 403


def test_without_a_district_the_answer_says_what_to_load(
    settings: Settings, clone_url: str
) -> None:
    with db.connect(clone_url) as conn:
        token = create_token(conn, roles=["dispatcher"], towns=None, name="test")
    with TestClient(create_app(settings, clone_url), client=("127.0.0.1", 50000)) as empty:
        answer = empty.get(
            URL,
            params={"lon": 113.2, "lat": 36.3, "kind": "depot"},
            headers={"Authorization": f"Bearer {token}"},
        )
    assert answer.status_code == 409
    assert "load boundary" in answer.json()["detail"]


def test_the_answer_is_described(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    operation = document["paths"][URL]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["$ref"].endswith("/NearestAnswer")
    assert {p["name"] for p in operation["parameters"]} == {
        "lon", "lat", "kind", "k", "profile", "within_min",
        "incident", "item", "skill", "type_no", "at",
    }  # fmt: skip
