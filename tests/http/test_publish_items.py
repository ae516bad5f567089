"""OGC API - Features as a client meets it: documents, pages, coordinates, refusals, scope."""

import csv
import io
import json
import zipfile
from collections.abc import Callable

import httpx2
import pytest
from starlette.testclient import TestClient

from geoservice.publish.catalog import load_layers

LAYERS = load_layers()
PUBLIC = [layer.id for layer in LAYERS.values() if layer.is_public]
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
Headers = Callable[..., dict[str, str]]


def _links(document: dict, rel: str) -> list[str]:
    return [link["href"] for link in document["links"] if link["rel"] == rel]


def _path(href: str) -> str:
    return "/" + href.split("/", 3)[3]


def _every(client: TestClient, path: str, headers: dict[str, str] | None = None) -> list[dict]:
    found = []
    while path:
        page = client.get(path, headers=headers)
        assert page.status_code == 200, page.text
        found += page.json()["features"]
        following = _links(page.json(), "next")
        path = _path(following[0]) if following else ""
    return found


@pytest.mark.parametrize("path", ["/ogc", "/ogc/"])
def test_landing_page_leads_everywhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/json"
    for rel in ("self", "service-desc", "service-doc", "conformance", "data"):
        assert client.get(_path(_links(answer.json(), rel)[0])).status_code == 200, rel


def test_conformance_names_core_geojson_and_crs(client: TestClient) -> None:
    classes = client.get("/ogc/conformance").json()["conformsTo"]
    for name in ("ogcapi-features-1/1.0/conf/core", "ogcapi-features-2/1.0/conf/crs"):
        assert f"http://www.opengis.net/spec/{name}" in classes


def test_anonymous_is_told_of_public_layers_only(client: TestClient) -> None:
    found = client.get("/ogc/collections").json()["collections"]
    assert [one["id"] for one in found] == PUBLIC


def test_a_viewer_is_told_of_all_with_counts_and_legend(
    client: TestClient, as_role: Headers
) -> None:
    found = client.get("/ogc/collections", headers=as_role("viewer")).json()["collections"]
    assert [one["id"] for one in found] == list(LAYERS)
    zones = next(one for one in found if one["id"] == "mine_water_zones")
    assert zones["storageCrs"] == f"{EPSG}4490"
    assert zones["geoservice"]["count"] > 0
    assert zones["geoservice"]["legend"]["entries"][0]["zh"] == "禁采区"
    one = client.get("/ogc/collections/mine_water_zones", headers=as_role("viewer")).json()
    assert one == zones


def test_schema_titles_fields_in_chinese_with_their_codes(
    client: TestClient, as_role: Headers
) -> None:
    answer = client.get("/ogc/collections/depots/schema", headers=as_role("viewer"))
    assert answer.headers["content-type"] == "application/schema+json"
    properties = answer.json()["properties"]
    assert properties["owner"]["oneOf"][0] == {"const": "government", "title": "政府"}
    assert "phone" not in properties


@pytest.mark.parametrize("layer", LAYERS)
def test_pages_of_any_size_give_every_feature_once(
    client: TestClient, as_role: Headers, layer: str
) -> None:
    headers = as_role("dispatcher")
    first = client.get(f"/ogc/collections/{layer}/items?limit=7", headers=headers)
    assert first.headers["content-type"] == "application/geo+json"
    found = _every(client, f"/ogc/collections/{layer}/items?limit=83", headers)
    assert len({feature["id"] for feature in found}) == len(found) == first.json()["numberMatched"]
    for feature in found[:1]:
        assert set(feature["properties"]) == {field.name for field in LAYERS[layer].fields}


