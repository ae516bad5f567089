"""The road graph as arrays, and its travel times under closures.

Arcs are directed and sorted by id. For searching backwards from an incident they are also kept
as compressed rows of the reversed graph: row = node reached, columns = nodes it is reached from.
A pair of nodes is one *slot* there, however many arcs join them: scipy would add the times of
duplicates up when it tidies a matrix, so a slot holds the fastest and knows its arcs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

# scipy takes a stored zero for a missing arc in places: an arc of no time gets a nanosecond.
LEAST_S = 1e-9
# Parts of the network that nothing connects to the rest and that hold under 1 % of its arcs are
# mapping slips (a car park without its driveway): a place is not put on them.
ISLAND_SHARE = 0.01

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Directed arcs and the rows of the reversed graph.

    Shapes: ``m`` arcs, ``n`` nodes, ``s`` slots. ``row_start`` is ``(n + 1,)``; slot ``j`` of row
    ``v`` leads from node ``slot_node[j]`` to ``v`` by the arcs
    ``slot_arcs[slot_start[j]:slot_start[j + 1]]``.
    """

    arc_ids: Longs
    from_node: Ints
    to_node: Ints
    time_s: Floats
    length_m: Floats
    node_ids: Longs
    row_start: Ints
    slot_node: Ints
    slot_start: Ints
    slot_arcs: Ints

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        arcs = {a.shape for a in (self.from_node, self.to_node, self.time_s, self.length_m)}
        if arcs != {self.arc_ids.shape} or self.slot_arcs.shape != self.arc_ids.shape:
            raise ValueError(f"arc arrays of different shapes: {arcs}")
        if self.row_start.size != self.node_ids.size + 1 or self.row_start[-1] != self.slots:
            raise ValueError("rows do not cover the nodes and slots")
        if not (np.isfinite(self.time_s).all() and (self.time_s >= 0).all()):
            raise ValueError("travel times must be finite and not negative")
        if (np.diff(self.arc_ids) <= 0).any():
            raise ValueError("arc ids must ascend")

    @property
    def slots(self) -> int:
        """Number of joined pairs of nodes."""
        return int(self.slot_node.size)

    @classmethod
    def from_columns(cls, columns: Mapping[str, NDArray[Any]]) -> "RoadNetwork":
        """Return the network of arcs given as columns, in any order.

        Parameters
        ----------
        columns
            ``id``, ``from_node``, ``to_node`` (whole numbers), ``time_s``, ``length_m``; each of
            shape ``(m,)``. No arcs give an empty network.

        Raises
        ------
        ValueError
            Times are negative or not finite, or an id comes twice.
        """
        order = np.argsort(columns["id"], kind="stable")
        column = {name: np.asarray(values)[order] for name, values in columns.items()}
        ends = np.concatenate([column["from_node"], column["to_node"]]).astype(np.int64)
        node_ids, index = np.unique(ends, return_inverse=True)
        from_node, to_node = np.split(index.astype(np.int32), 2)
        pair = to_node.astype(np.int64) * max(node_ids.size, 1) + from_node
        slot_arcs = np.argsort(pair, kind="stable")
        slot_pair, slot_start = np.unique(pair[slot_arcs], return_index=True)
        rows, slot_node = np.divmod(slot_pair, max(node_ids.size, 1))
        return cls(
            arc_ids=column["id"].astype(np.int64),
            from_node=from_node,
            to_node=to_node,
            time_s=column["time_s"].astype(np.float64),
            length_m=column["length_m"].astype(np.float64),
            node_ids=node_ids,
            row_start=np.searchsorted(rows, np.arange(node_ids.size + 1)).astype(np.int32),
            slot_node=slot_node.astype(np.int32),
            slot_start=slot_start.astype(np.int32),
            slot_arcs=slot_arcs.astype(np.int32),
        )

    def pair(self, from_nodes: Ints, to_nodes: Ints) -> Longs:
        """Return one number for each pair of nodes; the pairs of slots ascend."""
        return to_nodes.astype(np.int64) * self.node_ids.size + from_nodes

    @cached_property
    def slot_pair(self) -> Longs:
        """The pair of nodes of each slot."""
        rows = np.repeat(np.arange(self.node_ids.size, dtype=np.int32), np.diff(self.row_start))
        return self.pair(self.slot_node, rows)

    def find_arcs(self, ids: Longs) -> Ints:
        """Return the index of each arc id, ``-1`` where there is no such arc."""
        if self.arc_ids.size == 0:
            return np.full(np.shape(ids), -1, np.int32)
        at = np.minimum(np.searchsorted(self.arc_ids, ids), self.arc_ids.size - 1)
        return np.where(self.arc_ids[at] == ids, at, -1).astype(np.int32)

    @cached_property
    def _part(self) -> Ints:
        """A number for each node; nodes with the same hang together, one way or the other."""
        return connected_components(_joins(self), connection="weak")[1].astype(np.int32)

    @cached_property
    def on_island(self) -> NDArray[np.bool_]:
        """Whether each arc lies on a small part that nothing joins to the rest."""
        part_of_arc = self._part[self.from_node]
        arcs_in_part = np.bincount(part_of_arc, minlength=1)
        # The largest part is the network, however much of it lies in pieces.
        main = min(ISLAND_SHARE * self.arc_ids.size, int(arcs_in_part.max()))
        share: NDArray[np.bool_] = arcs_in_part[part_of_arc] < main
        return share

    @cached_property
    def _main_nodes(self) -> Ints:
        """One node of the main part of each part that has one.

        Of nodes that hang together the main part is the half or more that all reach one another;
        a few one-way roads have none.
        """
        strong = connected_components(_joins(self), connection="strong")[1]
        first = np.unique(strong, return_index=True)[1]
        is_main = np.bincount(strong) >= np.bincount(self._part)[self._part[first]] / 2
        return first[is_main].astype(np.int32)

    @cached_property
    def is_entered(self) -> NDArray[np.bool_]:
        """Whether each arc can be driven to from the main part of the network it belongs to."""
        return ~self.on_island & self._joined(_joins(self).T.tocsr())[self.from_node]

    @cached_property
    def is_left(self) -> NDArray[np.bool_]:
        """Whether each arc leads to the main part of the network it belongs to."""
        return ~self.on_island & self._joined(_joins(self))[self.to_node]

    def _joined(self, graph: "csr_array[Any, tuple[int, int]]") -> NDArray[np.bool_]:
        """Whether each node is found in ``graph`` from its main part; true where it has none."""
        found: NDArray[np.bool_] = ~np.isin(self._part, self._part[self._main_nodes])
        for node in self._main_nodes.tolist():
            found[breadth_first_order(graph, node, return_predecessors=False)] = True
        return found

    def weigh(self, arcs: Ints, speed_factors: Floats) -> "Weights":
        """Return travel times with closures in force.

        Parameters
        ----------
        arcs, speed_factors
            An arc index and its factor on the free speed, a pair for each closure on it; 0 is
            closed, and factors of several closures multiply.
        """
        factor = np.ones(self.arc_ids.size)
        np.multiply.at(factor, arcs, speed_factors)
        arc_s = np.full(self.arc_ids.size, np.inf)
        np.divide(self.time_s, factor, out=arc_s, where=factor > 0)
        if self.slots == 0:
            return Weights(self, arc_s, np.empty(0))
        fastest = np.minimum.reduceat(arc_s[self.slot_arcs], self.slot_start)
        return Weights(self, arc_s, np.maximum(fastest, LEAST_S))


