"""`POST /zoning/floods` and `/zoning/floods/imports`: derived as a job, brought in as a file."""

import json
import runpy
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from starlette.testclient import TestClient

from geoservice import db
from geoservice.app import create_app
from geoservice.settings import Settings
from geoservice.terrain.actions import load_dem
from geoservice.terrain.records import DemRequest

MADE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "made_dem.py"))
Headers = Callable[..., dict[str, str]]
SAID = {"name": "溃坝范围", "height_datum": "1985", "source": "某院模型", "datum": "cgcs2000"}


def _geojson(*rows: tuple[Any, dict[str, Any]]) -> bytes:
    features = [
        {"type": "Feature", "properties": said, "geometry": shapely.geometry.mapping(shape)}
        for shape, said in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _box(i: int) -> shapely.Polygon:
    return shapely.box(113.20 + 0.01 * i, 36.31, 113.21 + 0.01 * i, 36.33)


MODEL = _geojson(
    (_box(0), {"最大水深": 0.4, "流速": 3, "到达时间": 0.5}),
    (_box(1), {"最大水深": 1.4, "流速": 0.5, "到达时间": 1.25}),
    (_box(2), {"最大水深": 5, "流速": None, "到达时间": 0.25}),
)


def _send(
    client: TestClient, headers: dict[str, str], content: bytes, name: str = "m.geojson",
    **said: Any,
) -> Any:  # fmt: skip
    return client.post(
        "/zoning/floods/imports", headers=headers, files={"file": (name, content)},
        data={**SAID, **said},
    )  # fmt: skip


def test_a_model_s_result_becomes_a_draft_with_grades_and_arrival(
    service: TestClient, token: Headers
) -> None:
    planner = token("planner")
    answer = _send(service, planner, MODEL, arrival_unit="h", return_period_y="100")
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert answer.headers["Location"] == f"/zoning/floods/{found['id']}"
    assert (found["method"], found["standing"], found["state"]) == (
        "imported", "screening", "draft",
    )  # fmt: skip
    told = [(it["depth_min_m"], it["depth_max_m"], it["grade"], it["arrival_min"])
            for it in found["of_depth"]]  # fmt: skip
    assert told == [(0, 0.5, "orange", 30), (1, 2, "orange", 75), (3, None, "red", 15)]
    assert found["words"]["zh"] == "特大洪水"
    assert found["drawn_by"].endswith("planner")
    assert found["source_doc"] == "某院模型"
    assert len(found["inputs_hash"]) == 64
    again = service.get(f"/zoning/floods/{found['id']}/consequences", headers=planner)
    assert again.status_code == 200
    assert again.json()["area_ha"] == pytest.approx(found["area_ha"], abs=0.03)


def test_official_is_what_has_its_document(service: TestClient, token: Headers) -> None:
    found = _send(service, token("planner"), MODEL, official_doc="晋水防2025-1号").json()
    assert (found["standing"], found["official_doc"]) == ("official", "晋水防2025-1号")
    assert not any("筛查" in note["zh"] for note in found["notes"])


def test_a_depth_raster_is_bands_on_its_cells(service: TestClient, token: Headers) -> None:
    depth = np.full((40, 50), -9999, np.float32)
    depth[10:20, 10:30], depth[15:18, 12:20] = 0.3, 2.5
    with rasterio.MemoryFile() as memory:
        said = {"driver": "GTiff", "height": 40, "width": 50, "count": 1, "dtype": "float32"}
        place = {"crs": "EPSG:4547", "transform": Affine(20, 0, 430_000, 0, -20, 4_024_000)}
        with memory.open(**said, **place, nodata=-9999) as raster:
            raster.write(depth, 1)
        content = bytes(memory.read())
    answer = _send(service, token("planner"), content, "depth.tif")
    assert answer.status_code == 201, answer.text
    areas = {it["depth_min_m"]: it["area_ha"] for it in answer.json()["of_depth"]}
    assert areas == {0: pytest.approx(176 * 0.04, abs=0.01), 2: pytest.approx(0.96, abs=0.01)}


@pytest.mark.parametrize(
    ("content", "name", "said", "why"),
    [
        (_geojson((_box(0), {"depth": "deep"})), "a.geojson", {}, "row 1"),
        (_geojson((_box(0), {"x": 1})), "a.geojson", {}, "no column of depths"),
        (_geojson((_box(0), {"depth": 0})), "a.geojson", {}, "no water"),
        (_geojson((shapely.box(10, 10, 11, 11), {"depth": 1})), "a.geojson", {}, "envelope"),
        (b"II*\0 no raster", "a.tif", {}, "GeoTIFF"),
        (b"", "a.geojson", {}, "empty"),
        (MODEL, "a.geojson", {"height_datum": "1999"}, "height_datum"),
        (MODEL, "a.geojson", {"columns": '{"depth_m": "none"}'}, "columns"),
        (MODEL, "a.geojson", {"datum": ""}, "datum"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_stored(
    client: TestClient, as_role: Headers, content: bytes, name: str, said: dict[str, str],
    why: str,
) -> None:  # fmt: skip
    planner = as_role("planner")
    before = client.get("/zoning/floods", headers=planner).json()
    answer = _send(client, planner, content, name, **said)
    assert answer.status_code in {400, 422}, answer.text  # the file, or one of its rows
    assert why in answer.text
    assert client.get("/zoning/floods", headers=planner).json() == before


def test_planners_bring_in_and_work_out_and_nobody_else(
    client: TestClient, as_role: Headers
) -> None:
    keeper = as_role("keeper")
    assert _send(client, keeper, MODEL).status_code == 403
    body = {"name": "x", "method": "hand", "stage_m": 2}
    assert client.post("/zoning/floods", headers=keeper, json=body).status_code == 403
    nowhere = "/zoning/floods/derivations/00000000-0000-0000-0000-000000000000"
    assert client.get(nowhere, headers=keeper).status_code == 404
    assert client.delete(nowhere, headers=keeper).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "bathtub", "level_m": 700, "height_datum": "local"},
        {"method": "bathtub", "water_body": "WDBII-1", "height_datum": "local"},
        {"method": "hand"},
        {"method": "magic"},
        {"method": "fill", "area": {"type": "Point", "coordinates": [113, 36]}},
    ],
)
def test_a_derivation_that_lacks_something_is_refused(
    client: TestClient, as_role: Headers, wrong: dict[str, Any]
) -> None:
    answer = client.post("/zoning/floods", headers=as_role("planner"), json={"name": "x", **wrong})
    assert answer.status_code == 422


def _ended(client: TestClient, headers: dict[str, str], where: str) -> dict[str, Any]:
    for _ in range(300):
        job: dict[str, Any] = client.get(where, headers=headers).json()
        if job["state"] not in {"waiting", "running"}:
            return job
        time.sleep(0.1)
    raise AssertionError(job)


@pytest.fixture
def with_terrain(settings: Settings, demo_url: str, tmp_path: Path) -> Iterator[TestClient]:
    """The application on a demonstration district with a plane for its terrain."""
    path = MADE["write_dem"](tmp_path / "plane.tif", (112.9, 36.6), (500, 600))
    with db.connect(demo_url) as conn:
        load_dem(conn, home=tmp_path, paths=[path], request=DemRequest("local"))
    app = create_app(replace(settings, home=tmp_path, public_url="http://testserver"), demo_url)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_a_derivation_is_a_job_whose_result_is_a_scenario(
    with_terrain: TestClient, token: Headers
) -> None:
    service = with_terrain
    planner = token("planner")
    ring = shapely.geometry.mapping(shapely.box(113.20, 36.31, 113.30, 36.40))
    line = shapely.geometry.mapping(shapely.LineString([(113.20, 36.31), (113.20, 36.32)]))
    body = {"name": "平水位", "method": "bathtub", "level_m": 1200, "height_datum": "local",
            "channel": line, "area": ring}  # fmt: skip
    begun = service.post("/zoning/floods", headers=planner, json=body)
    assert begun.status_code == 202, begun.text
    job = _ended(service, planner, begun.headers["Location"])
    assert job["state"] == "done", job["problem"]
    found = service.get(f"/zoning/floods/{job['result']['scenario']}", headers=planner).json()
    assert (found["method"], found["standing"]) == ("bathtub", "screening")
    assert found["drawn_by"].endswith("planner")
    dry = service.post("/zoning/floods", headers=planner, json={**body, "level_m": 1000})
    failed = _ended(service, planner, dry.headers["Location"])
    assert failed["state"] == "failed"
    assert "低于水源处地面" in failed["problem"]["zh"]
    assert service.delete(begun.headers["Location"], headers=planner).status_code == 409


def test_an_upload_without_a_file_is_told(client: TestClient, as_role: Headers) -> None:
    answer = client.post("/zoning/floods/imports", headers=as_role("planner"), data=SAID)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == "file"
