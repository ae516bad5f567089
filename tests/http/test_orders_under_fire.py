"""Two hundred dispatchers with retries, while a worker and then the database are killed (-9).

No acknowledged order is lost, none is there twice, no unit is given out twice, no team has two
jobs, and every refusal is a 409 or a 503 that says why. A short form runs with the other tests;
`GEOSERVICE_FIRE_ROUNDS=10` kills ten workers and ten databases.
"""

import asyncio
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.cluster.place import locate
from geoservice.cluster.postmaster import process_id, url
from geoservice.registry.ledger import check_ledger

DATA = Path(__file__).parents[1] / "data"
SCENE = runpy.run_path(str(DATA / "order_scene.py"))
CROWD = runpy.run_path(str(DATA / "order_clients.py"))
ROUNDS = int(os.environ.get("GEOSERVICE_FIRE_ROUNDS", "1"))
CLIENTS, KILL_EVERY_S, CALM_S = 200, 3.0, 4.0


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="geoservice-fire-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def service(home: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    environment = {
        **os.environ, "GEOSERVICE_HOME": str(home), "GEOSERVICE_PORT": str(port),
        "GEOSERVICE_WORKERS": "2", "GEOSERVICE_DEMO": "0", "GEOSERVICE_ORDER_HOLD_MIN": "60",
    }  # fmt: skip
    environment.pop("GEOSERVICE_DATABASE_URL", None)
    command = [sys.executable, "-m", "geoservice", "serve"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert any("the map is served at" in line for line in process.stdout)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=40)


def _workers(supervisor: int) -> list[int]:
    """The web workers among a supervisor's children."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text("ascii").split()
    return [
        int(child) for child in children
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]  # fmt: skip


def _set_up(address: str) -> tuple[object, list[str]]:
    with db.connect(address) as conn:
        db.set_actor(conn, "tests")
        SCENE["set_scene"](conn, lots=40, teams=60, quantity=60)
        here = [SCENE["incident"](conn) for _ in range(5)]
        lots = [it for (it,) in conn.execute("SELECT id FROM core.stock_lot ORDER BY id")]
        teams = [it for (it,) in conn.execute("SELECT id FROM core.rescue_team ORDER BY id")]
        tokens = [
            create_token(conn, roles=["dispatcher"], towns=None, name=f"d{n}") for n in range(20)
        ]
    return CROWD["Scene"](here, lots, teams), tokens


def _kill(service: "subprocess.Popen[str]", home: Path, killed: list[str]) -> None:
    """A worker, then the database, and again; each by its number."""
    for _ in range(ROUNDS):
        time.sleep(KILL_EVERY_S)
        workers = _workers(service.pid)
        os.kill(workers[0], signal.SIGKILL)
        killed.append("worker")
        time.sleep(KILL_EVERY_S)
        database = process_id(locate(home))
        if database is not None:
            os.kill(database, signal.SIGKILL)
            killed.append("database")


def test_nothing_is_lost_doubled_or_oversold(
    service: "subprocess.Popen[str]", home: Path, port: int
) -> None:
    address = url(locate(home))
    scene, tokens = _set_up(address)
    log, killed = CROWD["Log"](), []
    killer = threading.Thread(target=_kill, args=(service, home, killed))
    killer.start()
    seconds = 2 * KILL_EVERY_S * ROUNDS + CALM_S
    asyncio.run(CROWD["crowd"](port, tokens, scene, log, clients=CLIENTS, seconds=seconds))
    killer.join()
    sys.stdout.write(
        f"\n{killed}: {len(log.acked)} acknowledged, {log.statuses}, {log.kinds}, "
        f"{log.unanswered} unanswered, {log.replayed} replayed\n"
    )
    assert killed == ["worker", "database"] * ROUNDS
    assert log.unanswered > 0
    assert set(log.statuses) <= {200, 201, 409, 503}
    assert log.without_reason == []
    assert len(log.acked) > 20
    _verify(address, log)


def _verify(address: str, log: object) -> None:
    with psycopg.connect(address) as conn:
        rows = conn.execute("SELECT note, id, state FROM core.dispatch_order").fetchall()
        kept = {key: number for key, number, _ in rows}
        assert len(kept) == len(rows), "an order is there twice"
        assert {key: kept.get(key) for key in log.acked} == log.acked, "one is lost"
        states = {number: state for _, number, state in rows}
        assert {states[number] for number in log.cancelled} <= {"cancelled"}
        found = conn.execute(
            "SELECT"
            " (SELECT count(*) FROM core.stock_lot WHERE reserved > quantity OR reserved < 0),"
            " (SELECT count(*) FROM core.team_assignment a JOIN core.team_assignment b"
            "   ON a.rescue_team_id = b.rescue_team_id AND a.id < b.id AND a.during && b.during),"
            " (SELECT count(*) FROM core.rescue_team t LEFT JOIN core.team_assignment a"
            "   ON a.rescue_team_id = t.id AND a.ended_at IS NULL"
            "  WHERE t.status <> coalesce(a.state, 'ready')),"
            " (SELECT count(*) FROM core.dispatch_order o WHERE NOT EXISTS (SELECT FROM"
            "   core.audit_event e WHERE e.table_name = 'dispatch_order' AND e.row_id = o.id"
            "   AND e.action = 'place'))"
        ).fetchone()
        assert found == (0, 0, 0, 0)
    with db.connect(address) as conn:
        assert check_ledger(conn).is_sound
