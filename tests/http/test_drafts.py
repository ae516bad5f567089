"""Drafts by HTTP: unfinished, told what is wrong, applied; conflicts; whose they are."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.app import create_app
from geoservice.settings import Settings

HERE = {"type": "Point", "coordinates": [113.23, 36.33]}
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def service(settings: Settings, demo_url: str) -> Iterator[TestClient]:
    app = create_app(replace(settings, public_url="http://testserver"), demo_url)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def token(demo_url: str) -> Headers:
    def headers(*roles: str, towns: list[str] | None = None, name: str = "") -> dict[str, str]:
        with db.connect(demo_url) as conn:
            made = create_token(conn, roles=list(roles), towns=towns, name=name or "+".join(roles))
        return {"Authorization": f"Bearer {made}"}

    return headers


def wheres(answer: Any) -> list[str]:
    return [it["where"] for it in answer.json()["problems"]]


@pytest.mark.parametrize(
    "values",
    [{"name": "a\0b"}, {"na\0me": 1}, {"list": [[{"deep": ["\ud800"]}]]}, {"a": {"\udc00": {}}},
     {"list": [[float("inf")]]}],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused_however_deep(
    service: TestClient, token: Headers, values: dict[str, Any]
) -> None:
    """Found by property-based testing: a NUL inside a list was an internal error."""
    body = json.dumps({"register": "depots", "values": values})
    sent = token("planner") | {"Content-Type": "application/json"}
    answer = service.post("/registry/drafts", content=body, headers=sent)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "values")


def test_a_reason_that_cannot_be_stored_is_refused(service: TestClient, token: Headers) -> None:
    planner = token("planner")
    draft = {"register": "depots", "values": {}}
    at = service.post("/registry/drafts", json=draft, headers=planner).headers["location"]
    answer = service.delete(f"{at}?reason=a%00b", headers=planner)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (400, "reason")


def test_a_draft_grows_until_it_is_a_record(service: TestClient, token: Headers) -> None:
    keeper, planner = token("keeper"), token("planner")
    draft = {"register": "depots", "values": {"name": "草稿库", "tier": "天级"}, "reason": "普查"}
    made = service.post("/registry/drafts", json=draft, headers=planner)
    assert made.status_code == 201, made.text
    at = made.headers["location"]
    assert sorted(wheres(made)) == ["code", "geometry", "owner", "source_doc", "tier"]
    more = {"code": "DR-1", "owner": "政府", "tier": "town", "source_doc": "表"}
    changed = service.patch(at, json={"values": more}, headers=planner)
    assert wheres(changed) == ["geometry"]
    assert service.post(f"{at}/apply", headers=planner).status_code == 403
    early = service.post(f"{at}/apply", headers=keeper)
    assert (early.status_code, early.json()["type"]) == (422, "/problems/invalid-record")
    placed = service.patch(
        at, json={"geometry": HERE, "state": "checked"}, headers=keeper | {"If-Match": '"0-0"'}
    )
    assert placed.status_code == 412
    placed = service.patch(
        at, json={"geometry": HERE, "state": "checked"},
        headers=keeper | {"If-Match": changed.headers["etag"]},
    )  # fmt: skip
    assert (wheres(placed), placed.json()["state"]) == ([], "checked")
    for _ in range(2):  # a repeated post answers the same
        done = service.post(f"{at}/apply", headers=keeper)
        assert (done.status_code, done.json()["state"]) == (200, "merged"), done.text
    record = service.get(f"/registry/depots/{done.json()['record_id']}", headers=keeper).json()
    assert (record["name"], record["version"], record["geometry"]) == ("草稿库", 1, HERE)
    assert service.patch(at, json={"values": {}}, headers=keeper).status_code == 409
    assert service.delete(at, headers=keeper).status_code == 409


def test_a_change_of_what_was_changed_since_is_a_conflict(
    service: TestClient, token: Headers
) -> None:
    keeper = token("keeper")
    body = {
        "code": "DR-2", "name": "库", "owner": "政府", "tier": "town", "source_doc": "表",
        "geometry": HERE,
    }  # fmt: skip
    record = service.post("/registry/depots", json=body, headers=keeper)
    place, etag = record.headers["location"], record.headers["etag"]
    draft = {
        "register": "depots", "record_id": record.json()["id"], "base_version": 1,
        "values": {"address": "镇东"},
    }  # fmt: skip
    made = service.post("/registry/drafts", json=draft, headers=keeper)
    assert wheres(made) == []
    service.patch(place, json={"name": "他改"}, headers=keeper | {"If-Match": etag})
    at = made.headers["location"]
    refused = service.post(f"{at}/apply", headers=keeper)
    assert refused.status_code == 409
    assert "keeper since version 1: name. Compare" in refused.json()["detail"]
    assert wheres(service.get(at, headers=keeper)) == ["base_version"]
    assert wheres(service.patch(at, json={"base_version": 2}, headers=keeper)) == []
    done = service.post(f"{at}/apply", headers=keeper)
    assert done.status_code == 200, done.text
    found = service.get(place, headers=keeper).json()
    assert (found["name"], found["address"], found["geometry"]) == ("他改", "镇东", HERE)
    taken = {"register": "depots", "values": body | {"geometry": None}, "geometry": HERE}
    assert "code" in wheres(service.post("/registry/drafts", json=taken, headers=keeper))


def test_drafts_are_seen_by_their_author_and_their_town(
    service: TestClient, token: Headers
) -> None:
    mine = token("keeper", towns=["140406100"], name="mine")
    near = token("keeper", towns=["140406100"], name="near")
    far = token("keeper", towns=["140406101"], name="far")
    draft = {"register": "depots", "values": {"town_code": "140406100"}}
    at = service.post("/registry/drafts", json=draft, headers=mine).headers["location"]
    for headers, status in (
        (mine, 200),
        (near, 200),
        (far, 404),
        (token("viewer"), 403),
        ({}, 401),
    ):
        assert service.get(at, headers=headers).status_code == status
    assert len(service.get("/registry/drafts?state=draft", headers=near).json()) == 1
    assert service.get("/registry/drafts", headers=far).json() == []
    assert service.delete(f"{at}?reason=重复", headers=near).status_code == 204
    kept = service.get(at, headers=mine).json()
    assert (kept["state"], kept["reason"], kept["problems"]) == ("rejected", "重复", [])
    assert service.post(f"{at}/apply", headers=near).status_code == 409
    wrong = {"register": "volcanoes"}
    assert service.post("/registry/drafts", json=wrong, headers=mine).status_code == 404


def test_drafts_are_counted_by_state_as_far_as_they_may_be_seen(
    service: TestClient, token: Headers
) -> None:
    keeper = token("keeper")
    here = token("keeper", towns=["140406100"], name="here")
    for values in ({"name": "甲"}, {"name": "乙", "town_code": "140406100"}, {"name": "丙"}):
        body = {"register": "depots", "values": values}
        last = service.post("/registry/drafts", json=body, headers=keeper).json()
    service.delete(f"/registry/drafts/{last['id']}?reason=x", headers=keeper)
    counted = service.get("/registry/drafts/counts", headers=keeper).json()
    assert counted == {"draft": 2, "checked": 0, "merged": 0, "rejected": 1}
    of_town = service.get("/registry/drafts/counts", headers=here).json()
    assert of_town == {"draft": 1, "checked": 0, "merged": 0, "rejected": 0}
    assert service.get("/registry/drafts/counts", headers=token("viewer")).status_code == 403
