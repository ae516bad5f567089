"""Vector tiles over HTTP, read back by GDAL's own reader."""

import math
from collections.abc import Callable
from pathlib import Path

import pyogrio
import pytest
from starlette.testclient import TestClient

HERE = "/ogc/collections/roads/tiles/WebMercatorQuad"
Headers = Callable[..., dict[str, str]]


def test_a_tile_has_the_layer_with_its_fields_in_its_place(
    client: TestClient, tmp_path: Path
) -> None:
    answer = client.get(f"{HERE}/11/802/1667")
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    path = tmp_path / "11" / "1667" / "802.mvt"
    path.parent.mkdir(parents=True)
    path.write_bytes(answer.content)
    frame = pyogrio.read_dataframe(path, layer="roads", X=1667, Y=802, Z=11)
    assert len(frame) > 0
    assert {"name", "road_class"} <= set(frame.columns)
    west, south, east, north = frame.total_bounds
    assert 12_500_000 < west < east < 12_700_000
    assert 4_250_000 < south < north < 4_400_000


def test_an_empty_tile_is_204_and_one_outside_404(client: TestClient) -> None:
    assert client.get(f"{HERE}/11/1/1").status_code == 204
    for tile in ("11/4000/1", "0/1/0", "23/0/0", "1/-1/0"):
        assert client.get(f"{HERE}/{tile}").status_code == 404, tile
    assert client.get(f"{HERE}/a/b/c").status_code == 400


def test_the_whole_world_in_one_tile_holds_the_district(client: TestClient) -> None:
    assert client.get("/ogc/collections/district/tiles/WebMercatorQuad/0/0/0").status_code == 200


def test_a_tile_set_says_what_it_leaves_out(client: TestClient, as_role: Headers) -> None:
    said = client.get(HERE).json()
    assert "Below zoom 13" in said["description"]
    template = next(link for link in said["links"] if link["rel"] == "item")
    assert template["templated"] is True
    tilejson = client.get(f"{HERE}?f=tilejson").json()
    assert tilejson["tilejson"] == "3.0.0"
    assert "13 级以下" in tilejson["description"]
    sets = client.get("/ogc/collections/towns/tiles").json()["tilesets"]
    assert [one["tileMatrixSetId"] for one in sets] == ["WebMercatorQuad"]
    assert "every feature" in sets[0]["description"]
    hazards = client.get("/ogc/collections/hazard_sources/tiles/WebMercatorQuad?f=tilejson",
                         headers=as_role("viewer")).json()  # fmt: skip
    assert "no class is left out" in hazards["description"]
    assert {"count", "worst", "grade"} <= hazards["vector_layers"][0]["fields"].keys()


def test_the_matrix_set_halves_its_cells(client: TestClient) -> None:
    listed = client.get("/ogc/tileMatrixSets").json()["tileMatrixSets"]
    assert [one["id"] for one in listed] == ["WebMercatorQuad"]
    matrices = client.get("/ogc/tileMatrixSets/WebMercatorQuad").json()["tileMatrices"]
    assert matrices[0]["scaleDenominator"] == pytest.approx(559082264.0287178)
    assert matrices[14]["matrixWidth"] == 2**14


def test_a_viewers_tile_has_no_phone(client: TestClient, as_role: Headers) -> None:
    path = "/ogc/collections/rescue_teams/tiles/WebMercatorQuad/5/12/26"
    dispatcher = client.get(f"{path}?properties=phone,name", headers=as_role("dispatcher"))
    assert b"phone" in dispatcher.content
    assert b"tier" not in dispatcher.content
    refused = client.get(f"{path}?properties=phone", headers=as_role("viewer"))
    assert refused.status_code == 400
    assert "phone" not in refused.json()["detail"].split(":", 1)[1]
    for zoom, there in ((15, False), (16, True)):
        row, col = _tile_with_a_team(client, as_role("dispatcher"), zoom)
        here = f"/ogc/collections/rescue_teams/tiles/WebMercatorQuad/{zoom}/{row}/{col}"
        assert (b"phone" in client.get(here, headers=as_role("dispatcher")).content) is there
        assert b"phone" not in client.get(here, headers=as_role("viewer")).content


def _tile_with_a_team(client: TestClient, headers: dict[str, str], zoom: int) -> tuple[int, int]:
    items = client.get("/ogc/collections/rescue_teams/items?limit=1", headers=headers).json()
    lon, lat = items["features"][0]["geometry"]["coordinates"]
    north = math.asinh(math.tan(math.radians(lat))) / math.pi
    return int((1 - north) / 2 * 2**zoom), int((lon + 180) / 360 * 2**zoom)
