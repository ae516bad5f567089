"""Driving times and ways from places beside the road to one incident, on arrays.

One search runs backwards from the incident, over a node of its own that the incident's arcs
lead to. A place meets the road at its landings: one on each arc (direction of travel) of the
nearest road, part of the way along; it drives on from there in the arc's direction.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geoservice.network.graph import LEAST_S, Floats, Ints, Weights

# The search widens until enough is found; whatever is found within the limit is final.
FIRST_LIMIT_S = 600.0
LAST_LIMIT_S = 2400.0
# "No limit" is a finite number: with an infinite one scipy would walk into closed (inf) arcs.
NO_LIMIT_S = 1e9


@dataclass(frozen=True, eq=False)
class Landings:
    """Where places meet the road; three arrays of one length, several rows a place.

    ``fraction`` is the part of the arc's length from its start to the landing, 0 to 1.
    """

    place: Ints
    arc: Ints
    fraction: Floats

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        if not self.place.shape == self.arc.shape == self.fraction.shape:
            raise ValueError("landings of different shapes")
        if ((self.fraction < 0) | (self.fraction > 1)).any():
            raise ValueError("a landing lies on its arc: fraction from 0 to 1")


@dataclass(frozen=True, eq=False)
class Tree:
    """Seconds from each node to the incident, and the node to drive to next.

    ``next_node`` is the number of nodes where the next stop is the incident itself, and
    negative where no way was found within the limit.
    """

    time_s: Floats
    next_node: Ints


@dataclass(frozen=True, eq=False)
class Arrivals:
    """For each place: seconds to the incident (``inf``: no way found) and the landing used.

    ``direct`` is the incident's landing reached on the same arc, -1 where the way goes over
    nodes; ``landing`` is -1 where the place has none.
    """

    time_s: Floats
    landing: Ints
    direct: Ints


@dataclass(frozen=True, eq=False)
class Way:
    """Arcs driven, in order, each from one fraction of its length to another."""

    arc: Ints
    start: Floats
    end: Floats


def search(weights: Weights, incident: Landings, limit_s: float) -> Tree:
    """Return driving times to the incident from every node within ``limit_s``.

    An incident without landings is reached from nowhere.
    """
    network = weights.network
    n = network.node_ids.size
    entry_s = np.maximum(incident.fraction * weights.arc_s[incident.arc], LEAST_S)
    entries = np.full(n, np.inf)
    np.minimum.at(entries, network.from_node[incident.arc], entry_s)
    nodes = np.flatnonzero(np.isfinite(entries)).astype(np.int32)
    graph = csr_array(
        (
            np.concatenate([weights.slot_s, entries[nodes]]),
            np.concatenate([network.slot_node, nodes]),
            np.append(network.row_start, np.int32(network.slots + nodes.size)),
        ),
        shape=(n + 1, n + 1),
    )
    time_s, before = dijkstra(graph, indices=np.array([n]), return_predecessors=True, limit=limit_s)
    return Tree(time_s[0, :n], before[0, :n])


def arrivals(
    weights: Weights, tree: Tree, incident: Landings, places: Landings, count: int
) -> Arrivals:
    """Return how each of ``count`` places gets to the incident fastest.

    Staying on one arc counts where the incident lies further along it. Between equal ways the
    first landing wins.
    """
    arc_s = weights.arc_s[places.arc]
    best_s = (1 - places.fraction) * arc_s + tree.time_s[weights.network.to_node[places.arc]]
    direct = np.full(places.arc.size, -1, np.int32)
    for i, (arc, fraction) in enumerate(zip(incident.arc, incident.fraction, strict=True)):
        ahead = fraction - places.fraction
        stay_s = np.where((places.arc == arc) & (ahead >= 0), ahead * arc_s, np.inf)
        direct = np.where(stay_s < best_s, i, direct).astype(np.int32)
        best_s = np.minimum(best_s, stay_s)
    order = np.lexsort((best_s, places.place))
    present, first = np.unique(places.place[order], return_index=True)
    chosen = order[first]
    found = Arrivals(
        np.full(count, np.inf), np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    )
    found.time_s[present] = best_s[chosen]
    found.landing[present] = chosen
    found.direct[present] = direct[chosen]
    return found


def find_nearest(
    weights: Weights,
    incident: Landings,
    places: Landings,
    count: int,
    *,
    wanted: int,
    within_s: float | None = None,
) -> tuple[Tree, Arrivals]:
    """Search wider and wider until ``wanted`` of ``count`` places are reached or all is searched.

    Nothing beyond the last limit, or beyond ``within_s``, counts as reached: what is told is
    final.
    """
    end_s = NO_LIMIT_S if within_s is None else within_s
    wanted = min(wanted, np.unique(places.place).size)
    limit_s = min(FIRST_LIMIT_S, end_s)
    while True:
        tree = search(weights, incident, limit_s)
        found = arrivals(weights, tree, incident, places, count)
        found.time_s[found.time_s > limit_s] = np.inf
        if np.isfinite(found.time_s).sum() >= wanted or limit_s >= end_s:
            return tree, found
        limit_s = min(2 * limit_s if limit_s < LAST_LIMIT_S else NO_LIMIT_S, end_s)


def cut_off(
    weights: Weights, incident: Landings, places: Landings, found: Arrivals
) -> NDArray[np.bool_]:
    """Return for each place whether no open road leads from it to the incident, however far.

    A place in the incident's region is not, without a search; only if some place is elsewhere
    is the whole network searched. A place without a landing is cut off.
    """
    network = weights.network
    can_come = np.isfinite(found.time_s)
    home = np.unique(weights.region[network.from_node[incident.arc]])
    inside = np.isin(weights.region[network.to_node[places.arc]], home)
    can_come[places.place[inside]] = True
    if not can_come[places.place].all():
        tree = search(weights, incident, NO_LIMIT_S)
        can_come |= np.isfinite(arrivals(weights, tree, incident, places, can_come.size).time_s)
    return ~can_come


def way_of(
    weights: Weights,
    tree: Tree,
    incident: Landings,
    places: Landings,
    arrived: tuple[int, int],
) -> Way:
    """Return the arcs from a place to the incident.

    ``arrived`` is the place's landing and the direct one, as `Arrivals` has them, for a place
    that a way was found for.
    """
    landing, direct = arrived
    arc, fraction = int(places.arc[landing]), float(places.fraction[landing])
    if direct >= 0:
        end = incident.fraction[[direct]]
        return Way(np.array([arc], np.int32), np.array([fraction]), end)
    network = weights.network
    nodes = [int(network.to_node[arc])]
    while (onward := int(tree.next_node[nodes[-1]])) != network.node_ids.size:
        nodes.append(onward)
    passed = np.array(nodes, np.int32)
    last = np.flatnonzero(network.from_node[incident.arc] == passed[-1])
    entry_s = incident.fraction[last] * weights.arc_s[incident.arc[last]]
    entry = last[np.argmin(entry_s)]
    between = weights.fastest_arcs(passed[:-1], passed[1:])
    return Way(
        arc=np.concatenate([[arc], between, [incident.arc[entry]]]).astype(np.int32),
        start=np.concatenate([[fraction], np.zeros(between.size + 1)]),
        end=np.concatenate([np.ones(between.size + 1), [incident.fraction[entry]]]),
    )


def length_m(weights: Weights, way: Way) -> float:
    """Return the metres driven."""
    return float(((way.end - way.start) * weights.network.length_m[way.arc]).sum())
