"""A service of several worker processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_workers_end_with_a_service_that_is_killed(clone_url: str, tmp_path: Path) -> None:
    port = _free_port()
    environment = {
        **os.environ, "GEOSERVICE_HOME": str(tmp_path), "GEOSERVICE_DATABASE_URL": clone_url,
        "GEOSERVICE_PORT": str(port), "GEOSERVICE_WORKERS": "2", "GEOSERVICE_DEMO": "0",
    }  # fmt: skip
    command = [sys.executable, "-m", "geoservice", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        assert any("the map is served at" in line for line in service.stdout)
        service.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while _is_open(port):
        assert time.monotonic() < deadline, "the workers keep the port: no second start is possible"
        time.sleep(0.05)
