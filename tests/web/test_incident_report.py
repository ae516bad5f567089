"""The report of an incident in a real browser: it needs nothing, and no name in it can run."""

import runpy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from geoservice import db
from geoservice.orders.actions import place_order
from geoservice.orders.report_csv import csv_of
from geoservice.orders.report_page import report_page
from geoservice.orders.reporting import read_report
from geoservice.orders.steps import confirm_order, step_part
from geoservice.resources import folder

TESTS = Path(__file__).parents[1]
SCENE = runpy.run_path(str(TESTS / "data" / "order_scene.py"))
PAYLOADS = runpy.run_path(str(TESTS / "web" / "test_situation_map.py"))["PAYLOADS"]
AT = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
ROUTE = {"type": "LineString", "coordinates": [[113.11, 36.3], [113.16, 36.35], [113.21, 36.31]]}


def _told(conn: db.Connection, said: str, **more: Any) -> int:
    """An incident with goods that came late, some of them back, and a team; all named so."""
    SCENE["set_scene"](conn)
    for table in ("depot", "stock_lot", "rescue_team"):
        conn.execute(f"UPDATE core.{table} SET name = %s || name", [said])  # noqa: S608  # names of ours
    here = SCENE["incident"](conn, name=said + "内涝", description=said, reporter=said, **more)
    late = (datetime.now(UTC) - timedelta(minutes=12)).isoformat()
    body = SCENE["body"](here, teams=[SCENE["team_id"](conn, "T1")], note=said)
    line = {"lot_id": SCENE["lot_id"](conn, "L1"), "quantity": 10, "eta_at": late, "route": ROUTE}
    made = place_order(conn, body | {"lines": [line]}, key="k", hold=SCENE["HOLD"])
    number = made.answer["id"]
    confirm_order(conn, number, confirmed_for=said)
    for part in ("lot", "team"):
        step_part(conn, number, part, 1, "depart", details={"note": said})
        step_part(conn, number, part, 1, "arrive")
    step_part(conn, number, "lot", 1, "return", details={"returned": 6, "used": 3})
    return here


def _seen(browser: Browser, path: Path) -> tuple[Page, list[str], list[str]]:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(path.as_uri())
    page.wait_for_selector(".leaflet-interactive")
    return page, [url for url in asked if not url.startswith("data:")], complaints


@pytest.mark.parametrize("is_drill", [False, True])
def test_it_tells_what_happened_and_asks_for_nothing(
    conn: db.Connection, tmp_path: Path, browser: Browser, *, is_drill: bool
) -> None:
    here = _told(conn, "", is_drill=is_drill)
    path = tmp_path / "report.html"
    path.write_text(report_page(read_report(conn, here, at=AT), web=folder("web")), "utf-8")
    page, asked, complaints = _seen(browser, path)
    assert (asked, complaints) == ([path.as_uri()], [])
    sections = page.locator("section h2").all_inner_texts()
    assert [it.split()[0] for it in sections] == [
        "需求", "调度令", "派出与到达", "消耗与归还", "时间线",
    ]  # fmt: skip
    assert page.locator("path.leaflet-interactive").count() == 2 + 3  # ways; depot, team, incident
    text = page.locator("body").inner_text()
    assert "+12" in text
    assert ("演练，未动用真实物资和队伍" in text) is is_drill
    goods = page.locator("section", has_text="消耗与归还").locator("tbody tr").first.inner_text()
    assert [it.strip() for it in goods.split("\t")][2:] == ["10 顶", "6 顶", "3 顶", "0 顶", "1 顶"]
    page.close()


def test_no_name_in_it_can_run(conn: db.Connection, tmp_path: Path, browser: Browser) -> None:
    path = tmp_path / "report.html"
    here = _told(conn, "".join(PAYLOADS)[:400])
    for number, payload in enumerate(PAYLOADS):
        conn.execute(
            "UPDATE core.rescue_team SET name = %s WHERE code = %s", [payload, f"T{number % 4 + 1}"]
        )
        conn.execute("UPDATE core.incident SET name = %s, description = %s", [payload, payload])
        told = read_report(conn, here, at=AT)
        path.write_text(report_page(told, web=folder("web")), "utf-8")
        page, asked, complaints = _seen(browser, path)
        page.evaluate(
            """() => {
              const map = Object.values(window).find((value) => value instanceof L.Map);
              for (const layer of Object.values(map._layers)) layer.openPopup?.();
            }"""
        )
        assert (asked, complaints) == ([path.as_uri()], []), payload
        assert payload.strip() in page.locator("h1").inner_text() or "\u2028" in payload, payload
        assert page.title() != "run"
        page.close()


def test_a_spreadsheet_runs_nothing_of_its_table(conn: db.Connection) -> None:
    here = _told(conn, "=cmd|' /C calc'!A0")
    table = csv_of(read_report(conn, here, at=AT))
    assert "'=cmd|" in table
    assert ",=cmd|" not in table
