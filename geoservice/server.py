"""The database server: a private PostGIS of our own, or an existing one, checked before use."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType

import psycopg
from psycopg.conninfo import conninfo_to_dict

from geoservice.cluster.programs import LEAST_MAJOR
from geoservice.cluster.sharing import only_service, shared_cluster
from geoservice.db import Connection, Query
from geoservice.errors import SetupError
from geoservice.settings import Settings

_LEAST_POSTGIS = (3, 3)
# `local` and `remote_write` acknowledge what a fail-over may lose, `off` what a crash may.
_SAFE_COMMITS = {"on", "remote_apply"}


@dataclass(frozen=True)
class Facts:
    """What a server says of itself."""

    version_number: int
    version: str
    encoding: str
    fsync: str
    full_page_writes: str
    synchronous_commit: str
    is_standby: bool


@dataclass(frozen=True)
class Extension:
    """One extension the server could give."""

    name: str
    default_version: str
    installed_version: str | None


FACTS = Query("server", "facts", Facts)
EXTENSIONS = Query("server", "extensions", Extension)
LOCK = Query("server", "lock", str)
DATABASE_EXISTS = Query("server", "database_exists", bool)
CREATE_DATABASE = Query("server", "create_database", str)
CREATE_POSTGIS = Query("server", "create_postgis", str)
CREATE_BTREE_GIST = Query("server", "create_btree_gist", str)


@contextmanager
def running_database(settings: Settings, *, serving: bool = False) -> Iterator[str]:
    """Give the address of a running PostGIS that has been checked.

    Parameters
    ----------
    settings
        ``database_url`` names an existing PostGIS; without it the private one of ``home`` is
        made and started as needed, and stopped by the last who used it.
    serving
        The caller is the service: it has the state folder for itself, and a private database
        that dies is started again.

    Raises
    ------
    SetupError
        No database can be used here; the message says why and what to do.
    """
    with ExitStack() as stack:
        stack.enter_context(_orderly_end())
        if serving:
            stack.enter_context(only_service(settings.home))
        url = settings.database_url
        if url is None:
            url = stack.enter_context(shared_cluster(settings.home, watched=serving))
            _make_database(url)
        check(url)
        yield url


def check(url: str) -> None:
    """Refuse a server that is too old, lacks an extension or may lose what it acknowledged.

    Missing extensions are made where that is allowed.

    Raises
    ------
    SetupError
        With the reason.
    """
    _refuse_unreadable(url)
    try:
        with psycopg.connect(url, connect_timeout=10, autocommit=True) as conn:
            _check_facts(FACTS.one(conn))
            _check_extensions(conn)
    except psycopg.Error as error:
        raise SetupError(
            f"GEOSERVICE_DATABASE_URL: the database cannot be used: {error}".strip(),
            zh=f"GEOSERVICE_DATABASE_URL：无法使用数据库：{error}".strip(),
            where="GEOSERVICE_DATABASE_URL",
        ) from error


def _refuse_unreadable(url: str) -> None:
    """Refuse what is no address, without libpq's words: they repeat it, password and all."""
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise SetupError(
            "GEOSERVICE_DATABASE_URL: the database cannot be used: this is no address; "
            "postgresql://NAME:PASSWORD@HOST:PORT/DATABASE is needed, "
            "special characters of the password percent-encoded",
            zh="GEOSERVICE_DATABASE_URL：无法使用数据库：地址无法解析；须为 postgresql://用户:密码@主机:端口/数据库，"
            "密码中的特殊字符须用百分号编码",
            where="GEOSERVICE_DATABASE_URL",
        ) from None


def _check_facts(facts: Facts) -> None:
    if facts.version_number < LEAST_MAJOR * 10_000:
        raise SetupError(
            f"the database is PostgreSQL {facts.version}: {LEAST_MAJOR} or newer is needed",
            zh=f"数据库为 PostgreSQL {facts.version}：需要 {LEAST_MAJOR} 或更新版本",
        )
    if facts.is_standby:
        raise SetupError(
            "the database is a read-only standby: give the address of the primary",
            zh="数据库是只读备机：请填写主机地址",
        )
    if facts.encoding != "UTF8":
        raise SetupError(
            f"the database is encoded in {facts.encoding}: UTF8 is needed",
            zh=f"数据库编码为 {facts.encoding}：须为 UTF8",
        )
    switches = {"fsync": facts.fsync, "full_page_writes": facts.full_page_writes}
    off = [name for name, value in switches.items() if value != "on"]
    if facts.synchronous_commit not in _SAFE_COMMITS:
        off.append(f"synchronous_commit (it is {facts.synchronous_commit})")
    if off:
        raise SetupError(
            f"a crash of this database could lose what it acknowledged: turn on {', '.join(off)}",
            zh=f"此数据库崩溃时可能丢失已确认的数据：请打开 {', '.join(off)}",
        )


def _check_extensions(conn: Connection) -> None:
    have = {extension.name: extension for extension in EXTENSIONS.all(conn)}
    for name, make in (("postgis", CREATE_POSTGIS), ("btree_gist", CREATE_BTREE_GIST)):
        if name not in have:
            raise SetupError(
                f"the database server has no extension {name}: install it there",
                zh=f"数据库服务器没有扩展 {name}：请在服务器上安装",
            )
        if have[name].installed_version is None:
            _create(conn, name, make)
    version = have["postgis"].installed_version or have["postgis"].default_version
    if tuple(int(part) for part in version.split(".")[:2]) < _LEAST_POSTGIS:
        raise SetupError(
            f"the database has PostGIS {version}: 3.3 or newer is needed",
            zh=f"数据库的 PostGIS 为 {version}：需要 3.3 或更新版本",
        )


def _create(conn: Connection, name: str, make: Query[str]) -> None:
    try:
        LOCK.one(conn)
        make.run(conn)
    except psycopg.errors.InsufficientPrivilege as error:
        raise SetupError(
            f"the database has no extension {name}, and {conn.info.user} may not make it: "
            f'an administrator runs "CREATE EXTENSION {name}" in {conn.info.dbname}',
            zh=f"数据库没有扩展 {name}，且 {conn.info.user} 无权创建："
            f"请管理员在 {conn.info.dbname} 中执行 CREATE EXTENSION {name}",
        ) from error


def _make_database(url: str) -> None:
    """Make our database in a fresh private cluster."""
    with psycopg.connect(url, dbname="postgres", autocommit=True) as conn:
        LOCK.one(conn)
        if not DATABASE_EXISTS.one(conn):
            CREATE_DATABASE.run(conn)


@contextmanager
def _orderly_end() -> Iterator[None]:
    """Let SIGTERM and a closed terminal unwind, so that the database is stopped too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [s for s in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(s) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _leave(number: int, _frame: FrameType | None) -> None:
    """End as a shell reports a program that a signal ended; the web server ends itself first."""
    if number == signal.SIGHUP:
        signal.raise_signal(signal.SIGTERM)
        return
    raise SystemExit(128 + number)
