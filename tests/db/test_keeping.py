"""Backup, restore, doctor: what comes back is what went in; nothing is half replaced."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import shapely
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from geoservice import db
from geoservice.audit.actions import verify
from geoservice.errors import ConflictError, FileError, SetupError
from geoservice.keeping.actions import TALLIES, BackedUp, back_up, restore
from geoservice.keeping.archive import DUMP, FILES, MANIFEST
from geoservice.registry import records
from geoservice.registry.actions import store
from geoservice.registry.ledger import check_ledger

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
SOURCE = records.HazardSource(
    code="H-77", name="甲", source_doc="x", kind="dump", geom=shapely.Point(113.2, 36.3)
)


def _quiet(_: str) -> None:
    """Say nothing."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "home"
    (place / "uploads" / "a").mkdir(parents=True)
    (place / "uploads" / "a" / "普查.csv").write_text("编号\n", "utf-8")
    (place / "logs").mkdir()
    (place / "logs" / "x.log").write_text("left out", "utf-8")
    return place


@pytest.fixture
def made(demo_url: str, home: Path, tmp_path: Path) -> BackedUp:
    with db.connect(demo_url) as conn:
        db.set_actor(conn, "wang")
        store(conn, "hazard_sources", [SOURCE])
    return back_up(demo_url, home=home, target=tmp_path / "backups", at=AT, tell=_quiet)


@pytest.fixture
def kept_databases(cluster_url: str) -> Iterator[None]:
    """Whatever a restore kept is dropped afterwards."""
    yield
    with psycopg.connect(make_conninfo(cluster_url, dbname="postgres"), autocommit=True) as conn:
        for (name,) in conn.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE '%\\_before\\_%'"
        ).fetchall():
            conn.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _tallies(url: str) -> dict[str, int]:
    with psycopg.connect(url) as conn:
        return {it.table_name: it.row_count for it in TALLIES.all(conn)}


def _restore(made: BackedUp, url: str, home: Path, **changed: Any) -> Any:
    said = {"source": made.folder, "at": AT, "is_trial": False, "tell": _quiet, **changed}
    return restore(url, home=home, **said)


@pytest.mark.usefixtures("kept_databases")
def test_what_was_lost_comes_back_counts_ledger_and_audit(
    made: BackedUp, demo_url: str, home: Path
) -> None:
    with psycopg.connect(demo_url) as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute("DELETE FROM core.stock_lot")
        conn.execute("DELETE FROM core.audit_event")
    shutil.rmtree(home / "uploads")
    done = _restore(made, demo_url, home)
    assert done.kept_as == f"{conninfo_to_dict(demo_url)['dbname']}_before_20261125_080000"
    assert (home / "uploads" / "a" / "普查.csv").read_text("utf-8") == "编号\n"
    there = _tallies(demo_url)
    moving = {"audit_seal", "backup_run", "table_change", "table_version", "view_table"}
    assert {t: n for t, n in there.items() if t not in moving} == {
        t: n for t, n in made.manifest.tables.items() if t not in moving
    }
    with db.connect(demo_url) as conn:
        assert check_ledger(conn).differences == ()
        assert verify(conn, known_head=made.manifest.audit_head).is_sound
        # The service goes on: rows are written, kept and read as they were.
        store(conn, "hazard_sources", [records.HazardSource(**{**vars(SOURCE), "name": "乙"})])
        history = conn.execute(
            "SELECT kept ->> 'name' FROM core.history WHERE kept ->> 'code' = 'H-77'"
        ).fetchall()
        # Logins that read outlive the database, and may do in the new one what they could before.
        rights = conn.execute(
            "SELECT has_function_privilege('public', 'lo_create(oid)', 'EXECUTE'),"
            " has_database_privilege('public', current_database(), 'TEMPORARY')"
        ).fetchone()
    assert history == [("甲",)]
    assert rights == (False, False)


