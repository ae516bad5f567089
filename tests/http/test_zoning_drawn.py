"""Drafts drawn: words said and taken back, zones as drawn, conversions, rule sets."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from geoservice import db
from tests.data.zoned_strips import Strips, add_mine, derived, keep

Headers = dict[str, str]
Token = Callable[..., Headers]


class Scene:
    """A planner with the strip mine's draft before them."""

    def __init__(self, service: TestClient, token: Token, url: str) -> None:
        self.service, self.url = service, url
        self.planner, self.publisher = token("planner"), token("publisher")
        with db.connect(url) as conn:
            self.strips, self.mine, self.seam = add_mine(conn)
            self.version = keep(conn, self.seam, derived(self.strips), "somebody")
        self.at = f"/zoning/versions/{self.version}"

    def ask(self, method: str, path: str, body: Any = None, who: Headers | None = None) -> Any:
        etag = self.service.get(self.at, headers=self.planner).headers["etag"]
        headers = {**(who or self.planner), "If-Match": etag}
        return self.service.request(method, self.at + path, json=body, headers=headers)

    def areas(self) -> dict[str, float]:
        found = self.service.get(f"{self.at}/areas", headers=self.planner).json()["zones"]
        return {it["zone"]: round(it["area_m2"], 2) for it in found}

    def drawn(self, *zones: tuple[str, tuple[float, float], str | None], **more: Any) -> Any:
        """A drawing of the mine by spans from west to east."""
        features = [
            {"type": "Feature", "geometry": self.strips.geojson(span[0], 0, span[1], 100),
             "properties": {"zone": zone, "area_m2": 1, "reason": reason, **more}}
            for zone, span, reason in zones
        ]  # fmt: skip
        return {"type": "FeatureCollection", "features": features}


@pytest.fixture
def scene(service: TestClient, token: Token, demo_url: str) -> Scene:
    return Scene(service, token, demo_url)


DERIVED = {"no_mining": 10_000, "slow_mining": 10_000, "workable": 20_000}
AS_DERIVED = (
    ("workable", (0, 100), None), ("slow_mining", (100, 200), None),
    ("no_mining", (200, 300), None), ("workable", (300, 400), None),
)  # fmt: skip


def _override(strips: Strips, span: tuple[float, float], zone: str, **more: Any) -> dict[str, Any]:
    geometry = strips.geojson(span[0], 0, span[1], 100)
    return {"zone": zone, "geometry": geometry, "reason": "新揭露断层", **more}


def test_a_word_raises_and_is_taken_back(scene: Scene) -> None:
    answer = scene.ask("POST", "/overrides", _override(scene.strips, (0, 50), "no_mining"))
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == answer.json()["etag"]
    assert len(answer.json()["drawn_by"]) == 2  # who derived it and who drew on it
    assert scene.areas() == {"no_mining": 15_000, "slow_mining": 10_000, "workable": 15_000}
    place = scene.strips.at(25, 50)
    told = scene.service.get(f"{scene.at}/cells", params=place, headers=scene.planner).json()
    assert (told["zone"], told["derived_zone"]) == ("no_mining", "workable")
    (word,) = told["overrides"]
    assert (word["rule"], word["reason"]) == ("M1", "新揭露断层")
    assert scene.ask("DELETE", f"/overrides/{word['id']}").status_code == 200
    assert scene.areas() == DERIVED
    assert scene.ask("DELETE", f"/overrides/{word['id']}").status_code == 404
    with db.connect(scene.url) as conn:
        rows = conn.execute("SELECT valid_to IS NOT NULL FROM core.zone_override").fetchall()
    assert rows == [(True,)]  # kept, with who and why


def test_the_zones_as_stored_stay_one_coverage(scene: Scene) -> None:
    import shapely

    for left in (13.7, 120.3, 333.3):
        word = _override(scene.strips, (left, left + 31.1), "no_mining")
        assert scene.ask("POST", "/overrides", word).status_code == 201
    with db.connect(scene.url) as conn:
        rows = conn.execute(
            "SELECT geom, area_m2 FROM core.zone_polygon"
            " WHERE zone_version_id = %s AND valid_to IS NULL",
            [scene.version],
        ).fetchall()
    assert shapely.coverage_is_valid([geom for geom, _ in rows])
    assert all(geom.is_valid for geom, _ in rows)
    assert sum(area for _, area in rows) == pytest.approx(40_000, abs=1e-4)


