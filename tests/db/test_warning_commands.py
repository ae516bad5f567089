"""`geoservice sensor`, `alert` and `partner`, against a demonstration district of one's own."""

import json
from datetime import UTC, datetime
from pathlib import Path

from typer.testing import CliRunner, Result

from geoservice import db
from geoservice.cli import app
from geoservice.demo.actions import clear_demo
from geoservice.errors import FileError, InputError, NotFoundError

DRILL = {"status": "Exercise", "msgType": "Alert", "scope": "Public", "info": [
    {"language": "zh-CN", "category": ["Met"], "event": "暴雨", "urgency": "Expected",
     "severity": "Severe", "certainty": "Likely"}]}  # fmt: skip


def run(url: str, *arguments: str, given: str = "") -> Result:
    environment = {"GEOSERVICE_DATABASE_URL": url, "COLUMNS": "120"}
    return CliRunner(env=environment).invoke(app, arguments, input=given)


def test_readings_of_a_file_go_in_and_refusals_are_an_exit_status(
    demo_url: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    table = tmp_path / "readings.csv"
    table.write_text(f"sensor,observed_at,value\nDEMO-SN-003,{now},7\nNONE,{now},1\n")
    first = run(demo_url, "sensor", "post", str(table), "--json")
    assert first.exit_code == 1
    assert json.loads(first.output)["accepted"] == 1
    again = run(demo_url, "sensor", "post", str(table))
    assert "已有 · known 1" in again.output
    assert "there is no sensor of this code" in again.output
    assert isinstance(run(demo_url, "sensor", "post", "x.txt").exception, InputError)
    assert isinstance(run(demo_url, "sensor", "post", "none.csv").exception, FileError)


def test_a_rain_gauge_gets_the_example_table(demo_url: str) -> None:
    done = run(demo_url, "sensor", "flash-flood", "DEMO-SN-008")
    assert done.exit_code == 0
    assert "未核实" in done.output  # the demonstration has it already
    other = run(demo_url, "sensor", "flash-flood", "DEMO-SN-001")
    assert isinstance(other.exception, NotFoundError)


def test_an_alert_is_sent_listed_and_cancelled(demo_url: str, tmp_path: Path) -> None:
    file = tmp_path / "drill.json"
    file.write_text(json.dumps(DRILL, ensure_ascii=False), "utf-8")
    sent = run(demo_url, "alert", "send", str(file), "--json")
    assert sent.exit_code == 0, sent.output
    number = json.loads(sent.output)["id"]
    assert (
        f"{number:>6}  active    orange  暴雨  [Exercise]" in run(demo_url, "alert", "list").output
    )
    assert (
        "已收 · filed"
        in run(demo_url, "alert", "cancel", str(number), "--reason", "演练结束").output
    )
    listed = json.loads(run(demo_url, "alert", "list", "--all", "--json").output)
    assert {it["id"]: it["state"] for it in listed}[number] == "cancelled"
    missing = run(demo_url, "alert", "cancel", "999999", "--reason", "x")
    assert isinstance(missing.exception, NotFoundError)


def test_a_partner_is_made_listed_and_ended(demo_url: str) -> None:
    options = ["--direction", "up", "--level", "yellow", "--secret"]
    where = ["--endpoint", "https://up.example/alerts"]
    made = run(demo_url, "partner", "add", "CZ", "市局", *options, *where, given="geheim\n")
    assert made.exit_code == 0, made.output
    assert made.output.split()[-1].startswith("geoservice_")
    assert "geheim" not in made.output
    (listed,) = json.loads(run(demo_url, "partner", "list", "--json").output)
    assert (listed["code"], listed["least_level"], listed["waiting"]) == ("CZ", "yellow", 0)
    assert "secret" not in listed
    assert "https://up.example/alerts" in run(demo_url, "partner", "list").output
    assert json.loads(run(demo_url, "partner", "log", "--json").output) == []
    assert run(demo_url, "partner", "retire", "CZ").exit_code == 0
    assert json.loads(run(demo_url, "partner", "list", "--json").output) == []


def test_the_demonstration_goes_with_what_came_to_its_sensors(
    demo_url: str, tmp_path: Path
) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    file = tmp_path / "readings.json"
    file.write_text(json.dumps([{"sensor": "DEMO-SN-001", "observed_at": now, "value": 1.6}]))
    assert run(demo_url, "sensor", "post", str(file)).exit_code == 0
    with db.connect(demo_url) as conn:
        gone = {one.table_name: one.row_count for one in clear_demo(conn)}
    assert gone["observation"] > 1000
    assert gone["alert"] >= 2
