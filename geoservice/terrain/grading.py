"""Gradients for the arcs of the road network, from the terrain in force.

`load dem` and `load roads` both end with it. Working them out takes a while on a large network, so
it is done before anything is held; what has changed meanwhile is done again.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from geoservice import crs
from geoservice.crs import CGCS2000
from geoservice.db import Connection, Query
from geoservice.errors import NoTerrainError
from geoservice.network.current import GRAPH_UIDS
from geoservice.terrain.gradients import (
    Floats,
    Ints,
    between_ends_m,
    ground_gradients_pct,
    stations,
    straight_gradients_pct,
)
from geoservice.terrain.store import Terrain, open_terrain

_BATCH = 50_000


@dataclass(frozen=True)
class ArcRow:
    """An arc as far as its gradient goes."""

    id: int
    from_node: int
    to_node: int
    length_m: float
    is_structure: bool
    geom: shapely.LineString


@dataclass(frozen=True, eq=False)
class Gradients:
    """The gradients of all arcs as they were at ``arcs_uid``; NaN is not known."""

    arcs_uid: str
    ids: Ints
    pct: Floats


ARCS_AFTER = Query("terrain", "arcs_after", ArcRow)
SET_GRADIENTS = Query("terrain", "set_gradients", int)
HOLD_ROADS = Query("terrain", "hold_roads", str)


def grade_roads(conn: Connection, *, home: Path) -> int | None:
    """Write the gradients of all arcs; return of how many they are known, None without terrain.

    Raises
    ------
    SetupError
        The terrain's raster is not there.
    """
    try:
        terrain = open_terrain(conn, home)
    except NoTerrainError:
        return None
    return write_gradients(conn, terrain, gradients_on(conn, terrain))


def gradients_on(conn: Connection, terrain: Terrain) -> Gradients:
    """Return the gradients of all arcs on a terrain, in force or not yet."""
    uid = str(GRAPH_UIDS.one(conn).arcs_uid)
    ids, pct, structures = [np.empty(0, np.int64)], [np.empty(0)], _Structures()
    after = 0
    while True:
        arcs = ARCS_AFTER.columns(conn, after=after, most=_BATCH)
        if not arcs["id"].size:
            break
        after = int(arcs["id"][-1])
        lines = _lines_m(arcs["geom"], terrain)
        lengths, on_ground = arcs["length_m"].astype(float), ~arcs["is_structure"].astype(bool)
        structures.take(arcs, lines)
        places, steps = stations(lines[on_ground], lengths[on_ground], terrain.cell_m)
        heights = terrain.heights_at(places)
        ids.append(arcs["id"][on_ground].astype(np.int64))
        pct.append(ground_gradients_pct(heights, steps, lengths[on_ground]))
    own_ids, own_pct = structures.graded(terrain)
    return Gradients(uid, np.concatenate([*ids, own_ids]), np.concatenate([*pct, own_pct]))


def write_gradients(conn: Connection, terrain: Terrain, found: Gradients) -> int:
    """Write them, worked out again if the roads have changed since; return how many are known."""
    HOLD_ROADS.one(conn)
    if str(GRAPH_UIDS.one(conn).arcs_uid) != found.arcs_uid:
        found = gradients_on(conn, terrain)
    if found.ids.size:
        SET_GRADIENTS.run(conn, ids=found.ids.tolist(), gradients=found.pct.tolist())
    return int(np.isfinite(found.pct).sum())


class _Structures:
    """Bridges and tunnels, gathered batch by batch, and which nodes lie on the ground."""

    def __init__(self) -> None:
        self._ids: list[Ints] = [np.empty(0, np.int64)]
        self._ends: list[Ints] = [np.empty((0, 2), np.int64)]
        self._lengths: list[Floats] = [np.empty(0)]
        self._places: list[Floats] = [np.empty((0, 2, 2))]
        self._on_ground: list[Ints] = [np.empty(0, np.int64)]

    def take(self, arcs: dict[str, NDArray[np.object_]], lines: NDArray[np.object_]) -> None:
        """Keep what is needed of a batch."""
        ends = np.column_stack([arcs["from_node"], arcs["to_node"]]).astype(np.int64)
        chosen = arcs["is_structure"].astype(bool)
        self._on_ground.append(np.unique(ends[~chosen]))
        self._ids.append(arcs["id"][chosen].astype(np.int64))
        self._ends.append(ends[chosen])
        self._lengths.append(arcs["length_m"][chosen].astype(float))
        points = [shapely.get_point(lines[chosen], n) for n in (0, -1)]
        places = [shapely.get_coordinates(one) for one in points]
        self._places.append(np.stack(places, axis=1))

    def graded(self, terrain: Terrain) -> tuple[Ints, Floats]:
        """Return the ids and gradients of all of them."""
        ids, ends = np.concatenate(self._ids), np.concatenate(self._ends)
        lengths, places = np.concatenate(self._lengths), np.concatenate(self._places)
        on_ground = np.unique(np.concatenate(self._on_ground))
        nodes, first = np.unique(ends, return_index=True)
        is_held = np.isin(nodes, on_ground)
        held = nodes[is_held]
        heights = terrain.heights_at(places.reshape(-1, 2)[first[is_held]])
        ends_m = between_ends_m(ends, lengths, held, heights)
        return ids, straight_gradients_pct(ends_m, lengths)


def _lines_m(lines: NDArray[np.object_], terrain: Terrain) -> NDArray[np.object_]:
    together = shapely.MultiLineString(lines.tolist())
    moved = crs.reproject(together, CGCS2000, terrain.crs)
    parts: NDArray[np.object_] = shapely.get_parts(moved)
    return parts