@pytest.mark.parametrize("query", ["limit=10", "limit=1", "limit=7&skipGeometry=true"])
def test_rows_with_a_place_come_first_for_clients_that_look_at_ten(
    client: TestClient, as_role: Headers, query: str
) -> None:
    """QGIS 3.22 takes the kind of shape of ten rows for the layer's; 18 of 19 posts have none."""
    headers = as_role("viewer")
    found = _every(client, f"/ogc/collections/command_posts/items?{query}", headers)
    whole = _every(client, "/ogc/collections/command_posts/items", headers)
    assert [one["id"] for one in found] == [one["id"] for one in whole]
    has_place = [one["geometry"] is not None for one in whole]
    assert has_place == [True] + [False] * (len(whole) - 1)
    assert [one["id"] for one in whole[1:]] == sorted(one["id"] for one in whole[1:])


def test_a_limit_over_the_maximum_is_lowered(client: TestClient) -> None:
    assert client.get("/ogc/collections/towns/items?limit=99999999").status_code == 200


def test_one_item_is_as_in_the_page(client: TestClient) -> None:
    feature = client.get("/ogc/collections/towns/items?limit=1").json()["features"][0]
    one = client.get(f"/ogc/collections/towns/items/{feature['id']}").json()
    assert {key: one[key] for key in feature} == feature
    assert client.get(_path(_links(one, "self")[0])).status_code == 200


def test_coordinates_come_in_the_order_of_the_authority(client: TestClient) -> None:
    def first(crs: str) -> list[float]:
        answer = client.get("/ogc/collections/district/items", params={"crs": crs} if crs else {})
        assert (
            answer.headers["content-crs"]
            == f"<{crs or 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'}>"
        )
        point = answer.json()["features"][0]["geometry"]["coordinates"]
        while isinstance(point[0], list):
            point = point[0]
        return point

    lon, lat = first("")
    assert 112 < lon < 114 and 36 < lat < 37  # noqa: PT018  # one place
    assert first(f"{EPSG}4490") == first(f"{EPSG}4326") == [lat, lon]
    north, east = first(f"{EPSG}4547")
    assert 4_000_000 < north < 4_060_000 and 390_000 < east < 460_000  # noqa: PT018
    assert first(f"{EPSG}4526") == pytest.approx([north, east + 38_000_000], abs=1e-3)


def test_a_box_selects_the_same_in_every_crs(client: TestClient) -> None:
    boxes = {
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84": "113.1,36.3,113.2,36.4",
        f"{EPSG}4490": "36.3,113.1,36.4,113.2",
    }
    found = []
    for crs, box in boxes.items():
        answer = client.get(
            "/ogc/collections/roads/items", params={"bbox": box, "bbox-crs": crs, "limit": 10000}
        )
        found.append([feature["id"] for feature in answer.json()["features"]])
    assert found[0] == found[1]
    assert 0 < len(found[0]) < client.get("/ogc/collections/roads/items").json()["numberMatched"]


