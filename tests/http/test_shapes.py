"""`/shapes`: what the drawing tools ask."""

from collections.abc import Callable
from typing import Any

import pytest
from shapely.geometry import box, mapping, shape
from starlette.testclient import TestClient

Headers = Callable[..., dict[str, str]]
SQUARE = mapping(box(113.0, 36.0, 113.1, 36.1))
ACROSS = {"type": "LineString", "coordinates": [[113.05, 35.9], [113.05, 36.2]]}


def test_an_area_is_split_into_measured_pieces(client: TestClient, as_role: Headers) -> None:
    said = {"geometry": SQUARE, "other": ACROSS}
    answer = client.post("/shapes/split", json=said, headers=as_role("planner"))
    assert answer.status_code == 200, answer.text
    first, second = answer.json()
    assert shape(first["geometry"]).area == pytest.approx(0.005)
    # 0.05 x 0.1 degrees at 36 N are about 4.5 x 11.1 km.
    assert first["area_m2"] == pytest.approx(49.9e6, rel=0.01)
    assert second["area_m2"] == pytest.approx(first["area_m2"], rel=0.001)


def test_a_hole_is_cut(client: TestClient, as_role: Headers) -> None:
    said = {"geometry": SQUARE, "other": mapping(box(113.02, 36.02, 113.03, 36.03))}
    (piece,) = client.post("/shapes/cut", json=said, headers=as_role("keeper")).json()
    assert len(piece["geometry"]["coordinates"]) == 2


def test_neighbours_are_joined(client: TestClient, as_role: Headers) -> None:
    said = {"geometries": [SQUARE, mapping(box(113.1, 36.0, 113.2, 36.1))]}
    (piece,) = client.post("/shapes/join", json=said, headers=as_role("planner")).json()
    assert shape(piece["geometry"]).equals(box(113.0, 36.0, 113.2, 36.1))
    said["geometries"][1] = mapping(box(114, 36, 114.1, 36.1))
    refused = client.post("/shapes/join", json=said, headers=as_role("planner"))
    assert refused.status_code == 422
    assert "互不相接" in refused.json()["detail_zh"]


def test_a_point_grows_by_metres(client: TestClient, as_role: Headers) -> None:
    said = {"geometry": {"type": "Point", "coordinates": [113.2, 36.3]}, "distance_m": 100}
    (piece,) = client.post("/shapes/widen", json=said, headers=as_role("dispatcher")).json()
    assert 31416 <= piece["area_m2"] <= 31416 * 1.01


@pytest.mark.parametrize(
    ("work", "said", "words"),
    [
        ("split", {"geometry": SQUARE}, "other"),
        ("split", {"geometry": SQUARE, "other": SQUARE}, "线"),
        ("cut", {"geometry": SQUARE, "other": mapping(box(114, 36, 115, 37))}, "不在面内"),
        ("cut", {"geometry": {"type": "Polygon"}, "other": SQUARE}, "GeoJSON"),
        ("widen", {"geometry": SQUARE, "distance_m": 1e9}, "distance_m"),
    ],
)
def test_what_cannot_be_done_is_said(
    client: TestClient, as_role: Headers, work: str, said: dict[str, Any], words: str
) -> None:
    answer = client.post(f"/shapes/{work}", json=said, headers=as_role("planner"))
    assert answer.status_code == 422, answer.text
    assert words in answer.text


def test_who_draws_nothing_may_not_ask(client: TestClient, as_role: Headers) -> None:
    said = {"geometry": SQUARE, "other": ACROSS}
    assert client.post("/shapes/split", json=said, headers=as_role("viewer")).status_code == 403
    assert client.post("/shapes/split", json=said).status_code == 401
    unknown = client.post("/shapes/melt", json=said, headers=as_role("planner"))
    assert unknown.status_code == 400
