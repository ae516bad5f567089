"""The attribute tables below the map: rows and shapes tied together, columns, files."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

Opener = Callable[..., Page]


def open_table(page: Page, layer: str) -> Any:
    page.locator(f"[data-layer={layer}] .opens").click()
    expect(page.locator("#dock tr[data-id]").first).to_be_visible()
    return page.locator("#dock tr[data-id]")


def test_a_table_shows_every_record_with_codes_in_words(opened: Opener) -> None:
    page = opened()
    count = int(page.locator("[data-layer=depots] .count").inner_text())
    rows = open_table(page, "depots")
    expect(rows).to_have_count(count)
    expect(page.locator("#dock .bar .count")).to_have_text(f"共 {count} 条")
    expect(page.locator("#dock [aria-selected=true]").first).to_have_text("物资储备点")
    expect(rows.first).to_contain_text("区级")
    expect(rows.first).not_to_contain_text("district")


def _name(cell: Locator) -> str:
    """Return what a row is called, without the marks beside it: stale, overdue."""
    return str(cell.evaluate("cell => cell.firstChild.textContent")).strip()


def test_a_row_chosen_is_shown_on_the_map_and_in_the_card(opened: Opener) -> None:
    page = opened()
    rows = open_table(page, "rescue_teams")
    name = _name(rows.nth(3).locator("th"))
    rows.nth(3).click()
    expect(page.locator("#card h2")).to_have_text(name)
    expect(rows.nth(3)).to_have_attribute("aria-selected", "true")
    waited = 0
    while (zoom := page.evaluate("app.map.getView().getZoom()")) < 14 and waited < 100:
        page.wait_for_timeout(50)
        waited += 1
    assert zoom > 14


def test_a_feature_clicked_on_the_map_is_the_row(opened: Opener) -> None:
    page = opened()
    open_table(page, "mines")
    page.evaluate(
        """() => {
          const feature = app.layers.entry('mines').layer.getSource().getFeatures()[1];
          app.map.getView().setCenter(feature.getGeometry().getCoordinates());
          app.map.getView().setZoom(18);
          app.map.renderSync();
        }"""
    )
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    chosen = page.locator("#dock tr[aria-selected=true] th")
    expect(chosen).to_have_count(1)
    expect(page.locator("#card h2")).to_have_text(_name(chosen))


def test_a_large_table_is_read_page_by_page(opened: Opener) -> None:
    page = opened()
    total = int(page.locator("[data-layer=roads] .count").inner_text().replace(",", ""))
    rows = open_table(page, "roads")
    expect(rows).to_have_count(100)
    expect(page.locator("#dock .bar .count")).to_have_text(f"已载入 100 / {total} 条")
    page.evaluate("document.querySelector('#dock .scroller').scrollTop = 1e6")
    expect(rows).to_have_count(200)


def test_rows_are_walked_through_and_chosen_by_keyboard(opened: Opener) -> None:
    page = opened()
    rows = open_table(page, "depots")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#card h2")).to_have_text(_name(rows.nth(2).locator("th")))


def test_columns_are_chosen_and_remembered(opened: Opener) -> None:
    page = opened()
    open_table(page, "depots")
    heads = page.locator("#dock thead th")
    expect(heads.filter(has_text="权属")).to_have_count(1)
    page.locator("#dock summary", has_text="列").click()
    page.locator("#dock .menu label", has_text="权属").locator("input").uncheck()
    page.locator("#dock .menu label", has_text="资料来源").locator("input").check()
    expect(heads.filter(has_text="权属")).to_have_count(0)
    expect(heads.filter(has_text="资料来源")).to_have_count(1)
    page.reload()
    page.evaluate("app.ready")
    open_table(page, "depots")
    expect(heads.filter(has_text="资料来源")).to_have_count(1)


def test_the_public_has_tables_of_public_layers_and_files_of_them(opened: Opener) -> None:
    page = opened(anonymous=True)
    open_table(page, "dangerous_sections")
    page.locator("#dock summary", has_text="导出").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出为 CSV").click()
    assert download.value.suggested_filename.endswith(".csv")


def test_tables_are_tabs_that_close(opened: Opener) -> None:
    page = opened()
    open_table(page, "depots")
    open_table(page, "mines")
    expect(page.locator("#dock-tabs [role=tab]")).to_have_count(2)
    page.get_by_role("button", name="关闭“煤矿”").click()
    expect(page.locator("#dock-tabs [role=tab]")).to_have_text(["物资储备点"])
    page.get_by_role("button", name="关闭“物资储备点”").click()
    expect(page.locator("#dock")).to_be_hidden()


def test_on_a_phone_the_table_is_a_sheet(opened: Opener) -> None:
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.locator("#panel-toggle").click()
    open_table(page, "depots")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("#dock").bounding_box()
    assert box is not None
    assert box["y"] > 300
    assert box["width"] == 390
    sign = page.locator("#dock tbody th .sign").first
    within, shown = sign.locator("xpath=..").bounding_box(), sign.bounding_box()
    assert within is not None
    assert shown is not None
    assert within["width"] <= 170
    assert shown["x"] + shown["width"] <= within["x"] + within["width"]  # told, not cut off
