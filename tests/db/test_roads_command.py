"""`geoservice load roads`: the printed report, the one for machines, and refusals."""

import json
import runpy
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from geoservice import db
from geoservice.errors import FileError
from geoservice.roads import commands

SMALL = runpy.run_path(str(Path(__file__).parents[1] / "data" / "small_roads.py"))


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.command("other")(lambda: None)
    app.add_typer(typer.Typer(), name="load")
    commands.add_to(app)
    return app


@pytest.fixture
def small_pbf(clone_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", clone_url)
    monkeypatch.setenv("COLUMNS", "100")
    with db.connect(clone_url) as conn:
        SMALL["lay_district"](conn)
    return SMALL["write"](tmp_path / "small.osm.pbf")


def test_report_is_printed_in_both_languages(app: typer.Typer, small_pbf: Path) -> None:
    done = CliRunner().invoke(app, ["load", "roads", str(small_pbf)])
    assert done.exit_code == 0, done.output
    for words in ("有向弧 · arcs", "34", "禁止机动车通行", "closed to motor vehicles", "114"):
        assert words in done.stdout
    assert "writing arcs" in done.stderr


def test_machines_get_json_alone_on_the_output(app: typer.Typer, small_pbf: Path) -> None:
    done = CliRunner().invoke(app, ["load", "roads", str(small_pbf), "--json"])
    report = json.loads(done.stdout)
    assert report["ways_read"] == 20
    assert report["surveyed_on"] == "2025-03-01"
    assert report["tallies"][0] == {
        "what": "way", "reason": "access_no", "zh": "禁止机动车通行",
        "en": "closed to motor vehicles", "count": 1, "first_ids": [114],
    }  # fmt: skip


def test_refusal_reaches_the_command_line(app: typer.Typer, small_pbf: Path) -> None:
    small_pbf.write_bytes(b"no pbf")
    done = CliRunner().invoke(app, ["load", "roads", str(small_pbf)])
    assert isinstance(done.exception, FileError)
    assert done.exit_code == 1


def test_load_commits_in_the_name_of_who_typed(
    app: typer.Typer, small_pbf: Path, clone_url: str
) -> None:
    CliRunner().invoke(app, ["load", "roads", str(small_pbf)])
    with db.connect(clone_url) as conn:
        rows = conn.execute("SELECT DISTINCT created_by FROM core.road").fetchall()
    assert len(rows) == 1
    assert rows[0][0].startswith("cli:")
