"""The stock of a depot: lots, a move booked, the ledger; tables sorted and filtered."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Opener = Callable[..., Page]


def open_stock(page: Page, index: int) -> None:
    page.locator("[data-layer=depots] .opens").click()
    page.locator("#dock tr[data-id]").nth(index).click()
    page.locator("#card").get_by_role("button", name="库存").click()
    expect(page.locator("#dock tr[data-lot]").first).to_be_visible()


def test_a_move_is_booked_and_stands_in_the_ledger(opened: Opener) -> None:
    page = opened()
    open_stock(page, 1)
    lot = page.locator("#dock tr[data-lot]").last
    before = float(lot.locator("td").nth(3).inner_text().split()[0])
    lot.get_by_role("button", name="出入库").click()
    page.locator("#move-kind").select_option("receive")
    page.locator("#move-quantity").fill("2.5")
    page.locator("#move-reason").fill("新到一批")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".moving")).to_be_hidden()
    expect(lot.locator("td").nth(3)).to_contain_text(f"{before + 2.5:g} ")
    newest = page.locator("#dock tbody").last.locator("tr").first
    expect(newest).to_contain_text("入库")
    expect(newest).to_contain_text("+2.5")
    expect(newest).to_contain_text("新到一批")


def test_more_than_there_is_cannot_leave(opened: Opener) -> None:
    page = opened(may_fail=True)
    open_stock(page, 2)
    lot = page.locator("#dock tr[data-lot]").last
    held = lot.locator("td").nth(3).inner_text()
    lot.get_by_role("button", name="出入库").click()
    page.locator("#move-quantity").fill("999999")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".moving .problem")).to_contain_text("请写明原因")
    page.locator("#move-reason").fill("调出")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".moving .problem p")).to_have_count(1)
    expect(lot.locator("td").nth(3)).to_have_text(held)


def test_what_is_expired_or_too_little_is_marked(opened: Opener) -> None:
    page = opened()
    open_stock(page, 10)
    expect(page.locator("#dock tr[data-lot]", has_text="已过期")).not_to_have_count(0)


def test_a_table_is_sorted_and_filtered_by_the_service(opened: Opener) -> None:
    page = opened()
    page.locator("[data-layer=depots] .opens").click()
    rows = page.locator("#dock tr[data-id]")
    expect(rows.first).to_be_visible()
    total = rows.count()
    page.get_by_role("button", name="编号", exact=True).click()
    page.get_by_role("button", name="编号").click()
    expect(page.locator("#dock th[aria-sort=descending]")).to_have_count(1)
    expect(rows).to_have_count(total)
    codes = rows.locator("td:nth-child(2)").all_inner_texts()
    assert codes == sorted(codes, reverse=True)
    page.get_by_role("button", name="筛选").click()
    page.locator("[data-filter=tier]").select_option("town")
    expect(page.locator("#dock .count")).to_contain_text("符合")
    expect(rows.locator("td:nth-child(3)").filter(has_not_text="乡镇级")).to_have_count(0)
    few = rows.count()
    assert 0 < few < total
    page.locator("[data-filter=name]").fill("没有这个名字")
    expect(page.locator("#dock .foot")).to_have_text("没有记录。")
    page.get_by_role("button", name="筛选").click()
    expect(rows).to_have_count(total)


def test_a_filter_that_is_no_number_is_told(opened: Opener) -> None:
    page = opened()
    page.locator("[data-layer=depots] .opens").click()
    page.get_by_role("button", name="筛选").click()
    page.locator("[data-filter=lot_count]").fill("五")
    expect(page.locator("#dock .foot")).to_contain_text("筛选条件看不懂")
    expect(page.locator("[data-filter=lot_count]")).to_have_attribute("aria-invalid", "true")
