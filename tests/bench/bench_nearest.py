"""The nearest five of fifty depots by road: this service against pgRouting, on the same arcs.

pgRouting gets its best case: a ready table of open arcs with closures, depots and incidents worked
in, so that it only searches; and both ways of asking, many to one as documented, and one to
many on swapped arcs. `live` is nearer to what an answer needs: arcs read with the closures in
force, between whole nodes, and the ways of the five. Ours includes everything: reading the state,
snapping, search, routes, reasons, and for HTTP the request. `search only` is the floor: scipy over
the whole network.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg
from racing import Contender, Options, console, race, show
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from serving import Web, served

from geoservice import db
from geoservice.accounts.actions import create_token
from geoservice.dispatch.actions import nearest_by_road
from geoservice.dispatch.answers import NearestAnswer, NearestQuestion
from geoservice.dispatch.kinds import read_resources
from geoservice.network.current import RoadsNow, open_roads
from geoservice.network.records import Place
from geoservice.network.routing import Landings
from geoservice.network.snapping import snap_places, snap_stands
from geoservice.roads.actions import load_roads

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
ANDORRA = ROOT.parent / "shared" / "data" / "roads" / "andorra.osm.pbf"
NOW = datetime.now(UTC)
DEPOTS, CLOSURES, INCIDENTS = 50, 6, 200
PLACE, INCIDENT = 10**12, 2 * 10**12
EDGES = "SELECT id, source, target, cost FROM judge"
SWAPPED = "SELECT id, target AS source, source AS target, cost FROM judge"
LIVE = """
SELECT e.id, e.to_node AS source, e.from_node AS target, e.time_s AS cost FROM core.road_edge e
 WHERE NOT EXISTS (SELECT FROM core.closure_arc a
                     JOIN core.road_closure c ON c.id = a.road_closure_id
                    WHERE a.road_edge_id = e.id AND c.period @> now())"""
ENDS = "SELECT id, from_node, to_node FROM core.road_edge"
PGR_WAYS = "SELECT * FROM pgr_dijkstra(%s, %s::bigint[], %s::bigint[])"
PGR = "SELECT start_vid, end_vid, agg_cost FROM pgr_dijkstraCost(%s, %s::bigint[], %s::bigint[])"
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '基准区', 'bench', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.3))
  FROM (SELECT ST_MakeEnvelope(%s, %s, %s, %s, 4490) AS b) s"""
# Beside a random crossing, at most 100 m off.
BESIDE = """
SELECT ST_X(geom) + (random() - 0.5) * 0.002, ST_Y(geom) + (random() - 0.5) * 0.001
  FROM core.road_node ORDER BY md5(id::text || %s) LIMIT %s"""
DEPOT = """
INSERT INTO core.depot (code, name, source_doc, owner, tier, geom)
VALUES ('D' || %s, '储备点', 'bench', 'government', 'town', ST_Point(%s, %s, 4490))"""
CLOSURE = """
INSERT INTO core.road_closure (code, name, source_doc, cause, period, factor, geom)
VALUES ('C' || %s, '封闭', 'bench', 'flood', '[2026-01-01,)', 0,
        ST_SetSRID(ST_Buffer(ST_Point(%s, %s, 4490)::geography, 600)::geometry, 4490))"""
REOPEN = "UPDATE core.road_closure SET valid_to = now() WHERE code = %s"


def bench(url: str, options: Options) -> None:
    """Race on open roads, then with closures."""
    with db.connect(url, role="geoservice_owner") as conn:
        settle(conn, options)
        token = create_token(conn, roles=["dispatcher"], name="bench")
        conn.commit()
    rounds, has_judge = options.rounds(INCIDENTS), _has_pgrouting(url)
    with db.connect(url) as conn, served(url, token) as web:
        for title in ("open roads", f"{CLOSURES} closures of 600 m"):
            if title != "open roads":
                add(conn, CLOSURE, "closure", CLOSURES)
                conn.commit()
            _race(conn, web, title, rounds=rounds, has_judge=has_judge)
        _close_and_ask(conn, web, rounds=rounds)


