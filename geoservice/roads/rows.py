"""Split ways as rows of `core.road`, `road_node` and `road_edge`. Pure; remembers ids given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoservice.crs import STORE_SRID
from geoservice.roads.arcs import (
    Flags,
    Floats,
    Ints,
    Stretches,
    Ways,
    along_m,
    bounds,
    covered,
    cut_pieces,
    inside,
    lines,
    split_arcs,
)
from geoservice.roads.records import Box, FirstIds, RoadClass, RoadTags, ServiceBox, Source, Tallies

Rows = list[tuple[Any, ...]]
_M_PER_S_OF_KPH = 1 / 3.6


@dataclass(frozen=True)
class Batch:
    """Rows ready to copy, and what they add up to."""

    roads: Rows
    nodes: Rows
    edges: Rows
    ways_kept: int
    length_m: float
    bounds: Box | None  # of the roads kept


@dataclass
class NodeNumbers:
    """Ids of network nodes: a shared node always gets the same, an end of its own a new one.

    ``shared`` are the OpenStreetMap ids used more than once, sorted; ``blocked`` those where a
    barrier stops all vehicles: there every arc ends for itself.
    """

    shared: Ints
    blocked: Ints
    first_id: int
    written: Flags = field(init=False)
    own: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        """Nothing is written yet."""
        self.written = np.zeros(len(self.shared), bool)

    def is_split(self, refs: Ints) -> Flags:
        """Return where ways are cut, shape ``(n,)``."""
        return _among(refs, self.shared) | _among(refs, self.blocked)

    def numbered(self, refs: Ints) -> tuple[Ints, Flags]:
        """Return the id of each arc end, and which of them are to be written now."""
        is_shared = _among(refs, self.shared) & ~_among(refs, self.blocked)
        ids = np.empty(len(refs), np.int64)
        ranks = np.searchsorted(self.shared, refs[is_shared])
        ids[is_shared] = self.first_id + ranks
        count = int((~is_shared).sum())
        ids[~is_shared] = self.first_id + len(self.shared) + self.own + np.arange(count)
        self.own += count
        fresh = ~is_shared
        fresh[np.flatnonzero(is_shared)[_first_seen(ranks, self.written)]] = True
        self.written[ranks] = True
        return ids, fresh


@dataclass
class RowMaker:
    """Makes rows of batches of ways, counting on from the first free ids."""

    box: ServiceBox
    classes: Mapping[str, RoadClass]
    source: Source
    nodes: NodeNumbers
    first: FirstIds
    tallies: Tallies
    roads_made: int = 0
    edges_made: int = 0

    def rows(self, ways: Ways, tags: Sequence[RoadTags]) -> Batch:
        """Return the rows of a batch; ways without a usable stretch are tallied."""
        located = ~np.isnan(ways.lonlat[:, 0])
        usable = inside(ways.lonlat, self.box)
        along = along_m(ways, usable)
        pieces = cut_pieces(ways, usable)
        pieces = pieces.keep(along[pieces.last] > along[pieces.first])
        self._tally(ways, tags, pieces.owner, located, usable)
        arcs = split_arcs(ways, pieces, self.nodes.is_split(ways.refs))
        road_ids = self.first.road_id + self.roads_made + np.arange(len(pieces.owner))
        self.roads_made += len(road_ids)
        shapes = lines(ways, pieces)
        nodes, ends = self._nodes(ways, arcs)
        speeds = _speeds(tags, self.classes)[pieces.owner[arcs.owner]]
        edges = self._edges(lines(ways, arcs), along[arcs.last] - along[arcs.first],
                            road_ids[arcs.owner], ends, speeds)  # fmt: skip
        return Batch(
            roads=self._roads(ways, pieces, tags, road_ids, shapes),
            nodes=nodes,
            edges=edges,
            ways_kept=len(np.unique(pieces.owner)),
            length_m=float((along[pieces.last] - along[pieces.first]).sum()),
            bounds=bounds(ways.lonlat[covered(len(ways.refs), pieces)]),
        )

    def _roads(
        self, ways: Ways, pieces: Stretches, tags: Sequence[RoadTags], ids: Ints,
        shapes: NDArray[np.object_],
    ) -> Rows:  # fmt: skip
        rows: Rows = []
        previous, part = -1, 1
        columns = (ids.tolist(), pieces.owner.tolist(), _hex(shapes))
        for road_id, owner, geom in zip(*columns, strict=True):
            part = part + 1 if owner == previous else 1
            previous = owner
            way_id, of = int(ways.ids[owner]), tags[owner]
            code = f"osm-way-{way_id}" if part == 1 else f"osm-way-{way_id}-{part}"
            name = of.name or self.classes[of.road_class].zh
            rows.append((
                road_id, code, name, of.name_en, "public", self.source.source_doc,
                self.source.surveyed_on, way_id, of.road_class, of.ref, of.surface, of.access,
                of.is_bridge, of.is_tunnel, of.layer, of.direction, of.max_speed_kph,
                of.max_weight_t, of.max_height_m, geom,
            ))  # fmt: skip
        return rows

    def _nodes(self, ways: Ways, arcs: Stretches) -> tuple[Rows, NDArray[np.int64]]:
        """Return the new nodes, and the ids of both ends of each arc, shape ``(k, 2)``."""
        at = np.column_stack((arcs.first, arcs.last)).ravel()
        ids, fresh = self.nodes.numbered(ways.refs[at])
        points = np.asarray(shapely.points(ways.lonlat[at[fresh]]), object)
        points = shapely.set_srid(points, STORE_SRID)
        refs = ways.refs[at[fresh]]
        rows = list(zip(ids[fresh].tolist(), refs.tolist(), _hex(points), strict=True))
        return rows, ids.reshape(-1, 2)

    def _edges(
        self, shapes: NDArray[np.object_], lengths_m: Floats, road_ids: Ints,
        ends: NDArray[np.int64], speeds_kph: Floats,
    ) -> Rows:  # fmt: skip
        """Return an arc for each direction of travel that has a speed."""
        rows: Rows = []
        first_id = self.first.edge_id + self.edges_made
        # Column 0 along the way, column 1 against it.
        for column, made in enumerate((shapes, shapely.reverse(shapes))):
            open_to = ~np.isnan(speeds_kph[:, column])
            speed = speeds_kph[open_to, column]
            time_s = lengths_m[open_to] / (speed * _M_PER_S_OF_KPH)
            columns = (
                road_ids[open_to], ends[open_to, column], ends[open_to, 1 - column],
                lengths_m[open_to], speed, time_s,
            )  # fmt: skip
            numbered = zip(
                range(first_id + len(rows), first_id + len(rows) + len(speed)),
                *(values.tolist() for values in columns), _hex(made[open_to]), strict=True,
            )  # fmt: skip
            rows.extend(numbered)
        self.edges_made += len(rows)
        return rows

    def _tally(
        self, ways: Ways, tags: Sequence[RoadTags], kept: Ints, located: Flags, usable: Flags
    ) -> None:
        """Count the ways that give no road, those cut short, and the tag values not understood."""
        total = len(ways.ids)
        missing = np.bincount(ways.way[~located], minlength=total) > 0
        outside = np.bincount(ways.way[located & ~usable], minlength=total) > 0
        is_kept = np.zeros(total, bool)
        is_kept[kept] = True
        for n in np.flatnonzero(~is_kept | missing | outside).tolist():
            reason = "outside" if outside[n] else "missing" if missing[n] else "too_short"
            if is_kept[n]:
                self.tallies.add("part", f"cut_{reason}", int(ways.ids[n]))
            else:
                self.tallies.add(
                    "way", "missing_nodes" if reason == "missing" else reason, int(ways.ids[n])
                )
        for way_id, of in zip(ways.ids.tolist(), tags, strict=True):
            for value in of.unread:
                self.tallies.add("value", value, way_id)


def _speeds(tags: Sequence[RoadTags], classes: Mapping[str, RoadClass]) -> Floats:
    """Return km/h along and against each way, NaN where traffic may not go; shape ``(k, 2)``."""
    found = np.full((len(tags), 2), np.nan)
    for row, of in zip(found, tags, strict=True):
        usual = classes[of.road_class].speed_kph
        if of.direction != "backward":
            row[0] = of.forward_kph or usual
        if of.direction != "forward":
            row[1] = of.backward_kph or usual
    return found


def _among(refs: Ints, known: Ints) -> Flags:
    """Return which refs are in a sorted array."""
    if len(known) == 0:
        return np.zeros(len(refs), bool)
    ranks = np.minimum(np.searchsorted(known, refs), len(known) - 1)
    found: Flags = known[ranks] == refs
    return found


def _first_seen(ranks: Ints, written: Flags) -> Ints:
    """Return the positions at which a rank not yet written comes for the first time."""
    _, first = np.unique(ranks, return_index=True)
    found: Ints = first[~written[ranks[first]]]
    return found


def _hex(shapes: NDArray[np.object_]) -> list[str]:
    found: list[str] = shapely.to_wkb(shapes, hex=True, include_srid=True).tolist()
    return found
