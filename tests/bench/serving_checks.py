"""Whether an answer is ever stale, and whether dispatch waits for tiles."""

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psycopg
from aims import Aim
from pulling import pull
from servers import Server

ITEM = "/ogc/collections/bench_points/items/{}?f=json"
TILE = "/ogc/collections/bench_points/tiles/WebMercatorQuad/14/{}/{}"
FAR_OUT = ["/ogc/collections/bench_points/tiles/WebMercatorQuad/8/100/208"]
CROWD, ROUND_S, MOST_SLOWER = 32, 3, 2.0


def stale_answers(conn: psycopg.Connection, workers: Sequence[Server], *, times: int) -> Aim:
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
    what = f"commit, then read, {times} times at {len(workers)} workers: none stale"
    return Aim(what, f"{old} stale items or tiles", old == 0)


def dispatch_beside_tiles(server: Server, token: str, *, rounds: int) -> Aim:
    """Compare the tail of `/dispatch/nearest` quiet and while many pull far-out tiles."""
    quiet, beside, ratios, tiles = [], [], [], []
    for _ in range(rounds):
        alone = _ask(server, token, ROUND_S)
        with ThreadPoolExecutor(1) as pool:
            pulled = pool.submit(pull, server.url, FAR_OUT, connections=CROWD, seconds=ROUND_S + 1)
            time.sleep(0.5)
            crowded = _ask(server, token, ROUND_S)
            tiles.append(pulled.result().per_s)
        ratios.append(float(np.percentile(crowded, 99) / np.percentile(alone, 99)))
        quiet += alone
        beside += crowded
    before, after = (np.percentile(one, (50, 99)) for one in (quiet, beside))
    said = (
        f"{np.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}); p50 / p99 quiet"
        f" {before[0]:.1f} / {before[1]:.1f} ms, beside {np.median(tiles):,.0f} tiles/s"
        f" {after[0]:.1f} / {after[1]:.1f} ms, {len(beside)} answers"
    )
    what = f"dispatch p99 beside {CROWD} connections at z8: {MOST_SLOWER} x quiet"
    return Aim(what, said, float(np.median(ratios)) <= MOST_SLOWER)


def export_once(server: Server) -> None:
    """Let a worker write a GeoPackage of every point."""
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    client.request("GET", "/exports/bench_points?format=gpkg")
    answer = client.getresponse()
    content = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(content[:500])


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
