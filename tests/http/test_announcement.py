"""What `geoservice serve` says once it answers."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from geoservice import service
from geoservice.settings import Settings


class _Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def healthy_port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), _Healthy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_address_is_said_where_the_environment_names_a_proxy(
    healthy_port: int,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setattr(service, "_READY_WITHIN_S", 3.0)
    there = replace(settings, port=healthy_port, public_url="https://map.example")
    service._announce(there, ["one-time link"])
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "one-time link"
    assert "the map is served at: https://map.example/" in said[1]
