"""A version from draft to superseded over HTTP, with different people; and every refusal."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from geoservice import db
from tests.data.zoned_strips import MINE, add_mine, derived, keep

Headers = dict[str, str]
Token = Callable[..., Headers]
SIGNED = {"document": "潞煤字 2026 第 11 号", "signer": "李总工", "signed_on": "2026-11-20"}


class Scene:
    """The strip mine with a draft that a planner drew, and a publisher beside them."""

    def __init__(self, service: TestClient, token: Token, url: str) -> None:
        self.service, self.url = service, url
        self.planner, self.publisher = token("planner"), token("publisher")
        self.name = service.get("/session", headers=self.planner).json()["name"]
        with db.connect(url) as conn:
            self.strips, self.mine, self.seam = add_mine(conn)
            self.version = keep(conn, self.seam, derived(self.strips), self.name)

    def read(self, version: int | None = None) -> dict[str, Any]:
        answer = self.service.get(
            f"/zoning/versions/{version or self.version}", headers=self.publisher
        )
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == answer.json()["etag"]
        return answer.json()

    def step(
        self, step: str, who: Headers, version: int | None = None, **said: Any
    ) -> tuple[int, dict[str, Any]]:
        it = self.read(version)
        answer = self.service.post(
            f"/zoning/versions/{it['id']}/{step}", json=said,
            headers={**who, "If-Match": it["etag"]},
        )  # fmt: skip
        return answer.status_code, answer.json()

    def walk(self, *steps: str, version: int | None = None) -> None:
        for step in steps:
            said = {"approve": SIGNED, "return": {"reason": "重画"}, "revoke": {"reason": "有误"}}
            who = self.planner if step == "submit" else self.publisher
            status, told = self.step(step, who, version, **said.get(step, {}))
            assert status == 200, told

    def another(self, zones: tuple[str, ...]) -> int:
        with db.connect(self.url) as conn:
            return keep(conn, self.seam, derived(self.strips, zones), self.name)


@pytest.fixture
def scene(service: TestClient, token: Token, demo_url: str) -> Scene:
    return Scene(service, token, demo_url)


ALL_STEPS = ("submit", "check", "approve", "file", "enforce")


def test_from_draft_to_in_force_and_superseded(scene: Scene) -> None:
    first = scene.read()
    assert (first["state"], first["no"], first["drawn_by"]) == ("draft", 1, [scene.name])
    assert first["steps"] == ["submit", "revoke"]
    scene.walk(*ALL_STEPS)
    it = scene.read()
    assert (it["state"], it["approval_doc"], it["approval_signer"], it["approval_on"]) == (
        "effective", SIGNED["document"], SIGNED["signer"], "2026-11-20",
    )  # fmt: skip
    publisher = scene.service.get("/session", headers=scene.publisher).json()["name"]
    people = {it[f"{done}_by"] for done in ("checked", "approved", "filed", "enforced")}
    assert people == {publisher}
    assert it["submitted_by"] == scene.name
    assert it["effective_from"] is not None

    second = scene.another(("slow_mining", "slow_mining", "no_mining", "workable"))
    assert scene.read(second)["no"] == 2
    scene.walk(*ALL_STEPS, version=second)
    before, after = scene.read(), scene.read(second)
    assert (before["state"], after["state"]) == ("superseded", "effective")
    assert before["effective_to"] == after["effective_from"]  # no moment without, none with two
    found = scene.service.get(f"/zoning/mines/{scene.mine}", headers=scene.planner).json()
    assert found["seams"][0]["effective_version_id"] == second


def test_what_is_in_force_is_on_the_map_and_drafts_are_not(scene: Scene) -> None:
    items = "/ogc/collections/mine_water_zones/items?filter=mine='条带煤矿'"
    assert scene.service.get(items, headers=scene.planner).json()["features"] == []
    scene.walk(*ALL_STEPS)
    zones = scene.service.get(items, headers=scene.planner).json()["features"]
    told = {it["properties"]["zone"]: it["properties"] for it in zones}
    assert {zone: it["area_ha"] for zone, it in told.items()} == {
        "workable": 2, "slow_mining": 1, "no_mining": 1,
    }  # fmt: skip
    assert told["no_mining"]["label"] == "禁采区 底板水 2026-11-01"
    scene.walk("revoke")
    assert scene.service.get(items, headers=scene.planner).json()["features"] == []


def test_a_version_says_what_it_rests_on(scene: Scene) -> None:
    it = scene.read()
    assert (it["ruleset"], it["inputs"]) == ("NMSA-2022-85", ["raster:head_m"])
    assert (it["inputs_hash"], it["geom_hash"]) == ("i" * 64, "g" * 64)
    assert len(it["zones_hash"]) == 64
    assert it["parameters"]["inrush_intact"]["value"] == 0.1
    assert "inrush_intact" in it["unverified"]
    assert it["mine_area_m2"] == pytest.approx(40_000, abs=1e-6)
    (note,) = it["notes"]
    assert (note["zh"], note["en"], note["is_flag"]) == ("提示", "a note", True)


def test_zones_areas_evidence_and_reasons_are_read(scene: Scene) -> None:
    at = f"/zoning/versions/{scene.version}"
    get = scene.service.get
    zones = get(f"{at}/zones", headers=scene.planner).json()
    assert [it["properties"]["zone"] for it in zones["features"]] == [
        "no_mining", "slow_mining", "workable",
    ]  # fmt: skip
    areas = get(f"{at}/areas", headers=scene.planner).json()
    assert [(it["zone"], it["area_ha"], it["share_pct"]) for it in areas["zones"]] == [
        ("no_mining", 1, 25), ("slow_mining", 1, 25), ("workable", 2, 50),
    ]  # fmt: skip
    evidence = get(f"{at}/evidence", headers=scene.planner).json()["features"]
    assert [it["properties"]["rule"] for it in evidence] == ["F6", "F3", "F1", "F6"]
    place = scene.strips.at(250, 50)
    told = get(f"{at}/cells", params=place, headers=scene.planner).json()
    assert (told["zone"], told["derived_zone"]) == ("no_mining", "no_mining")
    assert [it["reason"] for it in told["reasons"]] == [
        {"zh": "T=0.105 > 0.1", "en": "T = 0.105 > 0.1"}
    ]
    assert told["reasons"][0]["parameters"] == {"inrush_intact": 0.1}
    outside = get(f"{at}/cells", params=scene.strips.at(900, 50), headers=scene.planner)
    assert (outside.status_code, outside.json()["errors"][0]["where"]) == (404, "lon")


def test_two_versions_side_by_side(scene: Scene) -> None:
    other = scene.another(("slow_mining", "slow_mining", "no_mining", "no_mining"))
    found = scene.service.get(
        f"/zoning/versions/{scene.version}/compare/{other}", headers=scene.planner
    ).json()
    assert [(it["from"], it["to"], round(it["area_m2"], 3)) for it in found["transitions"]] == [
        ("workable", "no_mining", 10_000), ("workable", "slow_mining", 10_000),
        ("no_mining", "no_mining", 10_000), ("slow_mining", "slow_mining", 10_000),
    ]  # fmt: skip
    assert [it["properties"]["to"] for it in found["features"]] == ["no_mining", "slow_mining"]


# ---- refusals ------------------------------------------------------------------------------------


def test_drafts_are_for_those_who_make_them(scene: Scene, token: Token) -> None:
    viewer = token("viewer")
    at = f"/zoning/versions/{scene.version}"
    for path in ("", "/zones", "/evidence", "/areas", f"/compare/{scene.version}"):
        assert scene.service.get(at + path, headers=viewer).status_code == 404
    mine = f"/zoning/mines/{scene.mine}"
    assert scene.service.get(f"{mine}/versions", headers=viewer).json() == []
    assert scene.service.get(mine, headers=viewer).json()["seams"][0]["versions"] == 0
    scene.walk(*ALL_STEPS)
    assert scene.service.get(f"{at}/zones", headers=viewer).status_code == 200


def test_nobody_moves_on_what_they_drew(scene: Scene, token: Token) -> None:
    both = token("planner", "publisher")
    name = scene.service.get("/session", headers=both).json()["name"]
    with db.connect(scene.url) as conn:
        own = keep(conn, scene.seam, derived(scene.strips), name)
    assert scene.step("submit", both, own)[0] == 200
    for step in ("check", "approve", "file", "enforce"):
        said = SIGNED if step == "approve" else {}
        status, told = scene.step(step, both, own, **said)
        assert status == 403, told
        assert name in told["detail"]
        assert scene.step(step, scene.publisher, own, **said)[0] == 200


@pytest.mark.parametrize("step", ["check", "approve", "file", "enforce", "return"])
def test_planners_do_not_take_the_publishers_steps(scene: Scene, step: str) -> None:
    ways = {"approve": 2, "file": 3, "enforce": 4}.get(step, 1)
    scene.walk(*ALL_STEPS[:ways])
    status, told = scene.step(step, scene.planner, reason="x", **SIGNED)
    assert (status, "publisher" in told["detail"]) == (403, True)


def test_steps_out_of_order_are_refused_with_those_there_are(scene: Scene) -> None:
    status, told = scene.step("approve", scene.publisher, **SIGNED)
    assert (status, told["detail"]) == (
        409, "the version is draft: approve is not possible; there are: submit, revoke",
    )  # fmt: skip
    scene.walk("submit", "check", "return")
    it = scene.read()
    assert (it["state"], it["return_reason"], it["checked_by"]) == ("draft", "重画", None)
    scene.walk("revoke")
    status, told = scene.step("submit", scene.planner)
    assert (status, "it has ended" in told["detail"]) == (409, True)
    answer = scene.service.post(
        f"/zoning/versions/{scene.version}/supersede", json={},
        headers={**scene.publisher, "If-Match": "*"},
    )  # fmt: skip
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("step", "said", "where"),
    [
        ("approve", {**SIGNED, "document": None}, "document"),
        ("approve", {**SIGNED, "signer": None}, "signer"),
        ("approve", {**SIGNED, "signed_on": None}, "signed_on"),
        ("return", {}, "reason"),
        ("revoke", {}, "reason"),
    ],
)
def test_steps_say_what_they_must(
    scene: Scene, step: str, said: dict[str, Any], where: str
) -> None:
    scene.walk("submit", "check")
    status, told = scene.step(step, scene.publisher, **said)
    assert (status, told["errors"][0]["where"]) == (400, where)
    assert scene.read()["state"] == "checked"


def test_a_change_names_the_version_it_was_made_on(scene: Scene) -> None:
    at = f"/zoning/versions/{scene.version}/submit"
    assert scene.service.post(at, json={}, headers=scene.planner).status_code == 428
    old = scene.read()["etag"]
    scene.walk("submit", "return")
    answer = scene.service.post(at, json={}, headers={**scene.planner, "If-Match": old})
    assert answer.status_code == 412
    assert answer.json()["current"]["etag"] == scene.read()["etag"]


def test_mines_of_other_towns_are_not_moved(scene: Scene, token: Token) -> None:
    far = token("planner", "publisher", towns=["140406400"])
    at = f"/zoning/versions/{scene.version}"
    assert scene.service.get(at, headers=far).status_code == 404
    answer = scene.service.post(f"{at}/submit", json={}, headers={**far, "If-Match": "*"})
    assert answer.status_code == 403
    assert scene.service.get(f"/zoning/mines/{scene.mine}", headers=far).status_code == 404


def test_every_step_is_in_the_audit(scene: Scene) -> None:
    scene.walk(*ALL_STEPS)
    with db.connect(scene.url) as conn:
        rows = conn.execute(
            "SELECT actor, action, change -> 'state' ->> 1 FROM core.audit_event"
            " WHERE table_name = 'zone_version' AND row_id = %s AND change ? 'state' ORDER BY id",
            [scene.version],
        ).fetchall()
    assert [state for _, _, state in rows] == [
        "submitted", "checked", "approved", "filed", "effective",
    ]  # fmt: skip
    assert rows[0][0] == scene.name


def test_unknown_things_are_not_found(scene: Scene) -> None:
    get = scene.service.get
    for path in ("versions/999999", "mines/999999", "mines/999999/versions"):
        assert get(f"/zoning/{path}", headers=scene.planner).status_code == 404
    known = {it["code"] for it in get("/zoning/mines", headers=scene.planner).json()}
    assert {MINE, "DEMO-MINE-1"} <= known
