"""A keeper's work on single records: added with a drawn place, amended by two at once, history."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Opener = Callable[..., Page]
Clicker = Callable[..., None]
HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>${alert(3)}'


def open_table(page: Page, layer: str) -> None:
    page.locator(f"[data-layer={layer}] .opens").click()
    expect(page.locator("#dock tr[data-id]").first).to_be_visible()


def open_record(page: Page, layer: str, index: int) -> str:
    open_table(page, layer)
    row = page.locator("#dock tr[data-id]").nth(index)
    row.click()
    name = row.locator("td").first.inner_text()
    expect(page.locator("#card")).to_contain_text(name)
    return name


def amend(page: Page) -> None:
    page.locator("#card").get_by_role("button", name="修改").click()
    expect(page.locator("#editor h2")).to_contain_text("修改：")


def fill_new(page: Page, layer: str, **fields: str) -> None:
    open_table(page, layer)
    page.locator("#dock").get_by_role("button", name="新增").click()
    for name, value in fields.items():
        box = page.locator(f"#field-{name}")
        if box.evaluate("node => node.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def save(page: Page) -> None:
    page.locator("#editor").get_by_role("button", name="保存", exact=True).click()


def test_a_record_is_added_with_an_area_drawn_on_the_map(
    opened: Opener, click_map: Clicker
) -> None:
    page = opened()
    fill_new(
        page, "water_bodies", code="WB-NEW", name="新水库", kind="reservoir", source_doc="普查"
    )
    page.get_by_role("button", name="在图上绘制").click()
    page.get_by_role("button", name="画面").click()
    click_map(page, (200, 300), (360, 300), (360, 420))
    page.keyboard.press("Enter")
    expect(page.locator("#drawing .state")).to_contain_text("拖动顶点")
    page.keyboard.press("Enter")
    expect(page.locator("#editor .place")).to_contain_text("面（1 块）")
    save(page)
    expect(page.locator("#card h2")).to_have_text("新水库")
    expect(page.locator("#editor")).to_be_hidden()
    row = page.locator("#dock tr[data-id]", has_text="新水库")
    expect(row).to_have_count(1)
    kinds = page.evaluate(
        "app.layers.entry('water_bodies').layer.getSource().getFeatures()"
        ".filter(f => f.get('code') === 'WB-NEW').map(f => f.getGeometry().getType())"
    )
    assert kinds in (["Polygon"], ["MultiPolygon"])


def test_a_boundary_that_crosses_itself_is_seen_at_once_and_not_taken(
    opened: Opener, click_map: Clicker
) -> None:
    page = opened()
    fill_new(page, "water_bodies", code="WB-BAD", name="坏", kind="pond", source_doc="x")
    page.get_by_role("button", name="在图上绘制").click()
    page.get_by_role("button", name="画面").click()
    click_map(page, (200, 300), (360, 420), (360, 300), (200, 420))
    page.keyboard.press("Enter")
    state = page.locator("#drawing .state")
    expect(state).to_contain_text("自相交")
    page.keyboard.press("Enter")
    expect(page.locator("#drawing")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(state).not_to_contain_text("自相交")
    page.keyboard.press("Escape")
    expect(page.locator("#drawing")).to_be_hidden()
    expect(page.locator("#editor .place")).to_contain_text("没有位置")


def test_a_point_is_placed_by_its_numbers(opened: Opener) -> None:
    page = opened()
    fill_new(page, "depots", code="D-NUM", name="坐标点", owner="government", tier="village",
             source_doc="普查")  # fmt: skip
    page.get_by_role("button", name="在图上绘制").click()
    page.locator("#drawing-place").fill("113°13'48\"E 36°19'48\"N")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="完成").click()
    expect(page.locator("#editor .place")).to_contain_text("113.230000, 36.330000")
    save(page)
    expect(page.locator("#card h2")).to_have_text("坐标点")


def test_what_is_wrong_stands_beside_its_field(opened: Opener) -> None:
    page = opened(may_fail=True)
    fill_new(page, "depots", code="D-WRONG", load_min="-1")
    save(page)
    wrong = page.locator("#editor .field[data-field=load_min]")
    expect(wrong.locator(".problem")).to_have_text("小于 0")
    expect(wrong.locator("input")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#editor [data-field=tier] .problem")).to_contain_text("缺少")
    expect(page.locator("#editor .sticky .problem")).to_contain_text("位置：缺少位置")


def test_two_editors_see_both_versions_and_decide(opened: Opener) -> None:
    one, other = opened(), opened(may_fail=True)
    for page in (one, other):
        open_record(page, "depots", 5)
        amend(page)
    one.locator("#field-name").fill("先改的名")
    one.locator("#field-address").fill("先改的地址")
    save(one)
    expect(one.locator("#card h2")).to_have_text("先改的名")
    other.locator("#field-name").fill("后改的名")
    other.locator("#field-load_min").fill("25")
    save(other)
    conflict = other.locator("#editor .conflict")
    expect(conflict).to_contain_text("先改的名")
    expect(conflict).to_contain_text("后改的名")
    expect(conflict.locator("tbody tr")).to_have_count(3)
    conflict.locator("tr", has_text="后改的名").locator("input").first.check()
    conflict.get_by_role("button", name="按选择保存").click()
    card = other.locator("#card")
    expect(card.locator("h2")).to_have_text("先改的名")
    expect(card).to_contain_text("先改的地址")
    expect(card).to_contain_text("25")


def test_history_says_who_changed_what(opened: Opener) -> None:
    page = opened()
    open_record(page, "depots", 7)
    before = page.locator("#card h2").inner_text()
    amend(page)
    page.locator("#field-name").fill(HOSTILE)
    page.locator("#edit-why").fill("复核")
    save(page)
    expect(page.locator("#card h2")).to_have_text(HOSTILE)
    page.get_by_role("button", name="历史").click()
    newest = page.locator("#editor .history li").first
    expect(newest).to_contain_text("修改")
    expect(newest).to_contain_text("demo")
    expect(newest.locator("dd span").first).to_have_text(before)
    expect(newest.locator("dd span").last).to_have_text(HOSTILE)
    assert page.locator("#editor img, #card img, #dock img, #dock script").count() == 0


def test_what_was_typed_survives_a_reload(opened: Opener) -> None:
    page = opened()
    open_record(page, "rescue_teams", 1)
    amend(page)
    page.locator("#field-equipment").fill("未保存的装备")
    page.reload()
    page.evaluate("app.ready")
    open_record(page, "rescue_teams", 1)
    amend(page)
    expect(page.locator("#editor .restored")).to_contain_text("已恢复")
    expect(page.locator("#field-equipment")).to_have_value("未保存的装备")
    page.get_by_role("button", name="丢弃，重新开始").click()
    expect(page.locator("#editor .restored")).to_have_count(0)
    expect(page.locator("#field-equipment")).not_to_have_value("未保存的装备")


def test_a_record_is_retired_with_its_reason(opened: Opener) -> None:
    page = opened()
    code = open_record(page, "rescue_teams", 4)
    page.locator("#card").get_by_role("button", name="注销").click()
    page.locator("#editor").get_by_role("button", name="注销", exact=True).click()
    expect(page.locator("#editor .problem")).to_contain_text("请写明注销原因")
    page.locator("#retire-why").fill("已解散")
    page.keyboard.press("Enter")
    expect(page.locator("#editor")).to_be_hidden()
    expect(page.locator("#dock tr[data-id]", has_text=code)).to_have_count(0)


def test_who_is_no_keeper_has_no_tools(opened: Opener) -> None:
    page = opened(anonymous=True)
    open_table(page, "dangerous_sections")
    expect(page.locator("#dock").get_by_role("button", name="新增")).to_have_count(0)
    page.locator("#dock tr[data-id]").first.click()
    expect(page.locator("#card").get_by_role("button", name="修改")).to_have_count(0)


def pixel(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place is on the screen, once the map has come to rest."""
    while page.evaluate("app.map.getView().getAnimating()"):
        page.wait_for_timeout(100)
    page.evaluate("app.map.renderSync()")
    x, y = page.evaluate(
        "([lon, lat]) => app.map.getPixelFromCoordinate(ol.proj.fromLonLat([lon, lat]))", [lon, lat]
    )
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def test_a_dragged_corner_leaves_holes_and_parts_as_they_are(opened: Opener) -> None:
    def square(lon: float, lat: float, side: float) -> list[list[float]]:
        low, high = lon + side, lat + side
        return [[lon, lat], [low, lat], [low, high], [lon, high], [lon, lat]]

    shape = {
        "type": "MultiPolygon",
        "coordinates": [[square(113.2, 36.3, 0.03), square(113.21, 36.31, 0.01)],
                        [square(113.24, 36.3, 0.01)]],
    }  # fmt: skip
    body = {
        "code": "WB-HOLE",
        "name": "有岛的湖",
        "kind": "lake",
        "source_doc": "x",
        "geometry": shape,
    }
    page = opened()
    made = page.evaluate(
        """body => fetch('/registry/water_bodies', {method: 'POST', body: JSON.stringify(body),
          headers: {'Content-Type': 'application/json'}}).then(answer => answer.json())""",
        body,
    )
    open_table(page, "water_bodies")
    page.locator("#dock tr[data-id]", has_text="有岛的湖").click()
    amend(page)
    page.get_by_role("button", name="在图上修改").click()
    page.mouse.move(*pixel(page, 113.21, 36.31), steps=3)
    page.mouse.down()
    page.mouse.move(*pixel(page, 113.206, 36.306), steps=6)
    page.mouse.up()
    expect(page.get_by_role("button", name="撤销")).to_be_enabled()
    page.get_by_role("button", name="完成").click()
    expect(page.locator("#editor .place")).to_contain_text("面（2 块）")
    save(page)
    expect(page.locator("#editor")).to_be_hidden()
    kept = page.evaluate(
        "id => fetch(`/registry/water_bodies/${id}`).then(answer => answer.json())", made["id"]
    )["geometry"]["coordinates"]
    assert [len(part) for part in kept] == [2, 1]
    moved = [min(abs(x - 113.206) + abs(y - 36.306) for x, y in ring) for ring in kept[0]]
    assert min(moved) < 0.002
    other = {(round(x, 6), round(y, 6)) for x, y in kept[1][0]}
    assert other == {(round(x, 6), round(y, 6)) for x, y in square(113.24, 36.3, 0.01)}
