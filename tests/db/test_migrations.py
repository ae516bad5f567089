"""Migrations: numbered, unedited, safe to run again, and the same schema every time."""

from pathlib import Path

import psycopg
import pytest

from geoservice.errors import SetupError
from geoservice.migrate import migrate, migrations
from geoservice.resources import folder


def _copy(tmp_path: Path) -> Path:
    for source in (folder("sql") / "migrations").glob("*.sql"):
        (tmp_path / source.name).write_text(source.read_text("utf-8"), "utf-8")
    return tmp_path


def test_numbers_run_from_one_without_a_gap(tmp_path: Path) -> None:
    assert [m.number for m in migrations()] == list(range(1, len(migrations()) + 1))
    root = _copy(tmp_path)
    (root / "0002_accounts.sql").unlink()
    with pytest.raises(SetupError, match="not numbered"):
        migrations(root)


def test_second_run_applies_nothing(clone_url: str) -> None:
    assert migrate(clone_url) == []


def test_edited_migration_is_refused(clone_url: str, tmp_path: Path) -> None:
    root = _copy(tmp_path)
    first = root / "0001_common.sql"
    first.write_text(first.read_text("utf-8") + "\n-- edited\n", "utf-8")
    with pytest.raises(SetupError, match="0001_common was edited"):
        migrate(clone_url, root)


def test_database_of_a_newer_program_is_refused(clone_url: str, tmp_path: Path) -> None:
    root = _copy(tmp_path)
    last = sorted(root.glob("*.sql"))[-1]
    last.unlink()
    with pytest.raises(SetupError, match="newer geoservice"):
        migrate(clone_url, root)


def test_failing_migration_leaves_nothing_behind(clone_url: str, tmp_path: Path) -> None:
    root = _copy(tmp_path)
    number = len(migrations()) + 1
    (root / f"{number:04}_broken.sql").write_text("CREATE TABLE core.half (a int); SELECT 1/0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(clone_url, root)
    with psycopg.connect(clone_url) as conn:
        assert conn.execute("SELECT to_regclass('core.half')").fetchone() == (None,)


def test_every_register_has_the_common_columns(conn: psycopg.Connection) -> None:
    wanted = {"code", "name", "town_code", "secrecy", "source_doc", "surveyed_on", "version"}
    wanted |= {"is_demo", "created_by", "created_at", "updated_by", "updated_at", "uid"}
    rows = conn.execute(
        "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
        " WHERE table_schema = 'core' GROUP BY 1"
    ).fetchall()
    registers = {name: set(columns) for name, columns in rows if "source_doc" in columns}
    assert {"district", "town", "depot", "road", "zone_polygon", "flood_band"} <= registers.keys()
    assert {name for name, columns in registers.items() if not wanted <= columns} == set()


def test_service_may_not_delete_registers(conn: psycopg.Connection) -> None:
    rows = conn.execute(
        "SELECT table_name FROM information_schema.table_privileges"
        " WHERE grantee = 'geoservice_app' AND privilege_type = 'DELETE' AND table_schema = 'core'"
    ).fetchall()
    assert {name for (name,) in rows} == {
        "session", "sign_in_link", "import_job", "import_row", "job_progress",
    }  # fmt: skip
