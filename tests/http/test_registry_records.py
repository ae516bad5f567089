"""One record by HTTP: added, amended, retired, through time; two editors; towns; every refusal."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

HERE = {"type": "Point", "coordinates": [113.23, 36.33]}
DEPOT = {
    "code": "D-900", "name": "新储备点", "owner": "政府", "tier": "town", "source_doc": "普查表",
    "town_code": "140406100", "geometry": HERE,
}  # fmt: skip
Headers = Callable[..., dict[str, str]]


def _add(service: TestClient, keeper: dict[str, str], **changed: Any) -> dict[str, Any]:
    answer = service.post("/registry/depots", json={**DEPOT, **changed}, headers=keeper)
    assert answer.status_code == 201, answer.text
    return {**answer.json(), "etag": answer.headers["etag"], "at": answer.headers["location"]}


def test_a_record_lives_from_added_to_retired(service: TestClient, token: Headers) -> None:
    keeper = token("keeper")
    made = _add(service, keeper)
    assert (made["owner"], made["version"], made["geometry"]) == ("government", 1, HERE)
    got = service.get(made["at"], headers=keeper)
    assert (got.status_code, got.headers["etag"]) == (200, made["etag"])
    change = {"name": "改名", "geometry": {"type": "Point", "coordinates": [113.24, 36.34]}}
    amended = service.patch(
        f"{made['at']}?reason=复核", json=change, headers={**keeper, "If-Match": made["etag"]}
    )
    assert (amended.status_code, amended.json()["name"]) == (200, "改名")
    assert amended.json()["tier"] == "town"
    gone = service.delete(made["at"], headers={**keeper, "If-Match": amended.headers["etag"]})
    assert gone.status_code == 204
    assert service.get(made["at"], headers=keeper).json()["is_retired"]
    told = service.get(f"{made['at']}/history", headers=keeper).json()
    assert [it["action"] for it in told] == ["retired", "amended", "added"]
    assert told[1]["changes"]["name"] == ["新储备点", "改名"]
    assert told[1]["changes"]["geom"][0] == HERE
    assert "name" in told[2]["changes"]
    late = {**keeper, "If-Match": amended.headers["etag"]}
    assert service.patch(made["at"], json={"name": "x"}, headers=late).status_code == 404


def test_a_register_is_read_as_it_was(service: TestClient, token: Headers) -> None:
    keeper = token("keeper")
    made = _add(service, keeper)
    changed = service.patch(
        made["at"], json={"name": "改名"}, headers={**keeper, "If-Match": made["etag"]}
    ).json()
    # The instant of the change itself shows the change, a moment before it what was before.
    before = datetime.fromisoformat(changed["updated_at"]) - timedelta(microseconds=1)
    then = {"as_of": before.isoformat(), "after": made["id"] - 1, "limit": 1}
    seen = service.get("/registry/depots", params=then, headers=keeper).json()
    assert [it["name"] for it in seen["records"]] == ["新储备点"]
    assert seen["next_after"] is None
    now = service.get("/registry/depots", params={"limit": 5}, headers=keeper).json()
    assert (len(now["records"]), now["next_after"]) == (5, now["records"][-1]["id"])
    early = {"as_of": "2020-01-01T00:00:00Z"}
    assert service.get("/registry/depots", params=early, headers=keeper).json()["records"] == []
    naive = {"as_of": "2020-01-01T00:00:00"}
    assert service.get("/registry/depots", params=naive, headers=keeper).status_code == 400
    away = token("keeper", towns=["140406101"])
    seen = service.get("/registry/depots", params=then, headers=away).json()
    assert seen["records"] == []
    assert service.get("/registry/depots").status_code == 401


def test_the_second_of_two_editors_is_told_what_changed(
    service: TestClient, token: Headers
) -> None:
    keeper = token("keeper")
    made = _add(service, keeper)
    first = service.patch(
        made["at"], json={"name": "甲"}, headers={**keeper, "If-Match": made["etag"]}
    )
    second = service.patch(
        made["at"], json={"name": "乙"}, headers={**keeper, "If-Match": made["etag"]}
    )
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["current"]["name"] == "甲"
    assert second.json()["current"]["etag"] == first.headers["etag"]
    assert service.patch(made["at"], json={"name": "丙"}, headers=keeper).status_code == 428


def test_everything_that_is_wrong_is_told_at_once(service: TestClient, token: Headers) -> None:
    crossed = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    body = {"code": "D-901", "name": "", "owner": "私人", "load_min": -1, "colour": "红",
            "source_doc": "x", "geometry": crossed}  # fmt: skip
    answer = service.post("/registry/depots", json=body, headers=token("keeper"))
    assert answer.status_code == 422
    wrong = {it["where"]: it["why_zh"] for it in answer.json()["errors"]}
    assert wrong.keys() == {"name", "owner", "load_min", "colour", "geometry", "tier"}
    assert "政府（government）" in wrong["owner"]
    assert "缺少" in wrong["tier"]


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"geometry": {"type": "Point", "coordinates": [36.33, 113.23]}}, 422, "swapped"),
        ({"geometry": {"type": "Point", "coordinates": [100.0, 30.0]}}, 400, "envelope"),
        ({"geometry": {"type": "Point", "coordinates": [None, 30.0]}}, 422, "GeoJSON"),
        ({"geometry": "POINT(1 2)"}, 422, "GeoJSON"),
        ({"geometry": None}, 422, "place"),
        ({"name": {"a": 1}}, 422, "nested"),
        ({"surveyed_on": "2026-13-01"}, 422, "date"),
    ],
)
def test_bad_input_is_refused_with_the_reason(
    service: TestClient, token: Headers, change: dict[str, Any], status: int, word: str
) -> None:
    answer = service.post("/registry/depots", json={**DEPOT, **change}, headers=token("keeper"))
    assert (answer.status_code, word in answer.text) == (status, True), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_taken_code_conflicts(service: TestClient, token: Headers) -> None:
    keeper = token("keeper")
    _add(service, keeper)
    assert service.post("/registry/depots", json=DEPOT, headers=keeper).status_code == 409


def test_a_keeper_writes_in_her_towns_only(service: TestClient, token: Headers) -> None:
    made = _add(service, token("keeper"), town_code="140406100")
    other = {**token("keeper", towns=["140406101"]), "If-Match": made["etag"]}
    assert service.patch(made["at"], json={"name": "x"}, headers=other).status_code == 404
    assert service.get(made["at"], headers=other).status_code == 404
    elsewhere = service.post("/registry/depots", json={**DEPOT, "code": "D-2"}, headers=other)
    assert elsewhere.status_code == 403
    near = {**token("keeper", towns=["140406100"]), "If-Match": made["etag"]}
    moved = service.patch(made["at"], json={"town_code": "140406101"}, headers=near)
    assert moved.status_code == 403


@pytest.mark.parametrize("role", ["viewer", "planner", "publisher", "admin", "auditor"])
def test_other_roles_do_not_write(service: TestClient, token: Headers, role: str) -> None:
    assert service.post("/registry/depots", json=DEPOT, headers=token(role)).status_code == 403
    assert service.post("/registry/depots", json=DEPOT).status_code == 401


def test_a_dispatcher_closes_roads_but_keeps_no_depots(service: TestClient, token: Headers) -> None:
    dispatcher = token("dispatcher")
    assert service.post("/registry/depots", json=DEPOT, headers=dispatcher).status_code == 403
    closure = {"code": "C-9", "name": "塌方", "cause": "landslide", "starts_at": "2026-11-24T08:00",
               "source_doc": "电话", "geometry": HERE}  # fmt: skip
    made = service.post("/registry/road_closures", json=closure, headers=dispatcher)
    assert made.status_code == 201
    assert made.json()["starts_at"] == "2026-11-24T00:00:00+00:00"


def test_telephones_stay_with_dispatchers(service: TestClient, token: Headers) -> None:
    made = _add(service, token("keeper"), phone="13800000000")
    assert "phone" not in made
    seen = service.get(made["at"], headers=token("dispatcher")).json()
    assert seen["phone"] == "13800000000"
    told = service.get(f"{made['at']}/history", headers=token("viewer")).text
    assert "13800000000" not in told


def test_the_registers_are_described_with_what_one_may_edit(
    service: TestClient, token: Headers
) -> None:
    listed = {it["name"]: it for it in service.get("/registry", headers=token("keeper")).json()}
    tier = next(f for f in listed["depots"]["fields"] if f["name"] == "tier")
    assert tier["codes"]["town"] == {"zh": "乡镇级", "en": "Town"}
    assert listed["depots"]["may_edit"]
    seen = service.get("/registry", headers=token("viewer")).json()
    assert not any(it["may_edit"] for it in seen)


def test_a_closure_ends_after_it_begins(service: TestClient, token: Headers) -> None:
    dispatcher = token("dispatcher") | {"If-Match": "*"}
    (closure,) = service.get("/registry/road_closures?limit=1", headers=dispatcher).json()[
        "records"
    ]
    at = f"/registry/road_closures/{closure['id']}"
    answer = service.patch(at, json={"ends_at": "0001-01-01T00:00:00Z"}, headers=dispatcher)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "ends_at")


def test_what_zones_hang_on_is_not_moved_away_from_them(
    service: TestClient, token: Headers
) -> None:
    """A seam has zones of its mine: it cannot become another mine's."""
    keeper = token("keeper", "planner") | {"If-Match": "*"}
    mines = service.get("/registry/mines", headers=keeper).json()["records"]
    (seam,) = service.get("/registry/mine_seams?limit=1", headers=keeper).json()["records"]
    other = next(mine["code"] for mine in mines if mine["code"] != seam["mine_code"])
    at = f"/registry/mine_seams/{seam['id']}"
    answer = service.patch(at, json={"mine_code": other}, headers=keeper)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")


def test_an_unknown_register_or_record_is_not_found(service: TestClient, token: Headers) -> None:
    keeper = token("keeper")
    assert service.post("/registry/castles", json=DEPOT, headers=keeper).status_code == 404
    assert service.get("/registry/depots/999999", headers=keeper).status_code == 404
    assert service.get("/registry/depots/0", headers=keeper).status_code == 400
