"""What has no place on a map: served, filtered and exported as a table, and never drawn."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from starlette.testclient import TestClient

from geoservice.publish.catalog import load_layers

LAYERS = load_layers()
TABLES = [layer.id for layer in LAYERS.values() if not layer.is_drawn]
Headers = Callable[..., dict[str, str]]


def test_tables_come_after_what_is_drawn() -> None:
    assert list(LAYERS)[-len(TABLES) :] == TABLES
    assert {LAYERS[layer].group.id for layer in TABLES} == {"tables"}


@pytest.mark.parametrize("layer", TABLES)
def test_a_table_is_described_without_what_draws_it(
    client: TestClient, as_role: Headers, layer: str
) -> None:
    headers = as_role("viewer")
    one = client.get(f"/ogc/collections/{layer}", headers=headers).json()
    assert one["geoservice"]["geometry"] == "none"
    assert one["geoservice"]["legend"] == {"field": None, "entries": []}
    rels = {link["rel"].rpartition("/")[2] for link in one["links"]}
    assert {"items", "schema", "enclosure"} <= rels
    assert not {"tilesets-vector", "stylesheet"} & rels
    assert "spatial" not in one.get("extent", {})
    schema = client.get(f"/ogc/collections/{layer}/schema", headers=headers).json()
    assert "geom" not in schema["properties"]


@pytest.mark.parametrize(
    "end", ["/tiles", "/tiles/WebMercatorQuad", "/tiles/WebMercatorQuad/0/0/0"]
)
def test_a_table_has_no_tiles(client: TestClient, as_role: Headers, end: str) -> None:
    path = f"/ogc/collections/stock_lots{end}"
    assert client.get(path).status_code == 401
    answer = client.get(path, headers=as_role("viewer"))
    assert answer.status_code == 404
    assert "read its items" in answer.json()["detail"]


def test_a_table_has_no_style(client: TestClient, as_role: Headers) -> None:
    headers = as_role("viewer")
    styles = client.get("/ogc/styles", headers=headers).json()["styles"]
    assert not {one["id"] for one in styles} & set(TABLES)
    assert client.get("/ogc/styles/stock_lots", headers=headers).status_code == 404


def test_items_of_a_table_have_a_null_geometry_in_every_crs(
    client: TestClient, as_role: Headers
) -> None:
    path, headers = "/ogc/collections/stock_lots/items", as_role("viewer")
    epsg = "http://www.opengis.net/def/crs/EPSG/0/4547"
    for query in ("", "?bbox=113,36,113.1,36.1", f"?crs={epsg}"):
        features = client.get(f"{path}{query}", headers=headers).json()["features"]
        assert features
        assert {feature["geometry"] for feature in features} == {None}


@pytest.mark.parametrize("form", ["gpkg", "geojson", "fgb"])
def test_a_file_of_a_table_has_its_rows_and_no_place(
    client: TestClient, as_role: Headers, tmp_path: Path, form: str
) -> None:
    headers = as_role("viewer")
    items = client.get("/ogc/collections/stock_lots/items?limit=10000", headers=headers).json()
    path = tmp_path / f"x.{form}"
    path.write_bytes(client.get(f"/exports/stock_lots?format={form}", headers=headers).content)
    frame = pyogrio.read_dataframe(path)
    codes = {feature["properties"]["code"] for feature in items["features"]}
    assert set(frame["code"]) == codes
    assert frame["name"].str.startswith("演示").all()
    info = pyogrio.read_info(path)
    assert info["geometry_type"] == (None if form == "gpkg" else "Unknown")


def test_a_shapefile_of_a_table_is_its_dbf(client: TestClient, as_role: Headers) -> None:
    answer = client.get("/exports/stock_lots?format=shp&encoding=gbk", headers=as_role("viewer"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = {"stock_lots.dbf", "stock_lots.cpg", "fields.csv", "manifest.json"}
        assert set(archive.namelist()) == names


def test_a_csv_of_a_table_has_no_column_of_shapes(client: TestClient, as_role: Headers) -> None:
    answer = client.get("/exports/stock_lots?format=csv", headers=as_role("viewer"))
    table = pd.read_csv(io.BytesIO(answer.content))
    assert len(table) == int(answer.headers["x-rows"])
    assert "wkt" not in table
    assert {"depot_code", "quantity", "reserved"} <= set(table)


def test_the_situation_map_draws_no_table(client: TestClient, as_role: Headers) -> None:
    page = client.get("/situation-map", headers=as_role("viewer")).text
    assert LAYERS["depots"].title.zh in page
    assert LAYERS["stock_lots"].title.zh not in page
