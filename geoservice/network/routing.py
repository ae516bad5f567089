"""Driving times and ways between places beside the road, on arrays.

One search runs backwards from an incident to the places that may come, or outwards from
stations. A place meets the road at its landings: one on each arc (direction of travel) of the
nearest road, part of the way along; it drives on from there in the arc's direction.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geoservice.network.compiled import kernel
from geoservice.network.graph import Floats, Ints, RoadNetwork

if TYPE_CHECKING:
    from geoservice.network.kernel import Found, Side

# "No limit" is a finite number, so that a closed arc (inf) is beyond it.
NO_LIMIT_S = 1e9


@dataclass(frozen=True, eq=False)
class Weights:
    """Seconds to drive each arc, ``inf`` where closed, and of turns by angle."""

    network: RoadNetwork
    arc_s: Floats
    turn_s: Floats

    @cached_property
    def backwards(self) -> "Side":
        """The arcs as a search from an incident sees them."""
        it = self.network
        arrays = _reading(
            it.in_start, it.in_arcs, it.from_node, it.to_node, it.start_deg, it.end_deg,
            it.flags, it.bans_in, self.turn_s, self.arc_s,
        )  # fmt: skip
        side: Side = kernel().Side(*arrays, it.turns, it.joins)
        return side

    @cached_property
    def outwards(self) -> "Side":
        """The arcs as a search from stations sees them, which counts degrees to the left."""
        it = self.network
        mirrored_s = np.concatenate([self.turn_s[:1], self.turn_s[359:0:-1], self.turn_s[360:]])
        arrays = _reading(
            it.out_start, it.out_arcs, it.to_node, it.from_node, it.end_deg, it.start_deg,
            it.flags, it.bans_out, mirrored_s, self.arc_s,
        )  # fmt: skip
        side: Side = kernel().Side(*arrays, it.turns, it.joins)
        return side


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

    @cached_property
    def by_arc(self) -> "Landings":
        """The same, sorted by arc, then place."""
        order = np.lexsort((self.place, self.arc))
        return Landings(self.place[order], self.arc[order], self.fraction[order])


@dataclass(frozen=True, eq=False)
class Arrivals:
    """For each place: seconds to the incident (``inf``: no way found) and the landing used.

    ``landing`` is the row of ``places``, -1 without one; ``found`` has the way onwards from
    each arc that was searched.
    """

    time_s: Floats
    landing: Ints
    places: Landings
    found: "Found"


@dataclass(frozen=True, eq=False)
class Way:
    """Arcs driven, in order, each from one fraction of its length to another."""

    arc: Ints
    start: Floats
    end: Floats


def find_nearest(
    weights: Weights,
    incident: Landings,
    places: Landings,
    count: int,
    *,
    wanted: int,
    within_s: float | None = None,
) -> Arrivals:
    """Search until ``wanted`` of ``count`` places are reached, those just as soon included.

    Whatever is told is final: later places, and those beyond ``within_s``, do not count as
    reached. An incident without landings is reached from nowhere.
    """
    it, spots = kernel(), places.by_arc
    ends = it.Spots(*_reading(incident.arc, incident.fraction, incident.place))
    starts = it.Spots(*_reading(spots.arc, 1 - spots.fraction, spots.place))
    limit_s = NO_LIMIT_S if within_s is None else float(within_s)
    told = it.search_arcs(weights.backwards, ends, starts, count, max(wanted, 1), limit_s)
    return _final(spots, *told)


def search_outwards(
    weights: Weights, origins: Landings, places: Landings, count: int, *, within_s: float
) -> Arrivals:
    """Search from origins to whatever is reached within a time, and to ``count`` places.

    In ``found`` an arc's head is its start, what follows is where one came from.
    """
    it, spots = kernel(), places.by_arc
    starts = it.Spots(*_reading(origins.arc, 1 - origins.fraction, origins.place))
    ends = it.Spots(*_reading(spots.arc, spots.fraction, spots.place))
    return _final(
        spots, *it.search_arcs(weights.outwards, starts, ends, count, count + 1, float(within_s))
    )


def _final(spots: Landings, found: "Found", final_s: float) -> Arrivals:
    """Leave out what a further search might still better."""
    is_final = found.best_s <= final_s
    time_s = np.where(is_final, found.best_s, np.inf)
    return Arrivals(time_s, np.where(is_final, found.row, -1).astype(np.int32), spots, found)


def joined_backwards(weights: Weights, arcs: Ints) -> NDArray[np.bool_]:
    """Return for each arc whether it leads on to one of ``arcs``, however far; shape ``(m,)``."""
    found = kernel().joined_arcs(weights.backwards, *_reading(arcs))
    return np.asarray(found, bool)


def joined_outwards(weights: Weights, arcs: Ints) -> NDArray[np.bool_]:
    """Return for each arc whether it can be driven to from one of ``arcs``; shape ``(m,)``."""
    found = kernel().joined_arcs(weights.outwards, *_reading(arcs))
    return np.asarray(found, bool)


def way_of(weights: Weights, arrived: Arrivals, incident: Landings, place: int) -> Way:
    """Return the arcs from a place that was reached to the incident."""
    row = int(arrived.landing[place])
    arc, fraction = int(arrived.places.arc[row]), float(arrived.places.fraction[row])
    stays = _stays(weights, arrived, incident, place)
    if stays is not None:
        return Way(np.array([arc], np.int32), np.array([fraction]), np.array([stays]))
    arcs, m = [arc], weights.network.arcs
    while (onward := int(arrived.found.next_arc[arcs[-1]])) < m:
        arcs.append(onward)
    last = onward - m
    passed = len(arcs)
    return Way(
        arc=np.array([*arcs, incident.arc[last]], np.int32),
        start=np.concatenate([[fraction], np.zeros(passed)]),
        end=np.concatenate([np.ones(passed), [incident.fraction[last]]]),
    )


def _stays(weights: Weights, arrived: Arrivals, incident: Landings, place: int) -> float | None:
    """Return how far along its own arc a place drives when that is all of its way."""
    row = int(arrived.landing[place])
    arc, fraction = int(arrived.places.arc[row]), float(arrived.places.fraction[row])
    for end in incident.fraction[incident.arc == arc].tolist():
        stay_s = max(end - fraction, 0.0) * weights.arc_s[arc]
        # The search adds the same up in another order: the last bits may differ.
        if end - fraction >= -1e-12 and stay_s <= arrived.time_s[place] + 1e-9:
            return max(float(end), fraction)
    return None


def _reading(*arrays: NDArray[Any]) -> list[NDArray[Any]]:
    """Return arrays as the compiled code takes them: for reading only, not mapped as such."""
    views = [np.ascontiguousarray(values).view(np.ndarray) for values in arrays]
    for view in views:
        view.flags.writeable = False
    return views


def length_m(weights: Weights, way: Way) -> float:
    """Return the metres driven."""
    return float(((way.end - way.start) * weights.network.length_m[way.arc]).sum())
