"""A country-size extract loads in bounded memory: Andorra's roads side by side, written here.

Prints how long each step takes, and the most memory that this process took. Without the real
extract there is nothing to repeat.
"""

import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import osmium
from bench_nearest import ANDORRA, DISTRICT
from osmium.osm.mutable import Node, Way
from racing import Options, console

from geoservice import db
from geoservice.network.current import prepare
from geoservice.roads.actions import load_roads

# 69,644 nodes each: five million in all.
COPIES, QUICK_COPIES = 72, 8
COLUMNS = 9
STEP_DEG = (0.34, 0.23)
APART = 10**10


def bench(url: str, options: Options) -> None:
    """Write the extract, load it, make the network's files."""
    if not ANDORRA.is_file():
        console.print(f"{ANDORRA} is not here: nothing to repeat")
        return
    copies = QUICK_COPIES if options.quick else COPIES
    with TemporaryDirectory() as folder, db.connect(url, role="geoservice_owner") as conn:
        path = Path(folder) / "country.osm.pbf"
        nodes = _write(path, copies)
        rows = -(-copies // COLUMNS)
        east, north = 1.42 + COLUMNS * STEP_DEG[0], 42.43 + rows * STEP_DEG[1]
        conn.execute(DISTRICT, (1.42, 42.43, east, north))
        conn.execute("SELECT core.guard_all_geometry()")
        before = _most_mb()
        started = time.perf_counter()
        report = load_roads(conn, path=path)
        loaded = time.perf_counter()
        after_load = _most_mb()
        prepare(conn)
        conn.commit()
    console.print(
        f"{nodes} nodes, {path.name}: {report.arcs} arcs loaded in {loaded - started:.1f} s, "
        f"files made in {time.perf_counter() - loaded:.1f} s; this process took at most "
        f"{before} MB before, {after_load} MB after loading, {_most_mb()} MB after the files"
    )


def _write(path: Path, copies: int) -> int:
    """Write the extract side by side, in the order that files have: nodes, then ways."""
    nodes = 0
    with osmium.SimpleWriter(str(path)) as writer:
        for copy in range(copies):
            east, north = (copy % COLUMNS) * STEP_DEG[0], (copy // COLUMNS) * STEP_DEG[1]
            for node in osmium.FileProcessor(str(ANDORRA), osmium.osm.NODE):
                place = (node.location.lon + east, node.location.lat + north)
                writer.add_node(Node(node, id=node.id + copy * APART, location=place))
                nodes += 1
        for copy in range(copies):
            for way in osmium.FileProcessor(str(ANDORRA), osmium.osm.WAY):
                refs = [n.ref + copy * APART for n in way.nodes]
                writer.add_way(Way(way, id=way.id + copy * APART, nodes=refs))
    return nodes


def _most_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
