"""The tab of the registers: every register, what is stale or overdue, what is not saved."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

Opener = Callable[..., Page]
POST = """async ([path, body]) => {
  const headers = {"Content-Type": "application/json"};
  const answer = await fetch(path, {method: "POST", headers, body: JSON.stringify(body)});
  return answer.json();
}"""


def open_tab(page: Page) -> None:
    page.locator("#tab-registers").click()
    expect(page.locator("#panel-registers li[data-register]").first).to_be_visible()


def test_every_register_has_its_table_and_a_way_to_add(opened: Opener) -> None:
    page = opened()
    open_tab(page)
    listed = page.locator("#panel-registers li[data-register]")
    names = page.evaluate("fetch('/registry').then(answer => answer.json())")
    assert listed.count() == len(names)
    page.locator("[data-register=shelters]").get_by_role("button", name="表").click()
    expect(page.locator("#dock [role=tab]")).to_have_text(["避难场所"])
    page.locator("[data-register=shelters]").get_by_role("button", name="新增").click()
    expect(page.locator("#editor h2")).to_have_text("新增：避难场所")


def test_what_is_stale_opens_as_a_table_of_just_that(opened: Opener) -> None:
    page = opened()
    open_tab(page)
    page.locator("#attention summary").click()
    row = page.locator("#attention li", has_text="物资储备点")
    expect(row).to_have_count(1)
    count = int(row.locator(".sign").inner_text().split()[-1])
    row.get_by_role("button").click()
    rows = page.locator("#dock tr[data-id]")
    expect(rows).to_have_count(count)
    expect(page.locator("#dock tr[data-id] .is_stale")).to_have_count(count)
    page.locator("#dock [data-signs]").select_option("")
    expect(rows).not_to_have_count(count)


def test_unsaved_input_is_listed(opened: Opener) -> None:
    page = opened()
    open_tab(page)
    page.locator("[data-register=depots]").get_by_role("button", name="新增").click()
    page.locator("#field-name").fill("还没写完")
    page.get_by_role("button", name="取消").click()
    page.reload()
    page.evaluate("app.ready")
    open_tab(page)
    page.locator("#panel-registers .rows button", has_text="新记录").click()
    expect(page.locator("#field-name")).to_have_value("还没写完")


def test_the_public_has_no_tab_of_registers(opened: Opener) -> None:
    page = opened(anonymous=True)
    expect(page.locator("#tab-registers")).to_have_count(0)


def test_a_named_list_is_a_table_that_can_be_left(opened: Opener) -> None:
    page = opened()
    open_tab(page)
    page.locator("#attention summary").click()
    row = page.locator("#attention li", has_text="登记为重复出现的隐患")
    count = int(row.locator(".sign").inner_text())
    row.get_by_role("button").click()
    expect(page.locator("#dock .preset")).to_contain_text("登记为重复出现的隐患")
    rows = page.locator("#dock tr[data-id]")
    expect(rows).to_have_count(count)
    page.locator("#dock .preset button").click()
    expect(page.locator("#dock .preset")).to_have_count(0)
    expect(rows).not_to_have_count(count)


def unfold(page: Page, name: str) -> Locator:
    """Open one of the lists of findings; return its rows."""
    open_tab(page)
    if page.locator("#findings").get_attribute("open") is None:
        page.locator("#findings > summary").click()
    found = page.locator(f"#findings [data-finding={name}]")
    found.locator("summary").click()
    return found.locator(".rows li")


def answered(page: Page, path: str) -> Any:
    return page.evaluate("path => fetch(path).then(answer => answer.json())", path)


def test_a_source_nobody_answers_for_leads_to_its_card(opened: Opener) -> None:
    page = opened()
    record = {
        "code": "FIND-1", "name": "无人负责的厂", "kind": "other", "source_doc": "普查",
        "geometry": {"type": "Point", "coordinates": [113.23, 36.33]},
    }  # fmt: skip
    made = page.evaluate(POST, ["/registry/hazard_sources", record])
    rows = unfold(page, "unowned")
    told = answered(page, "/registry/hazard_sources/unowned")
    assert made["id"] in {it["id"] for it in told}
    expect(rows).to_have_count(len(told))
    expect(page.locator("[data-finding=unowned] summary")).to_contain_text(f"（{len(told)}）")
    row = rows.filter(has_text="无人负责的厂")
    expect(row).to_contain_text("缺防控")
    row.get_by_role("button").click()
    expect(page.locator("#card h2")).to_have_text("无人负责的厂")


def test_a_danger_that_comes_back_leads_to_its_record(opened: Opener) -> None:
    page = opened()
    for number, day in ((1, "2026-03-02"), (2, "2026-03-09")):
        record = {
            "code": f"BACK-{number}", "name": f"又漏了 {number}", "level": "general",
            "category": "渗漏", "found_on": day, "hazard_source_code": "DEMO-HS-001",
            "source_doc": "检查",
        }  # fmt: skip
        page.evaluate(POST, ["/registry/hidden_dangers", record])
    row = unfold(page, "repeats").filter(has_text="又漏了 2")
    expect(row).to_contain_text("重复 BACK-1，相隔 7 天")
    expect(row).to_contain_text("同一危险源")
    expect(page.locator("[data-finding=repeats]")).to_contain_text("未核实")
    row.get_by_role("button").click()
    expect(page.locator("#card h2")).to_have_text("又漏了 2")


LOOKED = """app.map.getLayers().getArray().flatMap(l => l.getSource?.().getFeatures?.() ?? [])
  .filter(f => f.get('role') === 'looked').map(f => f.getGeometry().getType())"""


def looked_at(page: Page, *kinds: str) -> None:
    """Wait until shapes of these kinds are looked at on the map."""
    for _ in range(100):
        if page.evaluate(LOOKED) == [*kinds]:
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate(LOOKED))


def test_proposed_sections_are_shown_on_the_map(opened: Opener) -> None:
    page = opened()
    rows = unfold(page, "proposals")
    told = answered(page, "/registry/dangerous_sections/proposals")["proposals"]
    expect(rows).to_have_count(len(told))
    looked_at(page, "GeometryCollection")
    first = next(n for n, it in enumerate(told) if it["geometry"])
    rows.nth(first).get_by_role("button").click()
    looked_at(page, told[first]["geometry"]["type"])
    page.locator("[data-finding=proposals] summary").click()
    looked_at(page)


def test_stale_registers_and_grades_of_towns_lead_on(opened: Opener) -> None:
    page = opened()
    rows = unfold(page, "stale")
    stale = {it["register"]: it for it in answered(page, "/registry/stale") if it["stale"]}
    expect(rows).to_have_count(len(stale))
    depots = rows.filter(has_text="物资储备点")
    expect(depots).to_contain_text(f"{stale['depots']['stale']} / {stale['depots']['records']}")
    depots.get_by_role("button").click()
    expect(page.locator("#dock tr[data-id]")).to_have_count(stale["depots"]["stale"])
    page.locator("[data-finding=grades] summary").click()
    towns = page.locator("[data-finding=grades] .rows li")
    expect(towns).to_have_count(len(answered(page, "/registry/risk_points/grades")))
    name = towns.first.locator("b").inner_text()
    towns.first.get_by_role("button").click()
    expect(page.locator("#card h2")).to_have_text(name)
