"""The contenders, each one worker in a process of its own: this service, and tipg from PyPI."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from aims import Aim
from psycopg.conninfo import conninfo_to_dict
from racing import console

HERE = Path(__file__).parent
TIPG = HERE.parents[1] / "var" / "bench" / "tipg"
_STARTS_WITHIN_S = 40
MOST_MEMORY_MB = 300


@dataclass(frozen=True)
class Server:
    """A running web server."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def most_memory(self, when: str) -> Aim:
        """The most memory that the worker has had so far."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        most_mb = int(line.split()[1]) / 1024
        return Aim(
            f"a worker {when}: {MOST_MEMORY_MB} MB", f"{most_mb:.0f} MB", most_mb < MOST_MEMORY_MB
        )


@contextmanager
def ours(database: str, **more: str) -> Iterator[Server]:
    """This service with the benchmark's layers."""
    port = _free_port()
    environment = {
        "GEOSERVICE_DATABASE_URL": database, "GEOSERVICE_PORT": str(port),
        "PYTHONPATH": str(HERE), **more,
    }  # fmt: skip
    command = [sys.executable, "-m", "uvicorn", "--factory", "bench_layers:app"]
    with _running(command, port, environment) as server:
        yield server


@contextmanager
def tipg(database: str) -> Iterator[Server | None]:
    """Give tipg on the schema `bench`; None when it cannot be had, which is said."""
    python = _tipg_python()
    if python is None:
        yield None
        return
    facts = conninfo_to_dict(database)
    host = quote(str(facts["host"]), safe="")
    address = f"postgresql://{facts['user']}@{host}/{facts['dbname']}"
    environment = {"DATABASE_URL": address, "TIPG_DB_SCHEMAS": '["bench"]'}
    command = [python, "-m", "uvicorn", "tipg.main:app"]
    with _running(command, _free_port(), environment) as server:
        yield server


def _tipg_python() -> str | None:
    """Make the environment of tipg once; it is no dependency of this project."""
    python = TIPG / "bin" / "python"
    if not (TIPG / "made").exists():
        console.print(f"installing tipg from PyPI into {TIPG} ...")
        steps = (
            [sys.executable, "-m", "venv", str(TIPG)],
            [str(python), "-m", "pip", "install", "-q", "tipg", "uvicorn", "uvloop", "httptools"],
        )
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, check=False)
            if done.returncode:
                console.print(f"[bold]missing: tipg[/] ({done.stderr.strip()[-200:]})")
                return None
        (TIPG / "made").touch()
    return str(python)


@contextmanager
def _running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    process = subprocess.Popen(
        [*command, "--port", str(port), "--log-level", "warning", "--no-access-log"],
        env={**os.environ, **environment},
    )
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args} did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
