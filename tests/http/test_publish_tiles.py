"""Vector tiles over HTTP, read back by GDAL's own reader."""

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


def test_a_tile_set_says_what_it_leaves_out(client: TestClient) -> None:
    said = client.get(HERE).json()
    assert "Below zoom 13" in said["description"]
    template = next(link for link in said["links"] if link["rel"] == "item")
    assert template["templated"] is True
    tilejson = client.get(f"{HERE}?f=tilejson").json()
    assert tilejson["tilejson"] == "3.0.0"
    assert "13 级以下" in tilejson["description"]
    sets = client.get("/ogc/collections/towns/tiles").json()["tilesets"]
    assert [one["tileMatrixSetId"] for one in sets] == ["WebMercatorQuad"]
    assert "description" not in sets[0]


def test_the_matrix_set_halves_its_cells(client: TestClient) -> None:
    listed = client.get("/ogc/tileMatrixSets").json()["tileMatrixSets"]
    assert [one["id"] for one in listed] == ["WebMercatorQuad"]
    matrices = client.get("/ogc/tileMatrixSets/WebMercatorQuad").json()["tileMatrices"]
    assert matrices[0]["scaleDenominator"] == pytest.approx(559082264.0287178)
    assert matrices[14]["matrixWidth"] == 2**14


def test_a_viewers_tile_has_no_phone(client: TestClient, as_role: Headers) -> None:
    path = "/ogc/collections/rescue_teams/tiles/WebMercatorQuad/5/12/26"
    for role, there in (("viewer", False), ("dispatcher", True)):
        answer = client.get(path, headers=as_role(role))
        assert (b"phone" in answer.content) is there, role
