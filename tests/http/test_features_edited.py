"""OGC API - Features Part 4: a feature is created, replaced, updated and deleted; and refused."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

ITEMS = "/ogc/collections/dangerous_sections/items"
BEND = {"type": "LineString", "coordinates": [[113.2, 36.3], [113.21, 36.31]]}
FEATURE: dict[str, Any] = {
    "type": "Feature",
    "geometry": BEND,
    "properties": {"code": "S-900", "name": "急弯", "grade": "orange", "source_doc": "巡查"},
}
Token = Callable[..., dict[str, str]]


def _changed(**properties: Any) -> dict[str, Any]:
    return {**FEATURE, "properties": {**FEATURE["properties"], **properties}}


def test_a_feature_is_created_replaced_updated_and_deleted(
    service: TestClient, token: Token
) -> None:
    keeper = token("keeper")
    made = service.post(ITEMS, json=FEATURE, headers=keeper)
    assert made.status_code == 201, made.text
    where = made.headers["location"]
    got = service.get(where, headers=keeper).json()
    assert got["properties"]["grade"] == "orange"
    assert got["geometry"]["type"] == "MultiLineString"

    first = {**keeper, "If-Match": made.headers["etag"]}
    # A client sends back what it read, what is computed and not its own included.
    renamed = {**got, "properties": got["properties"] | {"name": "新名", "code": "S-901"}}
    put = service.put(where, json=renamed, headers=first)
    assert put.status_code == 204, put.text
    assert service.get(where, headers=keeper).json()["properties"]["code"] == "S-901"

    patched = service.patch(
        where, json={"type": "Feature", "properties": {"grade": "red"}},
        headers={**keeper, "If-Match": put.headers["etag"]},
    )  # fmt: skip
    assert patched.status_code == 204, patched.text
    seen = service.get(where, headers=keeper).json()["properties"]
    assert (seen["grade"], seen["name"]) == ("red", "新名")

    assert service.delete(where, headers=first).status_code == 412
    assert service.delete(where, headers={**keeper, "If-Match": "*"}).status_code == 204
    assert service.get(where, headers=keeper).status_code == 404
    assert service.delete(where, headers={**keeper, "If-Match": "*"}).status_code == 404


def test_replacing_empties_what_is_left_out_and_keeps_what_is_not_shown(
    service: TestClient, token: Token
) -> None:
    keeper, items = token("keeper"), "/ogc/collections/depots/items"
    depot: dict[str, Any] = {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [113.2, 36.3]},
        "properties": {"code": "D-900", "name": "库", "owner": "government", "tier": "town",
                       "source_doc": "x", "address": "某路", "phone": "13800000000"},
    }  # fmt: skip
    made = service.post(items, json=depot, headers=keeper)
    where = made.headers["location"]
    del depot["properties"]["address"], depot["properties"]["phone"]
    service.put(where, json=depot, headers={**keeper, "If-Match": made.headers["etag"]})
    seen = service.get(where, headers=token("dispatcher")).json()["properties"]
    assert (seen["address"], seen["phone"]) == (None, "13800000000")


@pytest.mark.parametrize(
    "body",
    [
        _changed(grade="紫"),
        _changed(colour="红"),
        {**FEATURE, "geometry": {"type": "Point", "coordinates": [113.2, 36.3]}},
        {**FEATURE, "geometry": {"type": "LineString", "coordinates": [[113.2, 36.3]]}},
        {"type": "FeatureCollection", "features": []},
        {**FEATURE, "properties": [1]},
        [1, 2],
    ],
)
def test_bad_features_are_refused(service: TestClient, token: Token, body: Any) -> None:
    answer = service.post(ITEMS, json=body, headers=token("keeper"))
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail_zh"]


def test_who_may_not_write_is_told_so(service: TestClient, token: Token) -> None:
    assert service.post(ITEMS, json=FEATURE).status_code == 401
    for role in ("viewer", "dispatcher", "planner", "publisher"):
        assert service.post(ITEMS, json=FEATURE, headers=token(role)).status_code == 403
    keeper = token("keeper")
    zones = "/ogc/collections/mine_water_zones/items"
    assert service.post(zones, json=FEATURE, headers=keeper).status_code == 404
    assert service.put(f"{ITEMS}/1", json=FEATURE, headers=keeper).status_code == 428


def test_a_taken_code_is_refused_when_replacing(service: TestClient, token: Token) -> None:
    keeper = token("keeper")
    service.post(ITEMS, json=FEATURE, headers=keeper)
    made = service.post(ITEMS, json=_changed(code="S-902"), headers=keeper)
    put = service.put(
        made.headers["location"], json=FEATURE,
        headers={**keeper, "If-Match": made.headers["etag"]},
    )  # fmt: skip
    assert (put.status_code, put.json()["errors"][0]["where"]) == (409, "code")


def test_the_methods_are_those_of_the_caller(service: TestClient, token: Token) -> None:
    assert service.options(ITEMS).headers["allow"] == "GET, HEAD, OPTIONS"
    allowed = service.options(f"{ITEMS}/1", headers=token("keeper")).headers["allow"]
    assert allowed == "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"