def test_a_backup_into_an_empty_folder_and_an_empty_database(
    made: BackedUp, cluster_url: str, tmp_path: Path
) -> None:
    name = "restored_into"
    with psycopg.connect(make_conninfo(cluster_url, dbname="postgres"), autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    url, empty = make_conninfo(cluster_url, dbname=name), tmp_path / "empty"
    empty.mkdir()
    try:
        assert _restore(made, url, empty).kept_as is None
        assert _tallies(url)["hazard_source"] == made.manifest.tables["hazard_source"]
        assert [it.name for it in empty.iterdir()] == ["uploads"]
    finally:
        with psycopg.connect(
            make_conninfo(cluster_url, dbname="postgres"), autocommit=True
        ) as conn:
            conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_trial_changes_nothing(made: BackedUp, demo_url: str, home: Path) -> None:
    before = _tallies(demo_url)
    done = _restore(made, demo_url, home, is_trial=True)
    assert (done.is_trial, done.kept_as) == (True, None)
    assert _tallies(demo_url) == before


def test_nothing_is_replaced_while_others_are_connected(
    made: BackedUp, demo_url: str, home: Path
) -> None:
    with psycopg.connect(demo_url) as other:
        with pytest.raises(ConflictError, match="1 others are connected"):
            _restore(made, demo_url, home)
        assert other.execute("SELECT count(*) FROM core.depot").fetchone() == (20,)
    assert not list(home.glob("before-*"))


@pytest.mark.parametrize("part", [DUMP, FILES, MANIFEST])
def test_a_damaged_backup_is_refused(made: BackedUp, demo_url: str, home: Path, part: str) -> None:
    path = made.folder / part
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises((FileError, SetupError)):
        _restore(made, demo_url, home)
    assert _tallies(demo_url)["depot"] == 20


def test_a_backup_of_a_newer_program_is_refused(made: BackedUp, demo_url: str, home: Path) -> None:
    manifest = json.loads((made.folder / MANIFEST).read_text("utf-8"))
    (made.folder / MANIFEST).write_text(json.dumps({**manifest, "migration": 999}), "utf-8")
    with pytest.raises(FileError, match="newer geoservice"):
        _restore(made, demo_url, home)


def test_a_tampered_backup_does_not_verify(demo_url: str, home: Path, tmp_path: Path) -> None:
    back_up(demo_url, home=home, target=tmp_path / "first", at=AT, tell=_quiet)
    with psycopg.connect(demo_url) as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute("UPDATE core.audit_event SET actor = 'x' WHERE id = 3")
    bad = back_up(demo_url, home=home, target=tmp_path / "second", at=AT, tell=_quiet)
    with pytest.raises(SetupError, match="does not verify"):
        _restore(bad, demo_url, home)


def test_a_target_that_cannot_be_written_is_said(demo_url: str, home: Path) -> None:
    with pytest.raises(FileError, match="cannot be written"):
        back_up(demo_url, home=home, target=Path("/proc/none"), at=AT, tell=_quiet)


def _run(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "geoservice", *words],
        env={**os.environ, **env}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def own_home() -> Iterator[Path]:
    """A state folder that `postgres` can enter, when the tests are run by root."""
    with tempfile.TemporaryDirectory(prefix="geoservice-keeping-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def test_the_commands_with_a_private_database(own_home: Path) -> None:
    env = {"GEOSERVICE_HOME": str(own_home)}
    assert _run("demo", "load", env=env).returncode == 0
    done = _run("backup", "--json", env=env)
    assert done.returncode == 0, done.stderr
    folder = json.loads(done.stdout)["folder"]
    assert "--check" not in folder
    tried = _run("restore", folder, "--check", env=env)
    assert (tried.returncode, "可以恢复" in tried.stdout) == (0, True), tried.stderr
    assert _run("demo", "clear", env=env).returncode == 0
    restored = _run("restore", folder, "--json", env=env)
    assert restored.returncode == 0, restored.stderr
    looked = _run("doctor", "--json", env=env)
    found = {it["name"]: it["state"] for it in json.loads(looked.stdout)}
    assert looked.returncode == 0, looked.stdout
    assert found["ledger"] == found["audit"] == found["shapes"] == found["district"] == "good"


def test_the_doctor_names_a_database_that_is_away(tmp_path: Path) -> None:
    env = {
        "GEOSERVICE_DATABASE_URL": f"postgresql:///x?host={tmp_path}",
        "GEOSERVICE_HOME": str(tmp_path),
    }
    looked = _run("doctor", "--json", env=env)
    found = {it["name"]: it for it in json.loads(looked.stdout)}
    assert (looked.returncode, found["database"]["state"]) == (1, "bad")
