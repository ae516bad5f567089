"""Drafts on the map page: kept unfinished, listed, placed, compared, applied, rejected."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

Opener = Callable[..., Page]
SEND = """async ([method, path, body, etag]) => {
  const headers = {"Content-Type": "application/json", ...(etag && {"If-Match": etag})};
  const answer = await fetch(path, {method, headers, body: body && JSON.stringify(body)});
  return answer.json();
}"""
IMPORT = """async ([register, name, text]) => {
  const form = new FormData();
  form.append("file", new File([text], name));
  form.append("register", register);
  form.append("datum", "cgcs2000");
  let job = await (await fetch("/registry/imports", {method: "POST", body: form})).json();
  const at = `/registry/imports/${job.id}`;
  while (job.state === "reading") job = await (await fetch(at)).json();
  const how = {method: "POST", headers: {"Content-Type": "application/json"}, body: "{}"};
  return (await fetch(`${at}/apply`, how)).json();
}"""
DEPOT = {"owner": "government", "tier": "town", "source_doc": "普查"}


def send(page: Page, method: str, path: str, body: Any = None, etag: str = "") -> Any:
    return page.evaluate(SEND, [method, path, body, etag])


def drafts(page: Page) -> Locator:
    if not page.locator("#panel-registers").is_visible():
        page.locator("#tab-registers").click()
    expect(page.locator("#drafts summary")).to_contain_text("草稿与待定位（")
    return page.locator("#drafts li[data-draft]")


def press(page: Page, name: str) -> None:
    page.locator("#editor").get_by_role("button", name=name, exact=True).click()


def put(page: Page, lon: float, lat: float) -> None:
    page.locator("#editor .place button").click()
    page.locator("#drawing-place").fill(f"{lon}, {lat}")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="完成").click()
    expect(page.locator("#editor .place")).to_contain_text(f"{lon:.6f}, {lat:.6f}")


def on_layer(page: Page, code: str) -> list[list[float]]:
    found: list[list[float]] = page.evaluate(
        "code => app.layers.entry('depots').layer.getSource().getFeatures()"
        ".filter(f => f.get('code') === code)"
        ".map(f => ol.proj.toLonLat(f.getGeometry().getCoordinates()))",
        code,
    )
    return [[round(value, 5) for value in place] for place in found]


def test_a_drawn_point_is_drafted_listed_reopened_moved_and_applied(opened: Opener) -> None:
    page = opened()
    page.locator("#tab-registers").click()
    page.locator("[data-register=depots]").get_by_role("button", name="新增").click()
    page.locator("#field-code").fill("DR-WEB")
    page.locator("#field-name").fill("草稿储备点")
    page.locator("#editor .place button").click()
    page.locator("#map").click(position={"x": 240, "y": 330})
    page.get_by_role("button", name="完成").click()
    expect(page.locator("#editor .place")).to_contain_text("113.")
    drawn = page.locator("#editor .place span").nth(1).inner_text()
    press(page, "存为草稿")
    expect(page.locator("#editor h2")).to_have_text("草稿：草稿储备点")
    expect(page.locator("#editor [role=status]")).to_contain_text("还有 3 处不合格")
    expect(page.locator("#editor [data-field=tier] .problem")).to_contain_text("缺少")
    assert on_layer(page, "DR-WEB") == []
    press(page, "关闭")
    row = drafts(page).filter(has_text="草稿储备点")
    expect(row).to_contain_text("还差：")
    expect(row).to_contain_text("demo")
    row.get_by_role("button").click()
    expect(page.locator("#editor .place")).to_contain_text(drawn)
    press(page, "入库")
    expect(page.locator("#editor [data-field=owner] .problem")).to_contain_text("缺少")
    for name in ("owner", "tier"):
        page.locator(f"#field-{name}").select_option(DEPOT[name])
    page.locator("#field-source_doc").fill("普查")
    put(page, 113.24, 36.34)
    press(page, "保存草稿")
    expect(page.locator("#editor [role=status]")).to_have_text("没有问题，可以入库。")
    assert on_layer(page, "DR-WEB") == []
    press(page, "入库")
    expect(page.locator("#editor")).to_be_hidden()
    expect(page.locator("#card h2")).to_have_text("草稿储备点")
    assert on_layer(page, "DR-WEB") == [[113.24, 36.34]]
    expect(drafts(page).filter(has_text="草稿储备点")).to_have_count(0)


def test_a_row_of_an_import_without_a_place_is_placed_and_applied(opened: Opener) -> None:
    page = opened()
    heading = "编号,名称,权属,级别,乡镇代码,资料来源,经度,纬度\n"
    row = "DR-ROW,缺位置的库,政府,乡镇,140406100,普查,,\n"
    page.evaluate(IMPORT, ["depots", "无位置.csv", heading + row])
    listed = drafts(page).filter(has_text="缺位置的库")
    expect(listed).to_contain_text("还差：位置")
    expect(listed).to_contain_text("导入第 2 行")
    listed.get_by_role("button").click()
    expect(page.locator("#editor .sticky .problem")).to_contain_text("位置：缺少位置")
    put(page, 113.25, 36.35)
    press(page, "入库")
    expect(page.locator("#card h2")).to_have_text("缺位置的库")
    assert on_layer(page, "DR-ROW") == [[113.25, 36.35]]


def test_a_draft_rejected_with_its_reason_leaves_the_list(opened: Opener) -> None:
    page = opened()
    made = send(page, "POST", "/registry/drafts",
                {"register": "depots", "values": {"name": "重复的库"}})  # fmt: skip
    drafts(page).filter(has_text="重复的库").get_by_role("button").click()
    page.locator("#editor summary").click()
    press(page, "驳回")
    expect(page.locator("#editor .rejecting .problem")).to_have_text("请写明驳回原因。")
    page.locator("#reject-why").fill("已在库中")
    page.keyboard.press("Enter")
    expect(page.locator("#editor")).to_be_hidden()
    expect(drafts(page).filter(has_text="重复的库")).to_have_count(0)
    kept = send(page, "GET", f"/registry/drafts/{made['id']}")
    assert (kept["state"], kept["reason"]) == ("rejected", "已在库中")


def test_what_was_changed_meanwhile_is_compared_before_it_is_applied(opened: Opener) -> None:
    page = opened(may_fail=True)
    place = {"type": "Point", "coordinates": [113.23, 36.33]}
    body = DEPOT | {"code": "DR-BOTH", "name": "原名", "address": "原址", "geometry": place}
    record = send(page, "POST", "/registry/depots", body)
    at, etag = f"/registry/depots/{record['id']}", f'"{record["id"]}-1"'
    change = {"name": "草稿的名", "load_min": "25"}
    draft = {
        "register": "depots", "record_id": record["id"], "base_version": 1, "values": change,
    }  # fmt: skip
    send(page, "POST", "/registry/drafts", draft)
    drafts(page).filter(has_text="草稿的名").get_by_role("button").click()
    expect(page.locator("#field-address")).to_have_value("原址")
    send(page, "PATCH", at, {"name": "他人的名", "address": "他人的址"}, etag)
    press(page, "入库")  # refused: shown instead
    conflict = page.locator("#editor .conflict")
    expect(conflict.locator("tbody tr")).to_have_count(3)
    conflict.locator("tr", has_text="草稿的名").locator("input").first.check()
    press(page, "按选择保存")
    expect(page.locator("#field-name")).to_have_value("他人的名")
    expect(page.locator("#field-load_min")).to_have_value("25")
    assert send(page, "GET", at)["version"] == 2
    press(page, "入库")
    expect(page.locator("#card h2")).to_have_text("他人的名")
    kept = send(page, "GET", at)
    assert (kept["version"], kept["name"], kept["address"]) == (3, "他人的名", "他人的址")
    assert (kept["load_min"], kept["geometry"]) == (25, place)


def test_what_was_typed_in_a_draft_is_kept_until_it_is_saved(opened: Opener) -> None:
    page = opened()
    send(page, "POST", "/registry/drafts", {"register": "depots", "values": {"name": "没写完的库"}})
    drafts(page).filter(has_text="没写完的库").get_by_role("button").click()
    page.locator("#field-address").fill("先写到这里")
    page.reload()
    page.evaluate("app.ready")
    drafts(page).filter(has_text="没写完的库").get_by_role("button").click()
    expect(page.locator("#field-address")).to_have_value("先写到这里")
    expect(page.locator("#editor .restored")).to_contain_text("尚未保存的内容")
    press(page, "保存草稿")
    expect(page.locator("#editor .restored")).to_have_count(0)  # saved
    page.reload()
    page.evaluate("app.ready")
    drafts(page).filter(has_text="没写完的库").get_by_role("button").click()
    expect(page.locator("#field-address")).to_have_value("先写到这里")
    expect(page.locator("#editor .restored")).to_have_count(0)
    page.locator("#field-address").fill("不要了")
    page.reload()
    page.evaluate("app.ready")
    drafts(page).filter(has_text="没写完的库").get_by_role("button").click()
    page.locator("#editor .restored button").click()
    expect(page.locator("#field-address")).to_have_value("先写到这里")


def test_drafts_that_were_rejected_or_applied_are_listed_too(opened: Opener) -> None:
    page = opened()
    made = send(page, "POST", "/registry/drafts",
                {"register": "depots", "values": {"name": "驳回的库"}})  # fmt: skip
    page.evaluate(
        "path => fetch(path, {method: 'DELETE'})",
        f"/registry/drafts/{made['id']}?reason=" + "重复",
    )
    listed = drafts(page)
    page.locator("#drafts-which").select_option("rejected")
    expect(listed.filter(has_text="驳回的库")).to_contain_text("已驳回：重复")
    listed.filter(has_text="驳回的库").get_by_role("button").click()
    expect(page.locator("#editor .notice")).to_contain_text("已被驳回：重复")
    page.locator("#drafts-which").select_option("merged")
    expect(listed.filter(has_text="驳回的库")).to_have_count(0)
    total = send(page, "GET", "/registry/drafts/counts")["merged"]
    expect(page.locator("#drafts-which option:checked")).to_have_text(f"已入库（{total}）")


def test_drafts_are_listed_page_by_page(opened: Opener) -> None:
    page = opened()
    for n in range(25):
        send(page, "POST", "/registry/drafts",
             {"register": "shelters", "values": {"name": f"分页 {n}"}})  # fmt: skip
    page.locator("#tab-registers").click()
    listed = page.locator("#drafts li[data-draft]")
    expect(listed).to_have_count(20)
    total = sum(send(page, "GET", "/registry/drafts/counts")[it] for it in ("draft", "checked"))
    expect(page.locator("#drafts summary")).to_have_text(f"草稿与待定位（{total}）")
    page.get_by_role("button", name="再列 20 份").click()
    expect(listed).to_have_count(total)
    expect(page.locator("#drafts .more")).to_have_count(0)


def test_a_planner_drafts_and_leaves_applying_to_the_keeper(opened: Opener, live: Any) -> None:
    page = opened(anonymous=True, extra_http_headers=live.token("planner"))
    page.locator("#tab-registers").click()
    page.locator("[data-register=depots]").get_by_role("button", name="起草").click()
    page.locator("#field-name").fill("规划员的草稿")
    editor = page.locator("#editor")
    expect(editor.get_by_role("button", name="保存", exact=True)).to_have_count(0)
    press(page, "存为草稿")
    expect(page.locator("#editor h2")).to_have_text("草稿：规划员的草稿")
    expect(editor.get_by_role("button", name="入库", exact=True)).to_have_count(0)
    press(page, "关闭")
    expect(drafts(page).filter(has_text="规划员的草稿")).to_have_count(1)


def test_the_public_sees_no_drafts(opened: Opener) -> None:
    page = opened(anonymous=True)
    expect(page.locator("#drafts")).to_have_count(0)
