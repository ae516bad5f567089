"""Layers served, against tipg on the same tables and against the bare SQL, turn by turn.

200,000 points and 50,000 areas (serving_data.sql); one worker each. A tile of ours has every
feature, where tipg's ends at 10,000; below zoom 16 it has the fields that a map draws with, where
tipg's has all. `uncached` asks a worker that keeps no tile; what several wait for is still made
once. `SQL` is our own statement by pgbench, uncompressed and without a page's envelope. Each number
is the median of several laps, in which the contenders take turns; at the end stands what was aimed
at and what was seen.
"""

import http.client
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import psycopg
from aims import show_aims
from psycopg import ClientCursor
from pulling import Pull, middle, missing, pull, pull_sql
from racing import Options, console
from rich.table import Table
from servers import Server, ours, tipg
from serving_aims import Seen, against_floor, aims_of, deep_as_first
from serving_checks import dispatch_beside_tiles, export_once, stale_answers
from serving_rows import Row, rows

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.publish.catalog import load_layers

HERE = Path(__file__).parent
CONNECTIONS = (1, 8, 32)
COLUMNS = ("c", "ours/s", "ratio", "p50", "p99", "tipg/s", "p50", "p99", "p99 lower", "SQL/s",
           "KB", "tipg's", "refused")  # fmt: skip
LAPS, LAP_S = 5, 1
# tipg takes a second and more for one of these.
HEAVY, HEAVY_LAP_S = ("z8", "z11"), 3
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
        seen = _race(conn, url, (kept, fresh, judge), options)
        with db.connect(url, role="geoservice_owner") as owner:
            token = create_token(owner, roles=["dispatcher"], name="bench")
        checks = [
            deep_as_first(kept, *seen.rows[:2]),
            *(against_floor(conn, url, fresh, row) for row in seen.rows if row.how == "uncached"),
            stale_answers(conn, (kept, fresh), times=200 if options.quick else 1000),
            dispatch_beside_tiles(kept, token, rounds=2 if options.quick else 5),
            kept.most_memory("read by many"),
        ]
        export_once(kept)
        checks.append(kept.most_memory("and after an export of 200,000 rows"))
        show_aims([*aims_of(seen), *checks])


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
) -> Seen:
    """Measure row by row, and print each as soon as it is there."""
    kept, fresh, judge = servers
    laps = 1 if options.quick else LAPS
    console.print(f"{laps} laps a number; p50, p99 in ms; ratio: ours to tipg's answers a second")
    seen = Seen(rows(conn, load_layers(HERE / "layers")))
    for row in seen.rows:
        server = fresh if row.how == "uncached" else kept
        tagged = _with_tags(server, row.ours) if row.how != "uncached" else []
        texts = [conn.cursor().mogrify(one.text, one.values) for one in row.statements]
        table = Table(title=row.title, title_justify="left", box=None)
        for name in COLUMNS:
            table.add_column(name, justify="right")
        for connections in CONNECTIONS[:2] if options.quick else CONNECTIONS:
            at = {"connections": connections, "seconds": _lap_s(row)}
            asked = tagged if row.how == "304" else row.ours
            mine, theirs = [], []
            for _ in range(laps):
                theirs += [pull(judge.url, row.tipg, **at)] if judge else []
                mine += [pull(server.url, asked, **at)]
            floor = pull_sql(url, texts, **at) if texts else None
            seen.add(row, connections, mine, theirs)
            table.add_row(str(connections), *_cells(mine, theirs, floor))
        console.print(table)
    return seen


def _lap_s(row: Row) -> int:
    return HEAVY_LAP_S if any(zoom in row.title for zoom in HEAVY) else LAP_S


def _cells(mine: list[Pull], theirs: list[Pull], floor: Pull | None) -> list[str]:
    ours_, tipgs = middle(mine), middle(theirs) if theirs else None
    pairs = list(zip(mine, theirs, strict=False))
    ratios = [a.per_s / b.per_s for a, b in pairs if b.per_s]
    lower = sum(a.p99_ms < b.p99_ms for a, b in pairs)
    return [
        f"{ours_.per_s:,.0f}", f"{median(ratios):.1f}" if ratios else "-",
        f"{ours_.p50_ms:.1f}", f"{ours_.p99_ms:.1f}",
        *([f"{tipgs.per_s:,.0f}", f"{tipgs.p50_ms:.1f}", f"{tipgs.p99_ms:.1f}",
           f"{lower}/{len(pairs)}"] if tipgs else ["-"] * 4),
        f"{floor.per_s:,.0f}" if floor else "-",
        f"{ours_.bytes_each / 1e3:.1f}", f"{tipgs.bytes_each / 1e3:.1f}" if tipgs else "-",
        str(ours_.refused + (tipgs.refused if tipgs else 0)),
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
