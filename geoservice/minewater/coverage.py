"""Cells that fit each other edge by edge: are they all there, and their dissolved shapes (pure).

Every edge of a coverage belongs to two cells, or to one and the outside. What is dissolved is told
by its edges that have no other side; the cells that hang together by edges make one polygon, whose
rings need no search for what lies in what: the one that turns right is its shell.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import GeometryType, MultiPolygon

from geoservice.compiled import compiled

KERNEL = "geoservice.minewater.kernel"
Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Coverage:
    """The directed edges of cells, each with its cell to the right.

    Parameters
    ----------
    xy
        The vertices, metres; ``start`` and ``end`` of an edge are places in it.
    twin
        The edge of another cell that goes the other way; -1 on the outside.
    is_planar
        No edge belongs to more than two cells, nor twice to the same side.
    """

    xy: Array
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    cell: NDArray[np.int32]
    twin: NDArray[np.int64]
    is_planar: bool
    count: int

    @cached_property
    def outside_m(self) -> float:
        """How long the edges on the outside are."""
        ends = self.xy[self.end[self.twin < 0]] - self.xy[self.start[self.twin < 0]]
        return float(np.hypot(ends[:, 0], ends[:, 1]).sum())

    def dissolved(self, cells: Mask) -> MultiPolygon:
        """Return some of the cells as one shape, normalised, with every vertex on its edge."""
        has_other = (self.twin >= 0) & cells[self.cell[self.twin]]
        is_in = cells[self.cell]
        inner, outline = np.flatnonzero(is_in & has_other), np.flatnonzero(is_in & ~has_other)
        if not len(outline):
            return MultiPolygon()
        pairs = (self.cell[inner], self.cell[self.twin[inner]])
        joined = coo_array((np.ones(len(inner), dtype=np.int8), pairs), (self.count, self.count))
        part = connected_components(joined, directed=False)[1].astype(np.int32)[self.cell]
        edges = outline[np.argsort(self.start[outline], kind="stable")]
        first = np.searchsorted(self.start[edges], np.arange(len(self.xy) + 1))
        rings = compiled(KERNEL).rings(self.start, self.end, part, edges, first)
        return _polygons(self.xy, *rings)


def coverage_of(cells: NDArray[np.object_]) -> Coverage:
    """Return the edges of cells; their shells have to turn right and their holes left.

    `shapely.normalize` gives them so.
    """
    rings, cell_of_ring = shapely.get_rings(cells, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    vertex, places = _numbered(xy)
    is_edge = ring[1:] == ring[:-1]
    start, end = vertex[:-1][is_edge], vertex[1:][is_edge]
    cell = cell_of_ring[ring[:-1][is_edge]].astype(np.int32)
    low, high = np.minimum(start, end).astype(np.int64), np.maximum(start, end)
    key = low * len(places) + high
    order = np.argsort(key, kind="stable")
    is_same = key[order][1:] == key[order][:-1]
    one, other = order[:-1][is_same], order[1:][is_same]
    twin = np.full(len(start), -1, dtype=np.int64)
    twin[one], twin[other] = other, one
    is_planar = not (is_same[1:] & is_same[:-1]).any() and bool((start[one] == end[other]).all())
    return Coverage(places, start, end, cell, twin, is_planar, len(cells))


def _numbered(xy: Array) -> tuple[NDArray[np.int32], Array]:
    """Give every place its number, and the places."""
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    in_order = xy[order]
    is_new = np.ones(len(xy), dtype=bool)
    is_new[1:] = (in_order[1:] != in_order[:-1]).any(axis=1)
    vertex = np.empty(len(xy), dtype=np.int32)
    vertex[order] = np.cumsum(is_new) - 1
    return vertex, in_order[is_new]


def _polygons(
    xy: Array, vertices: NDArray[np.int32], begins: NDArray[np.int64], part: NDArray[np.int64]
) -> MultiPolygon:
    """Put rings together, the shell of each part first."""
    counts = np.diff(begins)
    number = np.repeat(np.arange(len(counts)), counts)
    is_last = np.ones(len(vertices), dtype=bool)
    is_last[:-1] = number[1:] != number[:-1]
    on = np.where(is_last, begins[number], np.arange(1, len(vertices) + 1))
    here = xy[vertices] - xy[vertices[begins[number]]]
    then = xy[vertices[on]] - xy[vertices[begins[number]]]
    twice = np.add.reduceat(here[:, 0] * then[:, 1] - then[:, 0] * here[:, 1], begins[:-1])
    order = np.lexsort((twice > 0, part))
    sizes = counts[order] + 1
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
    places = np.repeat(begins[:-1][order], sizes) + within % np.repeat(counts[order], sizes)
    starts = np.flatnonzero(np.diff(part[order], prepend=-1))
    polygons = np.concatenate([starts, [len(order)]])
    made = shapely.from_ragged_array(
        GeometryType.MULTIPOLYGON, xy[vertices[places]],
        (offsets, polygons, np.array([0, len(starts)])),
    )  # fmt: skip
    whole: MultiPolygon = shapely.normalize(made[0])
    return whole
