"""`/dispatch/orders`: placed once, refused with what has changed, followed, and who may."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from geoservice.commits import commit
from geoservice.db import Connection, connect
from geoservice.errors import OutcomeUnknownError

Headers = Callable[..., dict[str, str]]
SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "order_scene.py"))
ROUTE = {"type": "LineString", "coordinates": [[113.11, 36.3], [113.2, 36.31], [113.21, 36.31]]}


@pytest.fixture
def headers(token: Headers) -> dict[str, str]:
    return token("dispatcher")


@pytest.fixture
def ids(demo_url: str) -> dict[str, int]:
    """An incident, a lot that has ten to give, and a team that is ready."""
    with connect(demo_url) as conn:
        lot = conn.execute(
            "SELECT id FROM core.stock_lot WHERE quantity - reserved >= 10"
            " AND coalesce(expires_on > now(), true) ORDER BY id LIMIT 1"
        ).fetchone()
        team = conn.execute(
            "SELECT min(id) FROM core.rescue_team WHERE status = 'ready'"
        ).fetchone()
        said = {"lon": 113.23, "lat": 36.33, "town_code": None}
        return {"incident": SCENE["incident"](conn, **said), "lot": lot[0], "team": team[0]}


def body(ids: dict[str, int], **changes: Any) -> dict[str, Any]:
    line = {"lot_id": ids["lot"], "quantity": 3, "for_item_code": "2", "drive_s": 600.5,
            "eta_at": "2026-11-26T08:00:00+08:00", "distance_m": 9000, "route": ROUTE,
            "reason": "最近的储备点"}  # fmt: skip
    return {"incident_id": ids["incident"], "lines": [line],
            "teams": [{"team_id": ids["team"], "drive_s": 300}], **changes}  # fmt: skip


def test_an_order_is_placed_once(
    service: TestClient, headers: dict[str, str], ids: dict[str, int]
) -> None:
    keyed = headers | {"Idempotency-Key": "a"}
    made = service.post("/dispatch/orders", json=body(ids), headers=keyed)
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/dispatch/orders/{made.json()['id']}"
    again = service.post("/dispatch/orders", json=body(ids), headers=keyed)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json() == made.json()
    other = service.post("/dispatch/orders", json=body(ids, note="x"), headers=keyed)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    none = service.post("/dispatch/orders", json=body(ids), headers=headers)
    assert (none.status_code, none.json()["errors"][0]["where"]) == (400, "Idempotency-Key")
    listed = service.get("/dispatch/orders", headers=headers).json()
    assert [it["id"] for it in listed] == [made.json()["id"]]


def test_a_refusal_says_what_has_changed_in_both_languages(
    service: TestClient, headers: dict[str, str], ids: dict[str, int]
) -> None:
    first = service.post(
        "/dispatch/orders", json=body(ids), headers=headers | {"Idempotency-Key": "a"}
    )
    much = body(ids) | {"graph_version": 0, "closure_ids": []}
    much["lines"][0]["quantity"] = 10**6
    answer = service.post("/dispatch/orders", json=much, headers=headers | {"Idempotency-Key": "b"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
    changes = answer.json()["changes"]
    assert [it["what"] for it in changes][-2:] == ["team", "lot"]
    assert {"roads", "closure"} <= {it["what"] for it in changes}
    assert first.json()["code"] in changes[-2]["why"]
    assert "可用" in changes[-1]["why_zh"]
    # What was refused left nothing behind: the key is free for a better plan.
    better = body(ids, teams=[])
    assert (
        service.post(
            "/dispatch/orders", json=better, headers=headers | {"Idempotency-Key": "b"}
        ).status_code
        == 201
    )


def test_an_order_is_followed_to_its_end(
    service: TestClient, headers: dict[str, str], ids: dict[str, int], token: Headers
) -> None:
    made = service.post(
        "/dispatch/orders", json=body(ids), headers=headers | {"Idempotency-Key": "a"}
    )
    url = f"/dispatch/orders/{made.json()['id']}"

    def step(path: str, said: dict[str, Any] | None = None, **more: str) -> Any:
        return service.post(f"{url}/{path}", json=said or {}, headers=headers | more)

    assert step("lines/1/depart").status_code == 409
    assert step("confirm", {"confirmed_for": "王主任"}).json()["confirmed_for"] == "王主任"
    for path in ("lines/1/depart", "teams/1/depart", "lines/1/arrive", "teams/1/arrive"):
        assert step(path).status_code == 200, path
    seen = service.get("/ogc/collections/dispatch_orders/items?f=json", headers=token("viewer"))
    looks = {it["properties"]["look"]: it for it in seen.json()["features"]}
    assert looks.keys() == {"issued", "on_scene"}
    assert looks["issued"]["geometry"]["coordinates"] == ROUTE["coordinates"]
    assert (
        looks["issued"]["properties"]["is_straight"],
        looks["on_scene"]["properties"]["is_straight"],
    ) == (False, True)
    assert step("lines/1/return", {"returned": 1}).status_code == 400
    part = {"Idempotency-Key": "part"}
    assert step("lines/1/return", {"returned": 1}, **part).json()["lines"][0]["returned"] == 1
    again = step("lines/1/return", {"returned": 1}, **part)
    assert (again.headers["idempotent-replayed"], again.json()["lines"][0]["returned"]) == (
        "true",
        1,
    )
    assert (
        step(
            "lines/1/return", {"used": "1.5", "lost": 0.5}, **{"Idempotency-Key": "rest"}
        ).status_code
        == 200
    )
    assert step("teams/1/recall").status_code == 200
    done = step("teams/1/return").json()
    assert (done["state"], done["is_open"]) == ("done", False)
    read = service.get(url, headers=headers).json()
    assert read["events"][-1]["action"] == "finish"
    assert service.get("/dispatch/orders", headers=headers).json() == []
    assert len(service.get("/dispatch/orders?state=closed", headers=headers).json()) == 1
    assert step("cancel").status_code == 409
    assert service.get(url, headers=token("viewer")).status_code == 403


@pytest.mark.parametrize(
    ("changes", "status", "where"),
    [
        ({"lines": [], "teams": []}, 422, "body"),
        ({"lines": [{"lot_id": 1, "quantity": 0}]}, 422, "lines.0.quantity"),
        ({"lines": [{"lot_id": 1, "quantity": 1, "route": {"type": "Point"}}]}, 422, "lines.0"),
        ({"incident_id": 999999}, 404, "incident_id"),
        ({"graph": 1}, 422, "graph"),
    ],
)
def test_what_is_wrong_is_named(
    service: TestClient,
    headers: dict[str, str],
    ids: dict[str, int],
    changes: dict[str, Any],
    status: int,
    where: str,
) -> None:
    keyed = headers | {"Idempotency-Key": "a"}
    answer = service.post("/dispatch/orders", json=body(ids, **changes), headers=keyed)
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["where"].startswith(where)


def test_a_commit_that_is_lost_has_an_unknown_outcome(demo_url: str) -> None:
    conn: Connection = connect(demo_url)
    conn.execute("CREATE TEMPORARY TABLE x (a int)")
    with psycopg.connect(demo_url) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [conn.info.backend_pid])
    with pytest.raises(OutcomeUnknownError, match="same Idempotency-Key"):
        commit(conn)
    conn.close()


def test_a_commit_that_hangs_is_cut(demo_url: str) -> None:
    conn: Connection = connect(demo_url)
    conn.execute("SET statement_timeout = 0")
    conn.execute("CREATE TEMPORARY TABLE x (a int)")
    conn.execute(
        "CREATE FUNCTION pg_temp.wait() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN PERFORM pg_sleep(20); RETURN NULL; END'"
    )
    conn.execute(
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON x DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION pg_temp.wait()"
    )
    conn.execute("INSERT INTO x VALUES (1)")
    with pytest.raises(OutcomeUnknownError):
        commit(conn, within_s=0.3)
    conn.close()


def test_no_answer_in_the_commit_is_503_and_says_try_again(
    service: TestClient, headers: dict[str, str], ids: dict[str, int], demo_url: str
) -> None:
    with psycopg.connect(demo_url) as conn:
        conn.execute(
            "CREATE FUNCTION core.die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
        )
        conn.execute(
            "CREATE CONSTRAINT TRIGGER dying AFTER INSERT ON core.dispatch_order DEFERRABLE"
            " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core.die()"
        )
    keyed = headers | {"Idempotency-Key": "a"}
    lost = service.post("/dispatch/orders", json=body(ids), headers=keyed)
    assert (lost.status_code, lost.json()["type"]) == (503, "/problems/outcome-unknown")
    assert lost.headers["retry-after"]
    with psycopg.connect(demo_url) as conn:
        conn.execute("DROP TRIGGER dying ON core.dispatch_order")
    assert service.post("/dispatch/orders", json=body(ids), headers=keyed).status_code == 201
