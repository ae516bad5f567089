"""An existing PostGIS named by GEOSERVICE_DATABASE_URL: used as it is, or refused in words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from geoservice import server
from geoservice.errors import SetupError
from geoservice.server import Facts, running_database
from geoservice.settings import Settings

GOOD = Facts(150018, "15.18", "UTF8", "on", "on", "on", is_standby=False)


def _settings(home: Path, url: str) -> Settings:
    return Settings.from_environment({"GEOSERVICE_HOME": str(home), "GEOSERVICE_DATABASE_URL": url})


@pytest.fixture
def bare_url(cluster_url: str) -> Iterator[str]:
    """A database with nothing in it."""
    with psycopg.connect(cluster_url, dbname="postgres", autocommit=True) as conn:
        conn.execute("CREATE DATABASE bare TEMPLATE template0")
        yield make_conninfo(cluster_url, dbname="bare")
        conn.execute("DROP DATABASE bare WITH (FORCE)")


def test_existing_database_is_used_and_nothing_private_is_started(
    bare_url: str, tmp_path: Path
) -> None:
    with running_database(_settings(tmp_path, bare_url)) as url, psycopg.connect(url) as conn:
        assert url == bare_url
        made = conn.execute("SELECT extname FROM pg_extension").fetchall()
    assert {"postgis", "btree_gist"} <= {name for (name,) in made}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["u:s3cret@h/db", "postgresql://u:p%zzs3cret@h/db"])
def test_unreadable_address_is_refused_without_its_password(url: str, tmp_path: Path) -> None:
    with (
        pytest.raises(SetupError, match="this is no address") as refused,
        running_database(_settings(tmp_path, url)),
    ):
        pass
    error = refused.value
    assert "s3cret" not in f"{error} {error.zh}"
    assert error.__suppress_context__


def test_extension_that_may_not_be_made_is_named(bare_url: str, tmp_path: Path) -> None:
    powerless = make_conninfo(bare_url, options="-c role=geoservice_app")
    with (
        pytest.raises(SetupError, match='administrator runs "CREATE EXTENSION postgis" in bare'),
        running_database(_settings(tmp_path, powerless)),
    ):
        pass


def test_database_that_could_lose_acknowledged_work_is_refused(
    clone_url: str, tmp_path: Path
) -> None:
    name = str(conninfo_to_dict(clone_url)["dbname"])
    with psycopg.connect(clone_url, autocommit=True) as conn:
        change = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
        conn.execute(change.format(sql.Identifier(name)))
    with (
        pytest.raises(SetupError, match=r"turn on synchronous_commit \(it is off\)"),
        running_database(_settings(tmp_path, clone_url)),
    ):
        pass


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version_number": 140011, "version": "14.11"}, "PostgreSQL 14.11: 15 or newer"),
        ({"is_standby": True}, "read-only standby"),
        ({"encoding": "LATIN1"}, "encoded in LATIN1"),
        ({"fsync": "off", "full_page_writes": "off"}, "turn on fsync, full_page_writes"),
    ],
)
def test_unfit_server_is_refused(change: dict[str, Any], reason: str) -> None:
    server._check_facts(GOOD)
    with pytest.raises(SetupError, match=reason):
        server._check_facts(replace(GOOD, **change))


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "not a url", "mysql://x"])
def test_database_that_does_not_answer_is_a_clear_message(url: str, tmp_path: Path) -> None:
    with (
        pytest.raises(SetupError, match="GEOSERVICE_DATABASE_URL: the database cannot be used"),
        running_database(_settings(tmp_path, url)),
    ):
        pass
