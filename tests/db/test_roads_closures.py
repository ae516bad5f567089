"""Which arcs a closure shuts, on the small network.

The main street (way 101, nodes 1 to 4) runs along 36.30 N; way 102 crosses it at node 2
(113.21 E); the bridge of way 105 passes over it at 113.215 E, from 36.31 to 36.29 N.
"""

import runpy
import threading
import time
from pathlib import Path

import pytest

from geoservice import db
from geoservice.db import Connection
from geoservice.roads.actions import load_roads

SMALL = runpy.run_path(str(Path(__file__).parents[1] / "data" / "small_roads.py"))
MIDDLE = {(2, 3), (3, 2)}  # the main street under the bridge
BRIDGE = {(8, 9), (9, 8)}


@pytest.fixture
def small_pbf(tmp_path: Path) -> Path:
    return SMALL["write"](tmp_path / "small.osm.pbf")


@pytest.fixture
def loaded(conn: Connection, small_pbf: Path) -> Connection:
    SMALL["lay_district"](conn)
    load_roads(conn, path=small_pbf)
    return conn


def _close(conn: Connection, wkt: str, *, structures: bool = False, code: str = "C1") -> None:
    conn.execute(
        "INSERT INTO core.road_closure"
        " (code, name, source_doc, cause, period, includes_structures, geom)"
        " VALUES (%s, '封闭', 'tests', 'flood', tstzrange(now(), NULL), %s,"
        " ST_GeomFromText(%s, 4490))",
        (code, structures, wkt),
    )


def _shut(conn: Connection) -> set[tuple[int, int]]:
    rows = conn.execute(
        "SELECT f.osm_node_id, t.osm_node_id FROM core.closure_arc a"
        " JOIN core.road_edge e ON e.id = a.road_edge_id"
        " JOIN core.road_node f ON f.id = e.from_node JOIN core.road_node t ON t.id = e.to_node"
    ).fetchall()
    return {(int(a), int(b)) for a, b in rows}


FLOOD = "POLYGON((113.213 36.299, 113.217 36.299, 113.217 36.301, 113.213 36.301, 113.213 36.299))"


def test_flood_shuts_the_street_and_spares_the_bridge_over_it(loaded: Connection) -> None:
    _close(loaded, FLOOD)
    assert _shut(loaded) == MIDDLE


def test_flood_that_takes_structures_shuts_the_bridge_too(loaded: Connection) -> None:
    _close(loaded, FLOOD, structures=True)
    assert _shut(loaded) == MIDDLE | BRIDGE


@pytest.mark.parametrize("structures", [False, True])
@pytest.mark.parametrize(
    "line",
    [
        "LINESTRING(113.211 36.30005, 113.219 36.30005)",  # 5.5 m beside it
        "LINESTRING(113.2145 36.3, 113.2155 36.3)",  # 90 m of it, under the bridge
        "LINESTRING(113.216 36.3, 113.2161 36.3)",  # 9 m of it
        "MULTILINESTRING((113.211 36.3, 113.213 36.3), (113.216 36.3, 113.218 36.3))",
    ],
)
def test_line_shuts_the_road_it_runs_along_and_no_crossing_one(
    loaded: Connection, line: str, structures: bool
) -> None:
    _close(loaded, line, structures=structures)
    assert _shut(loaded) == MIDDLE


def test_line_along_a_road_through_a_junction_leaves_the_crossroad_open(
    loaded: Connection,
) -> None:
    _close(loaded, "LINESTRING(113.21 36.295, 113.21 36.305)")
    assert _shut(loaded) == {(6, 2), (2, 6), (2, 5), (5, 2)}


def test_line_drawn_across_a_road_shuts_nothing(loaded: Connection) -> None:
    _close(loaded, "LINESTRING(113.217 36.2995, 113.217 36.3005)")
    assert _shut(loaded) == set()


def test_line_round_a_ring_shuts_it(loaded: Connection) -> None:
    ring = "113.235 36.3, 113.236 36.301, 113.237 36.3, 113.236 36.299, 113.235 36.3"
    _close(loaded, f"LINESTRING({ring})")
    assert _shut(loaded) == {(11, 11)}


@pytest.mark.parametrize(
    ("point", "structures", "shut"),
    [
        ("POINT(113.217 36.3002)", False, MIDDLE),  # 22 m from the street
        ("POINT(113.217 36.3004)", False, set()),  # 44 m
        ("POINT(113.215 36.305)", True, BRIDGE),
        ("POINT(113.215 36.305)", False, set()),
        ("POINT(113.215 36.30018)", False, set()),  # on the bridge: not the street below
        ("POINT(113.215 36.30018)", True, BRIDGE),
        ("POINT(113.2185 36.31)", False, {(7, 8)}),  # a one-way has one arc
    ],
)
def test_point_shuts_the_nearest_road(
    loaded: Connection, point: str, structures: bool, shut: set[tuple[int, int]]
) -> None:
    _close(loaded, point, structures=structures)
    assert _shut(loaded) == shut


def test_moved_and_lifted_closures_let_go_of_their_arcs(loaded: Connection) -> None:
    _close(loaded, FLOOD)
    loaded.execute(
        "UPDATE core.road_closure SET geom = ST_SetSRID(ST_MakePoint(113.205, 36.3), 4490)"
    )
    assert _shut(loaded) == {(1, 2), (2, 1)}
    loaded.execute("UPDATE core.road_closure SET valid_to = now()")
    assert _shut(loaded) == set()


def test_closures_find_their_arcs_on_the_new_network(loaded: Connection, small_pbf: Path) -> None:
    _close(loaded, FLOOD)
    _close(loaded, "POINT(113.16 36.34)", code="NOWHERE")
    report = load_roads(loaded, path=small_pbf)
    assert _shut(loaded) == MIDDLE
    assert report.closures_without_road == ("NOWHERE",)


def test_closure_written_during_a_load_waits_and_holds_on_the_new_roads(
    clone_url: str, small_pbf: Path
) -> None:
    with db.connect(clone_url) as conn:
        SMALL["lay_district"](conn)
        load_roads(conn, path=small_pbf)

    def close() -> None:
        with db.connect(clone_url) as other:
            _close(other, FLOOD)

    closing = threading.Thread(target=close)
    with db.connect(clone_url) as conn:
        load_roads(conn, path=small_pbf)
        closing.start()
        time.sleep(0.3)
        assert closing.is_alive()
    closing.join(10)
    with db.connect(clone_url) as conn:
        assert _shut(conn) == MIDDLE
