"""`geoservice publish add|list|run|status|pause|resume|remove`, and a target as before."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from geoservice import db
from geoservice.errors import InputError
from geoservice.exports.jobs import commands


@pytest.fixture
def home(demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", demo_url)
    monkeypatch.setenv("GEOSERVICE_HOME", str(tmp_path / "home"))
    return tmp_path


def _said(*words: str, text: str | None = None) -> Result:
    app = typer.Typer()
    commands.add_to(app)
    return CliRunner().invoke(app, ["publish", *words], input=text)


def test_a_job_from_its_beginning_to_its_end(home: Path) -> None:
    folder = home / "city"
    added = _said("add", "city", str(folder), "--daily", "02:30", "--layer", "depots")
    assert added.exit_code == 0, (added.output, added.exception)
    assert "每天 02:30" in added.output
    assert "02:30 +0800" in added.output
    assert "尚未运行" in _said("status").output
    ran = _said("run", "city")
    assert ran.exit_code == 0, (ran.output, ran.exception)
    assert (folder / "depots.gpkg").exists()
    (job,) = json.loads(_said("list", "--json").output)
    assert (job["name"], job["last_result"], job["has_password"]) == ("city", "done", False)
    assert "成功" in _said("status", "city").output
    assert "已暂停" in _said("pause", "city").output
    assert "下次" in _said("resume", "city").output
    assert _said("remove", "city").exit_code == 0
    assert json.loads(_said("list", "--json").output) == []


def test_a_failure_is_in_the_status_and_in_its_exit_code(home: Path, demo_url: str) -> None:
    nowhere = "postgresql://gis@127.0.0.1:9/gis"
    added = _said("add", "city", nowhere, "--every", "60", "--password-file", "-", text="geheim\n")
    assert added.exit_code == 0, (added.output, added.exception)
    (kept,) = (home / "home" / "secrets").iterdir()
    assert kept.read_text("utf-8") == "geheim"
    ran = _said("run", "city")
    assert ran.exit_code == 1
    assert "does not answer" in ran.output
    told = _said("status")
    assert told.exit_code == 1
    assert "连续失败 1 次" in told.output
    with db.connect(demo_url) as conn:
        row = conn.execute("SELECT actor, result FROM core.audit_event WHERE action = 'publish'")
        ((actor, result),) = row.fetchall()
    assert actor.startswith("cli:")
    assert result == "failed"


def test_a_target_without_a_word_is_published_to_at_once(home: Path) -> None:
    assert _said("--layer", "depots", str(home / "now")).exit_code == 0
    assert (home / "now" / "depots.gpkg").exists()
    refused = _said("add", "city", str(home / "x"), "--daily", "2 Uhr")
    assert isinstance(refused.exception, InputError)