def test_lowering_needs_an_approved_conversion_of_this_seam(scene: Scene) -> None:
    word = _override(scene.strips, (200, 250), "workable")
    refused = scene.ask("POST", "/overrides", word)
    assert refused.status_code == 409
    (change,) = refused.json()["changes"]
    assert (change["what"], round(change["area_m2"])) == ("lowering", 5000)
    assert scene.areas() == DERIVED
    report = {
        "mine": scene.mine, "seam": "3", "document": "转换 2026-1", "from_zone": "no_mining",
        "to_zone": "workable", "signer": "李总工", "approved_on": "2026-10-01",
        "geometry": scene.strips.geojson(200, 0, 250, 100),
    }  # fmt: skip
    post = scene.service.post
    assert post("/zoning/conversions", json=report, headers=scene.planner).status_code == 403
    kept = post("/zoning/conversions", json=report, headers=scene.publisher)
    assert kept.status_code == 201, kept.text
    again = post("/zoning/conversions", json=report, headers=scene.publisher)
    assert again.status_code == 409
    upward = {**report, "document": "x", "from_zone": "workable", "to_zone": "no_mining"}
    assert post("/zoning/conversions", json=upward, headers=scene.publisher).status_code == 400
    listed = scene.service.get(
        f"/zoning/conversions?seam_id={scene.seam}", headers=scene.planner
    ).json()
    assert [it["document"] for it in listed] == ["转换 2026-1"]
    lowered = scene.ask("POST", "/overrides", {**word, "conversion_id": kept.json()["id"]})
    assert lowered.status_code == 201, lowered.text
    assert scene.areas() == {"no_mining": 5_000, "slow_mining": 10_000, "workable": 25_000}
    beyond = _override(scene.strips, (240, 270), "workable", conversion_id=kept.json()["id"])
    refused = scene.ask("POST", "/overrides", beyond)
    assert (refused.status_code, round(refused.json()["changes"][0]["area_m2"])) == (409, 2000)


def test_a_drawing_becomes_words(scene: Scene) -> None:
    drawing = scene.drawn(
        ("workable", (0, 60), None), ("slow_mining", (60, 200), "裂隙发育"),
        ("no_mining", (200, 300), None), ("workable", (300, 400), None),
    )  # fmt: skip
    check = scene.service.post(f"{scene.at}/zones/check", json=drawing, headers=scene.planner)
    told = check.json()
    assert (told["is_valid"], told["problems"]) == (True, [])
    assert [(it["zone"], round(it["area_m2"])) for it in told["overrides"]] == [
        ("slow_mining", 4000)
    ]
    assert scene.areas() == DERIVED  # nothing is stored by checking
    answer = scene.ask("PUT", "/zones", drawing)
    assert answer.status_code == 200, answer.text
    assert scene.areas() == {"no_mining": 10_000, "slow_mining": 14_000, "workable": 16_000}
    zones = scene.service.get(f"{scene.at}/zones", headers=scene.planner).json()
    (word,) = zones["overrides"]["features"]
    assert word["properties"]["reason"] == "裂隙发育"
    # As it is given back, it is taken again: nothing changes, and its reason is kept.
    again = scene.ask("PUT", "/zones", {"type": zones["type"], "features": zones["features"]})
    assert again.status_code == 200, again.text
    assert again.json()["areas"] == answer.json()["areas"]
    assert again.json()["overrides"] == 1
    back = scene.ask("PUT", "/zones", scene.drawn(*AS_DERIVED))
    assert (back.status_code, back.json()["overrides"], scene.areas()) == (200, 0, DERIVED)


def test_a_wrong_drawing_names_its_places_and_stores_nothing(scene: Scene) -> None:
    drawing = scene.drawn(
        ("workable", (0, 90), None), ("slow_mining", (100, 220), "x"),
        ("no_mining", (200, 280), None), ("workable", (280, 400), "y"),
    )  # fmt: skip
    check = scene.service.post(f"{scene.at}/zones/check", json=drawing, headers=scene.planner)
    told = check.json()
    assert not told["is_valid"]
    found = {it["what"]: round(it["area_m2"]) for it in told["problems"]}
    assert found == {"gap": 1000, "overlap": 2000, "lowering": 2000}
    answer = scene.ask("PUT", "/zones", drawing)
    assert answer.status_code == 409
    assert {it["what"] for it in answer.json()["changes"]} == set(found)
    gap = next(it for it in answer.json()["changes"] if it["what"] == "gap")
    at = scene.strips.at(95, 50)
    assert (gap["lon"], gap["lat"]) == pytest.approx((at["lon"], at["lat"]), abs=1e-6)
    assert scene.areas() == DERIVED
    no_reason = scene.drawn(("no_mining", (0, 400), None))
    answer = scene.ask("PUT", "/zones", no_reason)
    assert [it["what"] for it in answer.json()["changes"]] == ["no_reason"]


