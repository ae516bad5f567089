"""Turn restrictions as pairs of arcs (pure)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Restriction:
    """A turn, from road to road at a node, that is not allowed, or the only one that is."""

    kind: str
    from_road_id: int
    via_node_id: int
    to_road_id: int


@dataclass(frozen=True, eq=False)
class Joints:
    """Arcs by their ends: ids of their roads, and of the nodes they run between; ``(m,)`` each."""

    road_id: NDArray[np.int64]
    from_node: NDArray[np.int64]
    to_node: NDArray[np.int64]

    def at(self, nodes: set[int]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        """Return the arcs that end, and those that begin, at each of these nodes."""
        wanted = np.fromiter(nodes, np.int64, len(nodes))
        found = []
        for ends in (self.to_node, self.from_node):
            by_node: dict[int, list[int]] = defaultdict(list)
            for arc in np.flatnonzero(np.isin(ends, wanted)).tolist():
                by_node[int(ends[arc])].append(arc)
            found.append(by_node)
        return found[0], found[1]


def banned_turns(joints: Joints, restrictions: Iterable[Restriction]) -> set[tuple[int, int]]:
    """Return the pairs of arcs (from, to) that may not be driven one after the other.

    `no_...` bans the turn named. `only_...` bans every other turn out of the arc, turning back
    too; of several at one node each is allowed. Where a road goes on through the node, `no_u_turn`
    onto itself means turning back, any other kind going on.
    """
    rows = list(restrictions)
    ending, beginning = joints.at({row.via_node_id for row in rows})
    banned: set[tuple[int, int]] = set()
    allowed: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        arcs_in = _of_road(joints, ending[row.via_node_id], row.from_road_id)
        arcs_out = _of_road(joints, beginning[row.via_node_id], row.to_road_id)
        turns = [(a, b) for a in arcs_in for b in arcs_out if _is_meant(joints, row, a, b)]
        if row.kind.startswith("only_"):
            for a, b in turns:
                allowed[a].add(b)
        else:
            banned.update(turns)
    for a, only in allowed.items():
        banned.update((a, b) for b in beginning[int(joints.to_node[a])] if b not in only)
    return banned


def _of_road(joints: Joints, arcs: list[int], road_id: int) -> list[int]:
    return [arc for arc in arcs if joints.road_id[arc] == road_id]


def _is_meant(joints: Joints, row: Restriction, a: int, b: int) -> bool:
    if row.from_road_id != row.to_road_id:
        return True
    turns_back = bool(joints.to_node[b] == joints.from_node[a])
    return turns_back == row.kind.endswith("u_turn")
