"""`/analysis/within`: what is inside a shape, held against every item of every layer."""

from collections.abc import Callable
from typing import Any

import pytest
from shapely.geometry import box, mapping, shape
from starlette.testclient import TestClient

from geoservice.publish.catalog import load_layers

Headers = Callable[..., dict[str, str]]
URL = "/analysis/within"
AREA = box(113.15, 36.28, 113.28, 36.40)
DRAWN = [layer for layer in load_layers().values() if layer.is_drawn]


@pytest.fixture(scope="module")
def told(client: TestClient, as_role: Headers) -> dict[str, Any]:
    said = {"geometry": mapping(AREA), "limit": 1000}
    answer = client.post(URL, json=said, headers=as_role("viewer"))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    "layer", [one for one in DRAWN if one.is_for_viewers], ids=lambda it: it.id
)
def test_it_is_what_the_items_say(
    client: TestClient, as_role: Headers, told: dict[str, Any], layer: Any
) -> None:
    url = f"/ogc/collections/{layer.id}/items"
    items = client.get(url, params={"limit": 10000}, headers=as_role("viewer")).json()["features"]
    expected = [it for it in items if it["geometry"] and AREA.intersects(shape(it["geometry"]))]
    found = next((one for one in told["layers"] if one["layer"] == layer.id), None)
    assert (found or {"count": 0})["count"] == len(expected)
    if found is None:
        return
    rows = {row["id"] for row in found["rows"]}
    assert rows <= {it["id"] for it in expected}
    assert len(rows) == min(1000, len(expected))
    for total in found["sums"]:
        values = [it["properties"][total["field"]] for it in expected]
        assert total["total"] == pytest.approx(sum(value for value in values if value is not None))
    if layer.legend.field:
        assert sum(found["classes"].values()) == len(expected)
    assert (found["measure"] is None) == (layer.geometry not in ("line", "polygon"))


def test_areas_are_measured_inside_only(told: dict[str, Any]) -> None:
    towns = next(one for one in told["layers"] if one["layer"] == "towns")
    district = next(one for one in told["layers"] if one["layer"] == "district")
    assert district["measure"] == pytest.approx(told["area_m2"], rel=1e-4)  # all of it is inside
    assert towns["measure"] == pytest.approx(told["area_m2"], rel=1e-3)


def test_a_place_has_an_inside_by_its_buffer(client: TestClient, as_role: Headers) -> None:
    place = {"type": "Point", "coordinates": [113.22, 36.33]}
    refused = client.post(URL, json={"geometry": place}, headers=as_role("viewer"))
    assert refused.status_code == 422
    assert "buffer_m" in refused.text
    counts = []
    for buffer_m in (500, 2000, 8000):
        said = {"geometry": place, "buffer_m": buffer_m, "layers": ["settlements"]}
        answer = client.post(URL, json=said, headers=as_role("viewer")).json()
        assert answer["area_m2"] == pytest.approx(3.14159 * buffer_m**2, rel=0.01)
        counts.append(sum(one["count"] for one in answer["layers"]))
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_one_sees_inside_what_one_sees_anyway(client: TestClient, as_role: Headers) -> None:
    said = {"geometry": mapping(AREA), "layers": ["rescue_teams"]}
    here = client.post(URL, json=said, headers=as_role("viewer")).json()["layers"][0]["count"]
    towns = {"towns": ["140406001"]}
    fewer = client.post(URL, json=said, headers=as_role("viewer", **towns)).json()["layers"]
    assert sum(one["count"] for one in fewer) < here
    assert client.post(URL, json=said).status_code == 401


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"layers": ["dragons"]}, "dragons"),
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "geometry"),
        ({"buffer_m": -1}, "buffer_m"),
        ({"radius": 1}, "radius"),
    ],
)
def test_what_is_wrong_is_named(
    client: TestClient, as_role: Headers, more: dict[str, Any], words: str
) -> None:
    said = {"geometry": mapping(AREA), **more}
    answer = client.post(URL, json=said, headers=as_role("viewer"))
    assert answer.status_code == 422, answer.text
    assert words in answer.text
