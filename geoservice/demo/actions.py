"""Load the demonstration district into an empty service, and take it out again."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice import bulk
from geoservice.crs import STORE_SRID
from geoservice.db import Connection, Query
from geoservice.demo.district import Demonstration, make_demonstration
from geoservice.demo.roads import RoadPlan
from geoservice.demo.sources import read_ground
from geoservice.errors import ConflictError
from geoservice.registry.actions import HOLD_DISTRICT, set_district, store
from geoservice.roads.actions import (
    BEGIN_LOAD,
    COPY_EDGES,
    COPY_NODES,
    FINISH_LOAD,
    ROAD_CLASSES,
    SERVICE_BOX,
)
from geoservice.roads.records import Source, Tallies
from geoservice.roads.rows import NodeNumbers, RowMaker
from geoservice.sensors.actions import record_observations

_LISTED = 10


@dataclass(frozen=True)
class State:
    """What the database holds: the demonstration, a real district, real records."""

    has_demo: bool
    has_district: bool
    real_records: int


@dataclass(frozen=True)
class Obstacle:
    """A real record that refers to a demonstration one."""

    table_name: str
    code: str
    refers_to: str
    referred_code: str


@dataclass(frozen=True)
class Count:
    """So many rows of a table."""

    table_name: str
    row_count: int


@dataclass(frozen=True)
class Loaded:
    """The rows of the demonstration, and whether it was there already."""

    was_there: bool
    counts: tuple[Count, ...]


STATE = Query("demo", "state", State)
COUNTS = Query("demo", "counts", Count)
COPY_ROADS = Query("demo", "copy_roads", str)
ADD_MINE = Query("demo", "add_mine", str)
ADD_SEAM = Query("demo", "add_seam", str)
ADD_RULESET = Query("demo", "add_ruleset", str)
ADD_VERSIONS = Query("demo", "add_versions", str)
ADD_ZONES = Query("demo", "add_zones", str)
ADD_CELLS = Query("demo", "add_cells", str)
ADD_EVIDENCE = Query("demo", "add_evidence", str)
MOVE_VERSIONS = Query("demo", "move_versions", str)
ADD_SCENARIOS = Query("demo", "add_scenarios", str)
ADD_BANDS = Query("demo", "add_bands", str)
IN_THE_WAY = Query("demo", "in_the_way", Obstacle)
CLEAR_DEMO = Query("demo", "clear_demo", Count)


def load_demo(conn: Connection, *, now: datetime) -> Loaded:
    """Load the demonstration district, all of it in the caller's transaction.

    Parameters
    ----------
    conn
        As the service's role, with the actor set.
    now
        An instant with its zone: two closures are in force then.

    Raises
    ------
    ConflictError
        There is a real district, or a real record of any register.
    """
    HOLD_DISTRICT.one(conn)
    state = STATE.one(conn)
    if state.has_demo:
        return Loaded(was_there=True, counts=tuple(COUNTS.all(conn)))
    if state.has_district or state.real_records:
        raise ConflictError(
            "the demonstration is loaded into an empty service only: this one has "
            f"{'a real district' if state.has_district else 'no district'} and "
            f"{state.real_records} real records",
            zh="演示数据只能载入空的服务：本服务已有真实"
            f"{'行政区' if state.has_district else '记录'}（真实记录 {state.real_records} 条）",
        )
    made = make_demonstration(read_ground(), now=now)
    set_district(conn, made.district)
    _store_roads(conn, made.roads, made.source_doc)
    _store_zones(conn, made)
    for register, records in made.registers.items():
        store(conn, register, records)
    record_observations(conn, items=made.readings, towns=None)
    return Loaded(was_there=False, counts=tuple(COUNTS.all(conn)))


def clear_demo(conn: Connection) -> list[Count]:
    """Remove every demonstration row and account; nothing to remove gives an empty list.

    Raises
    ------
    ConflictError
        Real records refer to demonstration ones; they are listed.
    """
    obstacles = IN_THE_WAY.all(conn)
    if obstacles:
        listed = "; ".join(
            f"{o.table_name} {o.code} -> {o.refers_to} {o.referred_code}"
            for o in obstacles[:_LISTED]
        )
        more = len(obstacles) - _LISTED
        rest = (f"; and {more} more", f"；另有 {more} 条") if more > 0 else ("", "")
        raise ConflictError(
            f"real records refer to demonstration ones, move them first: {listed}{rest[0]}",
            zh=f"有真实记录引用演示数据，请先改动它们：{listed}{rest[1]}",
        )
    return CLEAR_DEMO.all(conn)


def _store_roads(conn: Connection, plan: RoadPlan, source_doc: str) -> None:
    """Write the network as the loader of roads does: same cutting, lengths, speeds and times."""
    first = BEGIN_LOAD.one(conn)
    classes = {c.road_class: c for c in ROAD_CLASSES.all(conn)}
    refs, uses = np.unique(plan.ways.refs, return_counts=True)
    numbers = NodeNumbers(refs[uses > 1], np.empty(0, np.int64), first.node_id)
    source = Source("", "", None, source_doc)
    maker = RowMaker(SERVICE_BOX.one(conn), classes, source, numbers, first, Tallies())
    batch = maker.rows(plan.ways, plan.tags)
    # Column 1 is the code, 7 the OpenStreetMap way: here the number of the generated one.
    roads = [(r[0], plan.codes[r[7]], *r[2:7], None, *r[8:], True) for r in batch.roads]
    bulk.copy_rows(conn, COPY_ROADS, roads)
    bulk.copy_rows(conn, COPY_NODES, [(node_id, None, geom) for node_id, _, geom in batch.nodes])
    bulk.copy_rows(conn, COPY_EDGES, batch.edges)
    FINISH_LOAD.one(conn)


def _store_zones(conn: Connection, made: Demonstration) -> None:
    """Write the invented mine with its zones, and the floods."""
    water = made.mine_water
    ADD_MINE.run(conn, rows=_json([water.mine]))
    ADD_SEAM.run(conn, code=water.seam_code, mine=water.mine.code)
    ADD_RULESET.run(conn, code=water.ruleset_code)
    ADD_VERSIONS.run(
        conn, rows=_json(water.versions), seam=water.seam_code, ruleset=water.ruleset_code
    )
    ADD_ZONES.run(conn, rows=_json(water.zones))
    ADD_CELLS.run(conn, rows=_json(water.cells))
    ADD_EVIDENCE.run(conn, rows=_json(water.evidence))
    for state in ("submitted", "checked", "approved", "filed", "effective"):
        MOVE_VERSIONS.run(conn, rows=_json(water.versions), state=state)
    ADD_SCENARIOS.run(conn, rows=_json(made.scenarios))
    bands = gpd.GeoDataFrame([asdict(b) for b in made.bands], geometry="geom", crs=STORE_SRID)
    bulk.bulk_load(conn, bands, "staging_flood_band")
    ADD_BANDS.run(conn)


def _json(rows: Sequence[Any]) -> str:
    """Rows as JSON that PostgreSQL reads back as its own types: shapes as hexadecimal EWKB."""
    return json.dumps([asdict(row) for row in rows], default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, BaseGeometry):
        return str(shapely.to_wkb(value, hex=True, include_srid=True))
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a row")
