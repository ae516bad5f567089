"""`geoservice dispatch book`, and what the doctor says of it."""

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geoservice.book.kept import DATA, NAME
from geoservice.cli import app
from geoservice.errors import UnavailableError

RUN = CliRunner()
NOBODY = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture(autouse=True)
def home(demo_shared: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", demo_shared)
    monkeypatch.setenv("GEOSERVICE_HOME", str(tmp_path))
    return tmp_path


def _book(*args: str) -> str:
    done = RUN.invoke(app, ["dispatch", "book", *args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def _doctor() -> tuple[str, str]:
    found = json.loads(RUN.invoke(app, ["doctor", "--json"]).stdout)
    return next((it["state"], it["detail_en"]) for it in found if it["name"] == "book")


def test_it_is_written_told_and_still_there_when_the_database_is_not(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _doctor()[0] == "doubtful"
    out = home / "mine.csv"
    told = json.loads(_book("--json", "--out", str(out)))
    assert told["is_fresh"]
    assert [Path(it).name for it in told["files"]] == [
        f"{NAME}.csv", f"{NAME}.html", f"{NAME}.pdf",
    ]  # fmt: skip
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")  # by its ending, without --format
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert _doctor() == ("good", "0 min ago")

    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", NOBODY)
    last = json.loads(_book("--json", "--format", "html", "--out", str(home / "last.html")))
    assert (last["is_fresh"], last["as_of"]) == (False, told["as_of"])
    assert "refused" in last["why_last"]
    assert "这是最后一份手册" in (home / "last.html").read_text("utf-8")
    said = _book("--format", "pdf")
    assert "数据库不可用，这是最后一份手册，写于 0 分钟前" in said
    assert f"current/{NAME}.pdf" in said


def test_without_database_and_book_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", NOBODY)
    done = RUN.invoke(app, ["dispatch", "book"])
    assert isinstance(done.exception, UnavailableError)
    assert "no dispatch book was written yet" in str(done.exception)
    assert "Connection refused" in str(done.exception)


def test_the_doctor_finds_a_book_that_is_late(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _book()
    path = home / "book" / "current" / DATA
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(told | {"as_of": "2026-01-01T00:00:00Z"}), "utf-8")
    state, said = _doctor()
    assert (state, said.split(": ")[1]) == (
        "doubtful", "the service does not run, or cannot write it",
    )  # fmt: skip
    monkeypatch.setenv("GEOSERVICE_BOOK_MIN", "0")
    assert _doctor()[0] == "good"
