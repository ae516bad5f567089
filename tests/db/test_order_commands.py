"""`geoservice dispatch order ...` and the report: an order from the command line, to its end."""

import csv
import json
import runpy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from geoservice import db
from geoservice.cli import app
from geoservice.errors import ConflictError, FileError, RecordError

RUN = CliRunner()
SCENE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "order_scene.py"))


def run(*args: str) -> str:
    done = RUN.invoke(app, ["dispatch", *args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def told(*args: str) -> Any:
    return json.loads(run(*args, "--json"))


@pytest.fixture(autouse=True)
def database(clone_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", clone_url)
    monkeypatch.setenv("COLUMNS", "220")
    with db.connect(clone_url) as conn:
        SCENE["set_scene"](conn)
    return clone_url


@pytest.fixture
def file(database: str, tmp_path: Path) -> Path:
    eta_at = (datetime.now(UTC) + timedelta(minutes=20)).isoformat()
    with db.connect(database) as conn:
        here = SCENE["incident"](conn, name="=内涝<script>alert(1)</script>")
        body = SCENE["body"](here, teams=[SCENE["team_id"](conn, "T1")])
        line = {"lot_id": SCENE["lot_id"](conn, "L1"), "quantity": 10, "eta_at": eta_at}
    path = tmp_path / "order.json"
    path.write_text(json.dumps(body | {"lines": [line]}), "utf-8")
    return path


def test_an_order_is_placed_followed_and_reported(file: Path, tmp_path: Path) -> None:
    made = told("order", "place", str(file), "--key", "k")
    assert told("order", "place", str(file), "--key", "k") == made
    assert "used before" in run("order", "place", str(file), "--key", "k")
    number = str(made["id"])
    assert made["code"] in run("order", "list")
    with pytest.raises(ConflictError, match="not confirmed"):
        run("order", "goods", number, "1", "depart")
    assert "李主任" in run("order", "confirm", number, "--for", "李主任")
    for step in ("depart", "arrive"):
        run("order", "goods", number, "1", step)
        run("order", "team", number, "1", step)
    back = ["--returned", "6", "--lost", "1", "--used", "3", "--key", "r"]
    assert told("order", "goods", number, "1", "return", *back)["lines"][0]["returned"] == 6
    told("order", "goods", number, "1", "return", *back)
    run("order", "team", number, "1", "recall")
    assert told("order", "team", number, "1", "return")["state"] == "done"
    shown = run("order", "show", number)
    assert "6/1/3" in shown
    assert "finish" in shown
    assert told("order", "list") == []
    assert len(told("order", "list", "--all", "--incident", str(made["incident_id"]))) == 1
    page, table = tmp_path / "report.html", tmp_path / "report.csv"
    run("report", str(made["incident_id"]), str(page))
    run("report", str(made["incident_id"]), str(table))
    assert made["code"] in page.read_text("utf-8")
    assert "<script>alert(1)" not in page.read_text("utf-8")
    rows = list(csv.DictReader(table.read_text("utf-8-sig").splitlines()))
    assert [it["row"] for it in rows].count("sent") == 2
    goods = next(it for it in rows if it["part"] == "lot")
    assert (goods["returned"], goods["used"], goods["lost"]) == ("6.0", "3.0", "1.0")
    assert -21 < float(goods["late_min"]) < -18
    steps = [it["action"] for it in rows if it["row"] == "step"]
    assert (steps[0], steps[-1]) == ("place", "finish")


def test_cancelling_and_what_is_wrong(file: Path, tmp_path: Path) -> None:
    made = told("order", "place", str(file))
    cancelled = told("order", "cancel", str(made["id"]), "--note", "误报")
    assert cancelled["state"] == "cancelled"
    with pytest.raises(ConflictError):
        run("order", "finish", str(made["id"]))
    with pytest.raises(FileError, match="JSON"):
        run("order", "place", str(tmp_path / "none.json"))
    (tmp_path / "empty.json").write_text("{}", "utf-8")
    with pytest.raises(RecordError, match="incident_id"):
        run("order", "place", str(tmp_path / "empty.json"))
    with pytest.raises(FileError, match="cannot be written"):
        run("report", str(made["incident_id"]), str(tmp_path / "no" / "report.html"))
