"""The tab of the registers: every register, what is stale or overdue, what is not saved."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Opener = Callable[..., Page]


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
