"""`/registry/depots/{id}/stock`: lots, moves, who may move, and a request sent twice."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.app import create_app
from geoservice.settings import Settings

Headers = Callable[..., dict[str, str]]


@pytest.fixture
def api(settings: Settings, demo_url: str) -> Iterator[TestClient]:
    with TestClient(create_app(settings, demo_url), client=("127.0.0.1", 50000)) as client:
        yield client


@pytest.fixture
def token(demo_url: str) -> Headers:
    def headers(role: str, towns: list[str] | None = None, key: str = "") -> dict[str, str]:
        with db.connect(demo_url) as conn:
            made = create_token(conn, roles=[role], towns=towns, name="test")
        return {"Authorization": f"Bearer {made}"} | ({"Idempotency-Key": key} if key else {})

    return headers


@pytest.fixture
def depots(demo_url: str) -> list[tuple[int, str, str]]:
    with psycopg.connect(demo_url) as conn:
        return conn.execute(
            "SELECT id, code, town_code FROM core.depot WHERE town_code IS NOT NULL ORDER BY code"
        ).fetchall()


def lot_of(api: TestClient, depot_id: int, headers: dict[str, str]) -> dict[str, Any]:
    answer = api.get(f"/registry/depots/{depot_id}/stock", headers=headers)
    assert answer.status_code == 200, answer.text
    lots = answer.json()["lots"]
    return next(it for it in lots if it["available"] >= 10)


def test_the_lots_of_a_depot(
    api: TestClient, token: Headers, depots: list[tuple[int, str, str]]
) -> None:
    depot_id, code, _ = depots[0]
    answer = api.get(f"/registry/depots/{depot_id}/stock", headers=token("viewer")).json()
    assert answer["depot"]["code"] == code
    keys = {"code", "name", "item_code", "quantity", "reserved", "available", "unit", "batch",
            "expires_on", "min_reserve", "is_expired", "is_below_minimum"}  # fmt: skip
    assert keys <= answer["lots"][0].keys()
    order = [(it["item_code"], it["expires_on"] or "9", it["code"]) for it in answer["lots"]]
    assert order == sorted(order)
    only = api.get(f"/registry/depots/{depot_id}/stock?item=1", headers=token("viewer")).json()
    assert {it["item_code"][0] for it in only["lots"]} == {"1"}


def test_a_move_is_answered_with_what_is_left_and_listed(
    api: TestClient, token: Headers, depots: list[tuple[int, str, str]]
) -> None:
    depot_id = depots[0][0]
    path = f"/registry/depots/{depot_id}/stock"
    lot = lot_of(api, depot_id, token("viewer"))
    body = {"lot": lot["code"], "kind": "issue", "quantity": 4.5, "reason": "演练", "document": "7"}
    answer = api.post(path, json=body, headers=token("dispatcher", key="a"))
    assert answer.status_code == 201, answer.text
    (booked,) = answer.json()["moves"]
    assert booked["quantity_after"] == lot["quantity"] - 4.5
    listed = api.get(f"{path}/moves?lot={lot['code']}&limit=1", headers=token("viewer")).json()
    assert listed["moves"] == [booked]
    older = f"{path}/moves?lot={lot['code']}&before={listed['next']}"
    rest = api.get(older, headers=token("viewer")).json()
    assert [it["kind"] for it in rest["moves"]] == ["opening"]
    assert rest["next"] is None


def test_sent_again_it_is_done_once(
    api: TestClient, token: Headers, depots: list[tuple[int, str, str]]
) -> None:
    depot_id = depots[0][0]
    path = f"/registry/depots/{depot_id}/stock"
    lot = lot_of(api, depot_id, token("viewer"))
    body = {"lot": lot["code"], "kind": "issue", "quantity": 2, "reason": "演练"}
    headers = token("dispatcher", key="one")
    first, again = (api.post(path, json=body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    other = api.post(path, json=body | {"quantity": 3}, headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    missing = api.post(path, json=body, headers=token("dispatcher"))
    assert (missing.status_code, missing.json()["errors"][0]["where"]) == (400, "Idempotency-Key")
    after = api.get(path, headers=token("viewer")).json()["lots"]
    assert next(it for it in after if it["code"] == lot["code"])["quantity"] == lot["quantity"] - 2


def test_more_than_there_is_says_what_there_is_and_leaves_the_key_free(
    api: TestClient, token: Headers, depots: list[tuple[int, str, str]]
) -> None:
    depot_id = depots[0][0]
    path = f"/registry/depots/{depot_id}/stock"
    lot = lot_of(api, depot_id, token("viewer"))
    body = {"lot": lot["code"], "kind": "issue", "quantity": 10**6, "reason": "演练"}
    headers = token("dispatcher", key="k")
    answer = api.post(path, json=body, headers=headers)
    assert answer.status_code == 409
    assert f"holds {lot['quantity']:g}" in answer.json()["detail"]
    assert lot["unit"] in answer.json()["detail_zh"]
    assert api.post(path, json=body | {"quantity": 1}, headers=headers).status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "where"),
    [
        ({"quantity": 0}, 422, "quantity"),
        ({"quantity": -1}, 422, "quantity"),
        ({"quantity": "NaN"}, 422, "quantity"),
        ({"quantity": 1e10}, 422, "quantity"),
        ({"quantity": 0.0000001}, 422, "quantity"),
        ({"reason": ""}, 422, "reason"),
        ({"kind": "steal"}, 400, "kind"),
        ({"kind": "adjust"}, 400, "counted"),
        ({"lot": "nothing"}, 404, "lot"),
        ({"price": 1}, 422, "price"),
    ],
)
def test_a_wrong_move_is_named(
    api: TestClient, token: Headers, depots: list[tuple[int, str, str]],
    change: dict[str, object], status: int, where: str,
) -> None:  # fmt: skip
    depot_id = depots[0][0]
    lot = lot_of(api, depot_id, token("viewer"))
    body = {"lot": lot["code"], "kind": "issue", "quantity": 1, "reason": "演练", **change}
    headers = token("dispatcher", key="k")
    answer = api.post(f"/registry/depots/{depot_id}/stock", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["where"] == where
    assert answer.json()["detail_zh"]


def test_dispatchers_move_and_only_in_their_towns(
    api: TestClient, token: Headers, depots: list[tuple[int, str, str]]
) -> None:
    depot_id, _, town = depots[0]
    away = next(it for it in depots if it[2] != town)
    path = f"/registry/depots/{depot_id}/stock"
    lot = lot_of(api, depot_id, token("viewer"))
    body = {"lot": lot["code"], "kind": "issue", "quantity": 1, "reason": "演练"}
    assert api.post(path, json=body).status_code == 401
    assert api.post(path, json=body, headers=token("keeper", key="k")).status_code == 403
    elsewhere = token("dispatcher", towns=[away[2]], key="k")
    assert api.post(path, json=body, headers=elsewhere).status_code == 404
    assert api.get(path, headers=elsewhere).status_code == 404
    assert api.get(f"{path}/moves", headers=elsewhere).status_code == 404
    mine = token("dispatcher", towns=[town], key="k2")
    assert api.post(path, json=body, headers=mine).status_code == 201
    transfer = body | {"kind": "transfer", "to_depot": away[1]}
    assert (
        api.post(path, json=transfer, headers=mine | {"Idempotency-Key": "k3"}).status_code == 404
    )
    assert api.get("/registry/depots/999999/stock", headers=token("viewer")).status_code == 404


def test_a_keeper_who_amends_the_quantity_books_a_move(
    api: TestClient, token: Headers, depots: list[tuple[int, str, str]]
) -> None:
    lot = lot_of(api, depots[0][0], token("viewer"))
    path = f"/registry/stock_lots/{lot['id']}"
    etag = {"If-Match": api.get(path, headers=token("viewer")).headers["etag"]}
    answer = api.patch(path, json={"quantity": 3.5}, headers=token("keeper") | etag)
    assert (answer.status_code, answer.json()["quantity"]) == (200, 3.5), answer.text
    moves = f"/registry/depots/{depots[0][0]}/stock/moves?lot={lot['code']}&limit=1"
    (newest,) = api.get(moves, headers=token("viewer")).json()["moves"]
    assert (newest["kind"], newest["quantity_after"]) == ("adjust", 3.5)
    etag = {"If-Match": answer.headers["etag"]}
    refused = api.delete(path, headers=token("keeper") | etag)
    assert (refused.status_code, "3.5" in refused.json()["detail"]) == (409, True)
