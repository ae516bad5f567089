"""What is inside: a shape drawn, a feature's card, a buffer; files to take away."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

Opener = Callable[..., Page]
Clicker = Callable[..., None]


def test_a_drawn_shape_says_what_it_holds(opened: Opener, click_map: Clicker) -> None:
    page = opened()
    page.locator("#map-inside").click()
    click_map(page, (420, 300), (760, 300), (760, 560), (420, 560))
    page.keyboard.press("Enter")
    expect(page.locator("#drawing .state")).to_contain_text("拖动顶点")
    page.keyboard.press("Enter")
    expect(page.locator(".inside .bar b")).to_contain_text("平方千米")
    people = page.locator(".inside-layers [data-layer=settlements]")
    expect(people.locator("summary")).to_contain_text("人口（人）")
    people.locator("summary").click()
    link = people.locator("a.button").get_attribute("href")
    assert link is not None
    assert page.context.request.get(link).status == 200
    people.locator("li button").first.click()
    expect(page.locator("#card .layer")).to_have_text("居民点")


def test_a_point_is_asked_by_its_surroundings(opened: Opener) -> None:
    page = opened()
    page.locator("[data-layer=depots] .opens").click()
    page.locator("#dock tr[data-id]").first.click()
    page.locator("#card").get_by_role("button", name="范围内有什么").click()
    buffer = page.locator("#inside-buffer")
    expect(buffer).to_have_value("1000")
    depots = page.locator(".inside-layers [data-layer=depots] .count")
    expect(depots).to_have_text(re.compile("[1-9]"))
    buffer.fill("20000")
    page.get_by_role("button", name="统计").click()
    expect(page.locator(".inside .bar b")).to_contain_text(re.compile(r"125\d\.\d+"))


def test_the_public_does_not_ask(opened: Opener) -> None:
    expect(opened(anonymous=True).locator("#map-inside")).to_be_hidden()
