"""Orders over HTTP by two hundred clients, beside the same statements by pgbench.

Both reserve one unit of a lot in a transaction of the same statements, first of 300 lots, then of
one that everybody wants; pgbench has as many connections as the service's workers have. The
rounds alternate in one run; the lots are checked at the end.
"""

import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pulling import missing, pgbench
from racing import Options, console
from rich.table import Table

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.orders.turns import AT_ONCE
from geoservice.registry.ledger import check_ledger

HERE = Path(__file__).parent
SCENE = runpy.run_path(str(HERE.parent / "data" / "order_scene.py"))
CLIENTS, WORKERS, LOTS = 200, 2, 300
_LINE = '{"lot_id": %d, "quantity": 1, "drive_s": 600, "distance_m": 9000, "reason": "nearest"}'


@dataclass(frozen=True)
class Seen:
    """Orders a second, and how long one took, milliseconds."""

    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    refused: int = 0


def bench(url: str, options: Options) -> None:
    """Place orders in both ways, in turn."""
    if lacking := missing():
        console.print(f"[bold]missing: {', '.join(lacking)}[/]")
        return
    with db.connect(url) as conn:
        db.set_actor(conn, "bench")
        SCENE["set_scene"](conn, lots=LOTS, teams=1, quantity=10**9)
        here = SCENE["incident"](conn)
        first = conn.execute("SELECT min(id) FROM core.stock_lot").fetchone()
        token = create_token(conn, roles=["dispatcher"], towns=None, name="bench")
    assert first is not None
    seconds, rounds = (4, 2) if options.quick else (8, 3)
    with _served(url) as port:
        for title, lots in ((f"one unit of one of {LOTS} lots", LOTS), ("one hot lot", 1)):
            seen: dict[str, list[Seen]] = {"service, 200 clients": [], "pgbench": []}
            for _ in range(rounds):
                seen["pgbench"].append(_by_sql(url, here, first[0], lots, seconds))
                arguments = (token, here, first[0], lots)
                seen["service, 200 clients"].append(_by_http(port, arguments, seconds))
            _show(title, seen)
    with db.connect(url) as conn:
        orders = conn.execute("SELECT count(*) FROM core.dispatch_order").fetchone()
        sound = check_ledger(conn).is_sound
        reserved = conn.execute("SELECT sum(reserved) FROM core.stock_lot").fetchone()
    console.print(f"orders {orders}, reserved {reserved}, ledger sound: {sound}")


def _by_http(port: int, arguments: tuple[object, ...], seconds: int) -> Seen:
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "30s", "-s"]
    done = subprocess.run(
        [*command, str(HERE / "orders.lua"), f"http://127.0.0.1:{port}", "--",
         *map(str, arguments)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    it = json.loads(done.stdout.splitlines()[-1])
    good = it["requests"] - it["refused"]
    return Seen(
        good / it["duration_us"] * 1e6, it["p50_us"] / 1e3, it["p95_us"] / 1e3, it["p99_us"] / 1e3,
        it["refused"] + it["broken"],
    )  # fmt: skip


def _by_sql(url: str, incident: int, first: int, lots: int, seconds: int) -> Seen:
    """Run the statements of a request, with all that the service says in its transaction."""
    body = (
        "jsonb_build_object('incident_id', :here::bigint, 'graph_version', NULL,"
        " 'closure_ids', '[]'::jsonb, 'accept_road_changes', false, 'teams', '[]'::jsonb,"
        " 'capability_lines', '[]'::jsonb, 'lines', jsonb_build_array(jsonb_build_object("
        "'lot_id', :lot::bigint, 'quantity', 1, 'drive_s', 600, 'distance_m', 9000,"
        " 'reason', 'nearest')))"
    )
    script = (
        f"\\set here {incident}\n\\set lot random({first}, {first + lots - 1})\nBEGIN;\n"
        "SELECT concat(set_config('app.actor', 'bench', true),"
        " set_config('app.request', 'x', true), set_config('app.address', '127.0.0.1', true),"
        " set_config('app.reason', '', true));\n"
        f"SELECT core.place_order({body}, gen_random_uuid()::text, 'x', interval '30 min', NULL);\n"
        "COMMIT;\n"
    )
    connections = AT_ONCE * WORKERS
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.sql"
        file.write_text(script, "utf-8")
        command = [str(pgbench()), "-n", "-M", "prepared", f"-c{connections}", "-j1", "-l"]
        done = subprocess.run(
            [*command, f"-T{seconds}", "-f", str(file), url], cwd=folder,
            env={**os.environ, "PGOPTIONS": db.AS_SERVICE}, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        logs = [np.loadtxt(path, usecols=2) / 1e3 for path in Path(folder).glob("pgbench_log*")]
    took = np.concatenate(logs)
    per_s = float(done.stdout.split("tps = ")[1].split()[0])
    return Seen(per_s, *(float(np.percentile(took, at)) for at in (50, 95, 99)))


def _show(title: str, seen: dict[str, list[Seen]]) -> None:
    table = Table("contender", title=title, title_justify="left")
    for name in ("orders/s", "p50 ms", "p95 ms", "p99 ms", "refused", "of pgbench"):
        table.add_column(name, justify="right")
    least = float(np.median([it.per_s for it in seen["pgbench"]]))
    for name, rounds in seen.items():
        mid = [float(np.median([getattr(it, of) for it in rounds]))
               for of in ("per_s", "p50_ms", "p95_ms", "p99_ms")]  # fmt: skip
        refused = sum(it.refused for it in rounds)
        table.add_row(
            name, *(f"{value:.0f}" for value in mid), str(refused), f"{mid[0] / least:.2f}"
        )
    console.print(table)


@contextmanager
def _served(url: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {**os.environ, "GEOSERVICE_DATABASE_URL": url, "GEOSERVICE_PORT": str(port)}
    command = [sys.executable, "-m", "uvicorn", "--factory", "geoservice.app:from_environment"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--workers", str(WORKERS), "--log-level", "warning"],
        env=environment,
    )
    try:
        until = time.monotonic() + 40
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(2)  # until every worker is up
        yield port
    finally:
        process.terminate()
        process.wait(30)
