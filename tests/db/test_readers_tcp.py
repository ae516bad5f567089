"""A private database that an administrator opened, as docs/city-gis.md says: TCP and a password."""

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from geoservice import db
from geoservice.cluster.place import locate
from geoservice.migrate import migrate
from geoservice.readers import actions
from geoservice.server import running_database
from geoservice.settings import Settings

NAME = "city_gis"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[str, str]]:
    """The address over TCP without a password, and the password."""
    folder = Path(tempfile.mkdtemp(prefix="geoservice-open-")).resolve()
    folder.chmod(0o711)
    settings = Settings.from_environment({"GEOSERVICE_HOME": str(folder / "home")})
    with running_database(settings):
        data = locate(settings.home).data
    port = _free_port()
    with (data / "postgresql.conf").open("a") as conf:
        conf.write(f"listen_addresses = '127.0.0.1'\nport = {port}\n")
    with (data / "pg_hba.conf").open("a") as access:
        access.write(f"host geoservice {NAME} 127.0.0.1/32 scram-sha-256\n")
    with running_database(settings) as url:
        migrate(url)
        with db.connect(url) as conn:
            password = actions.create_reader(conn, NAME)
            listening = actions.LISTENING.one(conn)
        assert (listening.addresses, listening.port) == ("127.0.0.1", port)
        yield f"host=127.0.0.1 port={port} dbname=geoservice user={NAME}", password
    shutil.rmtree(folder)


def test_the_password_opens_the_shared_views_and_nothing_else(opened: tuple[str, str]) -> None:
    address, password = opened
    with psycopg.connect(make_conninfo(address, password=password), autocommit=True) as conn:
        posts = conn.execute("SELECT count(*) FROM command_posts").fetchone()
        assert posts == (18,)  # `shared` comes first in its search path; the seeded ones
        assert conn.info.get_parameters()["host"] == "127.0.0.1"
        for statement in (
            "SELECT * FROM core.command_post", "SELECT * FROM published.command_posts",
            "SELECT * FROM pg_authid", "SELECT pg_read_file('/etc/passwd')",
            "COPY (SELECT 1) TO PROGRAM 'true'", "SET ROLE geoservice_app",
            "SELECT lo_create(0)", "SELECT lo_from_bytea(0, 'x')", "SELECT lo_creat(-1)",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(statement)  # type: ignore[arg-type]
        # That it begins read-only is manners; that it may not write holds without them.
        conn.execute("SET default_transaction_read_only = off")
        for statement in (
            "UPDATE shared.command_posts SET name = 'x'", "CREATE TABLE shared.x (a int)",
            "CREATE TABLE public.x (a int)", "CREATE TEMPORARY TABLE x (a int)",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"password": "wrong"}, "password authentication failed"),
     ({"user": "geoservice"}, "no pg_hba.conf entry"), ({"dbname": "postgres"}, "no pg_hba.conf")],
)  # fmt: skip
def test_nobody_else_comes_in_by_tcp(
    opened: tuple[str, str], changed: dict[str, str], why: str
) -> None:
    address, password = opened
    with pytest.raises(psycopg.OperationalError, match=why):
        psycopg.connect(make_conninfo(address, **{"password": password, **changed})).close()


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is not installed")
def test_gdal_lists_and_reads_through_the_login(opened: tuple[str, str]) -> None:
    address, password = opened
    source = f"PG:{address} password={password} schemas=shared"
    listed = subprocess.run(
        ["ogrinfo", "-ro", "-so", source, "command_posts"], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert "Feature Count: 18" in listed.stdout
    assert 'ID["EPSG",4490]' in listed.stdout
