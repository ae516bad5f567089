"""Roads closed and opened again through the service; floods in force; what if."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.app import create_app
from geoservice.settings import Settings

Say = Callable[..., Any]
FLOOD = """
WITH scenario AS (
  INSERT INTO core.flood_scenario (code, name, source_doc, method, height_datum)
  VALUES ('F-test', '试验洪水', 'test', 'imported', '1985') RETURNING id
), band AS (
  INSERT INTO core.flood_band (code, name, source_doc, flood_scenario_id, depth_min_m, depth_max_m,
                               area_m2, geom)
  SELECT 'B-test', '水', 'test', scenario.id, 0.2, 0.4, 1,
         ST_Multi(ST_Expand(ST_Point(%s, %s, 4490), 0.0015)) FROM scenario)
SELECT id FROM scenario"""


@pytest.fixture
def asked(settings: Settings, demo_url: str) -> Iterator[tuple[TestClient, Say]]:
    """A service on a demonstration district of its own, and how a dispatcher asks it."""
    with db.connect(demo_url) as conn:
        token = create_token(conn, roles=["dispatcher"], name="tests")
        conn.commit()
    app = create_app(settings, demo_url)
    with TestClient(app, raise_server_exceptions=False) as client:

        def say(method: str, path: str, body: object = None, **headers: str) -> Any:
            sent = {"Authorization": f"Bearer {token}", **headers}
            return client.request(method, path, json=body, headers=sent)

        yield client, say


def depot(say: Say) -> tuple[str, dict[str, float]]:
    """A depot and a place some way off, with the way between them open."""
    for lon, lat in ((113.2289, 36.3344), (113.24, 36.33), (113.2, 36.35), (113.26, 36.36)):
        path = f"/dispatch/nearest?lon={lon}&lat={lat}&kind=depot&k=5"
        far = [it for it in say("GET", path).json()["found"] if it["distance_m"] > 1500]
        if far:
            return far[0]["code"], {"lon": lon, "lat": lat}
    raise AssertionError("the demonstration has no depot a kilometre and a half away")


def middle(say: Say, code: str, at: dict[str, float]) -> tuple[list[float], float]:
    found = nearest(say, at)[code]
    line = found["route"]["coordinates"]
    return line[len(line) // 2], found["drive_s"]


def nearest(say: Say, at: dict[str, float], more: str = "") -> dict[str, Any]:
    answer = say("GET", f"/dispatch/nearest?lon={at['lon']}&lat={at['lat']}&kind=depot&k=50{more}")
    assert answer.status_code == 200, answer.text
    return {it["code"]: it for it in answer.json()["found"]}


def area(lon: float, lat: float, half: float = 0.0015) -> dict[str, Any]:
    west, south, east, north = lon - half, lat - half, lon + half, lat + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_closure_is_in_force_for_the_next_question_until_it_is_reopened(
    asked: tuple[TestClient, Say],
) -> None:
    _, say = asked
    code, at = depot(say)
    point, free_s = middle(say, code, at)
    drawn = {"geometry": area(*point), "cause": "accident", "includes_structures": True}
    closed = say("POST", "/dispatch/closures", drawn)
    assert closed.status_code == 201, closed.text
    told = closed.json()
    assert told["arcs"] > 0
    assert told["is_in_force"]
    assert told["name"] == "事故封闭"
    assert closed.headers["Location"] == f"/dispatch/closures/{told['id']}"
    after = nearest(say, at).get(code)
    assert after is None or after["drive_s"] > free_s
    listed = say("GET", "/dispatch/closures").json()
    assert told["code"] in {it["code"] for it in listed}
    path = f"/dispatch/closures/{told['id']}/reopen"
    assert say("POST", path).status_code == 428
    assert say("POST", path, **{"If-Match": f'"{told["id"]}-99"'}).status_code == 412
    opened = say("POST", path, **{"If-Match": closed.headers["ETag"]})
    assert (opened.status_code, opened.json()["is_in_force"]) == (200, False)
    assert nearest(say, at)[code]["drive_s"] == pytest.approx(free_s, abs=0.01)
    # The past is as it was.
    then = opened.json()["starts_at"].replace("+", "%2B")
    was = nearest(say, at, f"&at={then}").get(code)
    assert was is None or was["drive_s"] > free_s
    assert say("POST", path, **{"If-Match": opened.headers["ETag"]}).status_code == 409


def test_a_closure_to_come_is_met_then_and_withdrawn_before(asked: tuple[TestClient, Say]) -> None:
    _, say = asked
    code, at = depot(say)
    point, free_s = middle(say, code, at)
    starts = datetime.now(UTC) + timedelta(days=2)
    ends = starts + timedelta(hours=3)
    drawn = {"geometry": area(*point), "cause": "works", "starts_at": starts.isoformat(),
             "ends_at": ends.isoformat(), "includes_structures": True}  # fmt: skip
    closed = say("POST", "/dispatch/closures", drawn)
    assert closed.status_code == 201, closed.text
    assert nearest(say, at)[code]["drive_s"] == pytest.approx(free_s, abs=0.01)
    then = (starts + timedelta(hours=1)).isoformat().replace("+", "%2B")
    met = nearest(say, at, f"&at={then}").get(code)
    assert met is None or met["drive_s"] > free_s
    path = f"/dispatch/closures/{closed.json()['id']}"
    shorter = say("PATCH", path, {"name": "改期"}, **{"If-Match": closed.headers["ETag"]})
    assert shorter.json()["name"] == "改期"
    gone = say("POST", f"{path}/reopen", **{"If-Match": "*"})
    assert gone.status_code == 204
    assert say("GET", path).status_code == 404


def test_water_stops_a_car_and_slows_a_truck(asked: tuple[TestClient, Say]) -> None:
    _, say = asked
    code, at = depot(say)
    point, _ = middle(say, code, at)
    dry = {name: nearest(say, at, f"&profile={name}")[code] for name in ("car", "truck")}
    drawn = {"geometry": area(*point), "cause": "flood", "depth_m": 0.35,
             "includes_structures": True}  # fmt: skip
    assert say("POST", "/dispatch/closures", drawn).status_code == 201
    answer = say("GET", f"/dispatch/nearest?lon={at['lon']}&lat={at['lat']}&kind=depot")
    assert [it["effect"] for it in answer.json()["closures_met"] if it["name"] == "积水封闭"] == [
        "closed"
    ]
    wet = nearest(say, at, "&profile=truck")[code]
    assert wet["drive_s"] > dry["truck"]["drive_s"]
    answer = say(
        "GET", f"/dispatch/nearest?lon={at['lon']}&lat={at['lat']}&kind=depot&profile=truck"
    )
    assert "slowed" in {it["effect"] for it in answer.json()["closures_met"]}


def test_a_flood_is_on_the_roads_while_its_state_says_so(
    asked: tuple[TestClient, Say], demo_url: str
) -> None:
    _, say = asked
    code, at = depot(say)
    point, free_s = middle(say, code, at)
    with db.connect(demo_url) as conn:
        row = conn.execute(FLOOD, point).fetchone()
        assert row is not None
        conn.commit()
    path = f"/dispatch/floods/{row[0]}"
    before = say("GET", path)
    assert (before.json()["state"], before.json()["arcs"]) == ("draft", 0)
    assert nearest(say, at)[code]["drive_s"] == pytest.approx(free_s, abs=0.01)
    forced = say("PATCH", path, {"state": "in_force"}, **{"If-Match": before.headers["ETag"]})
    assert forced.status_code == 200, forced.text
    assert forced.json()["arcs"] > 0
    wet = nearest(say, at).get(code)
    assert wet is None or wet["drive_s"] > free_s
    ended = {"state": "ended"}
    assert say("PATCH", path, ended, **{"If-Match": before.headers["ETag"]}).status_code == 412
    say("PATCH", path, ended, **{"If-Match": forced.headers["ETag"]})
    assert nearest(say, at)[code]["drive_s"] == pytest.approx(free_s, abs=0.01)
    assert any(it["id"] == row[0] for it in say("GET", "/dispatch/floods").json())


def test_what_if_changes_the_answer_and_stores_nothing(asked: tuple[TestClient, Say]) -> None:
    _, say = asked
    code, at = depot(say)
    point, free_s = middle(say, code, at)
    supposed = {"geometry": area(*point), "includes_structures": True, "name": "假如"}
    body = {**at, "kind": "depot", "k": 50, "what_if": [supposed]}
    answer = say("POST", "/dispatch/nearest", body)
    assert answer.status_code == 200, answer.text
    told = {it["code"]: it for it in answer.json()["found"]}.get(code)
    assert told is None or told["drive_s"] > free_s
    assert "假如" in {it["name"] for it in answer.json()["closures_met"]}
    assert nearest(say, at)[code]["drive_s"] == pytest.approx(free_s, abs=0.01)
    crossed = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}
    wrong = say("POST", "/dispatch/nearest", {**body, "what_if": [{"geometry": crossed}]})
    assert wrong.status_code in {400, 422}


@pytest.mark.parametrize(
    "wrong",
    [
        {"cause": "boredom"}, {"vehicle_classes": ["hovercraft"]}, {"factor": 1.0},
        {"factor": 0.5, "depth_m": 0.2},
        {"ends_at": "2020-01-01T00:00:00Z", "starts_at": "2021-01-01T00:00:00Z"},
        {"geometry": {"type": "Point", "coordinates": ["a", 1]}}, {"surprise": 1},
    ],
)  # fmt: skip
def test_a_closure_that_makes_no_sense_is_refused(
    asked: tuple[TestClient, Say], wrong: dict[str, Any]
) -> None:
    _, say = asked
    body = {"geometry": {"type": "Point", "coordinates": [113.23, 36.33]}, "cause": "flood"}
    answer = say("POST", "/dispatch/closures", {**body, **wrong})
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_closing_roads_is_for_dispatchers(
    client: TestClient, as_role: Callable[..., dict[str, str]]
) -> None:
    for path in ("/dispatch/closures", "/dispatch/floods"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers=as_role("viewer")).status_code == 403
    body = {"geometry": {"type": "Point", "coordinates": [113.23, 36.33]}, "cause": "flood"}
    refused = client.post("/dispatch/closures", json=body, headers=as_role("keeper"))
    assert refused.status_code == 403