@pytest.mark.parametrize(
    ("feature", "where"),
    [
        ({"properties": {"zone": "green"}}, "features.0.properties"),
        ({"properties": {}}, "features.0.properties"),
        ({"geometry": {"type": "Point", "coordinates": [113, 36]}}, "features.0.geometry"),
        (
            {"geometry": {"type": "Polygon", "coordinates": [
                [[113.2, 36.3], [113.3, 36.4], [113.3, 36.3], [113.2, 36.4], [113.2, 36.3]]]}},
            "features.0.geometry",
        ),
    ],
)  # fmt: skip
def test_what_is_no_zone_is_refused(scene: Scene, feature: dict[str, Any], where: str) -> None:
    drawing = scene.drawn(*AS_DERIVED)
    drawing["features"][0] |= feature
    answer = scene.ask("PUT", "/zones", drawing)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (400, where)


def test_only_drafts_are_drawn(scene: Scene) -> None:
    assert scene.ask("POST", "/submit", {}).status_code == 200
    word = _override(scene.strips, (0, 50), "no_mining")
    for answer in (
        scene.ask("POST", "/overrides", word),
        scene.ask("DELETE", "/overrides/1"),
        scene.ask("PUT", "/zones", scene.drawn(*AS_DERIVED)),
    ):
        assert (answer.status_code, answer.json()["errors"][0]["where"]) == (409, "state")
    assert scene.ask("POST", "/overrides", word, scene.publisher).status_code == 403


def test_a_change_of_an_older_version_is_refused(scene: Scene) -> None:
    old = scene.service.get(scene.at, headers=scene.planner).headers["etag"]
    word = _override(scene.strips, (0, 50), "no_mining")
    assert scene.ask("POST", "/overrides", word).status_code == 201
    late = scene.service.post(
        f"{scene.at}/overrides", json=word, headers={**scene.planner, "If-Match": old}
    )
    assert late.status_code == 412
    assert scene.service.post(
        f"{scene.at}/overrides", json=word, headers=scene.planner
    ).status_code == 428  # fmt: skip


def test_rule_sets_are_read_and_changed_by_a_new_version(scene: Scene) -> None:
    get = scene.service.get
    found = get("/zoning/rulesets", headers=scene.planner).json()
    assert {it["code"] for it in found} == {"NMSA-2022-85", "SX-2020"}
    it = next(it for it in found if it["code"] == "NMSA-2022-85" and it["is_current"])
    assert {"value", "unit", "source", "is_verified", "zh", "en"} == set(
        it["params"]["inrush_intact"]
    )
    assert "inrush_intact" in it["unverified"]
    body = {"values": {"inrush_intact": 0.09}, "source": "官方文本 2026", "is_verified": True}
    post = scene.service.post
    made = post("/zoning/rulesets/NMSA-2022-85", json=body, headers=scene.planner)
    assert made.status_code == 201, made.text
    changed = made.json()
    assert (changed["no"], changed["params"]["inrush_intact"]["value"]) == (it["no"] + 1, 0.09)
    assert "inrush_intact" not in changed["unverified"]
    listed = get("/zoning/rulesets", headers=scene.planner).json()
    current = {(one["code"], one["no"]): one["is_current"] for one in listed}
    assert current["NMSA-2022-85", it["no"]] is False
    assert current["NMSA-2022-85", it["no"] + 1] is True
    # What was derived keeps what it was derived by.
    kept = get(scene.at, headers=scene.planner).json()
    assert kept["parameters"]["inrush_intact"]["value"] == 0.1
    for wrong in ({"no_such": 1}, {"inrush_intact": "many"}, {"inrush_intact": -1}):
        answer = post(
            "/zoning/rulesets/NMSA-2022-85", json={**body, "values": wrong}, headers=scene.planner
        )
        assert answer.status_code == 400, answer.text
    assert post("/zoning/rulesets/NONE", json=body, headers=scene.planner).status_code == 400
