"""Which places the invented roads join, and as what class.

Links are those of a Gabriel graph, so that none cross. Classes come from routes: trunk roads
from way out to way out through the main town, primary roads to every town, secondary between
towns, tertiary to a third of the villages; a later route is drawn to roads that are there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree
from shapely import MultiLineString

from geoservice.demo.ground import Array, Flags, Ground, Ints
from geoservice.demo.settlements import Places

Classes = NDArray[np.str_]

_LONGEST_M = 4600.0
_DROPPED = 0.34  # of the links that are not needed to hold the network together
_CROSSING_M = 900.0  # what a river crossing adds to the length of a route
_DRAWN = 0.6  # what is left of the length where a road is already there
_AVENUE = 0.45  # the same for the middle streets of a town
_MINOR_BRIDGES = 0.3  # of the village roads that cross a river
_VILLAGE_ROUTES = 0.36
_TOWN_NEIGHBOURS = 3


@dataclass(frozen=True)
class Links:
    """Joined pairs of places, the class of each and the street of a grid it belongs to (-1)."""

    pairs: Ints
    road_class: Classes
    street_no: Ints


def plan_links(ground: Ground, places: Places) -> Links:
    """Return the links of one connected network over ``places``."""
    pairs = np.concatenate([places.streets, _candidates(ground, places)])
    streets = len(places.streets)
    street_no = np.concatenate([places.street_no, np.full(len(pairs) - streets, -1)])
    crossings = _crossings(ground, places.xy, pairs)
    road_class = _classified(ground, places, pairs, crossings)
    minor = np.where(street_no >= 0, "residential", "unclassified")
    to_exit = places.is_exit[pairs].any(axis=1)
    minor_bridge = ground.random("minor bridges").random(len(pairs)) < _MINOR_BRIDGES
    dry = (crossings == 0) | ((crossings == 1) & minor_bridge)
    kept = (road_class != "") | (dry & ~to_exit)
    road_class = np.where(road_class == "", minor, road_class)
    kept &= _largest(pairs, kept, len(places.xy))
    return Links(pairs[kept], road_class[kept], street_no[kept])


def _candidates(ground: Ground, places: Places) -> Ints:
    """Gabriel links outside the street grids, thinned but holding together."""
    xy = places.xy
    sides = Delaunay(xy).simplices[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    pairs = np.unique(np.sort(sides, axis=1), axis=0).astype(np.int64)
    length_m = _length_m(xy, pairs)
    nearest_m, _ = cKDTree(xy).query(xy[pairs].mean(axis=1))
    same_grid = (places.town[pairs[:, 0]] >= 0) & (
        places.town[pairs[:, 0]] == places.town[pairs[:, 1]]
    )
    to_exit = places.is_exit[pairs].sum(axis=1)
    lines = shapely.linestrings(xy[pairs])
    near = shapely.contains(ground.boundary_m.buffer(500.0), lines)
    kept = (nearest_m > length_m / 2 * (1 - 1e-9)) & ~same_grid
    kept &= np.where(to_exit == 1, length_m < 3 * _LONGEST_M, near & (length_m < _LONGEST_M))
    kept &= to_exit < 2  # no road from one way out to another
    kept &= _nearest_street(places, pairs, length_m, kept)
    pairs, length_m = pairs[kept], length_m[kept]
    needed = _spanning(pairs, length_m, len(xy))
    thinned = ground.random("links").random(len(pairs)) >= _DROPPED
    return np.asarray(pairs[needed | thinned])


def _nearest_street(places: Places, pairs: Ints, length_m: Array, among: Flags) -> Flags:
    """Which links are the shortest from their village to a town, or reach none."""
    town = places.town[pairs].max(axis=1)
    village = np.where(places.town[pairs[:, 0]] < 0, pairs[:, 0], pairs[:, 1])
    key = np.where(town < 0, -1 - np.arange(len(pairs)), village * len(places.seats) + town)
    order = np.lexsort((length_m, key, ~among))
    found = np.zeros(len(pairs), bool)
    found[order[np.unique(key[order], return_index=True)[1]]] = True
    return found


def _spanning(pairs: Ints, length_m: Array, count: int) -> Flags:
    """Which links the shortest tree over all places needs."""
    tree = minimum_spanning_tree(_matrix(pairs, length_m, count)).tocoo()
    in_tree = set(zip(tree.row.tolist(), tree.col.tolist(), strict=True))
    return np.array([(a, b) in in_tree or (b, a) in in_tree for a, b in pairs.tolist()])


def _crossings(ground: Ground, xy: Array, pairs: Ints) -> Ints:
    """How often each link crosses a river."""
    rivers = MultiLineString(list(ground.rivers_m))
    met = shapely.intersection(shapely.linestrings(xy[pairs]), rivers)
    return np.asarray(shapely.get_num_coordinates(met))


def _classified(ground: Ground, places: Places, pairs: Ints, crossings: Ints) -> Classes:
    """Return the class of each link that a route uses; "" for the rest."""
    cost = _length_m(places.xy, pairs) + _CROSSING_M * np.square(crossings)
    cost[: len(places.streets)] *= np.where(places.is_avenue, _AVENUE, 1.0)
    found = np.full(len(pairs), "", dtype="<U16")
    index = {frozenset(pair): i for i, pair in enumerate(pairs.tolist())}
    for road_class, start, end in _routes(ground, places):
        path = _path(pairs, cost, len(places.xy), start, end)
        used = [index[frozenset(step)] for step in pairwise(path)]
        fresh = [i for i in used if found[i] == ""]
        found[fresh] = road_class
        cost[fresh] *= _DRAWN
    return found


def _routes(ground: Ground, places: Places) -> Iterator[tuple[str, int, int]]:
    """Class, start and end of each route, the most important first."""
    seats = places.seats.tolist()
    exits = np.flatnonzero(places.is_exit).tolist()
    for number, way_out in enumerate(exits):
        yield "trunk" if number % 2 == 0 else "primary", seats[0], way_out
    for seat in seats[1:]:
        yield "primary", seats[0], seat
    tree = cKDTree(places.xy[seats])
    for number, seat in enumerate(seats):
        _, nearest = tree.query(places.xy[seat], k=_TOWN_NEIGHBOURS + 1)
        for other in np.asarray(nearest).tolist()[1:]:
            if other > number:
                yield "secondary", seat, seats[other]
    villages = np.flatnonzero((places.town < 0) & ~places.is_exit)
    chosen = villages[ground.random("village routes").random(len(villages)) < _VILLAGE_ROUTES]
    _, own = tree.query(places.xy[chosen])
    for village, town in zip(chosen.tolist(), np.asarray(own).tolist(), strict=True):
        yield "tertiary", seats[town], village


def _path(pairs: Ints, cost: Array, count: int, start: int, end: int) -> list[int]:
    """Return the cheapest path, as places from end to start."""
    _, before = dijkstra(
        _matrix(pairs, cost, count), directed=False, indices=[start], return_predecessors=True
    )
    path = [end]
    while path[-1] != start:
        path.append(int(before[0, path[-1]]))
    return path


def _largest(pairs: Ints, kept: Flags, count: int) -> Flags:
    """Which links belong to the largest part that the kept ones hold together."""
    matrix = _matrix(pairs[kept], np.ones(int(kept.sum())), count)
    part = connected_components(matrix, directed=False)[1]
    return np.asarray(part[pairs[:, 0]] == np.bincount(part).argmax())


def _matrix(pairs: Ints, cost: Array, count: int) -> csr_array[np.float64, tuple[int, int]]:
    return coo_array((cost, (pairs[:, 0], pairs[:, 1])), shape=(count, count)).tocsr()


def _length_m(xy: Array, pairs: Ints) -> Array:
    return np.asarray(np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T))