@dataclass(frozen=True, eq=False)
class Weights:
    """Seconds to drive each arc, and each slot by its fastest; ``inf`` where closed."""

    network: RoadNetwork
    arc_s: Floats
    slot_s: Floats

    @cached_property
    def _slot_arc(self) -> Ints:
        """The quickest arc of each slot; of equal ones, closed ones too, the lowest id."""
        network = self.network
        seconds = self.arc_s[network.slot_arcs]
        sizes = np.diff(network.slot_start, append=network.slot_arcs.size)
        least = np.repeat(np.minimum.reduceat(seconds, network.slot_start), sizes)
        at = np.where(seconds == least, np.arange(seconds.size), seconds.size)
        arcs: Ints = network.slot_arcs[np.minimum.reduceat(at, network.slot_start)]
        return arcs

    def fastest_arcs(self, from_nodes: Ints, to_nodes: Ints) -> Ints:
        """Return the arc that is quickest between each two nodes, which some arc must join."""
        network = self.network
        if from_nodes.size == 0:
            return np.empty(0, np.int32)
        slots = np.searchsorted(network.slot_pair, network.pair(from_nodes, to_nodes))
        return self._slot_arc[slots]

    @cached_property
    def region(self) -> Ints:
        """A number for each node; nodes with the same reach one another on open roads."""
        matrix = _matrix(self.network, self.slot_s)
        matrix.data[np.isinf(matrix.data)] = 0
        matrix.eliminate_zeros()
        return connected_components(matrix, connection="strong")[1].astype(np.int32)


def _joins(network: RoadNetwork) -> "csr_array[Any, tuple[int, int]]":
    """Return the reversed graph with every road open, for who hangs on whom."""
    return _matrix(network, np.ones(network.slots))


def _matrix(network: RoadNetwork, slot_s: Floats) -> "csr_array[Any, tuple[int, int]]":
    """Return the reversed graph for scipy; its arrays are copies."""
    n = network.node_ids.size
    parts = (slot_s, network.slot_node, network.row_start)
    return csr_array(parts, shape=(n, n), copy=True)
