"""`/dispatch/incidents`: put down, read, amended, closed; who answers for what; drills."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient

Headers = Callable[..., dict[str, str]]
FLOOD = {"name": "辛安泉镇内涝", "kind": "flood", "level": 2, "lon": 113.23, "lat": 36.33,
         "reporter": "演示值班员", "phone": "00000",
         "needs": [{"item_code": "2050101", "quantity": 3, "unit": "台"},
                   {"skill": "排涝", "number": 1, "type_no": 2}]}  # fmt: skip


@pytest.fixture
def headers(token: Headers) -> dict[str, str]:
    return token("dispatcher")


def put_down(service: TestClient, headers: dict[str, str], **changes: Any) -> dict[str, Any]:
    answer = service.post("/dispatch/incidents", json=FLOOD | changes, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_incident_names_the_post_that_must_confirm(
    service: TestClient, headers: dict[str, str]
) -> None:
    made = put_down(service, headers)
    assert made["command_post"]["code"] == "SHQ03"  # and not the forward post below it
    assert (made["state"], made["is_drill"], made["is_demo"]) == ("open", False, True)
    assert made["town_code"].startswith("140406")
    assert [it["no"] for it in made["needs"]] == [1, 2]
    assert made["needs"][0] | {"item_code": "2050101", "quantity": 3} == made["needs"][0]
    there = service.get(f"/dispatch/incidents/{made['id']}", headers=headers)
    assert there.json() == made
    assert there.headers["etag"] == f'"{made["id"]}-1"'


def test_the_headquarters_answers_for_what_no_special_post_names(
    service: TestClient, headers: dict[str, str], demo_url: str
) -> None:
    with psycopg.connect(demo_url) as conn:
        conn.execute("UPDATE core.command_post SET hazard_types = '{}' WHERE code = 'SHQ10'")
    assert put_down(service, headers, kind="school")["command_post"]["code"] == "HQ"


def test_another_kind_is_another_post_and_needs_are_said_anew(
    service: TestClient, headers: dict[str, str], token: Headers
) -> None:
    made = put_down(service, headers)
    url = f"/dispatch/incidents/{made['id']}"
    body = {"kind": "coal_mine", "needs": [{"skill": "矿山救护", "number": 2}]}
    assert service.patch(url, json=body, headers=headers).status_code == 428
    tag = headers | {"If-Match": f'"{made["id"]}-1"'}
    changed = service.patch(url, json=body, headers=tag)
    assert changed.status_code == 200, changed.text
    assert changed.json()["command_post"]["code"] == "SHQ07"
    assert [(it["skill"], it["number"]) for it in changed.json()["needs"]] == [("矿山救护", 2)]
    again = service.patch(url, json=body, headers=tag)
    assert again.status_code == 412
    assert again.json()["current"]["kind"] == "coal_mine"
    events = service.get("/audit/events?table_name=incident", headers=token("auditor")).json()
    told = [it["change"]["needs"] for it in events if "needs" in (it["change"] or {})]
    assert told[0][0][0]["item_code"] == "2050101"
    emptied = service.patch(url, json={"needs": []}, headers=headers | {"If-Match": "*"})
    assert (emptied.json()["needs"], emptied.json()["version"]) == ([], 3)


def test_a_closed_incident_stays_as_it_is(service: TestClient, headers: dict[str, str]) -> None:
    made = put_down(service, headers)
    url = f"/dispatch/incidents/{made['id']}"
    closed = service.post(f"{url}/close", headers=headers)
    assert closed.status_code == 200
    assert closed.json()["state"] == "closed"
    assert closed.json()["closed_by"].endswith("dispatcher")
    assert service.post(f"{url}/close", headers=headers).status_code == 409
    body = {"level": 1}
    refused = service.patch(url, json=body, headers=headers | {"If-Match": "*"})
    assert refused.status_code == 409
    listed = service.get("/dispatch/incidents", headers=headers).json()
    assert made["id"] not in [it["id"] for it in listed]
    listed = service.get("/dispatch/incidents?state=closed", headers=headers).json()
    assert made["id"] in [it["id"] for it in listed]


def test_the_layer_shows_drills_apart_and_no_phone_to_viewers(
    service: TestClient, headers: dict[str, str], token: Headers
) -> None:
    put_down(service, headers)
    put_down(service, headers, is_drill=True, level=1)
    url = "/ogc/collections/incidents/items?f=json"
    seen = [it["properties"] for it in service.get(url, headers=headers).json()["features"]]
    assert sorted(it["look"] for it in seen) == ["2", "drill"]
    assert {it["name"][:4] for it in seen} == {"【演练】", "辛安泉镇"}
    assert seen[0]["phone"] == "00000"
    by_viewer = service.get(url, headers=token("viewer")).json()["features"]
    assert "phone" not in by_viewer[0]["properties"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"kind": "volcano"}, "kind"),
        ({"level": 5}, "level"),
        ({"needs": [{"item_code": "4", "quantity": 1}]}, "item_code"),
        ({"needs": [{"item_code": "2", "quantity": 0}]}, "quantity"),
        ({"needs": [{"item_code": "2"}]}, "needs.0"),
        ({"needs": [{"item_code": "2", "quantity": 1, "skill": "x", "number": 1}]}, "needs.0"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_named(
    service: TestClient, headers: dict[str, str], changes: dict[str, Any], where: str
) -> None:
    answer = service.post("/dispatch/incidents", json=FLOOD | changes, headers=headers)
    assert answer.status_code == 422, answer.text
    told = answer.json()["errors"][0]
    assert where in told["where"] or where in told["why"], answer.text


def test_a_place_far_away_is_refused(service: TestClient, headers: dict[str, str]) -> None:
    answer = service.post("/dispatch/incidents", json=FLOOD | {"lon": 2.0}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/outside-district")


def test_a_dispatcher_of_a_town_has_its_incidents(
    service: TestClient, headers: dict[str, str], token: Headers
) -> None:
    made = put_down(service, headers)
    url = f"/dispatch/incidents/{made['id']}"
    elsewhere = next(it for it in ("140406001", "140406104") if it != made["town_code"])
    assert service.get(url, headers=token("dispatcher", towns=[made["town_code"]])).is_success
    other = token("dispatcher", towns=[elsewhere])
    assert service.get(url, headers=other).status_code == 404
    assert service.post(f"{url}/close", headers=other).status_code == 404
    assert service.post("/dispatch/incidents", json=FLOOD, headers=other).status_code == 403
    assert service.get(url, headers=token("viewer")).status_code == 403


def test_the_report_is_a_page_or_a_table(
    service: TestClient, headers: dict[str, str], token: Headers
) -> None:
    made = put_down(service, headers, is_drill=True)
    url = f"/dispatch/incidents/{made['id']}/report"
    page = service.get(url, headers=headers)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert made["code"] in page.headers["content-disposition"]
    assert "演练，未动用真实物资和队伍" in page.text
    table = service.get(f"{url}?format=csv", headers=headers)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.text.startswith("\ufeffrow,order,part")
    assert service.get(f"{url}?format=pdf", headers=headers).status_code == 400
    assert service.get("/dispatch/incidents/999/report", headers=headers).status_code == 404
    assert service.get(url, headers=token("viewer")).status_code == 403
