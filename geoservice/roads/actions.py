"""Load a road network: all of it in the caller's transaction, or nothing."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geoservice import bulk, db
from geoservice.db import Connection, Query
from geoservice.roads.arcs import Floats, bounds
from geoservice.roads.osm import OnProgress, Survey, locate, survey, way_batches
from geoservice.roads.pbf import describe_source
from geoservice.roads.reasons import described
from geoservice.roads.records import (
    Box,
    FirstIds,
    LoadReport,
    Restriction,
    RoadClass,
    ServiceBox,
    Source,
    Tallies,
)
from geoservice.roads.refusals import no_roads, nothing_inside, require_wgs84
from geoservice.roads.rows import Batch, NodeNumbers, RowMaker

SERVICE_BOX = Query("roads", "service_box", ServiceBox)
ROAD_CLASSES = Query("roads", "road_classes", RoadClass)
BEGIN_LOAD = Query("roads", "begin_load", FirstIds)
COPY_ROADS = Query("roads", "copy_roads", str)
COPY_NODES = Query("roads", "copy_nodes", str)
COPY_EDGES = Query("roads", "copy_edges", str)
ADD_RESTRICTIONS = Query("roads", "add_restrictions", int)
FINISH_LOAD = Query("roads", "finish_load", str)
CLOSURES_WITHOUT_ROAD = Query("roads", "closures_without_road", str)


def _quiet(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody."""


@dataclass
class _Load:
    """One load under way: what it works with, and what it adds up to."""

    conn: Connection
    path: Path
    source: Source
    box: ServiceBox
    classes: Mapping[str, RoadClass]
    on_progress: OnProgress
    tallies: Tallies = field(default_factory=Tallies)
    ways_kept: int = 0
    roads: int = 0
    nodes: int = 0
    arcs: int = 0
    length_m: float = 0.0
    kept: list[Box | None] = field(default_factory=list)  # round the roads of each batch
    seen: list[Box | None] = field(default_factory=list)  # round all that the file placed

    def add(self, batch: Batch, lonlat: Floats) -> None:
        """Write one batch; roads and nodes before the arcs that refer to them."""
        bulk.copy_rows(self.conn, COPY_ROADS, batch.roads)
        bulk.copy_rows(self.conn, COPY_NODES, batch.nodes)
        bulk.copy_rows(self.conn, COPY_EDGES, batch.edges)
        self.ways_kept += batch.ways_kept
        self.roads += len(batch.roads)
        self.nodes += len(batch.nodes)
        self.arcs += len(batch.edges)
        self.length_m += batch.length_m
        self.kept.append(batch.bounds)
        self.seen.append(bounds(lonlat))


def load_roads(
    conn: Connection, *, path: Path, datum: str | None = None, on_progress: OnProgress = _quiet
) -> LoadReport:
    """Replace the road network by that of an OpenStreetMap extract.

    The roads that were there are retired; closures find their arcs on the new network.

    Parameters
    ----------
    conn
        Its transaction takes all of the load; on an error roll it back.
    path
        An `.osm.pbf` file.
    datum
        ``wgs84``, ``cgcs2000`` or None; OpenStreetMap knows no other.
    on_progress
        Told the step, how much of it is done, and how much there is, if known.

    Returns
    -------
    report
        What was read, kept and left out, and why.

    Raises
    ------
    DatumError
        Another datum is claimed.
    NoDistrictError
        No boundary is loaded.
    FileError
        The file is no `.osm.pbf`, is damaged, or holds no drivable road.
    OutsideDistrictError
        No road of the file is inside the service envelope.
    """
    started = time.perf_counter()
    require_wgs84(datum)
    db.require_district(conn)
    classes = {c.road_class: c for c in ROAD_CLASSES.all(conn)}
    load = _Load(conn, path, describe_source(path), SERVICE_BOX.one(conn), classes, on_progress)
    found = survey(path, classes, load.tallies, on_progress)
    if found.ways_kept == 0:
        raise no_roads(load.source.file, found.ways_read, load.tallies)
    first = _write(load, found)
    if load.ways_kept == 0:
        raise nothing_inside(load.source.file, load.box, _around(load.seen), load.tallies)
    restrictions = _add_restrictions(load, found.restrictions)
    on_progress("settle", 0, None)
    FINISH_LOAD.one(conn)
    on_progress("settle", 1, 1)
    return _report(load, found, first, restrictions, time.perf_counter() - started)


def _write(load: _Load, found: Survey) -> FirstIds:
    """Retire the old network and write the new one, batch by batch."""
    located = locate(load.path, found.used, load.on_progress)
    for node_id in located.blocked.tolist():
        load.tallies.add("barrier", "barrier", node_id)
    first = BEGIN_LOAD.one(load.conn)
    numbers = NodeNumbers(found.shared, located.blocked, first.node_id)
    maker = RowMaker(load.box, load.classes, load.source, numbers, first, load.tallies)
    done = 0
    for ways, tags in way_batches(load.path, located, load.classes):
        load.add(maker.rows(ways, tags), ways.lonlat)
        done += len(tags)
        load.on_progress("write", done, found.ways_kept)
    return first


def _add_restrictions(load: _Load, wanted: Sequence[Restriction]) -> int:
    """Keep the turns whose roads meet; return how many relations gave one."""
    kept = set(
        ADD_RESTRICTIONS.all(
            load.conn,
            relations=[r.relation_id for r in wanted],
            kinds=[r.kind for r in wanted],
            from_ways=[r.from_way for r in wanted],
            via_nodes=[r.via_node for r in wanted],
            to_ways=[r.to_way for r in wanted],
        )
    )
    for relation_id in sorted({r.relation_id for r in wanted} - kept):
        load.tallies.add("restriction", "restriction_network", relation_id)
    return len(kept)


def _report(
    load: _Load, found: Survey, first: FirstIds, restrictions: int, seconds: float
) -> LoadReport:
    return LoadReport(
        file=load.source.file,
        sha256=load.source.sha256,
        surveyed_on=load.source.surveyed_on,
        ways_read=found.ways_read,
        ways_kept=load.ways_kept,
        roads=load.roads,
        arcs=load.arcs,
        nodes=load.nodes,
        restrictions=restrictions,
        retired=first.retired,
        length_km=load.length_m / 1000,
        box=_around(load.kept),
        closures_without_road=tuple(CLOSURES_WITHOUT_ROAD.all(load.conn)),
        tallies=described(load.tallies),
        seconds=seconds,
    )


def _around(boxes: Sequence[Box | None]) -> Box | None:
    """Return the box round boxes; None without any."""
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return (min(west), min(south), max(east), max(north))
