"""`/zoning/floods`: scenarios, what they do, and their effect on the next question."""

from collections.abc import Callable
from typing import Any

import pytest
import shapely
from starlette.testclient import TestClient

from geoservice import db

Headers = Callable[..., dict[str, str]]
BIG = "DEMO-FS-100"


def _id(client: TestClient, headers: dict[str, str], code: str = BIG) -> int:
    found = client.get("/zoning/floods", headers=headers)
    assert found.status_code == 200, found.text
    (one,) = [it["id"] for it in found.json() if it["code"] == code]
    return int(one)


def _inside(url: str, table: str, amount: str = "NULL") -> dict[str, Any]:
    """Return codes and amounts of what a plain question finds inside the big scenario."""
    with db.connect(url) as conn:
        rows = conn.execute(
            f"SELECT t.code, {amount} FROM core.{table} t WHERE EXISTS (SELECT FROM core.flood_band"  # noqa: S608
            " b JOIN core.flood_scenario f ON f.id = b.flood_scenario_id WHERE f.code = %s AND"
            " ST_Intersects(b.geom, t.geom)) ORDER BY 1",
            (BIG,),
        ).fetchall()
    return dict(rows)


def test_scenarios_say_what_they_are_worth(client: TestClient, as_role: Headers) -> None:
    viewer = as_role("viewer")
    found = client.get(f"/zoning/floods/{_id(client, viewer)}", headers=viewer)
    assert found.status_code == 200
    one = found.json()
    assert (one["standing"], one["method"], one["state"]) == ("screening", "hand", "draft")
    assert one["words"] == {"zh": "特大洪水", "en": "extreme flood"}
    assert [it["grade"] for it in one["of_depth"]] == ["blue", "yellow", "orange", "red", "red"]
    assert one["area_ha"] == pytest.approx(sum(it["area_ha"] for it in one["of_depth"]), abs=0.03)
    assert any("筛查" in note["zh"] for note in one["notes"])
    assert found.headers["ETag"] == f'"{one["id"]}-{one["version"]}"'


def test_what_is_inside_is_what_a_plain_question_finds(
    client: TestClient, as_role: Headers, demo_shared: str
) -> None:
    viewer = as_role("viewer")
    answer = client.get(f"/zoning/floods/{_id(client, viewer)}/consequences", headers=viewer)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    layers = {it["layer"]: it for it in found["layers"]}
    people = _inside(demo_shared, "settlement", "t.population")
    assert {it["code"]: it["amount"] for it in layers["settlements"]["items"]} == people
    assert layers["settlements"]["amount"] == sum(people.values())
    assert found["shelters_left"]["people_in_water"] == sum(people.values())
    for table in ("shelter", "depot", "rescue_team", "fire_station"):
        codes = [it["code"] for it in layers[f"{table}s"]["items"]]
        assert codes == list(_inside(demo_shared, table))
    restricted = _inside(demo_shared, "hazard_source", "t.secrecy")
    seen = {it["code"] for it in layers["hazard_sources"]["items"]}
    assert seen == {code for code, secrecy in restricted.items() if secrecy != "restricted"}


def test_roads_are_closed_by_wading_depth_and_bridges_spared(
    client: TestClient, as_role: Headers
) -> None:
    viewer = as_role("viewer")
    found = client.get(f"/zoning/floods/{_id(client, viewer)}/consequences", headers=viewer).json()
    vehicles = {it["profile"]: it for it in found["vehicles"]}
    car, engine = vehicles["car"], vehicles["fire_engine"]
    assert car["closed_segments"] >= engine["closed_segments"] > 0
    total = {it["closed_segments"] + it["slowed_segments"] for it in vehicles.values()}
    assert len(total) == 1  # every vehicle meets the same water
    assert sum(it["segments"] for it in found["roads"]) == total.pop()
    assert {it["standing"] for it in found["bridges"]} == {"unknown"}
    assert any("桥面高程" in note["zh"] for note in found["notes"])


def test_drawn_water_has_consequences_and_is_not_stored(
    client: TestClient, as_role: Headers
) -> None:
    viewer = as_role("viewer")
    before = client.get("/zoning/floods", headers=viewer).json()
    area = shapely.geometry.mapping(shapely.box(113.20, 36.31, 113.25, 36.35))
    answer = client.post(
        "/zoning/floods/consequences", headers=viewer, json={"geometry": area, "depth_m": 0.4}
    )
    assert answer.status_code == 200, answer.text
    found = answer.json()
    vehicles = {it["profile"]: it for it in found["vehicles"]}
    assert (found["standing"], found["scenario"]) == ("drawn", None)
    assert vehicles["car"]["slowed_segments"] == 0 < vehicles["car"]["closed_segments"]
    assert vehicles["truck"]["closed_segments"] == 0 < vehicles["truck"]["slowed_segments"]
    assert any(it["layer"] == "settlements" for it in found["cut_off"])
    assert client.get("/zoning/floods", headers=viewer).json() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"depth_m": 1}, {"geometry": {"type": "Point", "coordinates": [113, 36]}, "depth_m": 1},
        {"geometry": {"type": "Polygon", "coordinates": []}, "depth_m": 0},
    ],
)  # fmt: skip
def test_drawn_water_that_is_none_is_refused(
    client: TestClient, as_role: Headers, wrong: dict[str, Any]
) -> None:
    answer = client.post("/zoning/floods/consequences", headers=as_role("viewer"), json=wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_who_may_not_is_refused_and_nothing_is_nowhere(
    client: TestClient, as_role: Headers
) -> None:
    viewer = as_role("viewer")
    scenario = _id(client, viewer)
    assert client.get("/zoning/floods").status_code == 401
    assert client.get("/zoning/floods/999999", headers=viewer).status_code == 404
    assert client.get("/zoning/floods/999999/consequences", headers=viewer).status_code == 404
    for step in ("enforce", "lift"):
        path = f"/zoning/floods/{scenario}/{step}"
        assert client.post(path, headers=viewer, json={}).status_code == 403


def test_water_in_force_is_in_the_next_answer_and_lifted_it_is_gone(
    service: TestClient, token: Headers
) -> None:
    hands = token("dispatcher")
    scenario = _id(service, hands)

    def met() -> set[str]:
        asked = "/dispatch/nearest?lon=113.2289&lat=36.3344&kind=depot"
        answer = service.get(asked, headers=hands)
        assert answer.status_code == 200, answer.text
        return {it["kind"] for it in answer.json()["closures_met"]}

    as_draft = service.get(f"/zoning/floods/{scenario}/consequences", headers=hands).json()
    assert "flood" not in met()
    path = f"/zoning/floods/{scenario}"
    first = {**hands, "If-Match": service.get(path, headers=hands).headers["ETag"]}
    assert service.post(f"{path}/enforce", headers=hands, json={}).status_code == 428
    put = service.post(f"{path}/enforce", headers=first, json={})
    assert put.status_code == 200, put.text
    assert put.json()["is_in_force"] is True
    assert "flood" in met()
    assert service.post(f"{path}/lift", headers=first).status_code == 412
    in_force = service.get(f"/zoning/floods/{scenario}/consequences", headers=hands).json()
    for part in ("vehicles", "roads", "bridges", "layers", "cut_off", "shelters_left"):
        assert in_force[part] == as_draft[part]  # in force or not, it does the same
    now = {**hands, "If-Match": put.headers["ETag"]}
    lifted = service.post(f"{path}/lift", headers=now)
    assert (lifted.status_code, lifted.json()["state"]) == (200, "ended")
    assert "flood" not in met()
