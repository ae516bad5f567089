"""The one-file map in a real browser: it needs nothing, and no name in it can run."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.testclient import TestClient

from geoservice.db import Connection
from geoservice.errors import NoDistrictError
from geoservice.publish import report_layers
from geoservice.publish.actions import situation_map
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import whole

SIGHTS = [whole(layer) for layer in load_layers().values() if layer.is_drawn]
AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
PAYLOADS = [
    "<script>document.title='run'</script>",
    "</script><script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "<svg onload=document.title='run'>",
    "${document.title='run'}",
    "`${document.title='run'}`",
    "{{ 7*7 }}{% raw %}",
    "'+(document.title='run')+'",
    '"};document.title="run";//',
    "\\u003cimg src=x onerror=document.title='run'\\u003e",
    "\\';document.title='run';//",
    "<!--<script>",
    "]]><a href=\"javascript:document.title='run'\">x</a>",
    "&lt;img src=x onerror=document.title='run'&gt;",
    "\u2028document.title='run'\u2029",
    "<style>@import 'http://example.invalid/x.css'</style>",
    "<iframe srcdoc=\"<script>parent.document.title='run'</script>\">",
]


@pytest.fixture(scope="module")
def chromium(browser: Browser) -> Browser:
    """The browser of every page test: two Playwrights cannot run in one thread."""
    return browser


class Seen:
    """A page with everything it asked for and complained of."""

    def __init__(self, browser: Browser, path: Path) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1300, "height": 900})
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".leaflet-interactive")


def _hostile(conn: Connection) -> None:
    conn.execute("UPDATE core.district SET name = %s || name", ["<b>${1}</b>`"])
    for number, text in enumerate(PAYLOADS):
        conn.execute(
            "INSERT INTO core.hazard_source"
            " (code, name, kind, org, address, remark, source_doc, geom) VALUES"
            " (%s, %s, 'other', %s, %s, %s, %s, ST_SetSRID(ST_Point(%s, 36.3), 4490))",
            [f"X{number}{text}", text, text, text, text, text, 113.05 + number / 100],
        )
        conn.execute(
            "UPDATE core.town SET name = %s WHERE id ="
            " (SELECT id FROM core.town WHERE valid_to IS NULL ORDER BY id OFFSET %s LIMIT 1)",
            [text, number],
        )


def test_it_draws_every_layer_and_asks_for_nothing(
    demo_conn: Connection, tmp_path: Path, chromium: Browser
) -> None:
    path = tmp_path / "map.html"
    path.write_text(situation_map(demo_conn, sights=SIGHTS, at=AT), "utf-8")
    seen = Seen(chromium, path)
    assert [url for url in seen.requests if not url.startswith("data:")] == [path.as_uri()]
    assert seen.complaints == []
    assert seen.page.title().endswith("应急态势图")
    names = seen.page.locator(".leaflet-control-layers-overlays label").all_inner_texts()
    assert [name.strip() for name in names] == [sight.layer.title.zh for sight in SIGHTS]
    header = seen.page.locator("header").inner_text()
    for part in ("2026-11-23 14:00+08:00", "EPSG:4490", "演示数据", "密级"):
        assert part in header
    assert "禁采区" in seen.page.locator("aside").inner_text()
    assert seen.page.locator('path[fill^="url(#hatch-"]').count() > 0


def test_switching_a_layer_off_takes_it_from_the_map(
    demo_conn: Connection, tmp_path: Path, chromium: Browser
) -> None:
    path = tmp_path / "map.html"
    path.write_text(situation_map(demo_conn, sights=SIGHTS, at=AT), "utf-8")
    page = Seen(chromium, path).page
    markers = page.locator(".map-marker").count()
    page.locator(".leaflet-control-layers-overlays label", has_text="危险源").click()
    assert 0 < page.locator(".map-marker").count() < markers


def test_no_name_in_it_can_run(demo_conn: Connection, tmp_path: Path, chromium: Browser) -> None:
    _hostile(demo_conn)
    path = tmp_path / "map.html"
    path.write_text(situation_map(demo_conn, sights=SIGHTS, at=AT), "utf-8")
    seen = Seen(chromium, path)
    for number in range(len(PAYLOADS)):
        seen.page.evaluate(
            """(number) => {
              for (const layer of Object.values(Object.values(window).find(
                     (value) => value instanceof L.Map)._layers)) {
                const popup = layer.feature?.properties?.p ?? "";
                if (popup.includes(`X${number}`) && layer.getLatLng)
                  layer.fire("click", {latlng: layer.getLatLng(), originalEvent: {}}, true);
              }
            }""",
            number,
        )
        seen.page.wait_for_timeout(20)
    assert seen.page.locator(".leaflet-popup-content").count() >= 1
    assert seen.page.title() == "<b>${1}</b>`潞城区应急态势图"
    assert [url for url in seen.requests if not url.startswith(("data:", "file:"))] == []
    assert [text for text in seen.complaints if "Refused" in text or "run" in text] == []
    assert seen.page.locator("iframe, .leaflet-popup-content img, .map-label script").count() == 0


def test_only_zones_in_force_are_drawn(
    demo_conn: Connection, tmp_path: Path, chromium: Browser
) -> None:
    path = tmp_path / "map.html"
    path.write_text(situation_map(demo_conn, sights=SIGHTS, at=AT), "utf-8")
    states = demo_conn.execute(
        "SELECT v.state FROM core.zone_polygon p"
        " JOIN core.zone_version v ON v.id = p.zone_version_id"
    ).fetchall()
    in_force = sum(state == "effective" for (state,) in states)
    assert 0 < in_force < len(states)
    page = Seen(chromium, path).page
    assert page.locator('path[fill^="url(#hatch-"][stroke="#882255"]').count() > 0
    zones = 'path[stroke="#882255"], path[stroke="#b8a130"], path[stroke="#44aa99"]'
    filled = page.locator(zones).evaluate_all(
        "paths => paths.filter((path) => path.closest('.leaflet-overlay-pane')"
        " && path.getAttribute('fill') !== 'none').length"
    )
    assert filled == in_force


def test_without_a_browser_no_resource_is_linked(demo_conn: Connection) -> None:
    page = situation_map(demo_conn, sights=SIGHTS, at=AT)
    assert re.findall(r"<(?:script|img|iframe|link)[^>]+(?:src|href)=", page) == []
    assert re.findall(r"(?:url\(|@import\s*)[\"']?(?:https?:)?//", page) == []
    assert "default-src 'none'" in page


def test_its_times_are_the_districts_not_the_servers(demo_conn: Connection) -> None:
    demo_conn.execute("UPDATE core.district SET time_zone = 'Asia/Kathmandu'")
    demo_conn.execute(
        "UPDATE core.road_closure SET period = tstzrange('2026-11-23T00:00Z', '9999-12-31T23:00Z')"
    )
    page = situation_map(demo_conn, sights=SIGHTS, at=AT)
    assert "2026-11-23 11:45+05:45" in page
    popups = re.findall(r"开始时间.{0,40}?(2026-11-23 [^<\\]*)", page)
    assert set(popups) == {"2026-11-23 05:45+05:45"}
    assert "9999-12-31 23:00+00:00" in page


def test_what_is_not_drawn_is_said(demo_conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_layers, "MOST_FEATURES", 5)
    page = situation_map(demo_conn, sights=SIGHTS, at=AT)
    total = demo_conn.execute("SELECT count(*) FROM published.roads").fetchone()[0]
    assert f"Roads: 5 of {total} are drawn." in page


def test_without_a_district_there_is_no_map(conn: Connection) -> None:
    with pytest.raises(NoDistrictError):
        situation_map(conn, sights=SIGHTS, at=AT)


def test_it_is_for_viewers_and_comes_as_a_file(client: TestClient, as_role) -> None:
    assert client.get("/situation-map").status_code == 401
    answer = client.get("/situation-map", headers=as_role("viewer"))
    assert answer.headers["content-disposition"].startswith('attachment; filename="situation-map-')
    assert re.search(r"\d\d:\d\d\+08:00</b>", answer.text)
    assert client.get("/session").json()["district"]["time_zone"] == "Asia/Shanghai"
    assert client.get("/situation-map?x=1", headers=as_role("viewer")).status_code == 400
    assert "联系电话" not in answer.text
