"""The road graph as arrays, which all processes share.

Arcs are directed. They are numbered along a curve through the places of their ends (z-order), so
that what is near on the ground is near in memory, and those that end at one node follow each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoservice.network.bans import Joints, Restriction, banned_turns
from geoservice.network.standing import ENTERED, LEFT, standing

JUNCTION, RESTRICTED = 1, 2  # flags of a node

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """``m`` arcs and ``n`` nodes.

    ``ids`` are sorted, ``arc_of_id`` says which arc each is. Arcs ``in_start[v]`` to
    ``in_start[v + 1]`` end at node ``v``, ``out_arcs`` from ``out_start[v]`` on begin there.
    ``bans_in`` and ``bans_out`` are turns not allowed, as one number: the arc searched from first.
    Headings are whole degrees from north; a surface is its place in ``surfaces``; no limit is
    ``inf``.
    """

    ids: Longs
    arc_of_id: Ints
    arc_ids: Longs
    from_node: Ints
    to_node: Ints
    length_m: Floats
    speed_kph: Floats
    gradient_pct: Floats
    max_height_m: Floats
    max_weight_t: Floats
    surface: Bytes
    start_deg: NDArray[np.int16]
    end_deg: NDArray[np.int16]
    stands: Bytes
    in_start: Ints
    in_arcs: Ints
    out_start: Ints
    out_arcs: Ints
    flags: Bytes
    bans_in: Longs
    bans_out: Longs
    surfaces: tuple[str, ...]
    turns: int
    joins: int

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return int(self.arc_ids.size)

    def find_arcs(self, ids: Longs) -> Ints:
        """Return the arc of each id, ``-1`` where there is no such arc."""
        if self.ids.size == 0:
            return np.full(np.shape(ids), -1, np.int32)
        at = np.minimum(np.searchsorted(self.ids, ids), self.ids.size - 1)
        return np.where(self.ids[at] == ids, self.arc_of_id[at], -1).astype(np.int32)

    @cached_property
    def is_left(self) -> NDArray[np.bool_]:
        """Whether each arc leads to the main part of the network it belongs to."""
        return (self.stands & LEFT) > 0

    @cached_property
    def is_entered(self) -> NDArray[np.bool_]:
        """Whether each arc can be driven to from the main part of the network it belongs to."""
        return (self.stands & ENTERED) > 0

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, NDArray[Any]],
        restrictions: Iterable[Restriction] = (),
        surfaces: Sequence[str] = ("",),
    ) -> "RoadNetwork":
        """Return the network of arcs given as columns, in any order.

        Parameters
        ----------
        columns
            ``id``, ``road_id``, ``from_node``, ``to_node``, ``length_m``, ``speed_kph``,
            ``gradient_pct``, ``max_height_m``, ``max_weight_t`` (NaN: none), ``surface`` (its place
            in ``surfaces``), ``start_deg``, ``end_deg``, ``lon``, ``lat`` (of the arc's end); each
            of shape ``(m,)``.
            No arcs give an empty network.

        Raises
        ------
        ValueError
            Lengths or speeds are impossible, or an id comes twice.
        """
        _check(columns)
        nodes, from_node, to_node = _numbered(columns)
        order = np.lexsort((columns["id"], to_node))
        column = {name: np.asarray(values)[order] for name, values in columns.items()}
        from_node, to_node = from_node[order], to_node[order]
        by_id = np.argsort(column["id"], kind="stable").astype(np.int32)
        out_arcs = np.argsort(from_node, kind="stable").astype(np.int32)
        ends = ("road_id", "from_node", "to_node")
        joints = Joints(*(column[name].astype(np.int64) for name in ends))
        bans = np.array(sorted(banned_turns(joints, restrictions)), np.int64).reshape(-1, 2)
        ins, outs = (np.bincount(ends, minlength=nodes) for ends in (to_node, from_node))
        return cls(
            ids=column["id"][by_id].astype(np.int64),
            arc_of_id=by_id,
            arc_ids=column["id"].astype(np.int64),
            from_node=from_node,
            to_node=to_node,
            length_m=column["length_m"].astype(np.float64),
            speed_kph=column["speed_kph"].astype(np.float64),
            gradient_pct=np.nan_to_num(column["gradient_pct"].astype(np.float64)),
            max_height_m=_or_none(column["max_height_m"]),
            max_weight_t=_or_none(column["max_weight_t"]),
            surface=column["surface"].astype(np.uint8),
            start_deg=column["start_deg"].astype(np.int16),
            end_deg=column["end_deg"].astype(np.int16),
            stands=standing(from_node, to_node, nodes),
            in_start=_starts(ins),
            in_arcs=np.arange(from_node.size, dtype=np.int32),
            out_start=_starts(outs),
            out_arcs=out_arcs,
            flags=_flags(from_node, to_node, nodes, bans),
            bans_in=np.sort(bans[:, 1] * order.size + bans[:, 0]),
            bans_out=np.sort(bans[:, 0] * order.size + bans[:, 1]),
            surfaces=tuple(surfaces),
            turns=int((ins * outs).sum()),
            joins=int(max(ins.max(initial=0), outs.max(initial=0))),
        )


def _check(columns: Mapping[str, NDArray[Any]]) -> None:
    shapes = {np.shape(values) for values in columns.values()}
    if len(shapes) != 1:
        raise ValueError(f"columns of different shapes: {shapes}")
    length_m, speed_kph = columns["length_m"], columns["speed_kph"]
    if not (np.isfinite(length_m).all() and (length_m >= 0).all()):
        raise ValueError("lengths must be finite and not negative")
    if not (np.isfinite(speed_kph).all() and (speed_kph > 0).all()):
        raise ValueError("speeds must be finite and above 0")
    if np.unique(columns["id"]).size != np.size(columns["id"]):
        raise ValueError("an arc id comes twice")


def _numbered(columns: Mapping[str, NDArray[Any]]) -> tuple[int, Ints, Ints]:
    """Return how many nodes there are, and both ends of each arc, numbered along the curve."""
    ends = np.concatenate([columns["to_node"], columns["from_node"]]).astype(np.int64)
    _, first, index = np.unique(ends, return_index=True, return_inverse=True)
    # A node that no arc ends at has no place here: it comes first.
    place = np.zeros(ends.size, np.int64)
    place[: ends.size // 2] = _z_order(columns["lon"], columns["lat"])
    rank = np.empty(first.size, np.int32)
    rank[np.argsort(place[first], kind="stable")] = np.arange(first.size, dtype=np.int32)
    to_node, from_node = np.split(rank[index], 2)
    return first.size, from_node, to_node


def _z_order(lon: NDArray[Any], lat: NDArray[Any]) -> Longs:
    """Return places along the curve that interleaves the bits of longitude and latitude."""
    found = np.zeros(np.size(lon), np.int64)
    for shift, values in ((0, lon), (1, lat)):
        cell = ((np.asarray(values, np.float64) + 180) / 360 * (2**31 - 1)).astype(np.int64)
        for bits, mask in (
            (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
            (2, 0x3333333333333333), (1, 0x5555555555555555),
        ):  # fmt: skip
            cell = (cell | (cell << bits)) & mask
        found |= cell << shift
    return found


def _starts(counts: NDArray[Any]) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)


def _or_none(limit: NDArray[Any]) -> Floats:
    values = np.asarray(limit, np.float64)
    return np.where(np.isnan(values), np.inf, values)


def _flags(from_node: Ints, to_node: Ints, nodes: int, bans: Longs) -> Bytes:
    """Say where three or more roads meet, and where a turn is restricted."""
    here = np.concatenate([from_node, to_node]).astype(np.int64)
    there = np.concatenate([to_node, from_node])
    apart = here != there
    joined = np.unique(here[apart] * max(nodes, 1) + there[apart]) // max(nodes, 1)
    flags = np.where(np.bincount(joined, minlength=nodes) >= 3, JUNCTION, 0).astype(np.uint8)
    flags[to_node[bans[:, 0]]] |= RESTRICTED
    return flags
