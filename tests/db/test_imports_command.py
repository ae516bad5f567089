"""`geoservice load ...` through the staging: dry runs, report files, duplicates, rows aside."""

import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from geoservice import db
from geoservice.cli import app
from geoservice.errors import InputError

ROWS = (
    "编号,名称,队伍类别,人数,经度,纬度\nT1,一队,综合,30,113.25,36.3\nT2,二队,综合,很多,113.25,36.3\n"
    "T3,三队,综合,5,,\n"
)


@pytest.fixture
def typed(demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", demo_url)
    monkeypatch.setenv("GEOSERVICE_HOME", str(tmp_path))
    (tmp_path / "t.csv").write_text(ROWS, "gb18030")
    return tmp_path


def load(*words: object) -> Result:
    fixed = ["load", "rescue_teams", "--datum", "cgcs2000"]
    return CliRunner().invoke(app, [*fixed, *map(str, words)])


def count(url: str) -> tuple[int, ...]:
    with db.connect(url) as conn:
        found = conn.execute(
            "SELECT (SELECT count(*) FROM core.rescue_team WHERE code IN ('T1', 'T9')),"
            " (SELECT count(*) FROM core.census_record), (SELECT count(*) FROM core.import_job)"
        ).fetchone()
    assert found is not None
    return found


def test_a_dry_run_writes_a_report_and_nothing_else(typed: Path, demo_url: str) -> None:
    done = load(typed / "t.csv", "--dry-run", "--skip-bad", "--report", typed / "r.xlsx")
    assert done.exit_code == 1, done.output
    assert "a dry run: nothing is written" in done.output
    sheet = openpyxl.load_workbook(typed / "r.xlsx").active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][-3:] == ("导入状态", "导入说明", "Import remarks")
    assert [line[-3] for line in lines[1:]] == ["新增 ok", "拒绝 refused", "待补位置 aside"]
    assert lines[2][-1] == "人数: not a number (很多)"
    assert count(demo_url) == (0, 0, 0)


def test_rows_without_a_place_become_drafts(typed: Path, demo_url: str) -> None:
    stopped = load(typed / "t.csv")
    assert "Nothing is loaded" in stopped.output
    assert count(demo_url) == (0, 0, 0)
    done = load(typed / "t.csv", "--skip-bad", "--json")
    report = json.loads(done.output)
    assert (done.exit_code, report["aside"], report["stored"]["inserted"]) == (1, [4], ["T1"])
    assert count(demo_url) == (1, 1, 1)


def test_a_row_like_a_record_near_by_is_asked_about(typed: Path, demo_url: str) -> None:
    heading = ROWS.splitlines()[0]
    (typed / "a.csv").write_text(f"{heading}\nT1,史回镇救援队,综合,30,113.25,36.3\n", "utf-8")
    (typed / "b.csv").write_text(f"{heading}\nT9,史回镇救援大队,综合,31,113.2501,36.3\n", "utf-8")
    assert load(typed / "a.csv").exit_code == 0
    asked = load(typed / "b.csv")
    assert asked.exit_code == 1
    assert "like T1 史回镇救援队, 9 m away" in asked.output
    assert count(demo_url)[0] == 1
    merged = json.loads(load(typed / "b.csv", "--duplicates", "merge", "--json").output)
    assert merged["stored"]["amended"] == ["T1"]
    assert load(typed / "b.csv", "--duplicates", "new").exit_code == 0
    assert count(demo_url)[0] == 2
    assert isinstance(load(typed / "b.csv", "--duplicates", "guess").exception, InputError)


def test_a_template_and_cleaning(typed: Path, demo_url: str) -> None:
    made = CliRunner().invoke(app, ["load", "template", "depots", str(typed / "t.xlsx")])
    assert made.exit_code == 0, made.output
    book = openpyxl.load_workbook(typed / "t.xlsx")
    sheet = book.active
    assert sheet["A1"].value == "编号"
    assert sheet["A2"].value.startswith("示例")
    assert book["代码表"].sheet_state == "hidden"
    offered = {str(it.sqref)[0]: it.formula1 for it in sheet.data_validations.dataValidation}
    owner = [cell.value for cell in sheet[1]].index("权属")
    letter = sheet.cell(1, owner + 1).column_letter
    assert offered[letter] == f"'代码表'!${letter}$1:${letter}$3"
    assert book["代码表"].cell(1, owner + 1).value == "政府"
    assert load(typed / "t.csv", "--skip-bad").exit_code == 1
    assert count(demo_url)[2] == 1
    done = CliRunner().invoke(app, ["load", "clean", "--days", "0"])
    assert "1 次导入已清理" in done.output
    assert count(demo_url)[2] == 0
