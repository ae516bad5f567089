"""`geoservice demo load` and `demo clear` as a person runs them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from geoservice import db
from geoservice.db import DISTRICT_IS_SET

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(clone_url: str, tmp_path: Path) -> Run:
    environment = {
        **os.environ,
        "GEOSERVICE_DATABASE_URL": clone_url,
        "GEOSERVICE_HOME": str(tmp_path),
    }

    def geoservice(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "geoservice", *words],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return geoservice


def test_load_twice_then_clear_twice(run: Run, clone_url: str, tmp_path: Path) -> None:
    first = run("demo", "load")
    assert first.returncode == 0, first.stderr
    assert "demo-viewer" in first.stdout
    passwords = tmp_path / "demo-accounts.txt"
    assert passwords.stat().st_mode & 0o777 == 0o600

    again = run("demo", "load")
    assert again.returncode == 0
    assert "there already" in again.stdout
    assert "demo-viewer" not in again.stdout

    cleared = run("demo", "clear", "--json")
    assert cleared.returncode == 0, cleared.stderr
    removed = {row["table_name"]: row["row_count"] for row in json.loads(cleared.stdout)}
    assert removed["town"] == 9
    assert removed["account"] >= 7
    assert not passwords.exists()
    with db.connect(clone_url) as conn:
        assert not DISTRICT_IS_SET.one(conn)

    nothing = run("demo", "clear")
    assert nothing.returncode == 0
    assert "there is no demonstration data" in nothing.stdout


def test_load_beside_a_real_record_is_refused_in_two_languages(run: Run, clone_url: str) -> None:
    with db.connect(clone_url, role="geoservice_owner") as conn:
        conn.execute(
            "INSERT INTO core.district (code, name, source_doc, envelope, geom)"
            " VALUES ('1', 'x', 'y',"
            " ST_MakeEnvelope(113, 36, 114, 37, 4490),"
            " ST_Multi(ST_MakeEnvelope(113.4, 36.4, 113.6, 36.6, 4490)))"
        )
    refused = run("demo", "load", "--json")
    assert refused.returncode == 1
    assert "a real district" in refused.stderr
    assert "真实行政区" in refused.stderr
    assert refused.stdout == ""
