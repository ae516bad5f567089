"""Driving times against pgRouting, the independent judge, on the same arcs.

The judge's graph is made here in SQL: open arcs with closures worked in, every place and every
incident a vertex of its own, joined by the parts of the arcs they lie on. It is asked for all
pairs at once; then each incident is asked of the service.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psycopg
import pytest
from psycopg.types.shapely import register_shapely

from geoservice import db
from geoservice.dispatch.actions import nearest_by_road
from geoservice.dispatch.answers import NearestQuestion
from geoservice.dispatch.kinds import read_resources
from geoservice.network.current import open_roads
from geoservice.network.records import LandingRow, Place
from geoservice.network.snapping import snap_places, snap_stands
from geoservice.roads.actions import load_roads

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ANYWHERE_M = 50_000.0
PLACE, INCIDENT = 10**12, 2 * 10**12
Box = tuple[float, float, float, float]

DATA = Path(__file__).parents[1] / "data"
DISTRICT = """
INSERT INTO core.district (code, name, source_doc, geom, envelope)
SELECT '999999', '试验区', 'test', ST_Multi(b), ST_Envelope(ST_Expand(b, 0.3))
  FROM (SELECT ST_SetSRID(ST_MakeEnvelope(%s, %s, %s, %s), 4490) AS b) s"""
DEPOTS = """
INSERT INTO core.depot (code, name, source_doc, owner, tier, geom)
SELECT 'D' || no, '储备点' || no, 'test', 'government', 'town', ST_Point(lon, lat, 4490)
  FROM unnest(%s::integer[], %s::float8[], %s::float8[]) AS p (no, lon, lat)"""
CLOSURE = """
INSERT INTO core.road_closure (code, name, source_doc, cause, period, factor, geom)
SELECT 'C' || no, '封闭' || no, 'test', 'flood', '[2026-11-01,)', factor,
       -- Buffers of geography come back as WGS 84.
       ST_SetSRID(ST_Buffer(ST_Point(lon, lat, 4490)::geography, 700)::geometry, 4490)
  FROM unnest(%s::integer[], %s::float8[], %s::float8[], %s::float8[])
       AS p (no, lon, lat, factor)"""
ASK_JUDGE = """
SELECT start_vid, end_vid, agg_cost
  FROM pgr_dijkstraCost('SELECT id, source, target, cost FROM judge',
                        %s::bigint[], %s::bigint[], directed := true)"""
# Without costs, and not by pgRouting: which pairs any way joins.
COUNT_JOINED = """
WITH RECURSIVE led AS (
  SELECT s.vertex AS start, s.vertex AS at FROM unnest(%s::bigint[]) AS s (vertex)
   UNION
  SELECT led.start, j.target FROM led JOIN judge j ON j.source = led.at
) SELECT count(*) FROM led WHERE at >= %s"""
LIFT_SIGNS = "UPDATE core.road SET max_height_m = NULL, max_weight_t = NULL"


@pytest.fixture
def judged(clone_url: str) -> Iterator[db.Connection]:
    """A database of one's own that has pgRouting, as its owner."""
    with psycopg.connect(clone_url) as conn:
        known = "SELECT FROM pg_available_extensions WHERE name = 'pgrouting'"
        if conn.execute(known).fetchone() is None:
            pytest.skip("the database server has no extension pgrouting to judge by")
        conn.execute("CREATE EXTENSION pgrouting")
        conn.commit()
        info = psycopg.types.TypeInfo.fetch(conn, "geometry")
        assert info is not None
        register_shapely(info, conn)
        yield conn


def _settle(conn: db.Connection, box: Box, *, depots: int) -> None:
    conn.execute(DISTRICT, box)
    conn.execute("SELECT core.guard_all_geometry()")
    lon, lat = _points(box, depots, seed=1)
    conn.execute(DEPOTS, (list(range(depots)), lon, lat))


def _statement(name: str) -> str:
    return (DATA / f"dispatch_{name}.sql").read_text("utf-8")


def _points(box: Box, count: int, *, seed: int) -> tuple[list[float], list[float]]:
    rng = np.random.default_rng(seed)
    west, south, east, north = box
    return rng.uniform(west, east, count).tolist(), rng.uniform(south, north, count).tolist()


def _close(conn: db.Connection, box: Box) -> None:
    lon, lat = _points(box, 6, seed=2)
    conn.execute(CLOSURE, (list(range(6)), lon, lat, [0.0, 0.0, 0.0, 0.0, 0.5, 0.25]))


