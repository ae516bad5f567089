"""`geoservice dispatch plan`, against the demonstration district."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from geoservice import db
from geoservice.cli import app
from geoservice.errors import FileError, InputError, RecordError
from geoservice.incidents.actions import add_incident
from geoservice.incidents.records import Report

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


def test_what_compiled_code_prints_does_not_reach_the_answer() -> None:
    # HiGHS calls printf when it repairs a solution; into a pipe that waits for a full buffer.
    done = subprocess.run(
        [sys.executable, "-c",
         "import ctypes, sys\n"
         "from geoservice.plans.quiet import solver_on_stderr\n"
         "c = ctypes.CDLL(None)\n"
         "with solver_on_stderr():\n"
         "    c.printf(b'HighsMipSolverData::transformNewIntegerFeasibleSolution\\n')\n"
         "print('{}')\n"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "{}\n"
    assert "HighsMipSolverData" in done.stderr


def test_a_plan_of_several_incidents_is_json_and_nothing_else(demo_shared: str) -> None:
    with db.connect(demo_shared, role="geoservice_owner") as conn:
        ids = [
            add_incident(conn, Report(
                "推演", "flood", level, 113.23 + n / 100, 36.33, needs=(
                    {"item_code": "2999901", "quantity": 12 - n},
                    {"item_code": "3999901", "quantity": 900},
                ),
            )).id
            for n, level in enumerate((1, 2, 3, 4))
        ]  # fmt: skip
        conn.commit()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "geoservice", "dispatch", "plan", *map(str, ids), "--json"],
            capture_output=True, text=True, check=True, env=dict(os.environ),
        )  # fmt: skip
    finally:
        with db.connect(demo_shared, role="geoservice_owner") as conn:
            conn.execute("UPDATE core.incident SET state = 'closed' WHERE id = ANY (%s)", [ids])
            conn.commit()
    answer = json.loads(done.stdout)
    assert len(answer["incidents"]) == 4
    assert {it["incident_no"] for it in answer["alternatives"][0]["lines"]} == {0, 1, 2, 3}


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
