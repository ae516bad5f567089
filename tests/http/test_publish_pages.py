"""The pages of OGC API as a person's browser gets them."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.testclient import TestClient

from geoservice import db
from geoservice.app import create_app
from geoservice.publish.catalog import load_layers
from geoservice.publish.html.sketch import sketch

Headers = Callable[..., dict[str, str]]
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = ["/ogc", "/ogc/conformance", "/ogc/collections", "/ogc/collections/hazard_sources",
         "/ogc/collections/hazard_sources/schema", "/ogc/collections/hazard_sources/queryables",
         "/ogc/collections/hazard_sources/items",
         "/ogc/collections/hazard_sources/items/1"]  # fmt: skip


class _Reader(HTMLParser):
    """What is in a page: its tags, links and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_gets_a_page_and_a_program_the_document(
    client: TestClient, as_role: Headers, path: str
) -> None:
    headers = as_role("viewer")
    answer = client.get(path, headers=headers | BROWSER)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in answer.headers["vary"]
    assert "script-src" not in answer.headers["content-security-policy"]
    page = _Reader(answer.text)
    assert "script" not in page.tags
    assert {"html", "title", "h1", "main"} <= set(page.tags)
    assert all(href.startswith("/") for href in page.links)
    for href in sorted(set(page.links) - {"/"}):
        linked = client.get(href, headers=headers)
        assert linked.status_code == 200, (href, linked.text[:300])
    assert client.get(f"{path}?f=html", headers=headers).text.startswith("<!doctype html>")
    plain = client.get(path, headers=headers)
    assert "json" in plain.headers["content-type"]
    alternates = [one["href"] for one in plain.json().get("links", []) if one["rel"] == "alternate"]
    assert bool(alternates) is (path not in (PAGES[1], PAGES[4], PAGES[5]))


def test_pages_of_a_table_follow_each_other_and_speak_of_codes_in_words(
    client: TestClient, as_role: Headers
) -> None:
    headers = as_role("viewer") | BROWSER
    path, seen, words = "/ogc/collections/hazard_sources/items?limit=20&sortby=-name", [], ""
    while path:
        text = client.get(path, headers=headers).text
        words += _Reader(text).words
        seen += re.findall(r'<tr><td><a href="[^"]*/items/(\d+)"', text)
        following = re.search(r'rel="next" href="([^"]*)"', text)
        path = following[1].replace("&#38;", "&") if following else ""
    every = client.get(
        "/ogc/collections/hazard_sources/items?limit=10000&sortby=-name", headers=as_role("viewer")
    ).json()["features"]
    assert seen == [str(feature["id"]) for feature in every]
    kinds = {feature["properties"]["kind"] for feature in every}
    labels = load_layers()["hazard_sources"].codes["kind"]
    for kind in kinds:
        assert labels[kind].zh in words
    assert "coal_mine" not in words
    # Instants are told by the district's clock.
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d \+0800", words)
    text = client.get(f"/ogc/collections/hazard_sources/items/{seen[0]}", headers=headers).text
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d \+0800", text)
    assert "UTC" not in text


def test_who_may_not_read_a_field_does_not_see_it(client: TestClient, as_role: Headers) -> None:
    for end in ("", "/items", "/items/1", "/queryables"):
        path = f"/ogc/collections/rescue_teams{end}"
        assert "联系电话" not in client.get(path, headers=as_role("viewer") | BROWSER).text
        assert "联系电话" in client.get(path, headers=as_role("dispatcher") | BROWSER).text


def test_a_hostile_value_is_only_text(demo_url: str, settings: Any) -> None:
    hostile = """</td><script>alert(1)</script>"'`${x}<img src=x onerror=alert(1)>"""
    with db.connect(demo_url) as conn:
        conn.execute("UPDATE core.town SET name = %s, org = %s", [hostile, hostile])
        conn.execute("UPDATE core.town SET source_doc = %s", ["javascript:alert(1)"])
        conn.commit()
    with TestClient(create_app(settings, demo_url)) as client:
        first = client.get("/ogc/collections/towns/items").json()["features"][0]["id"]
        for path in ("", "/items", f"/items/{first}"):
            page = _Reader(client.get(f"/ogc/collections/towns{path}", headers=BROWSER).text)
            assert "script" not in page.tags
            assert "img" not in page.tags
            assert path == "" or hostile in page.words
        query = {"filter": f"name <> '{hostile.replace(chr(39), chr(39) * 2)}'", "sortby": "-name"}
        page = _Reader(
            client.get("/ogc/collections/towns/items", params=query, headers=BROWSER).text
        )
        assert "script" not in page.tags


def test_a_sketch_keeps_the_shapes_and_draws_nothing_where_there_are_none() -> None:
    square = [[[113.0, 36.0], [113.1, 36.0], [113.1, 36.1], [113.0, 36.0]]]
    drawn = sketch([{"type": "MultiPolygon", "coordinates": [square]}, None,
                    {"type": "Point", "coordinates": [113.05, 36.05]}])  # fmt: skip
    assert drawn.count("<path") == drawn.count("<circle") == 1
    assert "NaN" not in drawn
    hole = [[113.02, 36.01], [113.04, 36.01], [113.04, 36.02], [113.02, 36.01]]
    holed = sketch([{"type": "Polygon", "coordinates": [*square, hole]}])
    assert holed.count("<path") == 1
    assert holed.count("M") == holed.count("Z") == 2
    assert 'fill-rule="evenodd"' in holed
    assert sketch([]) == sketch([None]) == ""