def _verdict(
    conn: db.Connection, incidents: list[Place], profile: str
) -> dict[tuple[str, int], float]:
    """What pgRouting says, by depot code and incident: no row where there is no way."""
    roads = open_roads(conn, profile=profile, at=NOW)
    depots = read_resources(conn, NearestQuestion(0, 0, "depot"), None)
    leaving = snap_stands(conn, roads, [d.stand("depot") for d in depots], limit_m=ANYWHERE_M)
    arriving = snap_places(conn, roads, incidents, limit_m=ANYWHERE_M)
    vertices: list[tuple[int, LandingRow]] = []
    for first, snapped in ((PLACE, leaving), (INCIDENT, arriving)):
        vertices += [(first + i, row) for i, rows in enumerate(snapped.rows) for row in rows]
    columns = zip(*((v, r.arc_id, r.fraction) for v, r in vertices), strict=True)
    conn.execute("DROP TABLE IF EXISTS judge")
    given = dict(zip(("vertices", "arcs", "fractions"), map(list, columns), strict=True))
    conn.execute(_statement("judge"), {**given, "incident": INCIDENT, "profile": profile})
    starts = [PLACE + i for i in range(len(depots))]
    ends = [INCIDENT + i for i in range(len(incidents))]
    rows = conn.execute(ASK_JUDGE, (starts, ends)).fetchall()
    assert conn.execute(COUNT_JOINED, (starts, INCIDENT)).fetchone() == (len(rows),)
    return {(depots[s - PLACE].code, e - INCIDENT): float(cost) for s, e, cost in rows}


def _assert_as_judged(
    conn: db.Connection, box: Box, *, incidents: int, profile: str = "car"
) -> int:
    places = [Place(*xy) for xy in zip(*_points(box, incidents, seed=3), strict=True)]
    verdict = _verdict(conn, places, profile)
    compared = 0
    for i, place in enumerate(places):
        question = NearestQuestion(
            place.lon, place.lat, "depot", k=50, profile=profile, snap_limit_m=ANYWHERE_M
        )
        answer = nearest_by_road(conn, question, at=NOW, towns=None)
        expected = {code: cost for (code, at), cost in verdict.items() if at == i}
        given = {found.code: found.drive_s for found in answer.found}
        assert given.keys() == expected.keys()
        assert {u.code for u in answer.unreachable}.isdisjoint(given)
        np.testing.assert_allclose(
            [given[code] for code in sorted(given)],
            [expected[code] for code in sorted(given)],
            atol=0.1, rtol=0,
        )  # fmt: skip
        assert list(given.values()) == sorted(given.values())
        compared += len(given)
    assert compared == len(verdict)
    return compared


GRID_BOX = (112.998, 35.998, 113.078, 36.059)
ANDORRA_BOX = (1.42, 42.434, 1.734, 42.634)


def test_grid_of_one_way_twin_and_loop_arcs_is_driven_as_pgrouting_does(
    judged: db.Connection,
) -> None:
    _settle(judged, GRID_BOX, depots=15)
    judged.execute("SELECT set_config('test.size', '20', true)")
    judged.execute(_statement("grid"))
    assert _assert_as_judged(judged, GRID_BOX, incidents=25) == 15 * 25
    _close(judged, GRID_BOX)
    assert _assert_as_judged(judged, GRID_BOX, incidents=25) > 0


@pytest.fixture
def andorra(judged: db.Connection, shared_data: Path) -> db.Connection:
    """Real roads with real restrictions; signs of height and weight, slopes and danger made up."""
    _settle(judged, ANDORRA_BOX, depots=12)
    load_roads(judged, path=shared_data / "roads" / "andorra.osm.pbf")
    judged.execute(_statement("made_up"))
    return judged


def _assert_as_judged_without_signs(conn: db.Connection, profile: str) -> int:
    with conn.transaction(force_rollback=True):
        conn.execute(LIFT_SIGNS)
        return _assert_as_judged(conn, ANDORRA_BOX, incidents=70, profile=profile)


@pytest.mark.parametrize(
    ("profile", "least", "least_closed"),
    # At 4 m and 40 t heavy rescue is kept from many pairs by signs alone: without, it has as many.
    [("car", 300, 100), ("truck", 300, 100), ("heavy_rescue", 150, 75)],
)
def test_points_of_andorra_are_as_pgrouting_has_them(
    andorra: db.Connection, profile: str, least: int, least_closed: int
) -> None:
    signed = _assert_as_judged(andorra, ANDORRA_BOX, incidents=70, profile=profile)
    unsigned = _assert_as_judged_without_signs(andorra, profile)
    assert least < signed <= unsigned
    assert unsigned > 300
    _close(andorra, ANDORRA_BOX)
    andorra.execute(_statement("flood"))
    signed = _assert_as_judged(andorra, ANDORRA_BOX, incidents=70, profile=profile)
    unsigned = _assert_as_judged_without_signs(andorra, profile)
    assert least_closed < signed <= unsigned
    assert unsigned > 100
