"""What zones are derived from by HTTP and by command: rasters of a mine."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from geoservice import db
from geoservice.app import create_app
from geoservice.cli import app as commands
from geoservice.crs import metric_crs, to_metric
from geoservice.minewater.derive import derive
from geoservice.minewater.rulesets import shipped_ruleset
from geoservice.settings import Settings
from geoservice.zoning.reading import read_inputs

Headers = dict[str, str]
Token = Callable[..., Headers]
MINE, RULES = "DEMO-MINE-1", "NMSA-2022-85"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def service(settings: Settings, demo_url: str, home: Path) -> Iterator[TestClient]:
    app = create_app(replace(settings, public_url="http://testserver", home=home), demo_url)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def mine_id(demo_url: str) -> int:
    with db.connect(demo_url) as conn:
        return int(conn.execute("SELECT id FROM core.mine WHERE code = %s", [MINE]).fetchone()[0])


@pytest.fixture
def raster(demo_url: str, tmp_path: Path) -> Path:
    """A raster of 60 over the licence of the demonstration mine."""
    with db.connect(demo_url) as conn:
        (licence,) = conn.execute("SELECT geom FROM core.mine_licence").fetchone()
    west, south, east, north = to_metric(licence, 113.2).bounds
    cols, rows = int((east - west) / 25) + 2, int((north - south) / 25) + 2
    path = tmp_path / "aquiclude.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=cols, height=rows, count=1, dtype="float32",
        crs=metric_crs(113.2).to_wkt(), transform=Affine(25, 0, west - 25, 0, -25, north + 25),
    ) as made:  # fmt: skip
        made.write(np.full((rows, cols), 60, "float32"), 1)
    return path


def test_a_raster_is_sent_listed_and_retired(
    service: TestClient, token: Token, mine_id: int, raster: Path, home: Path
) -> None:
    planner, viewer = token("planner"), token("viewer")
    where = f"/zoning/mines/{mine_id}/rasters"
    assert service.get(where, headers=viewer).json() == []
    sent = {"kind": "aquiclude_m", "seam": "3"}

    def send(headers: Headers, **said: str) -> tuple[int, dict[str, object]]:
        with raster.open("rb") as stream:
            files = {"file": ("隔水层.tif", stream, "image/tiff")}
            answer = service.post(where, data=sent | said, files=files, headers=headers)
        return answer.status_code, answer.json()

    status, made = send(planner)
    assert status == 201
    assert (made["least"], made["nodata_share"], made["source_doc"]) == (60, 0, "隔水层.tif")
    assert (home / "zoning" / str(made["file"])).is_file()
    assert [it["id"] for it in service.get(where, headers=viewer).json()] == [made["id"]]
    assert send(viewer)[0] == 403
    status, refused = send(planner, kind="head_m")
    assert (status, refused["errors"][0]["where"]) == (400, "datum")
    assert "高程基准" in str(refused["detail_zh"])
    assert send(planner, kind="depth")[0] in (400, 404)
    assert send(planner, seam="99")[0] == 404
    assert service.post(where, data=sent, headers=planner).status_code == 400
    assert service.get("/zoning/mines/999999/rasters", headers=viewer).status_code == 404
    one = f"{where}/{made['id']}"
    assert service.delete(one, headers=viewer).status_code == 403
    assert service.delete(one, headers=planner).status_code == 204
    assert service.delete(one, headers=planner).status_code == 404
    assert list(home.glob(".zoning-*")) == []


def run(url: str, home: Path, *arguments: str) -> Result:
    environment = {"GEOSERVICE_DATABASE_URL": url, "GEOSERVICE_HOME": str(home), "COLUMNS": "200"}
    return CliRunner(env=environment).invoke(commands, ["zone", *arguments])


def test_rasters_by_command(demo_url: str, home: Path, raster: Path) -> None:
    added = run(demo_url, home, "raster", "add", MINE, "3", "aquiclude_m", str(raster), "--json")
    assert added.exit_code == 0, added.output
    (made,) = json.loads(added.output)
    shown = run(demo_url, home, "raster", "list", MINE)
    assert "aquiclude.tif" in shown.output
    assert run(demo_url, home, "raster", "retire", MINE, str(made["id"])).exit_code == 0
    assert json.loads(run(demo_url, home, "raster", "list", MINE, "--json").output) == []
    refused = run(demo_url, home, "raster", "add", MINE, "3", "floor_m", str(raster))
    assert refused.exit_code != 0


def test_what_a_mine_lacks_and_its_collars(service: TestClient, token: Token, mine_id: int) -> None:
    viewer = token("viewer")
    where = f"/zoning/mines/{mine_id}"
    found = service.get(f"{where}/compliance?on=2026-06-08", headers=viewer).json()
    assert (found["is_compliant"], found["technicians"], found["technicians_needed"]) == (
        False, 2, 2,
    )  # fmt: skip
    assert found["missing"] == []
    lacks = {it["name"]: [one["code"] for one in it["missing"]] for it in found["headings"]}
    assert lacks == {
        "演示3101 运输巷": ["GEOPHYSICS_OLD"], "演示3101 回风巷": [], "演示3102 切眼": ["DRILLING"],
    }  # fmt: skip
    assert found["rule"]["is_verified"] is False
    out = service.get(f"{where}/compliance?on=2026-07-14", headers=viewer).json()
    assert all(it["missing"] for it in out["headings"])  # a month later every probe is old
    assert service.get(f"{where}/compliance?on=never", headers=viewer).status_code == 400
    assert service.get("/zoning/mines/999999/compliance", headers=viewer).status_code == 404
    shafts = service.get(f"{where}/shafts", headers=viewer).json()
    assert shafts["flags"] == 0
    assert [(it["standing"], it["above_m"]) for it in shafts["shafts"]] == [
        ("above", 1.2), ("defended", -0.5),
    ]  # fmt: skip
    assert service.get(f"{where}/shafts").status_code == 401
    assert service.get(f"{where}/compliance").status_code == 401


def test_compliance_by_command_is_an_honest_status(demo_url: str, home: Path) -> None:
    found = run(demo_url, home, "compliance", MINE, "--on", "2026-06-08")
    assert found.exit_code == 1
    assert "缺钻探 · no drilling" in found.output
    told = json.loads(run(demo_url, home, "compliance", MINE, "--json").output)
    assert len(told["headings"]) == 3
    shafts = run(demo_url, home, "shafts", MINE)
    assert shafts.exit_code == 0, shafts.output
    assert "903.5" in shafts.output
    assert run(demo_url, home, "shafts", "nobody").exit_code != 0


def _corners(demo_url: str, more_m: float = 0.0) -> bytes:
    """The licence of the demonstration mine as a table; its northern half may be moved."""
    with db.connect(demo_url) as conn:
        (licence,) = conn.execute("SELECT geom FROM core.mine_licence").fetchone()
    (ring,) = [part.exterior for part in to_metric(licence, 113.2).geoms]
    rows = [
        f"{n},{y + (more_m if y > ring.centroid.y else 0):.4f},{38e6 + x:.4f}"
        for n, (x, y) in enumerate(ring.coords[:-1], 1)
    ]
    return ("点号,X,Y\n" + "\n".join(rows)).encode()


def test_a_corner_table_is_sent_and_checked(
    service: TestClient, token: Token, mine_id: int, demo_url: str
) -> None:
    where = f"/zoning/mines/{mine_id}/licence"

    def send(role: str, table: bytes, **said: str) -> tuple[int, dict[str, object]]:
        files = {"file": ("拐点.csv", table, "text/csv")}
        answer = service.post(where, data=said, files=files, headers=token(role))
        return answer.status_code, answer.json()

    status, made = send("planner", _corners(demo_url), datum="cgcs2000")
    assert status == 201, made
    assert made["mine_code"] == MINE
    assert abs(float(str(made["off_pct"]))) < 0.01
    status, refused = send("planner", _corners(demo_url, 60.0), datum="cgcs2000")
    assert (status, refused["errors"][0]["where"]) == (400, "geom")
    status, refused = send("planner", _corners(demo_url), datum="xian80")
    assert (status, refused["errors"][0]["where"]) == (400, "datum")
    assert send("planner", _corners(demo_url), datum="xian80", seven="1,2")[0] == 400
    assert send("viewer", _corners(demo_url), datum="cgcs2000")[0] == 403


def test_a_corner_table_by_command(demo_url: str, home: Path, tmp_path: Path) -> None:
    table = tmp_path / "corners.csv"
    table.write_bytes(_corners(demo_url))
    added = run(demo_url, home, "licence", MINE, str(table), "--datum", "cgcs2000")
    assert added.exit_code == 0, added.output
    assert "km²" in added.output
    refused = run(demo_url, home, "licence", MINE, str(table), "--datum", "beijing54")
    assert refused.exit_code != 0


def test_rasters_are_worked_out_from_boreholes_and_the_mine_is_derived(
    service: TestClient, token: Token, mine_id: int, demo_url: str, home: Path
) -> None:
    planner = token("planner")
    where = f"/zoning/mines/{mine_id}/rasters"
    for kind in ("head_m", "floor_m", "aquiclude_m", "seam_thickness_m", "overburden_m"):
        body = {"kind": kind, "cell_m": 20}
        answer = service.post(f"{where}/interpolated", json=body, headers=planner)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert made["method"] == "interpolated"
        assert 0 < made["error_m"] < 20
        assert made["details"]["points"] == 18
    refused = service.post(f"{where}/interpolated", json={"kind": "depth"}, headers=planner)
    assert refused.status_code == 422
    viewer = token("viewer")
    body = {"kind": "head_m"}
    assert service.post(f"{where}/interpolated", json=body, headers=viewer).status_code == 403
    shown = run(demo_url, home, "raster", "interpolate", MINE, "3", "head_m", "--method", "idw")
    assert shown.exit_code == 0, shown.output
    assert "interpolated" in shown.output
    with db.connect(demo_url) as conn:
        seam_id = conn.execute("SELECT id FROM core.mine_seam WHERE code LIKE 'DEMO%'").fetchone()[
            0
        ]
        read = read_inputs(conn, home=home, mine_seam_id=seam_id)
    zones = {it.zone: it.area_m2 for it in derive(read.inputs, shipped_ruleset(RULES)).zones}
    assert set(zones) == {"workable", "slow_mining", "no_mining"}
    assert min(zones.values()) > 10_000
