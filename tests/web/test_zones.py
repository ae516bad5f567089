"""The planner's desk: versions of the zones opened, asked why, changed, moved on, compared."""

import os
import subprocess
import sys
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
        home = {"GEOSERVICE_HOME": str(live.home), "GEOSERVICE_PORT": live.url.rsplit(":", 1)[1]}
        made = subprocess.run(
            [sys.executable, "-m", "geoservice", "token", "create", "--role", role],
            env={**os.environ, **home}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        token = {"Authorization": f"Bearer {made.stdout.split()[-1]}"}
        return opened("/plan", anonymous=True, may_fail=True, extra_http_headers=token)

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
    page.locator("#panel-zones [data-version='1']").click()
    expect(page.locator("#panel-zones h2")).to_have_count(0)


def test_two_versions_are_compared_by_area(opened_as: RoleOpener) -> None:
    page = opened_as("planner")
    open_version(page, 2)
    page.locator("#zones-compare").select_option(index=1)
    changes = page.locator("#panel-zones .zone-areas").nth(1).locator("tbody tr")
    expect(changes).to_have_count(1)
    expect(changes).to_contain_text("缓采区 → 可采区")


def test_a_viewer_sees_no_drafts(opened_as: RoleOpener) -> None:
    page = opened_as("viewer")
    expect(page.locator("#panel-zones [data-version]")).to_have_count(1)
    open_version(page, 1)
    expect(page.locator("#panel-zones [data-step]")).to_have_count(0)


def test_the_public_has_no_desk(opened: Opener) -> None:
    page = opened("/plan", anonymous=True)
    expect(page.locator("#tab-zones")).to_have_count(0)
