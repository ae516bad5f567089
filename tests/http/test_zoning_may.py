"""May this be done here: each activity in each zone, at points and in shapes; the worst decides."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from geoservice import db
from tests.data.zoned_strips import Strips, add_mine, derived, enforce, keep

Headers = dict[str, str]


class Scene:
    """The strip mine with its zones in force, asked by a viewer."""

    def __init__(self, service: TestClient, token: Callable[..., Headers], url: str) -> None:
        self.service, self.viewer, self.url = service, token("viewer"), url
        with db.connect(url) as conn:
            self.strips, self.mine, self.seam = add_mine(conn)
            self.version = keep(conn, self.seam, derived(self.strips), "planner")
            enforce(conn, self.version)

    def at(self, activity: str, x: float, y: float = 50, **more: str) -> dict[str, Any]:
        asked = {"activity": activity, **self.strips.at(x, y), **more}
        answer = self.service.get("/zoning/may", params=asked, headers=self.viewer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def within(self, activity: str, geometry: Any, **more: str) -> dict[str, Any]:
        asked = {"activity": activity, "geometry": geometry, **more}
        answer = self.service.post("/zoning/may", json=asked, headers=self.viewer)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def scene(service: TestClient, token: Callable[..., Headers], demo_url: str) -> Scene:
    return Scene(service, token, demo_url)


def test_every_activity_in_every_zone(scene: Scene) -> None:
    allowed = {
        (activity, zone): scene.at(activity, x)["may"]
        for activity in ("stoping", "heading", "exploration")
        for x, zone in ((50, "workable"), (150, "slow_mining"), (250, "no_mining"))
    }
    assert {key for key, may in allowed.items() if may} == {
        ("stoping", "workable"), ("heading", "workable"), ("exploration", "workable"),
        ("exploration", "slow_mining"),
    }  # fmt: skip


def test_an_answer_says_why_and_by_what(scene: Scene) -> None:
    told = scene.at("heading", 150, seam="3")
    assert (told["may"], told["verdict"]) == (False, "forbidden")
    assert told["text"] == {
        "zh": "不得掘进：涉及缓采区", "en": "heading is not allowed: it meets slow mining",
    }  # fmt: skip
    (part,) = told["parts"]
    assert (part["mine"], part["seam"], part["zone"]) == ("条带煤矿", "3", "slow_mining")
    (reason,) = part["reasons"]
    assert reason["reason"] == {"zh": "T=0.08，未治理", "en": "T = 0.08, not treated"}
    (version,) = told["versions"]
    assert (version["id"], version["ruleset"]["code"]) == (scene.version, "NMSA-2022-85")
    assert "inrush_intact" in version["unverified"]


def test_on_an_edge_the_worse_zone_decides(scene: Scene) -> None:
    told = scene.at("stoping", 100)
    assert (told["may"], {it["zone"] for it in told["parts"]} & {"slow_mining"}) == (
        False, {"slow_mining"},
    )  # fmt: skip


def test_outside_every_mine_nothing_is_allowed(scene: Scene) -> None:
    told = scene.at("exploration", 4000)
    assert (told["may"], told["verdict"], told["versions"]) == (False, "outside", [])
    assert "不在任何已登记矿井" in told["text"]["zh"]


def test_without_a_version_in_force_nothing_is_allowed(scene: Scene) -> None:
    with db.connect(scene.url) as conn:
        conn.execute(
            "UPDATE core.zone_version SET state = 'revoked' WHERE id = %s", [scene.version]
        )
    told = scene.at("exploration", 50)
    assert (told["may"], told["verdict"]) == (False, "no_version")
    assert "没有施行中的三区划分" in told["text"]["zh"]


def test_a_seam_is_asked_by_code_or_name_and_unknown_ones_are_told(scene: Scene) -> None:
    assert scene.at("stoping", 50, seam="STRIP-SEAM")["may"]
    with db.connect(scene.url) as conn:
        conn.execute(
            "INSERT INTO core.mine_seam (code, name, source_doc, mine_id, seam)"
            " VALUES ('STRIP-15', '15 号煤层', 'test', %s, '15')",
            [scene.mine],
        )
    told = scene.at("stoping", 50)  # every seam: the one without zones decides
    assert (told["may"], [it["verdict"] for it in told["parts"]]) == (
        False, ["no_version", "allowed"],
    )  # fmt: skip
    assert scene.at("stoping", 50, seam="3")["may"]
    asked = {"activity": "stoping", **scene.strips.at(50, 50), "seam": "99"}
    answer = scene.service.get("/zoning/may", params=asked, headers=scene.viewer)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (404, "seam")


def _line(strips: Strips, x0: float, x1: float) -> dict[str, Any]:
    ends = [strips.at(x0, 50), strips.at(x1, 50)]
    return {"type": "LineString", "coordinates": [[it["lon"], it["lat"]] for it in ends]}


def test_a_heading_tells_every_part_and_the_worst_decides(scene: Scene) -> None:
    told = scene.within("exploration", _line(scene.strips, 50, 250))
    assert (told["may"], told["verdict"]) == (False, "forbidden")
    assert {it["zone"]: (round(it["length_m"], 3), it["may"]) for it in told["parts"]} == {
        "no_mining": (50, False), "slow_mining": (100, True), "workable": (50, True),
    }  # fmt: skip
    short = scene.within("exploration", _line(scene.strips, 50, 190))
    assert (short["may"], len(short["parts"])) == (True, 2)


def test_a_stope_that_leaves_the_mine_says_so(scene: Scene) -> None:
    told = scene.within("stoping", scene.strips.geojson(350, 20, 450, 80))
    assert (told["may"], told["verdict"]) == (False, "outside")
    assert {it["verdict"]: round(it["area_m2"]) for it in told["parts"]} == {
        "allowed": 3000, "outside": 3000,
    }  # fmt: skip


def test_neighbours_that_share_an_edge_do_not_count(scene: Scene) -> None:
    told = scene.within("stoping", scene.strips.geojson(0, 0, 100, 100))
    assert (told["may"], [it["zone"] for it in told["parts"]]) == (True, ["workable"])
    whole = scene.within("stoping", scene.strips.geojson(0, 0, 400, 100))
    assert sum(it["area_m2"] for it in whole["parts"]) == pytest.approx(40_000, abs=1e-3)


@pytest.mark.parametrize(
    "asked",
    [
        {"activity": "digging", "lon": 113, "lat": 36},
        {"activity": "stoping", "lon": 113},
        {"activity": "stoping", "lon": "inf", "lat": 36},
        {"activity": "stoping", "lon": 113, "lat": 36, "depth": 4},
    ],
)
def test_wrong_questions_are_refused(
    client: TestClient, as_role: Callable[..., Headers], asked: dict[str, Any]
) -> None:
    answer = client.get("/zoning/may", params=asked, headers=as_role("viewer"))
    assert answer.status_code == 400
    body = {**asked, "geometry": {"type": "Polygon", "coordinates": []}}
    assert client.post("/zoning/may", json=body, headers=as_role("viewer")).status_code == 422
