"""`load roads` on the project's own small network: every row, and the report."""

import runpy
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from geoservice.db import Connection
from geoservice.roads.actions import load_roads
from geoservice.roads.records import LoadReport

SMALL = runpy.run_path(str(Path(__file__).parents[1] / "data" / "small_roads.py"))


@pytest.fixture
def small_pbf(tmp_path: Path) -> Path:
    return SMALL["write"](tmp_path / "small.osm.pbf")


@pytest.fixture
def report(conn: Connection, small_pbf: Path) -> LoadReport:
    SMALL["lay_district"](conn)
    return load_roads(conn, path=small_pbf)


@pytest.fixture
def loaded(conn: Connection, report: LoadReport) -> Connection:
    """The transaction in which the small network is loaded."""
    assert report.roads == 13
    return conn


def _arcs(conn: Connection, way: int) -> set[tuple[int, int, float]]:
    """From, to (by OpenStreetMap's ids) and km/h of a way's arcs."""
    rows = conn.execute(
        "SELECT f.osm_node_id, t.osm_node_id, e.speed_kph FROM core.road_edge e"
        " JOIN core.road r ON r.id = e.road_id AND r.valid_to IS NULL"
        " JOIN core.road_node f ON f.id = e.from_node JOIN core.road_node t ON t.id = e.to_node"
        " WHERE r.osm_way_id = %s",
        (way,),
    ).fetchall()
    assert len(rows) == len(set(rows))
    return {(int(a), int(b), float(kph)) for a, b, kph in rows}


def test_two_way_street_is_cut_at_its_junctions(loaded: Connection) -> None:
    ends = {(1, 2), (2, 3), (3, 4), (2, 1), (3, 2), (4, 3)}
    assert _arcs(loaded, 101) == {(a, b, 60) for a, b in ends}


def test_one_ways_have_arcs_in_their_direction_only(loaded: Connection) -> None:
    assert _arcs(loaded, 103) == {(3, 7, 25)}
    assert _arcs(loaded, 104) == {(7, 8, 25), (8, 5, 25)}
    assert _arcs(loaded, 108) == {(11, 11, 35)}


def test_bridge_is_not_joined_to_the_street_below(loaded: Connection) -> None:
    assert _arcs(loaded, 105) == {(8, 9, 30), (9, 8, 40)}


def test_no_arc_passes_a_bollard_but_a_gate_opens(loaded: Connection) -> None:
    assert _arcs(loaded, 110) == {(5, 15, 15), (15, 5, 15), (15, 16, 15), (16, 15, 15)}
    sides = loaded.execute("SELECT count(*) FROM core.road_node WHERE osm_node_id = 15").fetchone()
    assert sides == (2,)
    assert _arcs(loaded, 111) == {(16, 18, 12), (18, 16, 12)}


def test_way_that_leaves_the_envelope_keeps_its_parts_inside(loaded: Connection) -> None:
    assert _arcs(loaded, 118) == {(10, 20, 40), (20, 10, 40), (22, 23, 40), (23, 22, 40)}
    codes = loaded.execute(
        "SELECT array_agg(code ORDER BY code) FROM core.road WHERE osm_way_id = 118"
    ).fetchone()
    assert codes == (["osm-way-118", "osm-way-118-2"],)


def test_road_keeps_what_its_tags_say(loaded: Connection) -> None:
    rows = loaded.execute(
        "SELECT osm_way_id, code, name, name_en, ref, surface, access, is_bridge, layer, direction,"
        "       max_speed_kph, max_weight_t, max_height_m, surveyed_on, secrecy FROM core.road"
    ).fetchall()
    road = {way: values for way, *values in rows}
    made = date(2025, 3, 1)
    assert road[101] == [
        "osm-way-101", "主街", "Main Street", "S101", "asphalt", None, False, 0, "both",
        60, None, None, made, "public",
    ]  # fmt: skip
    assert road[102][1] == "Y7"
    assert road[103][1] == "居民区道路"
    assert road[105][6:9] == [True, 1, "both"]
    assert road[106][5] == "private"
    assert road[107][9:12] == [None, 3.5, 3.81]
    assert road[111][5] == "emergency"


def test_rows_name_their_source(conn: Connection, report: LoadReport) -> None:
    docs = conn.execute("SELECT DISTINCT source_doc FROM core.road").fetchall()
    short = report.sha256[:12]
    assert docs == [(f"OpenStreetMap contributors, ODbL 1.0: small.osm.pbf (SHA-256 {short})",)]


