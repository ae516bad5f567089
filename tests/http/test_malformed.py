"""What cannot be parsed as HTTP is refused like everything else."""

import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from geoservice.malformed import Protocol


async def _app(_scope: object, _receive: object, _send: object) -> None:
    raise AssertionError("never reached")


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(_app, http=Protocol, lifespan="off", log_level="critical")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon here\r\n\r\n",
        b"GET /ogc?filter=" + b"a" * 66_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["no-http", "no-header", "long-address"],
)
def test_what_is_no_http_gets_a_problem_in_both_languages(
    address: tuple[str, int], sent: bytes
) -> None:
    with socket.create_connection(address, timeout=10) as client:
        client.sendall(sent)
        got = b""
        while part := client.recv(65_536):  # until the service hangs up
            got += part
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0].startswith("HTTP/1.1 400 ")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert headers["content-type"] == "application/problem+json"
    assert int(headers["content-length"]) == len(body)
    said = json.loads(body)
    assert said["status"] == 400
    assert "64 KB" in said["detail"]
    assert "64 KB" in said["detail_zh"]
