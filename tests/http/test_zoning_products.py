"""A version on paper and its evidence report: readable, and text stays text."""

import csv
import html
import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from geoservice import db
from tests.data.zoned_strips import Strips, add_mine, derived, enforce, keep

Headers = dict[str, str]
EVIL = "<script>alert(1)</script>=cmd"


class Desk:
    def __init__(self, service: TestClient, token: Callable[..., Headers], url: str) -> None:
        self.service, self.viewer = service, token("viewer")
        with db.connect(url) as conn:
            strips, _, seam = add_mine(conn)
            self.version = keep(conn, seam, derived(strips), "王规划")
            _say(conn, strips, self.version)
            enforce(conn, self.version)

    def get(self, path: str) -> bytes:
        answer = self.service.get(f"/zoning/versions/{self.version}/{path}", headers=self.viewer)
        assert answer.status_code == 200, answer.text
        assert "attachment" in answer.headers["content-disposition"]
        return answer.content


def _say(conn: db.Connection, strips: Strips, version: int) -> None:
    conn.execute(
        "INSERT INTO core.zone_override"
        " (code, name, source_doc, zone_version_id, zone, reason, geom)"
        " VALUES ('W1', 'W1', 'test', %s, 'no_mining', %s, %s)",
        [version, EVIL, strips.degrees(0, 0, 20, 100)],
    )  # fmt: skip


@pytest.fixture
def desk(service: TestClient, token: Callable[..., Headers], demo_url: str) -> Desk:
    return Desk(service, token, demo_url)


def test_the_sheet_says_what_it_must(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(desk.get("sheet?format=pdf&size=A3"))
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert "Pages:           1" in info
    assert "1190.55 x 841.89 pts (A3)" in info or "841.89 x 1190.55" in info
    said = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout.replace(" ", "")
    for words in (
        "条带煤矿3煤层水害三区划分图", "禁采区", "缓采区", "可采区", "底板水", "2026-11-01",
        "图例", "比例尺", "北N", "1.0000", "25.00", "合计", "CGCS2000", "批准（企业总工程师）",
        "王规划", "NMSA-2022-85",
    ):  # fmt: skip
        assert words in said, words
    assert "未施行" not in said


def test_a_picture_has_the_paper_s_size(desk: Desk) -> None:
    picture = Image.open(io.BytesIO(desk.get("sheet?format=png&size=A4")))
    assert picture.size == (2338, 1653)  # 297 x 210 mm at 200 a inch
    assert len(picture.convert("RGB").getcolors(2**24) or ()) > 100


def test_the_report_has_every_reason_and_text_stays_text(desk: Desk) -> None:
    page = desk.get("report?format=html").decode()
    said = html.unescape(page)
    for words in ("T=0.105 > 0.1", "T = 0.08, not treated", "inrush_intact", "王规划", EVIL):
        assert words in said, words
    assert "<script>" not in page
    text = desk.get("report?format=csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["rule"] for row in rows] == ["F6", "F3", "F1", "F6", "M1"]
    assert rows[2]["reason_zh"] == "T=0.105 > 0.1"
    assert float(rows[0]["area_m2"]) == pytest.approx(10_000, abs=0.01)


def test_other_forms_and_papers_are_refused(desk: Desk) -> None:
    at = f"/zoning/versions/{desk.version}"
    for path in ("sheet?format=svg", "sheet?size=A0", "report?format=pdf", "sheet?dpi=9999"):
        assert desk.service.get(f"{at}/{path}", headers=desk.viewer).status_code == 400
