"""`geoservice dispatch incident ...`: incidents from the command line."""

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from geoservice.cli import app
from geoservice.errors import ConflictError, InputError, RecordError

RUN = CliRunner()
FLOOD = ["辛安泉镇内涝", "113.23", "36.33", "--kind", "flood", "--level", "2"]


def run(*args: str) -> str:
    done = RUN.invoke(app, ["dispatch", "incident", *args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(autouse=True)
def database(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", demo_url)
    monkeypatch.setenv("COLUMNS", "200")


def test_an_incident_from_first_word_to_the_end() -> None:
    made = json.loads(
        run("add", *FLOOD, "--goods", "2050101:3:台", "--team", "排涝:1:2", "--drill", "--json")
    )
    assert made["is_drill"]
    assert [it["skill"] for it in made["needs"]] == [None, "排涝"]
    number = str(made["id"])
    shown = run("show", number)
    assert "SHQ03" in shown
    assert "2050101" in shown
    assert "演练" in run("list")
    changed = json.loads(run("amend", number, "--level", "1", "--goods", "1:5", "--json"))
    assert (changed["level"], len(changed["needs"])) == (1, 1)
    assert json.loads(run("close", number, "--json"))["state"] == "closed"
    assert made["code"] not in run("list")
    assert made["code"] in run("list", "--all")
    with pytest.raises(ConflictError, match="closed"):
        run("close", number)


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(RecordError, match="level"):
        run("add", "x", "113.23", "36.33", "--kind", "flood", "--level", "7")
    with pytest.raises(InputError, match="CODE:QUANTITY"):
        run("add", *FLOOD, "--goods", "2050101")


def test_what_is_done_stays_done_when_nobody_reads_the_answer() -> None:
    number = str(json.loads(run("add", *FLOOD, "--json"))["id"])
    command = [sys.executable, "-m", "geoservice", "dispatch", "incident", "close", number]
    reading, writing = os.pipe()
    os.close(reading)
    subprocess.run(command, stdout=writing, stderr=subprocess.DEVNULL, check=False)
    os.close(writing)
    assert json.loads(run("show", number, "--json"))["state"] == "closed"
