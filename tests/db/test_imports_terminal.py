"""A large load at a terminal: a bar shows how far it is, and Ctrl-C leaves nothing behind."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from geoservice import db

ROWS = 30_000


@pytest.fixture
def typed(demo_url: str, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """`geoservice load depots` of many rows in a pseudo-terminal."""
    lines = (f"C{n:06d},库{n},政府,乡镇,普查,113.2{n % 97:02d},36.3\n" for n in range(ROWS))
    (tmp_path / "a.csv").write_text(
        "编号,名称,权属,级别,资料来源,经度,纬度\n" + "".join(lines), "utf-8"
    )
    own, its = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "geoservice", "load", "depots", str(tmp_path / "a.csv"),
         "--datum", "cgcs2000", "--duplicates", "new"],
        env={**os.environ, "GEOSERVICE_DATABASE_URL": demo_url, "GEOSERVICE_HOME": str(tmp_path),
             "TERM": "xterm", "COLUMNS": "120"},
        stdin=its, stdout=its, stderr=its, start_new_session=True,
    )  # fmt: skip
    os.close(its)
    yield process, own
    if process.poll() is None:
        process.kill()
    process.wait()
    os.close(own)


def read_until(terminal: int, wanted: str, seconds: float = 240) -> str:
    """Read what the terminal shows until it shows this, or closes."""
    seen, deadline = "", time.monotonic() + seconds
    while wanted not in seen and time.monotonic() < deadline:
        if select.select([terminal], [], [], 1)[0]:
            try:
                seen += os.read(terminal, 65536).decode("utf-8", "replace")
            except OSError:  # the other end is closed
                break
    return seen


def count(url: str) -> tuple[int, ...]:
    with db.connect(url) as conn:
        found = conn.execute(
            "SELECT (SELECT count(*) FROM core.depot WHERE code LIKE 'C0%'),"
            " (SELECT count(*) FROM core.import_job), (SELECT count(*) FROM core.import_row),"
            " (SELECT count(*) FROM core.audit_event WHERE code LIKE 'C0%')"
        ).fetchone()
    assert found is not None
    return found


def test_a_bar_shows_each_step_to_its_end(
    typed: tuple[subprocess.Popen[bytes], int], demo_url: str
) -> None:
    process, terminal = typed
    seen = read_until(terminal, "never shown")
    assert process.wait(timeout=60) == 0, seen[-2000:]
    for step in ("读取 · reading", "检查 · checking", "写入 · writing"):
        assert step in seen
    assert f"{ROWS}/{ROWS}" in seen
    assert count(demo_url) == (ROWS, 1, ROWS, ROWS)


def test_ctrl_c_while_it_writes_leaves_nothing(
    typed: tuple[subprocess.Popen[bytes], int], demo_url: str
) -> None:
    process, terminal = typed
    assert "2500/" in read_until(terminal, "2500/30000")  # some are written, none committed
    os.killpg(process.pid, signal.SIGINT)  # what the terminal sends to all that runs in it
    seen = read_until(terminal, "never shown", 60)
    assert process.wait(timeout=60) == 130, seen[-2000:]
    assert "Traceback" not in seen
    assert count(demo_url) == (0, 0, 0, 0)
