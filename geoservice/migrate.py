"""Bring the database to this version: roles, numbered migrations, views, grants.

Each migration is one file and one transaction, recorded with its SHA-256 under an advisory
lock. Views hold no data, so all of them are dropped and made anew when one has changed.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import psycopg

from geoservice.db import Connection, Query
from geoservice.errors import SetupError
from geoservice.publish.catalog import load_layers
from geoservice.publish.select.shared import shared_views
from geoservice.resources import folder


@dataclass(frozen=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Digest of the file, kept with the record of its application."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Applied:
    """A migration that this database has."""

    number: int
    name: str
    sha256: str


LOCK = Query("migrate", "lock", str)
PREPARE = Query("migrate", "prepare", Applied)
PREPARE_VIEWS = Query("migrate", "prepare_views", str)
ACT_AS_OWNER = Query("migrate", "act_as_owner", str)
APPLIED = Query("migrate", "applied", Applied)
RECORD = Query("migrate", "record", Applied)
VIEWS_MADE_OF = Query("migrate", "views_made_of", str)
DROP_VIEWS = Query("migrate", "drop_views", str)
RECORD_VIEWS = Query("migrate", "record_views", str)
WATCH_PUBLISHED = Query("migrate", "watch_published", str)


def migrations(root: Path | None = None) -> list[Migration]:
    """Return the migrations in order.

    Raises
    ------
    SetupError
        The numbers are not 1, 2, 3, ...
    """
    paths = sorted((root or folder("sql") / "migrations").glob("*.sql"))
    found = [Migration(int(p.name[:4]), p.stem, p.read_text("utf-8")) for p in paths]
    if [m.number for m in found] != list(range(1, len(found) + 1)):
        raise SetupError(
            f"migrations are not numbered one by one: {[m.name for m in found]}",
            zh="迁移文件编号不连续",
        )
    return found


def migrate(url: str, root: Path | None = None) -> list[str]:
    """Bring the database at ``url`` to this version.

    Returns
    -------
    names
        The migrations applied now; empty when there was nothing to do.

    Raises
    ------
    SetupError
        An applied file was edited, or the database is newer than this program.
    """
    wanted = migrations(root)
    with psycopg.connect(url, autocommit=True) as conn:
        LOCK.one(conn)
        _execute(conn, folder("sql") / "roles.sql")
        with conn.transaction():
            ACT_AS_OWNER.one(conn)
            PREPARE.run(conn)
            PREPARE_VIEWS.run(conn)
        pending = _pending(wanted, APPLIED.all(conn))
        for migration in pending:
            with conn.transaction():
                ACT_AS_OWNER.one(conn)
                conn.execute(migration.text)
                RECORD.run(
                    conn, number=migration.number, name=migration.name, sha256=migration.sha256
                )
        with conn.transaction():
            ACT_AS_OWNER.one(conn)
            _rebuild_views(conn, fresh=bool(pending))
    return [m.name for m in pending]


def _pending(wanted: list[Migration], applied: list[Applied]) -> list[Migration]:
    known = {m.number: m for m in wanted}
    for done in applied:
        if done.number not in known:
            raise SetupError(
                f"the database has migration {done.name}, which this program does not know: "
                "start a newer geoservice",
                zh=f"数据库含有本程序未知的迁移 {done.name}：请使用更新版本的 geoservice",
            )
        if known[done.number].sha256 != done.sha256:
            raise SetupError(
                f"migration {done.name} was edited after it was applied: add a new one instead",
                zh=f"迁移 {done.name} 在应用后被修改：请改为新增迁移",
            )
    return wanted[len(applied) :]


def _rebuild_views(conn: Connection, *, fresh: bool) -> None:
    """Drop and make all views (they hold no data) and the grants, when anything of it changed."""
    sources = [*sorted((folder("sql") / "views").glob("*.sql")), folder("sql") / "grants.sql"]
    shared = shared_views(load_layers().values())
    text = b"".join(path.read_bytes() for path in sources) + shared.encode()
    sha256 = hashlib.sha256(text).hexdigest()
    if not fresh and sha256 in VIEWS_MADE_OF.all(conn):
        return
    DROP_VIEWS.run(conn)
    for path in sources:
        _execute(conn, path)
    conn.execute(shared.encode())
    WATCH_PUBLISHED.one(conn)
    RECORD_VIEWS.run(conn, sha256=sha256)


def prepare_roles(url: str) -> None:
    """Make the roles and the empty schemas of a database that is to be restored into."""
    with psycopg.connect(url, autocommit=True) as conn:
        _execute(conn, folder("sql") / "roles.sql")


def _execute(conn: Connection, path: Path) -> None:
    conn.execute(path.read_text("utf-8"))
