"""A file dropped on the page, decided on, checked again, opened again and dropped."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

Opener = Callable[..., Page]
HEADING = "编号,名称,权属,级别,资料来源,经度,纬度\n"
DROP = """([target, text, name]) => {
  const given = new DataTransfer();
  given.items.add(new File([text], name, { type: "text/csv" }));
  for (const kind of ["dragover", "drop"])
    document.querySelector(target).dispatchEvent(
      new DragEvent(kind, { dataTransfer: given, bubbles: true, cancelable: true }));
}"""


def drop(page: Page, target: str, text: str, name: str) -> None:
    page.evaluate(DROP, [target, text, name])


def check(page: Page, datum: str = "cgcs2000") -> None:
    page.locator("#import-register").select_option("depots")
    page.locator("#import-datum").select_option(datum)
    page.get_by_role("button", name="检查文件").click()


def rows(page: Page) -> Locator:
    return page.locator(".import-page tr[data-row]")


@pytest.fixture
def page(opened: Opener) -> Page:
    shown = opened(may_fail=True)
    shown.locator("#tab-registers").click()
    return shown


def test_a_file_is_dropped_anywhere_and_a_duplicate_is_decided(page: Page) -> None:
    first, again = (
        f"AG-{n},重复甲库,{who},村级,普查,113.21,36.31\n" for n, who in ((1, "政府"), (2, "企业"))
    )
    drop(page, "#panel-registers", HEADING + first, "一.csv")
    check(page)
    expect(rows(page)).to_have_count(1, timeout=30_000)
    page.get_by_role("button", name="导入 1 行").click()
    expect(page.locator(".chips .done")).to_contain_text("已新增 1", timeout=30_000)
    page.locator("#import-open").click()
    drop(page, "dialog.import", HEADING + again, "二.csv")
    expect(page.locator("dialog.import")).to_have_count(1)
    check(page)
    row = page.locator(".import-page tr[data-row]", has_text="AG-2")
    expect(row).to_contain_text("AG-1", timeout=30_000)
    page.get_by_role("button", name="导入 1 行").click()
    expect(page.locator(".import-page .problem").first).to_contain_text("1 行与现有记录疑似重复")
    row.locator("select").select_option("merge")
    expect(page.locator(".import-page")).to_have_attribute("aria-busy", "false")
    page.get_by_role("button", name="导入 1 行").click()
    expect(page.locator(".chips .done")).to_contain_text("已更新 1", timeout=30_000)


def test_a_file_is_said_anew_without_sending_it_again(page: Page) -> None:
    text = "甲,乙,权属,级别,资料来源,经度,纬度\nAG-5,列名不认得,政府,村级,普查,113.24,36.32\n"
    drop(page, "body", text, "三.csv")
    check(page, "")
    options = page.locator(".import-page form.options")
    expect(options).to_be_visible(timeout=30_000)
    problem = page.locator(".import-page .foot [role=alert]")
    expect(problem).to_contain_text("坐标基准")
    assert "--" not in (problem.text_content() or "")
    options.locator("select[name=datum]").select_option("cgcs2000")
    options.get_by_role("button", name="按此重新检查").click()
    expect(page.locator("[data-state=refused]")).to_contain_text("1", timeout=30_000)
    page.get_by_role("button", name="列对应").click()
    code = page.locator("#map-code")
    offered = code.locator("option").all_text_contents()
    assert offered == ["（不导入）", "甲", "乙", "权属", "级别", "资料来源"]  # not where it is
    code.select_option("甲")
    expect(page.locator("#map-name option[value=甲]")).to_be_disabled()
    page.locator("#map-name").select_option("乙")
    page.get_by_role("button", name="按此重新检查").click()
    expect(page.locator("[data-state=ok]")).to_contain_text("1", timeout=30_000)
    expect(rows(page).first).to_contain_text("AG-5 列名不认得")


def test_a_file_is_opened_again_from_the_list_and_dropped(page: Page) -> None:
    drop(page, "#map", HEADING + "AG-7,再打开的库,政府,村级,普查,113.26,36.33\n", "再打开.csv")
    check(page)
    expect(rows(page)).to_have_count(1, timeout=30_000)
    page.reload()
    page.evaluate("window.app?.ready")
    page.locator("#tab-registers").click()
    page.locator("#import-jobs summary").click()
    job = page.locator("#import-jobs li", has_text="再打开.csv")
    expect(job).to_contain_text("待写入")
    job.get_by_role("button").click()
    expect(rows(page)).to_contain_text(["AG-7 再打开的库"])
    page.locator(".import-page .bar").get_by_role("button", name="放弃").click()
    page.locator(".import-page .bar").get_by_role("button", name="确认放弃？").click()
    expect(page.locator(".import-page")).to_have_count(0)
    expect(job).to_have_count(0)
