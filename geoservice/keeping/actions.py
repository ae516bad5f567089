"""Back up everything that is kept here, and restore it without half replacing what runs.

A backup is one moment of the database (`pg_dump` on an exported snapshot) and the files of the
state folder. A restore builds a database beside the one that runs, proves it, and only then gives
it the other's name, in one transaction; the other is kept.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from geoservice import __version__
from geoservice.audit.actions import HEAD, seal, verify
from geoservice.db import Connection, Query
from geoservice.errors import FileError, SetupError
from geoservice.keeping.archive import (
    DUMP,
    FILES,
    FORMAT,
    MANIFEST,
    Manifest,
    pack,
    read_manifest,
    sha256_of,
    unpack,
)
from geoservice.keeping.databases import Server
from geoservice.keeping.tools import run_tool
from geoservice.migrate import migrate, migrations, prepare_roles
from geoservice.readers.actions import CONFINE_READERS
from geoservice.registry.ledger import check_ledger
from geoservice.server import check

Tell = Callable[[str], None]
_SCHEMAS = ("--schema=core", "--schema=published")
# What grows by itself between the dump and its proof, or is written by the restore.
_MOVING = frozenset({"table_change", "table_version", "view_table", "view_source", "audit_seal"})


@dataclass(frozen=True)
class Tally:
    """Rows of one table."""

    table_name: str
    row_count: int


@dataclass(frozen=True)
class Identity:
    """Which database this is."""

    epoch_uid: str
    epoch_number: int
    migration: int | None
    district: str | None
    postgresql: str
    postgis: str


@dataclass(frozen=True)
class BackedUp:
    """A backup that was made."""

    folder: Path
    manifest: Manifest
    bytes: int


@dataclass(frozen=True)
class Restored:
    """What a restore did; ``kept_as`` names the database that was there before."""

    manifest: Manifest
    kept_as: str | None
    files: tuple[str, ...]
    is_trial: bool


EXPORT_SNAPSHOT = Query("keeping", "export_snapshot", str)
SEE_ONE_MOMENT = Query("keeping", "see_one_moment", str)
TALLIES = Query("keeping", "tallies", Tally)
IDENTITY = Query("keeping", "identity", Identity)
BEGIN_EPOCH = Query("keeping", "begin_epoch", int)
NOTE_BACKUP = Query("keeping", "note_backup", str)
HAS_REGISTERS = Query("keeping", "has_registers", bool)


def back_up(url: str, *, home: Path, target: Path, at: datetime, tell: Tell) -> BackedUp:
    """Write a backup into a new folder of ``target``; it appears whole or not at all.

    Parameters
    ----------
    url
        The database, by an account that may read all of it.
    home
        The state folder, whose files go along.
    at
        Names the folder.
    tell
        Says what is being done.

    Raises
    ------
    FileError
        The target cannot be written.
    SetupError
        ``pg_dump`` is missing or fails.
    """
    name = f"geoservice-{at:%Y%m%d-%H%M%S}"
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=target) as made:
            part = Path(made) / name
            part.mkdir(mode=0o700)
            manifest = _written(url, home, part, at, tell)
            part.rename(target / name)
    except OSError as error:
        why = error.strerror or str(error)
        raise FileError(
            f"{target}: cannot be written: {why}", zh=f"{target}：无法写入：{why}", where="target"
        ) from error
    size = sum(path.stat().st_size for path in (target / name).iterdir())
    with psycopg.connect(url) as conn:
        digest = sha256_of(target / name / MANIFEST)
        NOTE_BACKUP.run(conn, place=str(target / name), bytes=size, sha256=digest)
    return BackedUp(target / name, manifest, size)


def _written(url: str, home: Path, part: Path, at: datetime, tell: Tell) -> Manifest:
    with psycopg.connect(url) as conn:
        seal(conn)
    with psycopg.connect(url) as conn:
        SEE_ONE_MOMENT.run(conn)
        snapshot = EXPORT_SNAPSHOT.one(conn)
        found = IDENTITY.one(conn)
        tables = {it.table_name: it.row_count for it in TALLIES.all(conn)}
        head = HEAD.first(conn)
        tell(f"导出数据库 · dumping the database: {sum(tables.values())} 行 · rows")
        run_tool(
            "pg_dump", url,
            ["--format=custom", "--compress=6", f"--snapshot={snapshot}", *_SCHEMAS,
             f"--file={part / DUMP}"],
        )  # fmt: skip
    (part / DUMP).chmod(0o600)
    tell("打包文件 · packing the files")
    files = pack(home, part / FILES)
    manifest = Manifest(
        format=FORMAT,
        made_at=at.isoformat(),
        geoservice=__version__,
        migration=found.migration or 0,
        district=found.district,
        epoch_uid=found.epoch_uid,
        postgresql=found.postgresql,
        postgis=found.postgis,
        tables=tables,
        audit_head=head.sha256 if head else None,
        files=files,
        sha256={name: sha256_of(part / name) for name in (DUMP, FILES)},
    )
    manifest.write(part)
    return manifest


def restore(
    url: str, *, home: Path, source: Path, at: datetime, is_trial: bool, tell: Tell
) -> Restored:
    """Put a backup in the place of what is here; with ``is_trial`` only prove that it could be.

    Parameters
    ----------
    url
        The database that is to be replaced, by an account that may make databases.
    home
        The state folder, whose files are replaced too; what was there is kept beside.

    Raises
    ------
    FileError
        The backup is damaged, or of a newer program.
    ConflictError
        Others are connected to the database.
    SetupError
        The server refuses, or the restored database is not what the manifest says. Whatever is
        raised, what runs is as it was.
    """
    tell("核对备份 · checking the backup")
    manifest = read_manifest(source)
    if manifest.migration > len(migrations()):
        raise FileError(
            f"{source}: made by a newer geoservice ({manifest.geoservice}): start that one",
            zh=f"{source}：由更新版本的 geoservice（{manifest.geoservice}）生成，请使用该版本",
        )
    server = Server(url)
    new = f"{server.database}_restoring"
    server.drop(new)  # of a restore that was cut short
    server.create(new)
    try:
        tell("恢复到旁边的数据库 · restoring into a database beside")
        _fill(server.address(new), source, manifest)
        if is_trial:
            return Restored(manifest, None, (), is_trial=True)
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=home) as staged:
            names = unpack(source / FILES, Path(staged))
            tell("替换 · putting it in place")
            kept_as = _put_in_place(server, new, at)
            _replace_files(home, Path(staged), names, home / f"before-{at:%Y%m%d-%H%M%S}")
        return Restored(manifest, kept_as, tuple(names), is_trial=False)
    finally:
        server.drop(new)  # gone already where it took the other's place


def _fill(url: str, source: Path, manifest: Manifest) -> None:
    check(url)
    prepare_roles(url)
    run_tool(
        "pg_restore", url,
        ["--exit-on-error", "--single-transaction", "--no-comments", *_SCHEMAS,
         f"--dbname={Server(url).database}", str(source / DUMP)],
    )  # fmt: skip
    with psycopg.connect(url) as conn:
        _prove(conn, manifest)
        BEGIN_EPOCH.one(conn)
    migrate(url)
    with psycopg.connect(url) as conn:
        CONFINE_READERS.one(conn)  # their logins outlive the database, these rights do not
        seal(conn)
        conn.commit()
        found = verify(conn, known_head=manifest.audit_head)
    if not found.is_sound:
        raise SetupError(
            "the restored audit does not verify: the backup was tampered with",
            zh="恢复出的审计链未通过核验：备份曾被改动",
        )


def _prove(conn: Connection, manifest: Manifest) -> None:
    there = {it.table_name: it.row_count for it in TALLIES.all(conn)}
    wrong = _differences(manifest.tables, there)
    if not wrong and check_ledger(conn).differences:
        wrong = "stock_lot: not the sum of its moves"
    if wrong:
        raise SetupError(
            f"the restored database is not what was backed up: {wrong}",
            zh=f"恢复出的数据库与备份时不一致：{wrong}",
        )


def _differences(wanted: Mapping[str, int], there: Mapping[str, int]) -> str:
    return ", ".join(
        f"{name}: {there.get(name, 0)} / {count}"
        for name, count in wanted.items()
        if there.get(name) != count
    )


def _put_in_place(server: Server, new: str, at: datetime) -> str | None:
    """Swap the names; an empty database that stood there is not worth keeping."""
    kept_as = f"{server.database}_before_{at:%Y%m%d_%H%M%S}"
    with psycopg.connect(server.url) as conn:
        has_registers = HAS_REGISTERS.one(conn)
    server.put_in_place(new, kept_as=kept_as)
    if not has_registers:
        server.drop(kept_as)
        return None
    return kept_as


def _replace_files(home: Path, staged: Path, names: list[str], aside: Path) -> None:
    for name in names:
        if (home / name).exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            (home / name).rename(aside / name)
        shutil.move(staged / name, home / name)