def _close_and_ask(conn: db.Connection, web: Web, *, rounds: int) -> None:
    """How long after a closure's commit it is in an answer: the first question after it."""
    laps: dict[str, list[float]] = {"write": [], "first answer after the commit": []}
    for number, (lon, lat) in enumerate(beside(conn, "more closures", rounds)):
        started = time.perf_counter()
        conn.execute(CLOSURE, (f"-more-{number}", lon, lat))
        conn.commit()
        written = time.perf_counter()
        answer = web.get(*_request(NearestQuestion(lon, lat, "depot")))
        laps["write"].append(written - started)
        laps["first answer after the commit"].append(time.perf_counter() - written)
        if f"C-more-{number}" not in {met["code"] for met in answer["closures_met"]}:
            raise RuntimeError("a closure that was committed is not in force")
        conn.execute(REOPEN, (f"C-more-{number}",))
        conn.commit()
    show("a closure, and the next answer", laps, against="write")


def settle(conn: db.Connection, options: Options) -> None:
    """Roads and depots."""
    is_real = options.grid is None and ANDORRA.is_file()
    size = options.grid or 60
    box = (1.42, 42.43, 1.74, 42.64)
    conn.execute(DISTRICT, box if is_real else (113.0, 36.0, 113 + size * 0.004, 36 + size * 0.003))
    conn.execute("SELECT core.guard_all_geometry()")
    if is_real:
        load_roads(conn, path=ANDORRA)
    else:
        conn.execute("SELECT set_config('test.size', %s, true)", (str(size),))
        conn.execute((DATA / "dispatch_grid.sql").read_text("utf-8"))
    conn.execute("SELECT setseed(0.5)")
    add(conn, DEPOT, "depot", DEPOTS)
    for (arcs,) in conn.execute("SELECT count(*) FROM core.road_edge").fetchall():
        where = "Andorra" if is_real else f"{size} x {size} made streets"
        console.print(f"{where}: {arcs} arcs, {DEPOTS} depots, the nearest 5 asked for")


def _has_pgrouting(url: str) -> bool:
    """Whether there is a pgRouting to race against; made here."""
    with psycopg.connect(url, autocommit=True) as conn:
        known = "SELECT FROM pg_available_extensions WHERE name = 'pgrouting'"
        if conn.execute(known).fetchone() is None:
            console.print("pgRouting is not installed on this server: raced without it")
            return False
        conn.execute("CREATE EXTENSION pgrouting")
    return True


def add(conn: db.Connection, statement: str, what: str, count: int) -> None:
    for number, (lon, lat) in enumerate(beside(conn, what, count)):
        conn.execute(statement, (f"{number:03}", lon, lat))


def beside(conn: db.Connection, seed: str, count: int) -> list[tuple[float, float]]:
    return [(lon, lat) for lon, lat in conn.execute(BESIDE, (seed, count)).fetchall()]


def _race(conn: db.Connection, web: Web, title: str, *, rounds: int, has_judge: bool) -> None:
    points = beside(conn, "incident", INCIDENTS)
    questions = [NearestQuestion(lon, lat, "depot") for lon, lat in points]
    roads = open_roads(conn, profile="car", at=NOW)
    landed = [snap_places(conn, roads, [Place(*point)], limit_m=2000).landings for point in points]
    contenders = [
        Contender("nearest_by_road", lambda n: _ours(conn, questions[n])),
        Contender("GET /dispatch/nearest", lambda n: web.get(*_request(questions[n]))),
        Contender("search only (scipy)", _scipy(roads, landed)),
    ]
    if has_judge:
        judge = _Judge(conn, landed)
        contenders += [
            Contender("pgRouting, swapped", judge.one_to_many),
            Contender("pgRouting, live", judge.live),
            Contender("pgRouting, many to one", judge.many_to_one, every=5),
        ]
    laps = race(contenders, rounds=rounds, title=title)
    show(title, laps, against="pgRouting, swapped")
    if has_judge:
        _compare(conn, web, judge, questions[:rounds])


