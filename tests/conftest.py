"""A real PostGIS for every test: one private cluster a run, template databases, quick clones."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql
from psycopg.conninfo import make_conninfo
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.app import create_app
from geoservice.demo.actions import load_demo
from geoservice.migrate import migrate
from geoservice.server import running_database
from geoservice.settings import Settings

SHARED = Path(__file__).resolve().parents[2] / "shared"
MEMORY = Path("/dev/shm")  # noqa: S108  # only where a database of the tests lies, 0711
_ROOM = 6 * 2**30
_numbers = itertools.count(1)


def _new_home(prefix: str) -> Path:
    """Make a state folder; in memory where there is room: to the disk a clone is 300 files."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > _ROOM < _available()
    home = Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if roomy else None))
    home.chmod(0o711)  # as root the database runs as `postgres`, who must get in
    return home


def _available() -> int:
    lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 2**10 for line in lines if line.startswith("MemAvailable:"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders whose files take longest, so that no worker ends long after."""
    place = {name: number for number, name in enumerate(("web", "db", "http"))}
    items.sort(key=lambda item: place.get(item.path.parent.name, len(place)))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the checkout; tests that need it say so when it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the real data folder ../shared/data is not here")
    return SHARED / "data"


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    home = _new_home("geoservice-test-")
    yield replace(Settings.from_environment(os.environ), home=home, demo=True, book_min=0)
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def cluster_url(settings: Settings) -> Iterator[str]:
    with running_database(settings) as url:
        migrate(url)
        yield url


def _clone(cluster_url: str, template: str) -> str:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(make_conninfo(cluster_url, dbname="postgres"), autocommit=True) as conn:
        conn.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return make_conninfo(cluster_url, dbname=name)


def _name_of(url: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


def _drop(cluster_url: str, url: str) -> None:
    with psycopg.connect(make_conninfo(cluster_url, dbname="postgres"), autocommit=True) as conn:
        conn.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name_of(url)))
        )


@pytest.fixture(scope="session")
def database_url(cluster_url: str) -> str:
    """A migrated database without a district, for tests that roll back."""
    return _clone(cluster_url, _name_of(cluster_url))


@pytest.fixture(scope="session")
def demo_template(cluster_url: str) -> str:
    url = _clone(cluster_url, _name_of(cluster_url))
    with db.connect(url) as conn:
        db.set_actor(conn, "tests")
        load_demo(conn, now=datetime.now(UTC))
    return url


@pytest.fixture
def conn(database_url: str) -> Iterator[db.Connection]:
    """A transaction as the service's role, rolled back; no district."""
    with db.connect(database_url) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def demo_conn(demo_shared: str) -> Iterator[db.Connection]:
    """A transaction in the demonstration district, rolled back."""
    with db.connect(demo_shared) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def clone_url(cluster_url: str) -> Iterator[str]:
    """One's own empty, migrated database: commit as you like."""
    url = _clone(cluster_url, _name_of(cluster_url))
    yield url
    _drop(cluster_url, url)


@pytest.fixture
def demo_url(cluster_url: str, demo_template: str) -> Iterator[str]:
    """One's own demonstration district: commit as you like."""
    url = _clone(cluster_url, _name_of(demo_template))
    yield url
    _drop(cluster_url, url)


@pytest.fixture(scope="module")
def demo_of_file(cluster_url: str, demo_template: str) -> Iterator[str]:
    """A demonstration district for the tests of one file, which mind what the others commit."""
    url = _clone(cluster_url, _name_of(demo_template))
    yield url
    _drop(cluster_url, url)


@pytest.fixture(scope="session")
def demo_shared(cluster_url: str, demo_template: str) -> str:
    """The demonstration district that every reading test shares."""
    return _clone(cluster_url, _name_of(demo_template))


@pytest.fixture(scope="session")
def app(settings: Settings, demo_shared: str) -> FastAPI:
    return create_app(settings, demo_shared)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """Anonymous, from this machine, on the shared demonstration district."""
    with TestClient(app, client=("127.0.0.1", 50000), raise_server_exceptions=False) as anonymous:
        yield anonymous


@pytest.fixture(scope="session")
def as_role(demo_shared: str) -> Callable[..., dict[str, str]]:
    """Headers of an API token with these roles (and towns): the same each time."""

    @cache
    def made(roles: tuple[str, ...], towns: tuple[str, ...] | None) -> str:
        within = None if towns is None else list(towns)
        with db.connect(demo_shared) as connection:
            return create_token(connection, roles=list(roles), towns=within, name="test")

    def headers(*roles: str, towns: list[str] | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {made(roles, None if towns is None else tuple(towns))}"}

    return headers


@dataclass(frozen=True)
class Live:
    """A service of its own, started as a user starts it."""

    url: str
    home: Path
    process: subprocess.Popen[str]
    first_link: str

    def token(self, role: str) -> dict[str, str]:
        """Return the headers of a new API token with a role."""
        made = subprocess.run(
            [sys.executable, "-m", "geoservice", "token", "create", "--role", role],
            env=_environment(self.home, self.url), capture_output=True, text=True, check=True,
        )  # fmt: skip
        return {"Authorization": f"Bearer {made.stdout.split()[-1]}"}


def _environment(home: Path, url: str) -> dict[str, str]:
    port = url.rsplit(":", 1)[1]
    own = {"GEOSERVICE_HOME": str(home), "GEOSERVICE_PORT": port}
    return {**os.environ, "GEOSERVICE_UPLOADS_PER_HOUR": "1000", "GEOSERVICE_BOOK_MIN": "0", **own}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    """`geoservice serve` in a process, with its private database and the demonstration district."""
    home = _new_home("geoservice-live-")
    url = f"http://127.0.0.1:{_free_port()}"
    process = subprocess.Popen(
        [sys.executable, "-m", "geoservice", "serve"],
        env=_environment(home, url), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield Live(url, home, process, _wait(process))
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)  # closes the pipe as well
        shutil.rmtree(home, ignore_errors=True)


def _wait(process: subprocess.Popen[str]) -> str:
    """Read the service's output until it says the address; return the one-time link."""
    assert process.stdout is not None
    link = ""
    deadline = time.monotonic() + 240
    for line in process.stdout:
        if "/sign-in?once=" in line:
            link = line.split()[-1]
        if "the map is served at" in line:
            return link
        assert time.monotonic() < deadline, line
    raise AssertionError("the service ended before it was ready")
