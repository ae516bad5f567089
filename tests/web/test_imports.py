"""A dirty Excel file to the register: looked at, decided, applied, its rest placed."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

Opener = Callable[..., Page]
HOSTILE = '<img src=x onerror="alert(1)">'
HEADINGS = ["编号", "名称", "权属", "级别", "资料来源", "经度", "纬度"]
ROWS = [
    ["IMP-1", "导入储备点一", "政府", "村级", "普查", 113.20, 36.33],
    ["IMP-2", HOSTILE, "政府", "村级", "普查", 113.22, 36.34],
    ["IMP-3", "没有位置的点", "政府", "村级", "普查", None, None],
    ["IMP-4", "权属不对", "私人", "村级", "普查", 113.24, 36.34],
    ["IMP-5", "经纬颠倒", "政府", "村级", "普查", 36.34, 113.24],
]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEADINGS, *ROWS]:
        sheet.append(row)
    path = tmp_path / "储备点.xlsx"
    book.save(path)
    return path


def send(page: Page, file: Path) -> None:
    page.locator("#tab-registers").click()
    page.locator("#import-open").click()
    page.locator("#import-file").set_input_files(file)
    page.locator("#import-register").select_option("depots")
    page.locator("#import-datum").select_option("cgcs2000")
    page.get_by_role("button", name="检查文件").click()
    expect(page.locator("tr[data-row]").first).to_be_visible(timeout=30_000)


def test_a_dirty_file_is_looked_at_applied_and_its_row_without_a_place_placed(
    opened: Opener, workbook: Path
) -> None:
    page = opened(may_fail=True)
    send(page, workbook)
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(5)
    expect(page.locator("[data-state=refused]")).to_contain_text("2")
    expect(rows.nth(1)).to_contain_text(HOSTILE)
    expect(rows.nth(3)).to_contain_text("权属")
    expect(rows.nth(4)).to_contain_text("颠倒")
    page.get_by_role("button", name="导入 2 行").click()
    expect(page.locator(".import-page .problem").first).to_contain_text("2 行被拒绝")
    page.get_by_role("button", name="跳过不合格的，导入其余").click()
    expect(page.locator(".chips .done")).to_contain_text("已新增 2", timeout=30_000)
    expect(page.locator(".chips .done")).to_contain_text("已存草稿 1")
    assert page.locator("#dock img, #card img").count() == 0
    draft = page.locator("#drafts li", has_text="没有位置的点")
    draft.get_by_role("button").click()
    page.get_by_role("button", name="在图上绘制").click()
    page.locator("#map").click(position={"x": 300, "y": 400})
    expect(page.locator("#drawing .state")).to_contain_text("拖动")
    page.get_by_role("button", name="完成").click()
    page.locator("#editor").get_by_role("button", name="入库", exact=True).click()
    expect(page.locator("#card h2")).to_have_text("没有位置的点")
    expect(draft).to_have_count(0)
