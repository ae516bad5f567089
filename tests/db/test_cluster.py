"""The private PostGIS: its life, its deaths, and who shares it. Each test has real clusters."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from geoservice.cluster import postmaster
from geoservice.cluster.place import locate
from geoservice.errors import SetupError
from geoservice.server import running_database
from geoservice.settings import Settings

SERVICE = """
import sys, time
from geoservice.server import running_database
from geoservice.settings import Settings
with running_database(Settings.from_environment(), serving=True) as url:
    print(url, flush=True)
    time.sleep(120)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="geoservice-cluster-")).resolve()
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder)


def _settings(home: Path) -> Settings:
    return Settings.from_environment({"GEOSERVICE_HOME": str(home)})


def _write_one(url: str) -> int:
    """Add a row, and return how many there are."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS kept (at timestamptz DEFAULT now())")
        conn.execute("INSERT INTO kept DEFAULT VALUES")
        row = conn.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def _server(home: Path) -> int:
    number = postmaster.process_id(locate(home))
    assert number is not None
    return number


def test_private_cluster_listens_on_a_socket_only_and_keeps_what_it_is_given(home: Path) -> None:
    names = (
        "listen_addresses", "data_checksums", "fsync", "full_page_writes", "synchronous_commit",
        "server_encoding", "jit", "TimeZone",
    )  # fmt: skip
    with running_database(_settings(home)) as url, psycopg.connect(url) as conn:
        got = [conn.execute("SELECT current_setting(%s)", (n,)).fetchone() for n in names]
        extensions = conn.execute("SELECT extname FROM pg_extension").fetchall()
        checked = conn.execute(
            "SELECT current_user, datcollate FROM pg_database LIMIT 1"
        ).fetchone()
    assert [value for (value,) in got] == ["", "on", "on", "on", "on", "UTF8", "off", "UTC"]
    assert {"postgis", "btree_gist"} <= {name for (name,) in extensions}
    assert checked == ("geoservice", "C.UTF-8")
    assert postmaster.process_id(locate(home)) is None


def test_killed_database_is_started_again_under_the_service(home: Path) -> None:
    with running_database(_settings(home), serving=True) as url:
        assert _write_one(url) == 1
        killed = _server(home)
        os.kill(killed, signal.SIGKILL)
        until = time.monotonic() + 10
        rows = 0
        while rows == 0 and time.monotonic() < until:
            with suppress(psycopg.OperationalError):
                rows = _write_one(url)
            time.sleep(0.05)
        assert rows == 2
        assert _server(home) != killed


def test_killed_service_leaves_a_database_that_the_next_one_takes_over(home: Path) -> None:
    environment = {**os.environ, "GEOSERVICE_HOME": str(home)}
    environment.pop("GEOSERVICE_DATABASE_URL", None)
    command = [sys.executable, "-c", SERVICE]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        url = service.stdout.readline().strip()
        assert _write_one(url) == 1
        left = _server(home)
        service.kill()
    assert _server(home) == left
    with running_database(_settings(home), serving=True) as url:
        assert _server(home) == left
        assert _write_one(url) == 2
    assert postmaster.process_id(locate(home)) is None


def test_last_one_out_stops_the_database(home: Path) -> None:
    with running_database(_settings(home), serving=True) as url:
        with running_database(_settings(home)) as same:
            assert same == url
        assert _write_one(url) == 1
    assert postmaster.process_id(locate(home)) is None


def test_second_service_in_a_folder_is_refused_by_name(home: Path) -> None:
    with (
        running_database(_settings(home), serving=True),
        pytest.raises(SetupError, match=f"{home} is in use .*process {os.getpid()}"),
        running_database(_settings(home), serving=True),
    ):
        pass


def test_interrupted_making_and_a_strangers_process_number_do_not_matter(home: Path) -> None:
    unfinished = home / ".postgres-being-made-x"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("15\n")
    home.chmod(0o711)
    with running_database(_settings(home)) as url:
        assert _write_one(url) == 1
    assert not unfinished.exists()
    place = locate(home)
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        shutil.chown(place.data, place.account.uid)
        claim = place.data / "postmaster.pid"
        claim.write_text(f"{stranger.pid}\n{place.data}\n1700000000\n5432\n{place.socket}\n\n")
        shutil.chown(claim, place.account.uid)
        with running_database(_settings(home)) as url:
            assert _write_one(url) == 2
        assert stranger.poll() is None
        stranger.kill()


def test_cluster_of_another_major_version_is_refused(home: Path) -> None:
    with running_database(_settings(home)):
        pass
    version = locate(home).data / "PG_VERSION"
    ours = version.read_text().strip()
    version.write_text("12\n")
    with (
        pytest.raises(SetupError, match=f"PostgreSQL 12, but PostgreSQL .*{ours}") as refused,
        running_database(_settings(home)),
    ):
        pass
    assert "PostgreSQL 12" in refused.value.zh


def test_folder_with_something_else_in_it_is_refused_and_left_alone(home: Path) -> None:
    other = home / "postgres" / "thesis.odt"
    other.parent.mkdir(parents=True)
    home.chmod(0o711)
    other.write_text("not yours")
    with (
        pytest.raises(SetupError, match="not empty and not a PostgreSQL database"),
        running_database(_settings(home)),
    ):
        pass
    assert other.read_text() == "not yours"


def test_path_that_cannot_be_written_is_named(home: Path) -> None:
    home.write_text("a file where a folder is wanted")
    for path in (home / "var", Path("/proc/geoservice")):
        with pytest.raises(SetupError, match=str(path)), running_database(_settings(path)):
            pass


def test_long_path_gets_a_short_socket_that_only_the_owner_can_enter(home: Path) -> None:
    deep = home / ("深" * 30) / "state"
    with running_database(_settings(deep)) as url:
        assert _write_one(url) == 1
        place = locate(deep)
        assert not place.socket.is_relative_to(deep)
        assert place.socket.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(place.socket)
    place.socket.symlink_to(home)
    try:
        with pytest.raises(SetupError, match=r"only .* can enter"):
            locate(deep)
    finally:
        place.socket.unlink()