def _scipy(roads: RoadsNow, landed: list[Landings]) -> Callable[[int], object]:
    """A plain search over every node, without turn costs: what one would write in an afternoon."""
    network, arc_s = roads.network, roads.weights.arc_s
    is_open = np.isfinite(arc_s)
    size = network.flags.size
    pair = network.to_node[is_open] * np.int64(size) + network.from_node[is_open]
    order = np.lexsort((arc_s[is_open], pair))
    pair, first = np.unique(pair[order], return_index=True)
    cost = np.maximum(arc_s[is_open][order][first], 1e-9)
    graph = csr_array((cost, (pair // size, pair % size)), shape=(size, size))
    return lambda n: dijkstra(graph, indices=network.from_node[landed[n].arc[:1]])


def _ours(conn: db.Connection, question: NearestQuestion) -> NearestAnswer:
    return nearest_by_road(conn, question, at=NOW, towns=None)


def _request(question: NearestQuestion) -> tuple[str, dict[str, object]]:
    return "/dispatch/nearest", {"lon": question.lon, "lat": question.lat, "kind": question.kind}


class _Judge:
    """pgRouting over a table made once, in which every depot and incident is a vertex."""

    def __init__(self, conn: db.Connection, landed: list[Landings]) -> None:
        self.conn = conn
        roads = open_roads(conn, profile="car", at=NOW)
        depots = read_resources(conn, NearestQuestion(0, 0, "depot"), None)
        self.codes = [depot.code for depot in depots]
        at = snap_stands(conn, roads, [d.stand("depot") for d in depots], limit_m=2000).landings
        vertices = [PLACE + i for i in at.place.tolist()]
        vertices += [INCIDENT + n for n, one in enumerate(landed) for _ in one.arc]
        arcs = np.concatenate([at.arc, *(one.arc for one in landed)])
        conn.execute("DROP TABLE IF EXISTS judge")
        conn.execute(
            (DATA / "dispatch_nodes.sql").read_text("utf-8"),
            {
                "vertices": vertices,
                "arcs": roads.network.arc_ids[arcs].tolist(),
                "fractions": np.concatenate(
                    [at.fraction, *(one.fraction for one in landed)]
                ).tolist(),
                "incident": INCIDENT,
            },
        )
        conn.execute("ANALYZE judge")
        self.places = [PLACE + i for i in range(len(depots))]
        ends = {arc: (start, end) for arc, start, end in conn.execute(ENDS).fetchall()}
        arc_ids = roads.network.arc_ids
        self.leave = [ends[arc][1] for arc in arc_ids[at.arc].tolist()]
        self.arrive = [[ends[arc][0] for arc in arc_ids[one.arc].tolist()] for one in landed]

    def one_to_many(self, n: int) -> list[tuple[int, int, float]]:
        return self.conn.execute(PGR, (SWAPPED, [INCIDENT + n], self.places)).fetchall()

    def many_to_one(self, n: int) -> list[tuple[int, int, float]]:
        return self.conn.execute(PGR, (EDGES, self.places, [INCIDENT + n])).fetchall()

    def live(self, n: int) -> list[object]:
        # Nobody can come, or no open road is near: pgRouting refuses an empty list.
        arrive = self.arrive[n] or [0]
        costs = self.conn.execute(PGR, (LIVE, arrive, self.leave)).fetchall()
        nearest = [node for _, node, _ in sorted(costs, key=lambda row: row[2])[:5]]
        return [self.conn.execute(PGR_WAYS, (LIVE, arrive, nearest or [0])).fetchall()]

    def times(self, n: int) -> dict[str, float]:
        return {self.codes[end - PLACE]: cost for _, end, cost in self.one_to_many(n)}


def _compare(
    conn: db.Connection, web: Web, judge: _Judge, questions: list[NearestQuestion]
) -> None:
    """Say how far apart the answers are: times by HTTP, and who can come at all."""
    apart, reach = 0.0, 0
    for n, question in enumerate(questions):
        expected = judge.times(n)
        for found in web.get(*_request(question))["found"]:
            apart = max(apart, abs(found["drive_s"] - expected[found["code"]]))
        everybody = _ours(conn, NearestQuestion(question.lon, question.lat, "depot", k=50))
        reach += {found.code for found in everybody.found} != expected.keys()
    console.print(
        f"answers: {len(questions)} incidents, at most {apart:.3f} s apart; "
        f"different depots reachable: {reach}"
    )
