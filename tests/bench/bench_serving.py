"""Layers served, against tipg on the same tables and against the bare SQL, turn by turn.

200,000 points and 50,000 areas (serving_data.sql); one worker each. A tile of ours has every
feature, where tipg's ends at 10,000; below zoom 16 it has the fields that a map draws with, where
tipg's has all. `uncached` asks a worker that keeps no tile; what several wait for is still made
once. `SQL` is our own statement by pgbench, uncompressed and without a page's envelope.
"""

import http.client
import time
import zlib
from contextlib import ExitStack
from pathlib import Path

import psycopg
from psycopg import ClientCursor
from pulling import Pull, missing, pull, pull_sql
from racing import Options, console
from rich.table import Table
from servers import Server, ours, tipg
from serving_checks import dispatch_beside_tiles, stale_answers
from serving_rows import rows

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.publish.catalog import load_layers

HERE = Path(__file__).parent
CONNECTIONS = (1, 8, 32)
COLUMNS = ("c", "ours/s", "ratio", "p50", "p99", "tipg/s", "p50", "p99", "SQL/s",
           "KB", "tipg's", "refused")  # fmt: skip
Servers = tuple[Server, Server, Server | None]
# For dispatch to have an answer beside the tiles.
STREETS = HERE.parent / "data" / "dispatch_grid.sql"
DEPOTS = """
INSERT INTO core.depot (code, name, source_doc, owner, tier, geom)
SELECT 'D' || n.id, '储备点', 'bench', 'government', 'town', ST_Translate(n.geom, 0.0005, 0.0003)
  FROM core.road_node n WHERE n.id % 73 = 0"""


def bench(url: str, options: Options) -> None:
    """Fill the tables, race every row, then look for stale answers and at dispatch."""
    lacking = missing()
    if lacking:
        console.print(f"[bold]serving is not measured; missing:[/] {', '.join(lacking)}")
        return
    _fill(url)
    with ExitStack() as stack:
        judge = stack.enter_context(tipg(url))
        kept = stack.enter_context(ours(url))
        fresh = stack.enter_context(ours(url, BENCH_TILE_CACHE="0"))
        conn = stack.enter_context(
            psycopg.connect(url, autocommit=True, cursor_factory=ClientCursor)
        )
        _race(conn, url, (kept, fresh, judge), options)
        console.print(
            f"memory: {kept.resident_mb:.0f} MB with kept tiles, {fresh.resident_mb:.0f} MB without"
            + (f", tipg {judge.resident_mb:.0f} MB" if judge else "")
        )
        console.print(stale_answers(conn, (kept, fresh), times=200 if options.quick else 1000))
        with db.connect(url, role="geoservice_owner") as owner:
            token = create_token(owner, roles=["dispatcher"], name="bench")
        console.print(dispatch_beside_tiles(kept, token, seconds=4 if options.quick else 10))


def _fill(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute((HERE / "serving_data.sql").read_text("utf-8"))
        for kind in ("points", "polygons"):
            conn.execute(f"VACUUM ANALYZE bench.{kind}")  # names of our own file
        with conn.transaction():
            conn.execute("SELECT set_config('test.size', '60', true)")
            conn.execute(STREETS.read_text("utf-8"))
            conn.execute(DEPOTS)


def _race(
    conn: psycopg.Connection,
    url: str,
    servers: tuple[Server, Server, Server | None],
    options: Options,
) -> None:
    """Measure row by row, and print each as soon as it is there."""
    kept, fresh, judge = servers
    seconds = 1 if options.quick else 3
    console.print(f"{seconds} s a number; p50, p99 in ms; ratio: ours to tipg's answers a second")
    for row in rows(conn, load_layers(HERE / "layers")):
        server = fresh if row.how == "uncached" else kept
        tagged = _with_tags(server, row.ours) if row.how != "uncached" else []
        texts = [conn.cursor().mogrify(one.text, one.values) for one in row.statements]
        table = Table(title=row.title, title_justify="left", box=None)
        for name in COLUMNS:
            table.add_column(name, justify="right")
        for connections in CONNECTIONS[:2] if options.quick else CONNECTIONS:
            at = {"connections": connections, "seconds": seconds}
            theirs = pull(judge.url, row.tipg, **at) if judge else None
            mine = pull(server.url, tagged if row.how == "304" else row.ours, **at)
            floor = pull_sql(url, texts, **at) if texts else None
            table.add_row(str(connections), *_cells(mine, theirs, floor))
            if row.how == "uncached" and connections == 1 and floor:
                table.caption = _against_floor(conn, texts, mine, floor)
        console.print(table)


def _cells(mine: Pull, theirs: Pull | None, floor: Pull | None) -> list[str]:
    def said(one: Pull | None) -> list[str]:
        return [f"{one.p50_ms:.1f}", f"{one.p99_ms:.1f}"] if one else ["-", "-"]

    ratio = f"{mine.per_s / theirs.per_s:.1f}" if theirs and theirs.per_s else "-"
    return [
        f"{mine.per_s:,.0f}", ratio, *said(mine),
        f"{theirs.per_s:,.0f}" if theirs else "-", *said(theirs),
        f"{floor.per_s:,.0f}" if floor else "-",
        f"{mine.bytes_each / 1e3:.1f}", f"{theirs.bytes_each / 1e3:.1f}" if theirs else "-",
        str(mine.refused + (theirs.refused if theirs else 0)),
    ]  # fmt: skip


def _with_tags(server: Server, paths: list[str]) -> list[str]:
    """Ask once for each, and put its ETag behind it."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    tags: dict[str, str] = {}
    for path in dict.fromkeys(paths):
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        if answer.status not in {http.client.OK, http.client.NO_CONTENT}:
            raise RuntimeError(f"{path}: {answer.status}")
        tags[path] = answer.headers.get("ETag", "")
    connection.close()
    return [f"{path}\t{tags[path]}" for path in paths]


def _against_floor(conn: psycopg.Connection, texts: list[str], mine: Pull, floor: Pull) -> str:
    """Compare the mean answer with the mean statement and the compressing of its tile."""
    contents = [conn.execute(text).fetchone()[0] for text in texts]
    started = time.perf_counter()
    for content in contents:
        zlib.compress(content, 5, 31)
    packing_ms = (time.perf_counter() - started) / len(contents) * 1e3
    bare_ms = floor.p50_ms + packing_ms
    return (
        f"{1000 / mine.per_s:.1f} ms an answer, SQL {floor.p50_ms:.1f} ms + "
        f"compressing {packing_ms:.1f} ms: {1000 / mine.per_s / bare_ms:.2f} x"
    )
