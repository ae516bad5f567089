"""Ways cut into arcs at junctions, with lengths and shapes. Pure, on arrays."""

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geoservice.crs import STORE_SRID
from geoservice.roads.records import Box, ServiceBox

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_GRS80 = pyproj.Geod(ellps="GRS80")  # the ellipsoid of CGCS2000


@dataclass(frozen=True)
class Ways:
    """The nodes of many ways, end to end.

    ``refs`` are OpenStreetMap node ids and ``way`` the number of the way (0, 1, ... in order),
    shape ``(n,)``; ``lonlat`` is ``(n, 2)`` degrees, NaN where the file has no such node.
    """

    ids: Ints
    refs: Ints
    lonlat: Floats
    way: Ints


@dataclass(frozen=True)
class Stretches:
    """Runs of nodes, first to last inclusive, and what each belongs to; shape ``(k,)`` each."""

    owner: Ints
    first: Ints
    last: Ints

    def keep(self, chosen: Flags) -> "Stretches":
        """Return the chosen ones, in order."""
        return Stretches(self.owner[chosen], self.first[chosen], self.last[chosen])


def inside(lonlat: Floats, box: ServiceBox) -> Flags:
    """Return which points lie in the box, edges included; NaN does not. Shape ``(n,)``."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    found: Flags = (lon >= box.west) & (lon <= box.east) & (lat >= box.south) & (lat <= box.north)
    return found


def cut_pieces(ways: Ways, usable: Flags) -> Stretches:
    """Return the longest runs of usable nodes of each way, two nodes at least; owner: the way."""
    before, after = _neighbours(ways, usable)
    first = np.flatnonzero(after & ~before)
    return Stretches(ways.way[first], first, np.flatnonzero(before & ~after))


def split_arcs(ways: Ways, pieces: Stretches, splits: Flags) -> Stretches:
    """Return the pieces cut wherever ``splits`` says, shape ``(n,)``; owner: the piece."""
    starts, ends = np.zeros(len(ways.refs), bool), np.zeros(len(ways.refs), bool)
    starts[pieces.first] = ends[pieces.last] = True
    within = covered(len(ways.refs), pieces)
    first = np.flatnonzero(starts | (splits & within & ~ends))
    last = np.flatnonzero(ends | (splits & within & ~starts))
    return Stretches(np.searchsorted(pieces.first, first, "right") - 1, first, last)


def along_m(ways: Ways, usable: Flags) -> Floats:
    """Return the metres on the ellipsoid that lead up to each node, shape ``(n,)``.

    Only differences within a stretch of usable nodes mean something: steps from way to way
    and over unusable nodes count nothing.
    """
    total = np.zeros(len(ways.refs))
    _, joined = _neighbours(ways, usable)
    at = np.flatnonzero(joined)
    lon, lat = ways.lonlat[:, 0], ways.lonlat[:, 1]
    total[at + 1] = _GRS80.inv(lon[at], lat[at], lon[at + 1], lat[at + 1])[2]
    found: Floats = np.cumsum(total)
    return found


def lines(ways: Ways, stretches: Stretches) -> NDArray[np.object_]:
    """Return each stretch as a LineString in ``STORE_SRID``, shape ``(k,)``."""
    counts = stretches.last - stretches.first + 1
    owner = np.repeat(np.arange(len(counts)), counts)
    offsets = np.cumsum(counts) - counts
    positions = np.arange(counts.sum()) - offsets[owner] + stretches.first[owner]
    made = shapely.linestrings(ways.lonlat[positions], indices=owner)
    stamped: NDArray[np.object_] = shapely.set_srid(made, STORE_SRID)
    return stamped


def bounds(lonlat: Floats) -> Box | None:
    """Return west, south, east, north of the points that have a place; None when none has."""
    placed = lonlat[~np.isnan(lonlat[:, 0])]
    if len(placed) == 0:
        return None
    west, south = placed.min(axis=0).tolist()
    east, north = placed.max(axis=0).tolist()
    return (west, south, east, north)


def _neighbours(ways: Ways, usable: Flags) -> tuple[Flags, Flags]:
    """Whether each node is joined to the one before and the one after it."""
    if len(usable) == 0:
        return usable, usable
    joined = (ways.way[:-1] == ways.way[1:]) & usable[:-1] & usable[1:]
    edge = np.zeros(1, bool)
    return np.concatenate((edge, joined)), np.concatenate((joined, edge))


def covered(count: int, stretches: Stretches) -> Flags:
    """Return which of ``count`` nodes some stretch holds, shape ``(count,)``."""
    steps = np.zeros(count + 1, np.int64)
    np.add.at(steps, stretches.first, 1)
    np.add.at(steps, stretches.last + 1, -1)
    found: Flags = np.cumsum(steps[:-1]) > 0
    return found
