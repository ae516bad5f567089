"""`POST /dispatch/plans` in the demonstration district: planned, ordered as planned, refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

Headers = Callable[..., dict[str, str]]
PUMPS, SANDBAGS, KIT = "2999901", "3999901", "1999905"
PLACE = {"lon": 113.23, "lat": 36.33}
ITEMS = [
    {"item_code": PUMPS, "quantity": 3, "within_min": 240},
    {"item_code": SANDBAGS, "quantity": 200},
]
TEAMS = [{"skill": "排水抢险", "number": 1, "type_no": 2}]


@pytest.fixture
def plan(service: TestClient, token: Headers) -> Callable[..., dict[str, Any]]:
    headers = token("dispatcher")

    def post(*, status: int = 200, **body: Any) -> dict[str, Any]:
        answer = service.post("/dispatch/plans", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        wanted = "application/json" if status == 200 else "application/problem+json"
        assert answer.headers["content-type"].split(";")[0] == wanted
        found: dict[str, Any] = answer.json()
        return found

    return post


def test_a_plan_of_goods_and_teams_with_ways_and_reasons(
    plan: Callable[..., dict[str, Any]],
) -> None:
    answer = plan(**PLACE, items=ITEMS, teams=TEAMS)
    first = answer["alternatives"][0]
    assert first["names"][0] == "fewest_depots"
    assert first["is_proven"]
    assert sum(it["meets"] for it in first["lines"] if it["for_item_code"] == PUMPS) == 3
    assert sum(it["meets"] for it in first["lines"] if it["for_item_code"] == SANDBAGS) == 200
    assert first["shortages"] == []
    for line in first["lines"]:
        route = answer["routes"][line["route_no"]]
        assert (route["kind"], route["code"]) == ("depot", line["depot_code"])
        assert route["line"]["type"] == "LineString"
        assert line["earliest_at"] < line["eta_at"] < line["latest_at"]
        assert line["reasons"]
        assert all(it["zh"] and it["en"] for it in line["reasons"])
    (team,) = answer["teams"]
    assert team["for_skill"] == "排水抢险"
    assert answer["graph_version"] >= 1
    assert {it["effect"] for it in answer["closures_met"]} <= {"closed", "slowed"}
    assert answer["stock_age"]["lots"] > 0
    assert (first["order"], first["orders"]) == (None, [])


def test_a_plan_that_supposes_is_refused_as_an_order(
    plan: Callable[..., dict[str, Any]], service: TestClient, token: Headers
) -> None:
    headers = token("dispatcher")
    needs = [{"item_code": PUMPS, "quantity": 1}]
    incident = {"name": "推演内涝", "kind": "flood", "level": 3, "needs": needs, **PLACE}
    made = service.post("/dispatch/incidents", json=incident, headers=headers).json()
    around = {"type": "Point", "coordinates": [113.23, 36.33]}
    supposed = {"what_if": [{"geometry": around, "name": "桥断", "factor": 0.5}]}
    later = {"at": (datetime.now(UTC) + timedelta(hours=6)).isoformat()}
    for n, more in enumerate((supposed, later)):
        answer = plan(incident_id=made["id"], **more)
        assert answer["is_supposed"]
        order = answer["alternatives"][0]["order"]
        assert order["is_supposed"]
        refused = service.post(
            "/dispatch/orders", json=order | {"accept_road_changes": True},
            headers=headers | {"Idempotency-Key": f"supposed-{n}"},
        )  # fmt: skip
        assert refused.status_code == 409
        assert [it["what"] for it in refused.json()["changes"]] == ["plan"]
    assert plan(incident_id=made["id"])["alternatives"][0]["order"]["is_supposed"] is False


def test_a_kit_is_told_by_its_parts(plan: Callable[..., dict[str, Any]]) -> None:
    answer = plan(**PLACE, items=[{"item_code": KIT, "quantity": 10}])
    wants = {it["item_code"]: (it["quantity"], it["of_kit"]) for it in answer["wants"]}
    assert wants == {"1999901": (10, KIT), "1999902": (40, KIT), "1999903": (20, KIT)}


def test_an_incidents_plan_is_ordered_as_it_is_and_not_planned_again(
    plan: Callable[..., dict[str, Any]], service: TestClient, token: Headers
) -> None:
    headers = token("dispatcher")
    needs = [
        {"item_code": PUMPS, "quantity": 3}, {"item_code": SANDBAGS, "quantity": 200},
        {"skill": "排水抢险", "number": 1},
    ]  # fmt: skip
    incident = {"name": "演示内涝", "kind": "flood", "level": 2, "needs": needs, **PLACE}
    made = service.post("/dispatch/incidents", json=incident, headers=headers).json()
    answer = plan(incident_id=made["id"])
    order = answer["alternatives"][0]["order"]
    assert order["graph_version"] == answer["graph_version"]
    placed = service.post(
        "/dispatch/orders", json=order, headers=headers | {"Idempotency-Key": "plan-1"}
    )
    assert placed.status_code == 201, placed.text
    assert len(placed.json()["lines"]) == len(order["lines"])
    again = plan(incident_id=made["id"])
    assert [it["ordered"] for it in again["wants"]] == [3, 200]
    assert again["alternatives"][0]["order"] is None
    assert again["teams"] == []
    together = plan(all_open=True)
    assert [it["code"] for it in together["incidents"]] == [made["code"]]


def test_what_cannot_be_met_says_what_would_mend_it(plan: Callable[..., dict[str, Any]]) -> None:
    million = [{"item_code": PUMPS, "quantity": 10**6, "within_min": 600}]
    answer = plan(**PLACE, items=million, alternatives=["fewest_depots"])
    (only,) = answer["alternatives"]
    (short,) = only["shortages"]
    said = " ".join(it["en"] for it in short["fixes"])
    assert short["short"] < 10**6
    assert "a reserve of" in said
    assert "could make" in said
    assert all(it["reason"]["zh"] for it in answer["not_considered"])


def test_nothing_wanted_is_an_answer(plan: Callable[..., dict[str, Any]]) -> None:
    nothing = plan(**PLACE)
    assert nothing["alternatives"][0]["lines"] == []
    assert any("nothing is wanted" in it["en"] for it in nothing["notes"])
    zero = plan(**PLACE, items=[{"item_code": PUMPS, "quantity": 0}])
    assert zero["alternatives"][0]["shortages"] == []


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({}, 400, "incident_ids"),
    ({"lon": 113.2}, 400, "lat"),
    ({**PLACE, "items": [{"item_code": "9", "quantity": 1}]}, 422, "items.0.item_code"),
    ({**PLACE, "items": [{"item_code": "2", "quantity": -1}]}, 422, "items.0.quantity"),
    ({**PLACE, "items": [{"item_code": "2", "quantity": 1, "within_min": 5,
                          "deadline_at": "2026-11-26T08:00:00+08:00"}]}, 422, "items.0"),
    ({**PLACE, "alternatives": ["best"]}, 400, "alternatives"),
    ({**PLACE, "profile": "hovercraft"}, 400, "profile"),
    ({**PLACE, "more": 1}, 422, "more"),
    ({**PLACE, "at": "2026-11-26T08:00:00"}, 422, "at"),
    ({**PLACE, "what_if": [{"geometry": {"type": "Blob"}}]}, 400, "GeoJSON"),
    ({"lon": 113.23, "lat": 37.4}, 400, "lon"),
    ({"incident_id": 10**9}, 404, "incident_id"),
    ({"all_open": True}, 409, "all_open"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "where"), WRONG)
def test_refused_with_the_field(
    plan: Callable[..., dict[str, Any]], body: dict[str, Any], status: int, where: str
) -> None:
    problem = plan(status=status, **body)
    assert where in str(problem.get("errors", problem))
    assert problem["title"]


def test_only_dispatchers_plan(service: TestClient, token: Headers) -> None:
    for roles in (("viewer",), ("keeper",), ("planner",)):
        answer = service.post("/dispatch/plans", json=PLACE, headers=token(*roles))
        assert answer.status_code == 403
    assert service.post("/dispatch/plans", json=PLACE).status_code == 401


def test_a_dispatcher_of_some_towns_is_sent_what_lies_there(
    service: TestClient, token: Headers
) -> None:
    body = {**PLACE, "items": ITEMS}
    towns = ["140406001"]
    answer = service.post("/dispatch/plans", json=body, headers=token("dispatcher", towns=towns))
    assert answer.status_code == 200
    assert answer.json()["outside_scope"] > 0
