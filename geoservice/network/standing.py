"""On which arcs a place may be put: those that hang together with the rest (pure)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

# Parts of the network that nothing connects to the rest and that hold under 1 % of its arcs are
# mapping slips (a car park without its driveway): a place is not put on them.
ISLAND_SHARE = 0.01
LEFT, ENTERED = 1, 2  # an arc leads to the main part; it can be driven to from there

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


def standing(from_node: Ints, to_node: Ints, nodes: int) -> NDArray[np.uint8]:
    """Return for each arc whether one can leave it for the main part, and enter it from there.

    ``LEFT`` and ``ENTERED``, or neither on an island; every road open. No arcs give none.
    """
    if from_node.size == 0:
        return np.empty(0, np.uint8)
    graph = csr_array((np.ones(from_node.size, np.int8), (from_node, to_node)), (nodes, nodes))
    part = connected_components(graph, connection="weak")[1]
    main = _main_nodes(graph, part)
    near = ~_on_island(part[from_node])
    left = near & _joined(graph.T.tocsr(), part, main)[to_node]
    entered = near & _joined(graph, part, main)[from_node]
    return (LEFT * left + ENTERED * entered).astype(np.uint8)


def _on_island(part_of_arc: NDArray[Any]) -> Flags:
    """Whether each arc lies on a small part that nothing joins to the rest."""
    arcs_in_part = np.bincount(part_of_arc)
    # The largest part is the network, however much of it lies in pieces.
    main = min(ISLAND_SHARE * part_of_arc.size, int(arcs_in_part.max()))
    found: Flags = arcs_in_part[part_of_arc] < main
    return found


def _main_nodes(graph: "csr_array[Any, tuple[int, int]]", part: NDArray[Any]) -> NDArray[np.int64]:
    """One node of the main part of each part that has one.

    Of nodes that hang together the main part is the half or more that all reach one another;
    a few one-way roads have none.
    """
    strong = connected_components(graph, connection="strong")[1]
    first = np.unique(strong, return_index=True)[1]
    is_main = np.bincount(strong) >= np.bincount(part)[part[first]] / 2
    found: NDArray[np.int64] = first[is_main].astype(np.int64)
    return found


def _joined(
    graph: "csr_array[Any, tuple[int, int]]", part: NDArray[Any], main: NDArray[np.int64]
) -> Flags:
    """Whether each node is found in ``graph`` from its main part; true where it has none."""
    found: Flags = ~np.isin(part, part[main])
    for node in main.tolist():
        found[breadth_first_order(graph, node, return_predecessors=False)] = True
    return found
