"""The service in a process of its own, and one client of it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode


class Web:
    """One kept-alive connection that bears a token."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}"}

    def close(self) -> None:
        """Hang up; the next question calls again."""
        self._connection.close()

    def get(self, path: str, query: Mapping[str, object]) -> Any:  # JSON
        """The body of an answer that must be good."""
        return self._ask("GET", f"{path}?{urlencode(query)}", None)

    def post(self, path: str, body: Mapping[str, object]) -> Any:  # JSON
        """The same, of what is posted."""
        return self._ask("POST", path, json.dumps(body))

    def _ask(self, method: str, target: str, sent: str | None) -> Any:  # JSON
        kind = {} if sent is None else {"Content-Type": "application/json"}
        try:
            self._connection.request(method, target, sent, {**self._headers, **kind})
            answer = self._connection.getresponse()
        except (BrokenPipeError, http.client.RemoteDisconnected):
            # Silent for longer than the server keeps a connection.
            self.close()
            self._connection.request(method, target, sent, {**self._headers, **kind})
            answer = self._connection.getresponse()
        body = json.loads(answer.read())
        if answer.status != http.client.OK:
            raise RuntimeError(body)
        return body


@contextmanager
def served(url: str, token: str) -> Iterator[Web]:
    """The service on the database at ``url``, asked with a token; stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", "geoservice.app:from_environment"]
    environment = {**os.environ, "GEOSERVICE_DATABASE_URL": url, "GEOSERVICE_PORT": str(port)}
    process = subprocess.Popen(
        [*command, "--port", str(port), "--log-level", "warning"], env=environment
    )
    try:
        web = Web(port, token)
        _wait(web, process)
        yield web
    finally:
        process.terminate()
        process.wait(30)


def _wait(web: Web, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            web.get("/healthz", {})
        except ConnectionRefusedError:
            web.close()
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the service did not start")