def test_lengths_and_times_agree_with_postgis(loaded: Connection) -> None:
    worst = loaded.execute(
        "SELECT max(abs(e.length_m - ST_Length(e.geom::geography))),"
        "       max(abs(e.time_s - e.length_m / e.speed_kph * 3.6)),"
        "       bool_and(ST_StartPoint(e.geom) = f.geom AND ST_EndPoint(e.geom) = t.geom)"
        "  FROM core.road_edge e JOIN core.road_node f ON f.id = e.from_node"
        "  JOIN core.road_node t ON t.id = e.to_node"
    ).fetchone()
    assert worst is not None
    assert worst[0] < 1e-6
    assert worst[1] < 1e-9
    assert worst[2] is True


def test_restrictions_are_kept_where_their_roads_meet(loaded: Connection) -> None:
    rows = loaded.execute(
        "SELECT t.osm_relation_id, t.kind, a.osm_way_id, n.osm_node_id, b.osm_way_id"
        "  FROM core.turn_restriction t JOIN core.road a ON a.id = t.from_road_id"
        "  JOIN core.road b ON b.id = t.to_road_id JOIN core.road_node n ON n.id = t.via_node_id"
        " ORDER BY 1, 3"
    ).fetchall()
    assert rows == [
        (201, "no_left_turn", 101, 2, 102),
        (206, "no_entry", 101, 4, 109),
        (206, "no_entry", 107, 4, 109),
    ]


def test_report_accounts_for_every_way(report: LoadReport) -> None:
    left_out = {(t.what, t.reason): (t.count, t.first_ids) for t in report.tallies}
    assert left_out == {
        ("way", "access_no"): (1, (114,)),
        ("way", "area"): (1, (116,)),
        ("way", "class:construction"): (1, (113,)),
        ("way", "class:footway"): (1, (112,)),
        ("way", "missing_nodes"): (1, (120,)),
        ("way", "outside"): (1, (119,)),
        ("way", "reversible"): (1, (117,)),
        ("way", "too_short"): (1, (121,)),
        ("part", "cut_outside"): (1, (118,)),
        ("barrier", "barrier"): (1, (15,)),
        ("restriction", "restriction_conditional"): (1, (204,)),
        ("restriction", "restriction_except"): (1, (205,)),
        ("restriction", "restriction_members"): (1, (207,)),
        ("restriction", "restriction_network"): (2, (203, 208)),
        ("restriction", "via_way"): (1, (202,)),
        ("value", "maxspeed=CN:urban"): (1, (103,)),
    }
    assert (report.ways_read, report.ways_kept, report.roads) == (20, 12, 13)
    assert (report.arcs, report.nodes, report.restrictions) == (34, 18, 2)
    assert report.box == pytest.approx((113.2, 36.285, 113.25, 36.32))
    assert all(t.zh and t.en for t in report.tallies)


def test_second_load_retires_the_first(
    conn: Connection, report: LoadReport, small_pbf: Path
) -> None:
    before = conn.execute("SELECT version FROM core.graph_version").fetchone()
    again = load_roads(conn, path=small_pbf)
    assert again.retired == 13
    same = {"retired", "seconds"}
    assert {k: v for k, v in asdict(again).items() if k not in same} == {
        k: v for k, v in asdict(report).items() if k not in same
    }
    counts = conn.execute(
        "SELECT count(*) FILTER (WHERE valid_to IS NULL), count(*) FROM core.road"
    ).fetchone()
    assert counts == (13, 26)
    assert conn.execute("SELECT count(*) FROM core.road_edge").fetchone() == (34,)
    after = conn.execute("SELECT version FROM core.graph_version").fetchone()
    assert before is not None
    assert after is not None
    assert after[0] > before[0]


def test_ids_given_later_do_not_meet_those_loaded(loaded: Connection) -> None:
    loaded.execute(
        "INSERT INTO core.road_node (geom) SELECT geom FROM core.road_node LIMIT 1 RETURNING id"
    )
    loaded.execute(
        "INSERT INTO core.road (code, name, source_doc, road_class, geom)"
        " SELECT 'x', 'x', 'x', 'road', geom FROM core.road LIMIT 1"
    )


def test_progress_ends_where_it_said(conn: Connection, small_pbf: Path) -> None:
    SMALL["lay_district"](conn)
    told: list[tuple[str, int, int | None]] = []
    load_roads(conn, path=small_pbf, on_progress=lambda *step: told.append(step))
    last = {step: (done, total) for step, done, total in told}
    assert list(last) == ["read", "locate", "write", "settle"]
    assert all(done == total for done, total in last.values())
    assert last["read"] == (20, 20)
