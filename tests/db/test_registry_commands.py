"""`geoservice load ...` as typed: what it prints and its exit status."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from geoservice.cli import app
from geoservice.errors import DatumError, InputError

BOUNDARY = {
    "type": "Feature",
    "properties": {"adcode": 1, "name": "测试区"},
    "geometry": {"type": "Polygon", "coordinates": [[[113, 36], [114, 36], [114, 37], [113, 36]]]},
}
TEAMS = (
    "编号,名称,队伍类别,人数,经度,纬度\nT1,一队,综合,30,113.6,36.3\nT2,二队,综合,很多,113.6,36.3\n"
)


@pytest.fixture
def typed(clone_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", clone_url)
    monkeypatch.setenv("GEOSERVICE_HOME", str(tmp_path))
    (tmp_path / "b.geojson").write_text(json.dumps(BOUNDARY), "utf-8")
    (tmp_path / "t.csv").write_text(TEAMS, "gb18030")
    return tmp_path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["load", *map(str, words)])


def test_boundary_and_teams_from_the_command_line(typed: Path) -> None:
    done = run("boundary", typed / "b.geojson", "--datum", "wgs84")
    assert done.exit_code == 0, done.output
    assert "测试区" in done.output
    assert "km²" in done.output

    refused = run("rescue_teams", typed / "t.csv", "--datum", "wgs84")
    assert refused.exit_code == 1
    assert "不是整数" not in refused.output
    assert "不是数字 · not a number" in refused.output
    assert "3: 很多" in refused.output
    assert "Nothing is loaded" in refused.output

    skipped = run("rescue_teams", typed / "t.csv", "--datum", "wgs84", "--skip-bad", "--json")
    report = json.loads(skipped.output)
    assert skipped.exit_code == 1
    assert report["stored"]["inserted"] == ["T1"]
    assert report["encoding"] == "GB18030"
    assert report["refused"][0] == {
        "row": 3, "column": "人数", "given": "很多", "zh": "不是数字", "en": "not a number",
    }  # fmt: skip


def test_the_zone_is_said_or_told_by_the_place_and_stays(typed: Path) -> None:
    boundary = ("boundary", typed / "b.geojson", "--datum", "wgs84")
    assert "Asia/Shanghai（按位置推定，用 --zone 更改 · by its place" in run(*boundary).output
    assert isinstance(run(*boundary, "--zone", "Mars/Base").exception, InputError)
    said = run(*boundary, "--zone", "Asia/Urumqi")
    assert "district set" in said.output
    assert "time zone: Asia/Urumqi\n" in said.output
    again = run(*boundary)
    assert "no change" in again.output
    assert "Asia/Urumqi（沿用原设定" in again.output
    report = json.loads(run(*boundary, "--json").output)
    assert report["time_zone"] == {"name": "Asia/Urumqi", "origin": "kept"}


def test_refusals_are_errors_of_ours(typed: Path) -> None:
    assert isinstance(run("boundary", typed / "b.geojson").exception, DatumError)
    for option in (("--column", "x"), ("--zone", "Mars/Base")):
        assert isinstance(run("rescue_teams", typed / "t.csv", *option).exception, InputError)
    assert run("volcanoes", "x").exit_code == 2
