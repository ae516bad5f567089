"""The planner's desk: versions of the zones opened, asked why, changed, moved on, compared."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Opener = Callable[..., Page]
RoleOpener = Callable[[str], Page]


@pytest.fixture
def opened_as(opened: Opener, live: Any) -> RoleOpener:
    """Open the planner's page with a token of one role."""

    def open_page(role: str) -> Page:
        return opened("/plan", anonymous=True, may_fail=True, extra_http_headers=live.token(role))

    return open_page


def open_version(page: Page, no: int) -> None:
    page.locator(f"#panel-zones [data-version='{no}']").click()
    expect(page.locator("#panel-zones h2")).to_contain_text(f"第 {no} 版")


def pixel(page: Page, zone: str) -> dict[str, float]:
    """A pixel of the map inside the largest part of a zone of the open version."""
    found = page.evaluate(
        """zone => {
          const layers = app.map.getLayers().getArray().filter(l => l.getZIndex() === 8000);
          const f = layers[0].getSource().getFeatures().find(f => f.get('zone') === zone);
          const parts = f.getGeometry().getPolygons().sort((a, b) => b.getArea() - a.getArea());
          app.map.getView().fit(f.getGeometry().getExtent(), {padding: [120, 60, 120, 60]});
          app.map.renderSync();
          return app.map.getPixelFromCoordinate(parts[0].getInteriorPoint().getCoordinates());
        }""",
        zone,
    )
    return {"x": found[0], "y": found[1]}


def test_a_version_is_opened_and_says_why(opened_as: RoleOpener) -> None:
    page = opened_as("planner")
    open_version(page, 1)
    rows = page.locator("#panel-zones .zone-areas").first.locator("tbody tr")
    expect(rows).to_have_count(4)
    page.locator("#map").click(position=pixel(page, "no_mining"))
    expect(page.locator(".zone-why h3")).to_contain_text("禁采区")
    expect(page.locator(".zone-may .refused")).to_have_count(3)
    page.locator("[data-part=inputs] summary").click()
    expect(page.locator("[data-part=inputs]")).to_contain_text("DEMO-SH-001")
    page.locator("#panel-zones [data-version='1']").click()
    expect(page.locator("#panel-zones h2")).to_have_count(0)


def test_two_versions_are_compared_by_area(opened_as: RoleOpener) -> None:
    page = opened_as("planner")
    open_version(page, 2)
    page.locator("#zones-compare").select_option(index=1)
    changes = page.locator("#panel-zones .zone-areas").nth(1).locator("tbody tr")
    expect(changes).to_have_count(1)
    expect(changes).to_contain_text("缓采区 → 可采区")


def test_a_version_is_derived_changed_submitted_and_not_checked_by_its_maker(
    opened_as: RoleOpener,
) -> None:
    page = opened_as("planner")
    page.locator("[data-part=inputs] summary").click()
    page.locator("[data-part=points] button").click()
    expect(page.locator("[data-part=inputs] li", has_text="留一误差")).to_have_count(
        5, timeout=30_000
    )
    page.locator("[data-part=inputs] summary").click()
    page.locator("#panel-zones summary", has_text="推导新版本").click()
    page.locator("#panel-zones [data-step=derive]").click()
    made = page.locator("#panel-zones .zone-versions [aria-pressed=true]")
    expect(made).to_contain_text("草案", timeout=60_000)
    page.locator("#map").click(position=pixel(page, "no_mining"))
    expect(page.locator(".zone-reasons li").first).to_be_visible()
    page.get_by_role("button", name="改划一块").click()
    centre = pixel(page, "no_mining")
    for dx, dy in [(-40, -40), (40, -40), (40, 40)]:
        page.locator("#map").click(position={"x": centre["x"] + dx, "y": centre["y"] + dy})
        page.wait_for_timeout(350)
    page.keyboard.press("Enter")
    expect(page.locator("#drawing .state")).to_contain_text("拖动顶点")
    page.keyboard.press("Enter")
    page.locator("#zones-override-reason").fill("探放水未完成")
    page.get_by_role("button", name="保存调整").click()
    expect(page.locator(".zone-overrides li")).to_have_count(1)
    expect(page.locator(".zone-overrides li")).to_contain_text("探放水未完成")
    page.locator("#panel-zones button[data-step=submit]").click()
    expect(page.locator("#panel-zones h2")).to_contain_text("已提交")
    expect(page.locator("#panel-zones button[data-step=check]")).to_have_count(0)

    other = opened_as("publisher")
    other.locator("#panel-zones .zone-versions button").first.click()
    other.locator("#panel-zones button[data-step=check]").click()
    expect(other.locator("#panel-zones h2")).to_contain_text("已审查")
    other.locator("#panel-zones details[data-step=approve] summary").click()
    other.locator("#zones-approve-document").fill("矿发2026-3号")
    other.locator("#zones-approve-signer").fill("总工程师")
    other.locator("#zones-approve-signed_on").fill("2026-11-20")
    other.locator("#panel-zones button[data-step=approve]").click()
    expect(other.locator("#panel-zones h2")).to_contain_text("已批准")
    other.locator("#panel-zones button[data-step=file]").click()
    expect(other.locator("#panel-zones h2")).to_contain_text("已备案")
    other.locator("#panel-zones button[data-step=enforce]").click()
    expect(other.locator("#panel-zones h2")).to_contain_text("施行中")


def test_a_viewer_sees_no_drafts(opened_as: RoleOpener) -> None:
    page = opened_as("viewer")
    expect(page.locator("#panel-zones [data-version='1']")).to_have_count(1)
    expect(page.locator("#panel-zones .zone-state.draft")).to_have_count(0)
    open_version(page, 1)
    expect(page.locator("#panel-zones [data-step]")).to_have_count(0)


def test_the_public_has_no_desk(opened: Opener) -> None:
    page = opened("/plan", anonymous=True)
    expect(page.locator("#tab-zones")).to_have_count(0)
