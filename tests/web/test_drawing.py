"""The drawing tools: holes, splits, edges laid anew, merging, widths, copies, undo by name."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

Opener = Callable[..., Page]
Clicker = Callable[..., None]


def tool(page: Page, name: str) -> Locator:
    return page.locator(f"#drawing [data-tool={name}]")


def shape(page: Page) -> dict[str, object]:
    found: dict[str, object] = page.evaluate(
        "(() => { const s = app.drawing.drawing.sheet; const g = s.written(s.shape);"
        " const parts = g.type === 'MultiPolygon' ? g.coordinates : [g.coordinates];"
        " return {type: g.type, rings: parts.map(part => part.length)} })()"
    )
    return found


@pytest.fixture
def square(opened: Opener, click_map: Clicker) -> Page:
    """An area of four corners drawn for a new body of water."""
    page = opened(may_fail=True)
    page.locator("[data-layer=water_bodies] .opens").click()
    page.locator("#dock").get_by_role("button", name="新增").click()
    page.get_by_role("button", name="在图上绘制").click()
    page.locator("[data-tool=Polygon]").click()
    click_map(page, (420, 390), (660, 390), (660, 570), (420, 570))
    page.keyboard.press("Enter")
    expect(page.locator("#drawing .state")).to_contain_text("拖动顶点")
    return page


def test_a_hole_is_cut_and_undone_by_its_name(square: Page, click_map: Clicker) -> None:
    tool(square, "cut").click()
    expect(square.locator("#drawing .state")).to_contain_text("孔洞")
    click_map(square, (500, 450), (560, 450), (560, 510))
    square.keyboard.press("Enter")
    expect(tool(square, "undo")).to_have_text("撤销：挖空")
    assert shape(square) == {"type": "Polygon", "rings": [2]}
    tool(square, "undo").click()
    assert shape(square) == {"type": "Polygon", "rings": [1]}
    expect(tool(square, "redo")).to_have_text("重做：挖空")


def test_a_split_offers_its_pieces(square: Page, click_map: Clicker) -> None:
    tool(square, "split").click()
    click_map(square, (560, 330), (560, 630))
    square.keyboard.press("Enter")
    pieces = square.locator("#drawing .pieces button")
    expect(pieces).to_have_count(2)
    larger = pieces.first.inner_text()
    assert "第 1 块" in larger
    assert "公顷" in larger
    pieces.first.click()
    expect(pieces).to_have_count(0)
    expect(tool(square, "undo")).to_have_text("撤销：分割")


def test_a_line_that_divides_nothing_is_refused_in_words(square: Page, click_map: Clicker) -> None:
    tool(square, "split").click()
    click_map(square, (560, 330), (560, 490))
    square.keyboard.press("Enter")
    expect(square.locator("#drawing .state.problem")).to_contain_text("没有分开")
    assert shape(square) == {"type": "Polygon", "rings": [1]}


def test_an_edge_follows_a_line_and_an_area_grows(square: Page, click_map: Clicker) -> None:
    tool(square, "reshape").click()
    click_map(square, (480, 420), (480, 330), (600, 330), (600, 420))
    square.keyboard.press("Enter")
    expect(tool(square, "undo")).to_have_text("撤销：修边")
    square.locator("#drawing-metres").fill("50")
    tool(square, "widen").click()
    expect(tool(square, "undo")).to_have_text("撤销：缓冲")


def test_two_areas_that_overlap_are_merged(opened: Opener, click_map: Clicker) -> None:
    page = opened("/plan")
    page.evaluate(
        "void app.drawing.edit(null, {title: 'x', kinds: ['Polygon'], isMany: true,"
        " mayBeEmpty: true, sources: []})"
    )
    click_map(page, (420, 390), (660, 390), (660, 570))
    page.keyboard.press("Enter")
    page.locator("[data-tool=Polygon]").click()
    click_map(page, (600, 350), (760, 350), (760, 550))
    page.keyboard.press("Enter")
    expect(page.locator("#drawing .state.problem")).to_contain_text("自相交")
    tool(page, "join").click()
    expect(tool(page, "undo")).to_have_text("撤销：合并")
    assert shape(page) == {"type": "Polygon", "rings": [1]}


def test_a_shape_of_another_layer_is_copied(square: Page) -> None:
    square.keyboard.press("Escape")
    square.get_by_role("button", name="在图上绘制").click()
    zone = square.evaluate(
        "(() => { const e = app.layers.entry('mine_water_zones');"
        " const f = e.layer.getSource().getFeatures()[0];"
        " const at = f.getGeometry().getPolygons()[0].getInteriorPoint().getCoordinates();"
        " const padding = [200, 200, 300, 400];"
        " app.map.getView().fit(f.getGeometry().getExtent(), {padding, duration: 0});"
        " app.map.renderSync(); return app.map.getPixelFromCoordinate(at) })()"
    )
    tool(square, "copy").click()
    expect(square.locator("#drawing .state")).to_contain_text("其他图层")
    square.locator("#map").click(position={"x": zone[0], "y": zone[1]})
    expect(tool(square, "undo")).to_have_text("撤销：复制图形")
    assert shape(square)["type"] in ("Polygon", "MultiPolygon")
