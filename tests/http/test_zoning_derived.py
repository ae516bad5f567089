"""Zones derived from the registers by a job over HTTP: kept with their reasons, or refused."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from starlette.testclient import TestClient

from geoservice import db
from geoservice.zoning.plane import district_plane

Headers = dict[str, str]


class Desk:
    """A planner who derives the demonstration mine's zones."""

    def __init__(self, service: TestClient, token: Callable[..., Headers], url: str) -> None:
        self.service, self.planner, self.url = service, token("planner"), url
        mines = service.get("/zoning/mines", headers=self.planner).json()
        self.mine = next(it for it in mines if it["code"] == "DEMO-MINE-1")

    def post(self, **asked: Any) -> Any:
        return self.service.post(
            f"/zoning/mines/{self.mine['id']}/derivations", json=asked, headers=self.planner
        )

    def ended(self, job: dict[str, Any]) -> dict[str, Any]:
        until = time.monotonic() + 120
        while job["state"] in {"waiting", "running"}:
            assert time.monotonic() < until, job
            time.sleep(0.1)
            job = self.service.get(f"/zoning/derivations/{job['id']}", headers=self.planner).json()
        return job

    def derive(self, **asked: Any) -> dict[str, Any]:
        answer = self.post(**asked)
        assert answer.status_code == 202, answer.text
        assert answer.headers["location"] == f"/zoning/derivations/{answer.json()['id']}"
        return self.ended(answer.json())


@pytest.fixture
def desk(service: TestClient, token: Callable[..., Headers], demo_url: str) -> Desk:
    return Desk(service, token, demo_url)


def test_zones_are_derived_with_every_reason(desk: Desk) -> None:
    job = desk.derive(ruleset="NMSA-2022-85", zoned_on="2026-11-25")
    assert (job["state"], job["problem"]) == ("done", None)
    at = f"/zoning/versions/{job['result']['version_id']}"
    it = desk.service.get(at, headers=desk.planner).json()
    assert (it["state"], it["zoned_on"], it["ruleset"]) == ("draft", "2026-11-25", "NMSA-2022-85")
    assert len(it["inputs_hash"]) == len(it["geom_hash"]) == len(it["zones_hash"]) == 64
    assert it["inputs"]
    assert it["parameters"]
    areas = {row["zone"]: row["area_m2"] for row in it["areas"]}
    assert sum(areas.values()) == pytest.approx(it["mine_area_m2"], abs=1e-4)
    assert areas["no_mining"] > 0
    evidence = desk.service.get(f"{at}/evidence", headers=desk.planner).json()["features"]
    assert all(it["properties"]["reason"]["zh"] for it in evidence)
    with db.connect(desk.url) as conn:
        rows = conn.execute(
            "SELECT geom, cardinality(rules) FROM core.zone_cell WHERE zone_version_id = %s",
            [it["id"]],
        ).fetchall()
        (licence,) = conn.execute(
            "SELECT l.geom FROM core.mine_licence l JOIN core.mine m ON m.id = l.mine_id"
            " WHERE m.code = 'DEMO-MINE-1'"
        ).fetchone()
        plane = district_plane(conn)
    assert all(rules >= 1 for _, rules in rows)
    cells = shapely.union_all([plane.metres(geom) for geom, _ in rows])
    off = shapely.symmetric_difference(cells, plane.metres(licence))
    assert off.area < 1e-4  # the cells cover the mine as stored, too
    point = rows[0][0].point_on_surface()
    why = desk.service.get(
        f"{at}/cells", params={"lon": point.x, "lat": point.y}, headers=desk.planner
    ).json()
    assert why["reasons"]
    assert set(why["cells"]["features"][0]["properties"]["rules"]) <= {
        reason["rule"] for reason in why["reasons"]
    }


def test_the_same_inputs_give_the_same_zones(desk: Desk) -> None:
    versions = [desk.derive()["result"]["version_id"] for _ in range(2)]
    first, second = (
        desk.service.get(f"/zoning/versions/{it}", headers=desk.planner).json() for it in versions
    )
    for name in ("inputs_hash", "geom_hash", "zones_hash", "areas"):
        assert first[name] == second[name]
    assert second["no"] == first["no"] + 1
    # Drawn as it is, it stays as it is: what goes out comes back.
    at = f"/zoning/versions/{second['id']}"
    zones = desk.service.get(f"{at}/zones", headers=desk.planner).json()
    again = desk.service.put(
        f"{at}/zones", json={"type": "FeatureCollection", "features": zones["features"]},
        headers={**desk.planner, "If-Match": second["etag"]},
    )  # fmt: skip
    assert again.status_code == 200, again.text
    assert again.json()["overrides"] == 0
    for before, after in zip(second["areas"], again.json()["areas"], strict=True):
        assert after["area_m2"] == pytest.approx(before["area_m2"], abs=1e-4)


def test_another_value_for_once_is_kept_with_the_version_alone(desk: Desk) -> None:
    job = desk.derive(parameters={"pillar_least_m": 35})
    it = desk.service.get(
        f"/zoning/versions/{job['result']['version_id']}", headers=desk.planner
    ).json()
    assert it["parameters"]["pillar_least_m"]["value"] == 35
    assert "pillar_least_m" in it["unverified"]
    kept = desk.service.get("/zoning/rulesets", headers=desk.planner).json()
    assert all(one["params"]["pillar_least_m"]["value"] == 20 for one in kept)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"seam": "99"}, 404),
        ({"ruleset": "NONE"}, 400),
        ({"ruleset_no": 99}, 400),
        ({"parameters": {"no_such": 1}}, 400),
        ({"parameters": {"pillar_least_m": -3}}, 400),
        ({"colour": "green"}, 422),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(
    desk: Desk, asked: dict[str, Any], status: int
) -> None:
    assert desk.post(**asked).status_code == status


def test_what_the_registers_lack_is_told_by_the_job(desk: Desk) -> None:
    with db.connect(desk.url) as conn:
        conn.execute("UPDATE core.mine_seam SET mining_height_m = NULL")
    job = desk.derive()
    assert (job["state"], job["result"]) == ("failed", None)
    assert "mining_height_m" in job["problem"]["en"]
    assert "未登记" in job["problem"]["zh"]
    versions = desk.service.get(
        f"/zoning/mines/{desk.mine['id']}/versions", headers=desk.planner
    ).json()
    assert {it["code"] for it in versions} == {"DEMO-ZV-1", "DEMO-ZV-2"}


def test_a_job_that_has_ended_is_not_stopped(desk: Desk) -> None:
    job = desk.derive()
    answer = desk.service.delete(f"/zoning/derivations/{job['id']}", headers=desk.planner)
    assert answer.status_code == 409
    listed = desk.service.get("/zoning/derivations", headers=desk.planner).json()
    assert [it["id"] for it in listed] == [job["id"]]
    nowhere = "/zoning/derivations/00000000-0000-0000-0000-000000000000"
    assert desk.service.get(nowhere, headers=desk.planner).status_code == 404
