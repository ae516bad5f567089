"""Pages in an order, of some fields, in each form."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyogrio
import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.publish.catalog import load_layers

Headers = Callable[..., dict[str, str]]
HAZARDS = "/ogc/collections/hazard_sources/items"
LAYERS = load_layers()


@pytest.fixture(scope="module")
def viewer(as_role: Headers) -> dict[str, str]:
    return as_role("viewer")


def _follow(client: TestClient, path: str, headers: dict[str, str], **query: str) -> list[Any]:
    page = client.get(path, params=query, headers=headers).json()
    found = page["features"]
    while following := [one["href"] for one in page["links"] if one["rel"] == "next"]:
        page = client.get("/" + following[0].split("/", 3)[3], headers=headers).json()
        found += page["features"]
    return list(found)


@pytest.mark.parametrize(
    "sortby",
    ["name", "-name", "+kind,-surveyed_on", "-surveyed_on", "surveyed_on,-name", "-town_code,kind",
     "is_demo,-code", "-id", "kind,-id"],
)  # fmt: skip
def test_sorted_pages_of_any_size_give_every_row_once_in_order(
    client: TestClient, viewer: dict[str, str], sortby: str
) -> None:
    found = _follow(client, HAZARDS, viewer, sortby=sortby, limit="3")
    whole = client.get(HAZARDS, params={"sortby": sortby, "limit": "10000"}, headers=viewer).json()
    assert [f["id"] for f in found] == [f["id"] for f in whole["features"]]
    assert len({f["id"] for f in found}) == len(found) == whole["numberMatched"] > 10
    first = sortby.split(",")[0]
    values = [f["properties"].get(first.lstrip("+-"), f["id"]) for f in found]
    there = [value for value in values if value is not None]
    assert there == sorted(there, reverse=first.startswith("-"))
    assert values == there + [None] * (len(values) - len(there))


def test_pages_sorted_by_numbers_and_instants_follow_too(
    client: TestClient, viewer: dict[str, str]
) -> None:
    for layer, sortby in (("depots", "load_min,-lot_count"), ("road_closures", "-opens_at")):
        names = {field.name for field in LAYERS[layer].fields}
        keys = ",".join(key for key in sortby.split(",") if key.lstrip("-") in names) or "id"
        path = f"/ogc/collections/{layer}/items"
        found = _follow(client, path, viewer, sortby=keys, limit="2")
        every = client.get(path, params={"limit": "10000"}, headers=viewer).json()["features"]
        assert {f["id"] for f in found} == {f["id"] for f in every}
        assert len(found) == len(every)


def test_only_the_fields_asked_for_and_no_shapes(
    client: TestClient, viewer: dict[str, str]
) -> None:
    query = {"properties": "name,kind", "skipGeometry": "true", "limit": "2"}
    for feature in client.get(HAZARDS, params=query, headers=viewer).json()["features"]:
        assert list(feature["properties"]) == ["name", "kind"]
        assert feature["geometry"] is None


@pytest.mark.parametrize("name", ["sortby", "properties"])
def test_who_may_not_read_a_field_may_not_sort_by_it(
    client: TestClient, as_role: Headers, name: str
) -> None:
    path = "/ogc/collections/rescue_teams/items"
    answer = client.get(path, params={name: "phone"}, headers=as_role("viewer"))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == name
    assert client.get(path, params={name: "phone"}, headers=as_role("dispatcher")).is_success


def test_a_word_with_values_of_another_type_is_refused(
    client: TestClient, viewer: dict[str, str]
) -> None:
    import base64

    raw = json.dumps(["+surveyed_on,+id", "not a day", "1"]).encode()
    word = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    answer = client.get(HAZARDS, params={"sortby": "surveyed_on", "after": word}, headers=viewer)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == "after"


def test_all_are_counted_where_that_is_cheap_or_asked_for(client: TestClient) -> None:
    path = "/ogc/collections/roads/items?limit=5"
    first = client.get(path).json()
    assert client.get(path + "&count=false").json().get("numberMatched") is None
    following = next(one["href"] for one in first["links"] if one["rel"] == "next")
    following = "/" + following.split("/", 3)[3]
    assert "numberMatched" not in client.get(following).json()
    assert client.get(following + "&count=true").json()["numberMatched"] == first["numberMatched"]


def test_csv_is_what_a_spreadsheet_reads(client: TestClient, viewer: dict[str, str]) -> None:
    answer = client.get(HAZARDS, headers={**viewer, "Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "Accept" in answer.headers["vary"]
    assert answer.content.startswith(b"\xef\xbb\xbfid,code,")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    features = client.get(HAZARDS, headers=viewer).json()["features"]
    assert [int(row["id"]) for row in rows] == [feature["id"] for feature in features]
    assert rows[0]["name"] == features[0]["properties"]["name"]
    lon, lat = features[0]["geometry"]["coordinates"]
    assert rows[0]["wkt"] == f"POINT({lon} {lat})"
    assert 'rel="self"' in answer.headers["link"]


@pytest.mark.parametrize("layer", [one.id for one in LAYERS.values()])
def test_flatgeobuf_of_every_layer_is_read_by_gdal(
    client: TestClient, as_role: Headers, layer: str
) -> None:
    path, headers = f"/ogc/collections/{layer}/items", as_role("dispatcher")
    answer = client.get(f"{path}?f=fgb&limit=10000", headers=headers)
    expected = client.get(f"{path}?limit=10000", headers=headers).json()["features"]
    frame = pyogrio.read_dataframe(io.BytesIO(answer.content))
    assert list(frame["id"]) == [feature["id"] for feature in expected]
    for field in LAYERS[layer].fields:
        values = [feature["properties"][field.name] for feature in expected]
        if field.type == "instant":
            values = [value and value[:16] for value in values]
            there = [None if pd.isna(at) else f"{at:%Y-%m-%dT%H:%M}" for at in frame[field.name]]
        else:
            there = [None if pd.isna(value) else value for value in frame[field.name]]
        assert there == values, field.name
    if LAYERS[layer].is_drawn and expected:
        assert frame.crs.to_epsg() == 4326
        assert 112 < frame.geometry.bounds.minx.min() < 114


def test_flatgeobuf_has_x_first_in_the_zone(client: TestClient) -> None:
    crs = "http://www.opengis.net/def/crs/EPSG/0/4547"
    answer = client.get("/ogc/collections/towns/items", params={"f": "fgb", "crs": crs})
    frame = pyogrio.read_dataframe(io.BytesIO(answer.content))
    assert frame.crs.to_epsg() == 4547
    assert 390_000 < frame.geometry.bounds.minx.min() < 460_000


def test_a_cell_is_never_a_formula(demo_url: str, settings: Any) -> None:
    from geoservice.app import create_app

    hostile = '=HYPERLINK("http://x","y")\r\n,"q'
    with db.connect(demo_url) as conn:
        conn.execute("UPDATE core.town SET name = %s WHERE id = (SELECT min(id) FROM core.town)",
                     [hostile])  # fmt: skip
        conn.commit()
    with TestClient(create_app(settings, demo_url)) as client:
        text = client.get("/ogc/collections/towns/items?f=csv").content.decode("utf-8-sig")
    names = [row["name"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert names[0] == f"'{hostile}"


def test_a_long_page_is_streamed_whole(client: TestClient, monkeypatch: Any) -> None:
    path = "/ogc/collections/roads/items?limit=10000&sortby=-name"
    expected = client.get(path).json()
    monkeypatch.setattr("geoservice.publish.reading.CHUNK", 100)
    monkeypatch.setattr("geoservice.publish.item_answers.CHUNK", 100)
    answer = client.get(path)
    assert "content-length" not in answer.headers
    found = answer.json()
    assert found["features"] == expected["features"]
    assert found["numberReturned"] == len(found["features"]) == found["numberMatched"] > 300
