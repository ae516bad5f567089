"""The zones in force and their evidence as layers and as files for CAD and GIS."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import ezdxf
import pyogrio
import pytest
from starlette.testclient import TestClient

from geoservice import db
from tests.data.zoned_strips import add_mine, derived, enforce, keep

MINE = "filter=mine='条带煤矿'"


@pytest.fixture
def viewer(token: Callable[..., dict[str, str]], demo_url: str) -> dict[str, str]:
    with db.connect(demo_url) as conn:
        strips, _, seam = add_mine(conn)
        version = keep(conn, seam, derived(strips), "planner")
        conn.execute(
            "INSERT INTO core.zone_override"
            " (code, name, source_doc, zone_version_id, zone, reason, geom)"
            " VALUES ('W1', 'W1', 'test', %s, 'no_mining', '新揭露断层', %s)",
            [version, strips.degrees(0, 0, 20, 100)],
        )
        enforce(conn, version)
    return token("viewer")


def test_evidence_and_words_are_a_layer(service: TestClient, viewer: dict[str, str]) -> None:
    at = f"/ogc/collections/mine_water_evidence/items?{MINE}&limit=100"
    found = service.get(at, headers=viewer).json()["features"]
    told = sorted(
        (it["properties"]["rule"], it["properties"]["zone"], it["properties"]["reason"])
        for it in found
    )
    assert told == [
        ("F1", "no_mining", "T=0.105 > 0.1"), ("F3", "slow_mining", "T=0.08，未治理"),
        ("F6", "workable", "T=0.045，已论证"), ("F6", "workable", "T=0.045，已论证"),
        ("M1", "no_mining", "新揭露断层"),
    ]  # fmt: skip
    assert len({it["id"] for it in found}) == 5


@pytest.mark.parametrize("layer", ["mine_water_zones", "mine_water_evidence"])
def test_they_are_files_for_gis_and_cad(
    service: TestClient, viewer: dict[str, str], tmp_path: Path, layer: str
) -> None:
    number = {"mine_water_zones": 3, "mine_water_evidence": 5}[layer]
    at = f"/exports/{layer}?{MINE}&format="
    path = tmp_path / "a.gpkg"
    path.write_bytes(service.get(f"{at}gpkg&crs=4526", headers=viewer).content)
    frame = pyogrio.read_dataframe(path)
    assert len(frame) == number
    assert frame.geometry.is_valid.all()
    if layer == "mine_water_zones":
        assert frame.area.sum() == pytest.approx(40_000, abs=0.05)
    shp = service.get(f"{at}shp", headers=viewer)
    names = zipfile.ZipFile(io.BytesIO(shp.content)).namelist()
    assert any(name.endswith(".shp") for name in names)
    drawing = tmp_path / "a.dxf"
    drawing.write_bytes(service.get(f"{at}dxf&crs=4526", headers=viewer).content)
    layers = {it.dxf.name for it in ezdxf.readfile(drawing).layers}
    assert any("禁采区" in name for name in layers)
