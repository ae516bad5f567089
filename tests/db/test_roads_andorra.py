"""`load roads` on a real extract, judged by a plain reading of the same file."""

import itertools
import runpy
from collections import Counter
from pathlib import Path

import numpy as np
import osmium
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geoservice.db import Connection
from geoservice.roads.actions import load_roads
from geoservice.roads.records import LoadReport

SMALL = runpy.run_path(str(Path(__file__).parents[1] / "data" / "small_roads.py"))
BOX = (1.2, 42.2, 2.0, 42.9)
UNDRIVABLE = {"path", "footway", "steps", "pedestrian", "bridleway", "construction"}


@pytest.fixture
def andorra(shared_data: Path) -> Path:
    return shared_data / "roads" / "andorra.osm.pbf"


@pytest.fixture
def report(conn: Connection, andorra: Path) -> LoadReport:
    SMALL["lay_district"](conn, BOX)
    return load_roads(conn, path=andorra)


def _plain_arcs(path: Path) -> tuple[int, Counter[tuple[int, int]]]:
    """Directed arcs by end nodes, with dictionaries and the simplest reading of the tags."""
    ways = []
    for way in osmium.FileProcessor(str(path), osmium.osm.WAY):
        tags = dict(way.tags)
        closed = tags.get("motor_vehicle", tags.get("vehicle", tags.get("access"))) == "no"
        if "highway" in tags and tags["highway"] not in UNDRIVABLE and not closed:
            ways.append(([node.ref for node in way.nodes], tags))
    uses = Counter(ref for refs, _ in ways for ref in refs)
    arcs: Counter[tuple[int, int]] = Counter()
    for refs, tags in ways:
        cuts = [i for i, r in enumerate(refs) if uses[r] > 1 or i in {0, len(refs) - 1}]
        oneway = tags.get("oneway", "yes" if tags.get("junction") == "roundabout" else "no")
        for a, b in itertools.pairwise(cuts):
            if oneway != "-1":
                arcs[refs[a], refs[b]] += 1
            if oneway in {"no", "-1"}:
                arcs[refs[b], refs[a]] += 1
    return len(ways), arcs


def test_every_arc_is_there_and_no_other(
    conn: Connection, report: LoadReport, andorra: Path
) -> None:
    ways, arcs = _plain_arcs(andorra)
    rows = conn.execute(
        "SELECT f.osm_node_id, t.osm_node_id FROM core.road_edge e"
        " JOIN core.road_node f ON f.id = e.from_node JOIN core.road_node t ON t.id = e.to_node"
    ).fetchall()
    fence = 441154305  # the one barrier that stops vehicles: its way is cut in two there
    found = Counter(row for row in rows if fence not in row)
    assert report.ways_kept == ways
    assert found == Counter({ends: n for ends, n in arcs.items() if fence not in ends})
    assert sorted(row for row in rows if fence in row) != []


def test_every_way_is_accounted_for(report: LoadReport) -> None:
    dropped = sum(t.count for t in report.tallies if t.what == "way")
    assert report.ways_read == 1615
    assert report.ways_kept + dropped == report.ways_read
    assert str(report.surveyed_on) == "2013-05-28"
    assert report.length_km == pytest.approx(518.2, abs=0.1)


def test_lengths_agree_with_postgis(conn: Connection, report: LoadReport) -> None:
    worst = conn.execute(
        "SELECT max(abs(length_m - ST_Length(geom::geography))) FROM core.road_edge"
    ).fetchone()
    assert report.arcs > 0
    assert worst is not None
    assert worst[0] < 1e-6


def test_nearly_all_nodes_reach_each_other(conn: Connection, report: LoadReport) -> None:
    rows = np.array(conn.execute("SELECT from_node, to_node FROM core.road_edge").fetchall())
    nodes, ends = np.unique(rows, return_inverse=True)
    ends = ends.reshape(-1, 2)
    shape = (len(nodes), len(nodes))
    graph = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=shape)
    _, labels = connected_components(graph, directed=True, connection="strong")
    assert len(nodes) == report.nodes
    assert np.bincount(labels).max() > 0.95 * len(nodes)
