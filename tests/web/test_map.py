"""The map page, as the command centre and the public open it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Opener = Callable[..., Page]
PUBLIC = {
    "district", "towns", "roads", "road_closures", "dangerous_sections", "shelters",
    "fire_stations", "town_stations",
}  # fmt: skip
HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>${alert(3)}'


def come_to_rest(page: Page) -> None:
    """Wait until the map has moved to where it was sent."""
    page.wait_for_timeout(100)
    for _ in range(100):
        if not page.evaluate("app.map.getView().getAnimating()"):
            return
        page.wait_for_timeout(50)


def collections(page: Page) -> dict[str, Any]:
    answer = page.request.get("/ogc/collections").json()
    return {c["id"]: c["geoservice"] for c in answer["collections"]}


def pixel_of(page: Page, layer: str, index: int = 0) -> tuple[float, float]:
    """Bring a point feature to the middle of the map; return where to click."""
    page.evaluate(
        """([layer, index]) => {
          const source = app.layers.entry(layer).layer.getSource();
          const at = source.getFeatures()[index].getGeometry().getCoordinates();
          app.map.getView().setCenter(at);
          app.map.getView().setZoom(18);
          app.map.renderSync();
        }""",
        [layer, index],
    )
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_every_layer_is_listed_with_its_count_and_drawn(opened: Opener) -> None:
    page = opened()
    served = collections(page)
    assert len(served) >= 12
    for name, layer in served.items():
        row = page.locator(f"[data-layer={name}]")
        expect(row.locator(".line .name")).to_have_text(layer["title"]["zh"])
        expect(row.locator(".count")).to_have_text(f"{layer['count']:,}")
        if layer["geometry"] == "none":
            expect(row.get_by_role("checkbox")).to_have_count(0)
            continue
        expect(row.get_by_role("checkbox")).to_be_checked(checked=layer["visible"])
        if layer["legend"]["field"]:
            expect(row.locator(".legend li")).to_have_count(len(layer["legend"]["entries"]))
    loaded = page.evaluate(
        "app.layers.entries.filter(e => !e.tiled)"
        ".map(e => [e.collection.id, e.layer.getSource().getFeatures().length])"
    )
    assert loaded
    assert all(served[name]["count"] == count for name, count in loaded)


def test_the_map_is_drawn_and_says_how_fresh_it_is(opened: Opener) -> None:
    page = opened()
    colours = page.evaluate(
        """() => {
          const canvas = document.querySelector('#map canvas');
          const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
          const seen = new Set();
          for (let i = 0; i < data.length; i += 40) seen.add(data.slice(i, i + 4).join());
          return seen.size;
        }"""
    )
    assert colours > 50
    expect(page.locator("#state")).to_contain_text("更新于")
    expect(page.locator("#banner")).to_be_visible()
    expect(page.locator("header h1")).to_contain_text("潞城区")


def test_large_layers_come_as_tiles_and_their_features_answer(opened: Opener) -> None:
    page = opened()
    roads = page.evaluate("app.layers.entry('roads').tiled")
    assert roads is True
    count = page.evaluate(
        "app.layers.entry('roads').layer.getFeaturesInExtent("
        "app.map.getView().calculateExtent()).length"
    )
    assert count > 0


def test_a_click_identifies_the_feature_in_words(opened: Opener) -> None:
    page = opened()
    page.mouse.click(*pixel_of(page, "hazard_sources"))
    card = page.locator("#card")
    expect(card).to_be_visible()
    if card.locator(".hits button").count():
        card.locator(".hits button", has_text="危险源").first.click()
    expect(card).to_contain_text("资料来源")
    expect(card.locator(".demo")).to_have_text("演示数据")
    name = page.evaluate(
        "app.layers.entry('hazard_sources').layer.getSource().getFeatures()[0].get('name')"
    )
    expect(card.locator("h2")).to_have_text(name)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_search_finds_a_name_shows_its_layer_and_goes_there(opened: Opener) -> None:
    page = opened()
    page.locator("#show-mines").uncheck()
    page.get_by_role("combobox", name="搜索名称、编码或坐标").fill("石窟")
    expect(page.locator("#search-results [role=option]").first).to_contain_text("煤矿")
    page.keyboard.press("Enter")
    expect(page.locator("#card h2")).to_contain_text("石窟")
    expect(page.locator("#show-mines")).to_be_checked()
    come_to_rest(page)
    assert page.evaluate("app.map.getView().getZoom()") == pytest.approx(15)


@pytest.mark.parametrize("typed", ["113.23,36.33", "36.33，113.23", "113°13'48\"E 36°19'48\"N"])
def test_search_reads_a_coordinate(opened: Opener, typed: str) -> None:
    page = opened()
    page.locator("#search").fill(typed)
    expect(page.locator("#search-results")).to_contain_text("坐标 113.230000,36.330000")
    page.keyboard.press("Enter")
    come_to_rest(page)
    centre = page.evaluate("ol.proj.toLonLat(app.map.getView().getCenter())")
    assert centre == pytest.approx([113.23, 36.33], abs=0.002)
    expect(page.locator("#readout-degrees")).to_have_text("113.230000°, 36.330000°")


def test_search_says_what_it_did_not_find_and_where_it_did_not_look(opened: Opener) -> None:
    page = opened()
    page.locator("#search").fill("没有这个名字")
    expect(page.locator("#search-results")).to_contain_text("没有找到")
    expect(page.locator("#search-results")).to_contain_text("道路")


def test_the_readout_follows_the_pointer_in_degrees_and_metres(opened: Opener) -> None:
    page = opened()
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 500, box["y"] + 400)
    text = page.locator("#readout-degrees").inner_text()
    lon, lat = (float(part.rstrip("°")) for part in text.split(", "))
    assert 112.5 < lon < 114
    assert 36 < lat < 37
    expect(page.locator("#readout-grid")).to_contain_text("X 40")
    assert "中央经线 114°" in str(page.locator("#readout-grid").get_attribute("title"))


def test_a_box_unchecked_takes_its_layer_away(opened: Opener) -> None:
    page = opened()
    page.locator("#show-depots").uncheck()
    assert page.evaluate("app.layers.entry('depots').layer.getVisible()") is False
    page.locator("#show-depots").check()
    assert page.evaluate("app.layers.entry('depots').layer.getVisible()") is True


def test_the_language_switches_and_is_remembered(opened: Opener) -> None:
    page = opened()
    page.locator("#language").click()
    expect(page.locator("[data-layer=depots] .name")).to_have_text("Depots")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    page.evaluate("app.ready")
    expect(page.locator("#doors")).to_contain_text("Zones")


def test_the_public_sees_public_layers_and_a_way_to_sign_in(opened: Opener) -> None:
    page = opened(anonymous=True)
    shown = set(page.evaluate("app.layers.entries.map(e => e.collection.id)"))
    assert shown == PUBLIC
    expect(page.locator("#tab-dispatch")).to_have_count(0)
    page.get_by_role("link", name="登录").click()
    expect(page.locator("#sign-in-name")).to_be_visible()


def test_the_zones_door_shows_zones(opened: Opener) -> None:
    page = opened("/plan")
    for name in ("mine_water_zones", "flood_zones", "mines", "district"):
        expect(page.locator(f"#show-{name}")).to_be_checked()
    expect(page.locator("#show-depots")).not_to_be_checked()
    expect(page.locator("#doors [aria-current]")).to_have_text("分区")


@pytest.mark.parametrize("path", ["/", "/plan", "/dispatch", "/sign-in"])
def test_a_phone_needs_no_sideways_scrolling(opened: Opener, path: str) -> None:
    page = opened(path, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_lost_service_is_said_and_found_again(opened: Opener) -> None:
    page = opened(anonymous=True, may_fail=True)
    page.context.set_offline(True)
    page.evaluate("app.update()")
    expect(page.locator("#state")).to_contain_text("连接中断")
    assert page.evaluate("app.layers.entry('district').layer.getSource().getFeatures().length") == 1
    page.context.set_offline(False)
    page.get_by_role("button", name="重试").click()
    expect(page.locator("#state")).to_contain_text("更新于")


def test_names_from_the_data_never_become_script(opened: Opener, live: Any, tmp_path: Path) -> None:
    place = {"type": "Point", "coordinates": [113.2, 36.35]}
    row = {"code": "HOSTILE-1", "name": HOSTILE, "kind": "other", "source_doc": HOSTILE}
    feature = {"type": "Feature", "geometry": place, "properties": row}
    file = tmp_path / "hostile.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    load = [sys.executable, "-m", "geoservice", "load", "hazard_sources", str(file)]
    subprocess.run(
        [*load, "--datum", "wgs84"],
        env={**os.environ, "GEOSERVICE_HOME": str(live.home)}, check=True, capture_output=True,
    )  # fmt: skip
    page = opened()
    page.locator("#search").fill("HOSTILE-1")
    page.keyboard.press("Enter")
    expect(page.locator("#card h2")).to_have_text(HOSTILE)
    assert page.locator("#card img, #card script, #search-results img").count() == 0
