"""A service of one's own behind a real socket, and a browser's manners."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import httpx2
import psycopg
import pytest
import uvicorn
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts import actions, first_start
from geoservice.accounts.actions import create_token
from geoservice.app import create_app
from geoservice.settings import Settings


@pytest.fixture
def served(settings: Settings, clone_url: str) -> Iterator[str]:
    """The application on one's own database; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = create_app(replace(settings, public_url=url), clone_url)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield url
        server.should_exit = True
        thread.join()


@pytest.fixture
def browser(served: str) -> Iterator[httpx2.Client]:
    """What a browser does: keeps cookies, says its origin; does not follow redirects."""
    with httpx2.Client(base_url=served, headers={"Origin": served}) as client:
        yield client


@pytest.fixture
def wang(clone_url: str) -> dict[str, str]:
    """A keeper's account: what is sent to sign in."""
    credentials = {"name": "wang", "password": "correct horse battery"}
    with db.connect(clone_url) as conn:
        actions.create_account(conn, **credentials, roles=["keeper"])
    return credentials


@pytest.fixture
def new_link(clone_url: str, wang: dict[str, str]) -> Callable[[str], str]:
    """Give a one-time link for that account below an address."""

    def make(public_url: str) -> str:
        with db.connect(clone_url) as conn:
            link = first_start.one_time_link(conn, wang["name"], public_url, at=datetime.now(UTC))
        assert link is not None
        return link

    return make


@pytest.fixture
def service(settings: Settings, demo_url: str) -> Iterator[TestClient]:
    """The application on one's own demonstration district, asked without a socket; anonymous."""
    with _asked(settings, demo_url) as client:
        yield client


@pytest.fixture(scope="module")
def service_of_file(settings: Settings, demo_of_file: str) -> Iterator[TestClient]:
    """The same, on the demonstration district of the file."""
    with _asked(settings, demo_of_file) as client:
        yield client


@contextmanager
def _asked(settings: Settings, url: str) -> Iterator[TestClient]:
    app = create_app(replace(settings, public_url="http://testserver"), url)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def token(demo_url: str) -> Callable[..., dict[str, str]]:
    """Give the headers of a new token with these roles (and towns), for ``service``."""
    return partial(_token, demo_url)


@pytest.fixture(scope="module")
def token_of_file(demo_of_file: str) -> Callable[..., dict[str, str]]:
    """The same, for ``service_of_file``."""
    return partial(_token, demo_of_file)


def _token(url: str, *roles: str, towns: list[str] | None = None) -> dict[str, str]:
    with db.connect(url) as conn:
        made = create_token(conn, roles=list(roles), towns=towns, name="+".join(roles))
    return {"Authorization": f"Bearer {made}"}


@pytest.fixture
def away(demo_url: str) -> Callable[[], AbstractContextManager[None]]:
    """Make the database of ``service`` take nobody in and show out who is there, for a while."""
    name = str(conninfo_to_dict(demo_url)["dbname"])

    @contextmanager
    def shut() -> Iterator[None]:
        with psycopg.connect(make_conninfo(demo_url, dbname="postgres"), autocommit=True) as conn:
            allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
            conn.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
            gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            conn.execute(gone, [name])
            yield
            conn.execute(allow.format(sql.Identifier(name), sql.SQL("true")))

    return shut
