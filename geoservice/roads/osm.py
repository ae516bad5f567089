"""Reading an OpenStreetMap extract (`.osm.pbf`), three times, with memory for ids only.

1. `survey`: every way with a highway tag, and the turn restrictions: which ways are kept, and
   which nodes they use once or more than once, in sorted arrays of ids (8 bytes a use).
2. `locate`: where the nodes are, in osmium's compact array (16 bytes a node of the file), and
   which of those used hold a barrier. No `IdFilter` here: its bitmap takes 4 MB for every 32
   million ids between the nodes, 1.5 GB with the ids of today (1.9 GB was measured).
3. `way_batches`: the kept ways again, with their nodes' places, some thousand at a time.
"""

from array import array
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from osmium.filter import KeyFilter, TagFilter
from osmium.osm import NODE, RELATION, WAY

from geoservice.errors import FileError
from geoservice.roads.arcs import Floats, Ints, Ways
from geoservice.roads.pbf import objects
from geoservice.roads.records import Restriction, RoadTags, Tallies
from geoservice.roads.restrictions import read_restriction
from geoservice.roads.tags import barrier_blocks, drop_reason, read_tags

OnProgress = Callable[[str, int, int | None], None]

_BATCH_NODES = 50_000
_TELL_EVERY = 1_000
_DEGREE = 10_000_000  # OpenStreetMap counts in whole 1e-7 degrees
_NOWHERE = 2**31 - 1  # osmium's coordinate of a node that it does not know


@dataclass(frozen=True)
class Survey:
    """What the first reading found: ids only."""

    ways_read: int
    ways_kept: int
    used: Ints  # node ids, sorted
    shared: Ints  # those used more than once, sorted
    restrictions: list[Restriction]


@dataclass(frozen=True)
class Located:
    """Where the used nodes are, and which of them stop vehicles (sorted)."""

    places: osmium.NodeLocationsForWays
    blocked: Ints


def survey(
    path: Path, classes: Collection[str], tallies: Tallies, on_progress: OnProgress
) -> Survey:
    """Read ways and restrictions once; what is not kept is tallied.

    Raises
    ------
    FileError
        The file is damaged.
    """
    uses, kept, read = array("q"), 0, 0
    restrictions: list[Restriction] = []
    for thing in _ways_and_restrictions(path):
        if thing.is_relation():
            restrictions += _restriction(thing, tallies)
            continue
        read += 1
        if read % _TELL_EVERY == 0:
            on_progress("read", read, None)
        reason = drop_reason(thing.tags, classes)
        if reason is not None:
            tallies.add("way", reason, thing.id)
            continue
        kept += 1
        uses.extend([node.ref for node in thing.nodes])
    on_progress("read", read, read)
    used, shared = _used_and_shared(path, uses)
    return Survey(read, kept, used, shared, restrictions)


def locate(path: Path, used: Ints, on_progress: OnProgress) -> Located:
    """Find the places of the used nodes, and the barriers among them.

    Raises
    ------
    FileError
        The file is damaged.
    """
    on_progress("locate", 0, None)
    places = osmium.NodeLocationsForWays(osmium.index.create_map("sparse_mmap_array"))
    places.ignore_errors()  # an extract may lack nodes of ways that leave it
    barriers = objects(path, NODE, places, KeyFilter("barrier"))
    blocked = [node.id for node in barriers if barrier_blocks(node.tags)]
    on_progress("locate", len(used), len(used))
    return Located(places, np.intersect1d(np.asarray(blocked, np.int64), used))


def way_batches(
    path: Path, located: Located, classes: Collection[str]
) -> Iterator[tuple[Ways, list[RoadTags]]]:
    """Yield the kept ways with their nodes' places, about fifty thousand nodes at a time.

    Raises
    ------
    FileError
        The file is damaged.
    """
    batch = _Collected()
    for way in objects(path, WAY, KeyFilter("highway"), located.places):
        if drop_reason(way.tags, classes) is None:
            batch.add(way)
        if len(batch.refs) >= _BATCH_NODES:
            yield batch.taken()
            batch = _Collected()
    yield batch.taken()


class _Collected:
    """Ways gathered in flat arrays."""

    def __init__(self) -> None:
        self.tags: list[RoadTags] = []
        self.ids, self.refs, self.counts = array("q"), array("q"), array("q")
        self.x, self.y = array("q"), array("q")

    def add(self, way: Any) -> None:
        """Take a copy: osmium's object is gone when the next one comes."""
        self.tags.append(read_tags(dict(way.tags)))
        self.ids.append(way.id)
        self.counts.append(len(way.nodes))
        for node in way.nodes:
            self.refs.append(node.ref)
            self.x.append(node.x)
            self.y.append(node.y)

    def taken(self) -> tuple[Ways, list[RoadTags]]:
        """Return what was gathered as arrays."""
        way = np.repeat(np.arange(len(self.ids)), _ints(self.counts))
        lonlat = np.column_stack((_degrees(self.x), _degrees(self.y)))
        return Ways(_ints(self.ids), _ints(self.refs), lonlat, way), self.tags


def _ways_and_restrictions(path: Path) -> Iterator[Any]:
    roads, turns = KeyFilter("highway"), TagFilter(("type", "restriction"))
    roads.enable_for(WAY)
    turns.enable_for(RELATION)
    return objects(path, WAY | RELATION, roads, turns)


def _restriction(relation: Any, tallies: Tallies) -> list[Restriction]:
    members = [(member.type, member.ref, member.role) for member in relation.members]
    found = read_restriction(relation.id, dict(relation.tags), members)
    if isinstance(found, str):
        tallies.add("restriction", found, relation.id)
        return []
    return found


def _used_and_shared(path: Path, uses: "array[int]") -> tuple[Ints, Ints]:
    """Sort in place: five million uses are 40 MB, and no Python objects."""
    ids = _ints(uses)
    ids.sort()
    if len(ids) and ids[0] < 0:
        raise FileError(
            f"{path.name}: node {ids[0]}: negative ids come from an editor, not from an extract",
            zh=f"{path.name}：节点编号 {ids[0]} 为负：这是编辑器文件，不是提取文件",
        )
    repeats = ids[1:] == ids[:-1]
    end = np.zeros(min(len(ids), 1), bool)
    is_first = ~np.concatenate((end, repeats))
    return ids[is_first], ids[is_first & np.concatenate((repeats, end))]


def _ints(values: "array[int]") -> Ints:
    return np.frombuffer(values, np.int64) if len(values) else np.empty(0, np.int64)


def _degrees(values: "array[int]") -> Floats:
    fixed = _ints(values)
    return np.where(fixed == _NOWHERE, np.nan, fixed / _DEGREE)
