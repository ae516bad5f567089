"""Filters as a client meets them: CQL2, queryables, and fields as parameters."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from geoservice.publish.catalog import load_layers
from geoservice.publish.item_parameters import RESERVED

Headers = Callable[..., dict[str, str]]
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
HAZARDS = "/ogc/collections/hazard_sources/items"


@pytest.fixture(scope="module")
def viewer(as_role: Headers) -> dict[str, str]:
    return as_role("viewer")


@pytest.fixture(scope="module")
def every(client: TestClient, viewer: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(HAZARDS + "?limit=10000", headers=viewer).json()[
        "features"
    ]
    return found


def _ids(client: TestClient, headers: dict[str, str], **query: str) -> list[int]:
    answer = client.get(HAZARDS, params={"limit": "10000", **query}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["numberMatched"] == answer.json()["numberReturned"]
    return [feature["id"] for feature in answer.json()["features"]]


PREDICATES: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
    ("name LIKE '%矿%'", lambda p: "矿" in p["name"]),
    ("name NOT LIKE '%矿%'", lambda p: "矿" not in p["name"]),
    ("kind IN ('coal_mine', 'tailings')", lambda p: p["kind"] in ("coal_mine", "tailings")),
    ("kind = 'coal_mine' OR kind = 'tailings' AND town_code IS NULL",
     lambda p: p["kind"] == "coal_mine" or (p["kind"] == "tailings" and p["town_code"] is None)),
    ("surveyed_on >= DATE('2026-01-01')",
     lambda p: p["surveyed_on"] is not None and p["surveyed_on"] >= "2026-01-01"),
    ("surveyed_on < TIMESTAMP('2026-01-01T00:00:00Z')",
     lambda p: p["surveyed_on"] is not None and p["surveyed_on"] < "2026-01-01"),
    ("T_DURING(surveyed_on, INTERVAL('2026-01-01', '2026-06-30'))",
     lambda p: p["surveyed_on"] is not None and "2026-01-01" < p["surveyed_on"] < "2026-06-30"),
    ("is_demo = true", lambda p: p["is_demo"]),
    ("NOT is_demo", lambda p: not p["is_demo"]),
    ("code BETWEEN 'A' AND 'ZZZZ'", lambda p: "A" <= p["code"] <= "ZZZZ"),
    ("CASEI(code) = CASEI('{code}')", lambda p: p["code"] == "{code}"),
    ("ACCENTI(name) = ACCENTI('{name}')", lambda p: p["name"] == "{name}"),
    ("true", lambda _: True), ("false", lambda _: False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "keep"), PREDICATES, ids=[text for text, _ in PREDICATES])
def test_a_filter_gives_what_it_says(
    client: TestClient, viewer: dict[str, str], every: list[dict[str, Any]], text: str,
    keep: Callable[[dict[str, Any]], bool],
) -> None:  # fmt: skip
    first = every[len(every) // 2]["properties"]
    filled = text.replace("{code}", first["code"].lower()).replace("{name}", first["name"])
    expected = [
        f["id"]
        for f in every
        if keep(f["properties"])
        or ("{code}" in text and f["properties"]["code"] == first["code"])
        or ("{name}" in text and f["properties"]["name"] == first["name"])
    ]
    assert _ids(client, viewer, filter=filled) == expected


NOW, LATER = "TIMESTAMP('{at}')", "TIMESTAMP('9000-01-01T00:00:00Z')"


@pytest.mark.parametrize("digits", [19, 23])  # to the second, as most clients; the millisecond
@pytest.mark.parametrize(
    ("text", "keep"),
    [
        (f"updated_at = {NOW}", lambda p, at: p == at),
        (f"updated_at <> {NOW}", lambda p, at: p != at),
        (f"updated_at > {NOW}", lambda p, at: p > at),
        (f"updated_at <= {NOW}", lambda p, at: p <= at),
        (f"updated_at >= {NOW}", lambda p, at: p >= at),
        (f"{NOW} < updated_at", lambda p, at: p > at),
        (f"{NOW} >= updated_at", lambda p, at: p <= at),
        (f"updated_at BETWEEN {NOW} AND {NOW}", lambda p, at: p == at),
        (f"updated_at IN ({NOW}, {LATER})", lambda p, at: p == at),
        (f"T_EQUALS(updated_at, {NOW})", lambda p, at: p == at),
        (f"T_AFTER(updated_at, {NOW})", lambda p, at: p > at),
        (f"T_DISJOINT({NOW}, updated_at)", lambda p, at: p != at),
    ],
    ids=range(12),
)
def test_an_instant_is_compared_as_finely_as_it_is_written(
    client: TestClient, viewer: dict[str, str], every: list[dict[str, Any]], digits: int,
    text: str, keep: Callable[[str, str], bool],
) -> None:  # fmt: skip
    shown = {f["id"]: f["properties"]["updated_at"][:digits] for f in every}
    assert max(len(f["properties"]["updated_at"]) for f in every) > 24  # microseconds are there
    at = sorted(shown.values())[len(shown) // 2]
    expected = [one for one, seen in shown.items() if keep(seen, at)]
    assert _ids(client, viewer, filter=text.replace("{at}", f"{at}Z")) == expected


def test_json_and_text_give_the_same(client: TestClient, viewer: dict[str, str]) -> None:
    tree = {"op": "and", "args": [
        {"op": "=", "args": [{"property": "kind"}, "coal_mine"]},
        {"op": "like", "args": [{"property": "name"}, "%矿%"]},
    ]}  # fmt: skip
    text = "kind = 'coal_mine' AND name LIKE '%矿%'"
    found = _ids(client, viewer, **{"filter": json.dumps(tree), "filter-lang": "cql2-json"})
    assert found == _ids(client, viewer, filter=text)
    assert found


def test_shapes_are_taken_in_every_crs_and_meet_what_bbox_meets(
    client: TestClient, viewer: dict[str, str]
) -> None:
    west, south, east, north = 113.1, 36.3, 113.25, 36.45
    expected = _ids(
        client, viewer, bbox=f"{west},{south},{east},{north}", filter="geom IS NOT NULL"
    )
    assert expected
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    turned = f"{south} {west},{north} {west},{north} {east},{south} {east},{south} {west}"
    assert _ids(client, viewer, filter=f"S_INTERSECTS(geom, POLYGON(({ring})))") == expected
    found = _ids(client, viewer, **{"filter": f"S_INTERSECTS(geom, POLYGON(({turned})))",
                                    "filter-crs": f"{EPSG}4490"})  # fmt: skip
    assert found == expected
    disjoint = _ids(client, viewer, filter=f"S_DISJOINT(geom, BBOX({west},{south},{east},{north}))")
    assert not set(disjoint) & set(expected)


def test_a_field_is_a_parameter_and_all_conditions_hold(
    client: TestClient, viewer: dict[str, str]
) -> None:
    both = _ids(client, viewer, kind="coal_mine", is_demo="true", filter="name LIKE '%矿%'")
    assert both == _ids(
        client, viewer, filter="kind = 'coal_mine' AND is_demo = TRUE AND name LIKE '%矿%'"
    )


def test_pages_of_a_filter_follow_each_other(client: TestClient, viewer: dict[str, str]) -> None:
    query = {"filter": "name LIKE '%矿%'", "limit": "3"}
    page = client.get(HAZARDS, params=query, headers=viewer).json()
    found = [f["id"] for f in page["features"]]
    while following := [one["href"] for one in page["links"] if one["rel"] == "next"]:
        page = client.get("/" + following[0].split("/", 3)[3], headers=viewer).json()
        found += [f["id"] for f in page["features"]]
    assert found == _ids(client, viewer, filter=query["filter"])


@pytest.mark.parametrize(
    ("query", "where"),
    [("filter=name > 5", "filter"), ("filter=NOPE", "filter"), ("filter=", "filter"),
     ("filter=phone IS NULL", "filter"), ("filter=id / 0 = 1", "filter"),
     ("filter=name LIKE '%5C'", "filter"), ("filter=id * 1e308 * 1e308 = 1", "filter"),
     ("filter=(0 - id) ^ 0.5 = 1", "filter"), ("filter=true&filter-lang=ecql", "filter-lang"),
     ("filter=true&filter-crs=EPSG:4490", "filter-crs"), ("filter-crs=EPSG:4490", "filter-crs"),
     (f"filter-crs={EPSG}4490", "filter-crs"), ("phone=1", "phone"), ("is_demo=maybe", "is_demo"),
     ("surveyed_on=2026-02-30", "filter")],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_400(
    client: TestClient, viewer: dict[str, str], query: str, where: str
) -> None:
    answer = client.get(f"{HAZARDS}?{query}", headers=viewer)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["where"] == where
    assert answer.json()["detail"] != answer.json()["detail_zh"]


def test_who_may_not_read_a_field_may_not_filter_by_it(
    client: TestClient, as_role: Headers
) -> None:
    path = "/ogc/collections/rescue_teams/items"
    query = {"filter": "phone IS NOT NULL"}
    assert client.get(path, params=query, headers=as_role("viewer")).status_code == 400
    found = client.get(path, params=query, headers=as_role("dispatcher"))
    assert found.json()["numberMatched"] > 0


def test_a_filter_does_not_reach_beyond_the_callers_town(
    client: TestClient, as_role: Headers, every: list[dict[str, Any]]
) -> None:
    town = next(f["properties"]["town_code"] for f in every if f["properties"]["town_code"])
    headers = as_role("viewer", towns=[town])
    wide = _ids(client, headers, filter="true OR id > 0")
    assert wide == _ids(client, headers)
    assert len(wide) < len(every)


def test_queryables_are_the_callers_fields_and_the_geometry(
    client: TestClient, viewer: dict[str, str], as_role: Headers
) -> None:
    path = "/ogc/collections/rescue_teams"
    collection = client.get(path, headers=viewer).json()
    href = next(
        one["href"] for one in collection["links"] if one["rel"].endswith("/rel/ogc/1.0/queryables")
    )
    answer = client.get("/" + href.split("/", 3)[3], headers=viewer)
    assert answer.headers["content-type"] == "application/schema+json"
    found = answer.json()
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (found["$id"], found["additionalProperties"]) == (href, False)
    assert found["properties"]["geom"]["format"] == "geometry-point"
    assert found["properties"]["name"]["title"] == "名称"
    assert "phone" not in found["properties"]
    more = client.get(f"{path}/queryables", headers=as_role("dispatcher")).json()
    assert "phone" in more["properties"]


def test_conformance_says_what_is_filtered(client: TestClient) -> None:
    classes = client.get("/ogc/conformance").json()["conformsTo"]
    for name in ("ogcapi-features-3/1.0/conf/filter", "cql2/1.0/conf/cql2-json",
                 "ogcapi-features-3/1.0/conf/queryables", "cql2/1.0/conf/basic-cql2"):  # fmt: skip
        assert f"http://www.opengis.net/spec/{name}" in classes


def test_no_field_is_called_like_a_parameter() -> None:
    for layer in load_layers().values():
        assert not RESERVED & {field.name for field in layer.fields}, layer.id


OPERANDS = st.sampled_from(
    ["name", "kind", "id", "geom", "surveyed_on", "is_demo", "1", "0", "-1", "1e308", "'x%'",
     "'%\\'", "DATE('2026-01-01')", "TIMESTAMP('2026-01-01T00:00:00Z')", "POINT(113 36)",
     "BBOX(113,36,114,37)", "LINESTRING(113 36,114 37)", "true", "'É'",
     "MULTIPOINT((113 36),(114 37))", "GEOMETRYCOLLECTION(POINT(113 36),POINT(114 37))"]
)  # fmt: skip
PATTERNS = st.sampled_from(
    ["{} = {}", "{} < {}", "{} LIKE {}", "{} IN ({}, {})", "{} BETWEEN {} AND {}", "{} IS NULL",
     "{} + {} > {}", "{} / {} = {}", "{} % {} = {}", "{} div {} = {}", "{} ^ {} = {}",
     "casei({}) = {}", "accenti({}) LIKE {}", "S_WITHIN({}, {})", "S_CROSSES({}, {})",
     "S_EQUALS({}, {})", "S_DISJOINT({}, {})", "S_OVERLAPS({}, {})", "S_TOUCHES({}, {})",
     "T_DURING({}, INTERVAL('..', '2026-01-01'))", "T_EQUALS({}, {})", "NOT ({} = {})"]
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(PATTERNS, st.lists(OPERANDS, min_size=3, max_size=3))
def test_whatever_is_asked_is_answered_or_refused(
    client: TestClient, viewer: dict[str, str], pattern: str, operands: list[str]
) -> None:
    text = pattern.format(*operands)
    answer = client.get(HAZARDS, params={"filter": text, "limit": "1"}, headers=viewer)
    assert answer.status_code in (200, 400), text
