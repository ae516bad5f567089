"""Whether an answer is ever stale, and whether dispatch waits for tiles."""

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psycopg
from pulling import pull
from servers import Server

ITEM = "/ogc/collections/bench_points/items/{}?f=json"
TILE = "/ogc/collections/bench_points/tiles/WebMercatorQuad/14/{}/{}"
FAR_OUT = ["/ogc/collections/bench_points/tiles/WebMercatorQuad/8/100/208"]
CROWD = 32


def stale_answers(conn: psycopg.Connection, workers: Sequence[Server], *, times: int) -> str:
    """Commit a name, then read item and tile at every worker with the ETag held; count old ones."""
    point = conn.execute(
        "SELECT id, floor((ST_X(geom) + 180) / 360 * 16384)::int,"
        " floor((1 - asinh(tan(radians(ST_Y(geom)))) / pi()) / 2 * 16384)::int FROM bench.points"
        " ORDER BY ST_Distance(geom, ST_SetSRID(ST_Point(112.92, 36.02), 4490)) LIMIT 1"
    ).fetchone()
    clients = [http.client.HTTPConnection("127.0.0.1", one.port, timeout=30) for one in workers]
    paths = ITEM.format(point[0]), TILE.format(point[2], point[1])
    held: dict[tuple[int, str], str] = {}
    old = 0
    for number in range(times):
        name = f"改名{number:05}号"
        conn.execute("UPDATE bench.points SET name = %s WHERE id = %s", [name, point[0]])
        for which, client in enumerate(clients):
            for path in paths:
                headers = {"If-None-Match": held.get((which, path), '"none"')}
                client.request("GET", path, headers=headers)
                answer = client.getresponse()
                content = answer.read()
                held[which, path] = answer.headers.get("ETag", '"none"')
                old += name.encode() not in content
    return f"commit, then read, {times} times at {len(workers)} workers: {old} stale items or tiles"


def dispatch_beside_tiles(server: Server, token: str, *, seconds: int) -> str:
    """Compare the tail of `/dispatch/nearest` quiet, and while many pull far-out tiles."""
    quiet = _ask(server, token, seconds)
    with ThreadPoolExecutor(1) as pool:
        pulled = pool.submit(pull, server.url, FAR_OUT, connections=CROWD, seconds=seconds + 1)
        time.sleep(0.5)
        beside = _ask(server, token, seconds)
        tiles = pulled.result()
    before, after = (float(np.percentile(one, 99)) for one in (quiet, beside))
    return (
        f"dispatch p50 / p99: quiet {np.median(quiet):.1f} / {before:.1f} ms, beside {CROWD}"
        f" connections at z8 ({tiles.per_s:,.0f} tiles/s) {np.median(beside):.1f} / {after:.1f} ms:"
        f" p99 x {after / before:.2f}"
    )


def _ask(server: Server, token: str, seconds: int) -> list[float]:
    """Milliseconds of each answer, one after the other."""
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Authorization": f"Bearer {token}"}
    laps: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        spot = 0.001 * (len(laps) % 100)
        path = f"/dispatch/nearest?lon={113.05 + spot}&lat={36.05 + spot}&kind=depot"
        started = time.perf_counter()
        client.request("GET", path, headers=headers)
        answer = client.getresponse()
        body = answer.read()
        laps.append((time.perf_counter() - started) * 1e3)
        if answer.status != http.client.OK:
            raise RuntimeError(json.loads(body))
    return laps
