"""How much, how often and how slowly a file may be sent."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.app import create_app
from geoservice.settings import Settings

FILE = {"file": ("a.csv", "编号,名称\nI1,甲\n".encode())}
SAID = {"register": "depots", "datum": "cgcs2000"}


@pytest.fixture
def limited(settings: Settings, tmp_path: Path) -> Settings:
    return replace(
        settings, public_url="http://testserver", home=tmp_path / "home", uploads_per_hour=2
    )  # fmt: skip


def token(url: str, name: str) -> dict[str, str]:
    with db.connect(url) as conn:
        made = create_token(conn, roles=["keeper"], towns=None, name=name)
    return {"Authorization": f"Bearer {made}"}


def test_so_many_files_an_hour_each_dropped_ones_included(limited: Settings, demo_url: str) -> None:
    one, other = token(demo_url, "one"), token(demo_url, "other")
    with TestClient(create_app(limited, demo_url), raise_server_exceptions=False) as client:
        for _ in range(2):
            sent = client.post("/registry/imports", data=SAID, files=FILE, headers=one)
            assert sent.status_code == 201, sent.text
            assert client.delete(sent.headers["location"], headers=one).status_code == 204
        refused = client.post("/registry/imports", data=SAID, files=FILE, headers=one)
        assert refused.status_code == 429
        assert refused.json()["detail"] == "2 files in an hour: the next may come in 60 minutes"
        sent = client.post("/registry/imports", data=SAID, files=FILE, headers=other)
        assert sent.status_code == 201


@pytest.fixture
def port(limited: Settings, demo_url: str) -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(replace(limited, upload_within_s=1), demo_url), log_level="warning"
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join()


def test_a_file_that_comes_too_slowly_is_not_waited_for(port: int, demo_url: str) -> None:
    headers = token(demo_url, "slow") | {
        "Host": "testserver", "Content-Length": "100000", "Connection": "close",
        "Content-Type": "multipart/form-data; boundary=b",
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(f"POST /registry/imports HTTP/1.1\r\n{head}\r\n--b\r\n".encode())
        answer = line.recv(100)
    assert answer.startswith(b"HTTP/1.1 408")
    assert 1 <= time.monotonic() - started < 25