def test_datetime_takes_what_was_surveyed_then(client: TestClient, as_role: Headers) -> None:
    path, headers = "/ogc/collections/hazard_sources/items", as_role("viewer")
    every = {f["id"]: f["properties"]["surveyed_on"] for f in _every(client, path, headers)}
    span = "2026-01-01T00:00:00Z/.."
    found = {f["id"] for f in _every(client, f"{path}?datetime={span}", headers)}
    assert found == {i for i, day in every.items() if day is None or day >= "2026-01-01"}
    assert found != every.keys()


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=-1", "limit=abc", "bbox=nan,1,2,3", "bbox=1,2,3", "bbox=1,4,2,3",
     "bbox=1e999,1,2,3", "datetime=yesterday", "datetime=2026-06-02/2026-06-01", "nothing=1",
     "after=xyz", "after=%00", "crs=EPSG:4490", "bbox-crs=zz&bbox=1,2,3,4", "f=xml",
     f"bbox=1e300,1e300,2e300,2e300&bbox-crs={EPSG}4547"],
)  # fmt: skip
def test_a_bad_parameter_is_400_and_says_which(client: TestClient, query: str) -> None:
    answer = client.get(f"/ogc/collections/towns/items?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["errors"][0]["where"] in query
    assert problem["detail"] != problem["detail_zh"]


@pytest.mark.parametrize(
    "path",
    ["/ogc/collections/nothing", "/ogc/collections/nothing/items",
     "/ogc/collections/towns/items/999999999", "/ogc/collections/towns/items/abc",
     "/ogc/collections/towns/items/99999999999999999999999", "/ogc/styles/nothing",
     "/ogc/tileMatrixSets/Other"],
)  # fmt: skip
def test_what_is_not_there_is_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("end", ["", "/items", "/items/1", "/schema", "/tiles",
                                 "/tiles/WebMercatorQuad/9/200/417"])  # fmt: skip
def test_a_layer_that_is_not_public_asks_to_sign_in_and_then_for_the_role(
    client: TestClient, as_role: Headers, end: str
) -> None:
    path = f"/ogc/collections/depots{end}"
    assert client.get(path).status_code == 401
    assert client.get(path, headers=as_role("auditor")).status_code == 403
    assert client.get(path, headers=as_role("viewer")).status_code in (200, 204)


def test_only_dispatchers_read_phones(client: TestClient, as_role: Headers) -> None:
    path = "/ogc/collections/rescue_teams/items?limit=1000"
    for role, there in (("viewer", False), ("keeper", False), ("dispatcher", True)):
        features = client.get(path, headers=as_role(role)).json()["features"]
        assert any("phone" in f["properties"] for f in features) is there, role


def test_every_row_says_how_secret_it_is(client: TestClient, as_role: Headers) -> None:
    assert {layer.fields[-1].name for layer in LAYERS.values()} == {"secrecy"}
    at = "/ogc/collections/hazard_sources/items?limit=1000"
    seen = {
        role: {one["properties"]["secrecy"] for one in _every(client, at, as_role(role))}
        for role in ("viewer", "keeper")
    }
    assert seen["viewer"] == {"internal"}
    assert seen["keeper"] == {"internal", "restricted"}
    public = _every(client, "/ogc/collections/towns/items?limit=1000")
    assert {one["properties"]["secrecy"] for one in public} == {"public"}
    table = client.get("/exports/hazard_sources?format=shp", headers=as_role("keeper"))
    with zipfile.ZipFile(io.BytesIO(table.content)) as archive:
        names = csv.DictReader(archive.read("fields.csv").decode("utf-8-sig").splitlines())
        assert ("MJ", "密级") in [(row["field"], row["zh"]) for row in names]


def test_a_town_account_sees_its_town_and_what_has_none(
    client: TestClient, as_role: Headers
) -> None:
    path = "/ogc/collections/depots/items"
    every = _every(client, path, as_role("viewer"))
    town = next(f["properties"]["town_code"] for f in every if f["properties"]["town_code"])
    headers = as_role("viewer", towns=[town])
    seen = _every(client, path, headers)
    assert {f["properties"]["town_code"] for f in seen} <= {town, None}
    assert 0 < len(seen) < len(every)
    hidden = next(f for f in every if f["id"] not in {one["id"] for one in seen})
    assert client.get(f"{path}/{hidden['id']}", headers=headers).status_code == 404


def test_anonymous_gets_public_rows_of_a_public_layer_only(client: TestClient) -> None:
    text = json.dumps(_every(client, "/ogc/collections/dangerous_sections/items"))
    assert "phone" not in text
    assert client.get("/ogc/collections").headers["cache-control"] == "private, no-cache"


def test_an_empty_service_answers_with_nothing_not_an_error(served: str) -> None:
    with httpx2.Client(base_url=served) as client:
        assert client.get("/ogc").json()["title"] == "应急指挥地图服务"
        for one in client.get("/ogc/collections").json()["collections"]:
            assert "extent" not in one
            assert len(one["crs"]) == 3
        items = client.get("/ogc/collections/roads/items").json()
        assert (items["features"], items["numberMatched"]) == ([], 0)
        tile = "/ogc/collections/roads/tiles/WebMercatorQuad/0/0/0"
        assert client.get(tile).status_code == 204
        assert client.get(f"/ogc/collections/roads/items?crs={EPSG}4547").status_code == 400
        assert client.get("/ogc/styles/roads").status_code == 200
