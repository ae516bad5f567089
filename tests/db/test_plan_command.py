"""`geoservice dispatch plan`, against the demonstration district."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from geoservice.cli import app
from geoservice.errors import FileError, InputError, RecordError

PLACE = ("--lon", "113.23", "--lat", "36.33")


@pytest.fixture(autouse=True)
def database(demo_shared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", demo_shared)
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["dispatch", "plan", *arguments])


def test_tables_say_who_sends_what_and_when() -> None:
    done = run(*PLACE, "--goods", "2999901:3:台", "--team", "排水抢险:1")
    assert done.exit_code == 0, done.output
    for said in ("DEMO-DP-", "最后到达", "depots", "排水抢险", "graph version", "台", "stale"):
        assert said in done.output


def test_json_is_the_answer_of_the_service() -> None:
    done = run(*PLACE, "--goods", "3999901:200", "--json", "--alternative", "least_travel")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    (only,) = answer["alternatives"]
    assert only["names"] == ["least_travel"]
    assert sum(it["meets"] for it in only["lines"]) == 200


def test_a_shortage_is_told_with_what_would_mend_it() -> None:
    done = run(*PLACE, "--goods", "2999901:1000000", "--within-min", "120")
    assert done.exit_code == 0, done.output
    assert "缺 · short" in done.output
    assert "a reserve of" in done.output
    assert run(*PLACE, "--goods", "2999901:9999", "--release-reserve").exit_code == 0


def test_closures_in_a_file_are_supposed_and_another_instant_is_asked_of(tmp_path: Path) -> None:
    shape = {"type": "Point", "coordinates": [113.23, 36.33]}
    file = tmp_path / "what_if.geojson"
    feature = {"type": "Feature", "geometry": shape, "properties": {"name": "桥断", "factor": 0.5}}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    asked = (*PLACE, "--goods", "3999901:200", "--what-if", str(file))
    done = run(*asked, "--at", "2026-11-25T08:00+08:00", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    assert answer["is_supposed"]
    assert answer["made_at"].startswith("2026-11-25T08:00:00")
    assert [it["name"] for it in answer["closures_met"] if it["kind"] == "what_if"] == ["桥断"]
    told = run(*asked)
    assert "不能据此下达调度令" in told.output
    file.write_text("[", "utf-8")
    assert isinstance(run(*asked).exception, FileError)
    file.write_text(json.dumps({"type": "Blob"}), "utf-8")
    assert isinstance(run(*asked).exception, InputError)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), InputError),
        ((*PLACE, "--goods", "2999901"), InputError),
        ((*PLACE, "--goods", "x:1"), RecordError),
        ((*PLACE, "--team", "排水抢险:none"), RecordError),
    ],
)
def test_what_is_wrong_is_refused(arguments: tuple[str, ...], error: type[Exception]) -> None:
    done = run(*arguments)
    assert done.exit_code != 0
    assert isinstance(done.exception, error)
