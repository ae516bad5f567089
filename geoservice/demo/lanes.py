"""Village lanes: short dead ends into the widest gap between a village's roads."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiLineString

from geoservice.demo.ground import Array, Flags, Ground, Ints, pick
from geoservice.demo.network import Classes, Links
from geoservice.demo.settlements import Places

_LANE_CHOICES = (0, 1, 1, 2, 2, 3)
_SHORTEST_M, _LONGEST_M = 130.0, 420.0
_RIVER_GAP_M = 60.0


@dataclass(frozen=True)
class Plan:
    """Every junction and end of a road in metres, and the links between them."""

    xy: Array
    pairs: Ints
    road_class: Classes
    street_no: Ints

    def kept(self, chosen: Flags) -> "Plan":
        """Return the plan with the chosen links only."""
        return Plan(self.xy, self.pairs[chosen], self.road_class[chosen], self.street_no[chosen])


def with_lanes(ground: Ground, places: Places, links: Links) -> Plan:
    """Return places and links with lanes added; none reaches a river or leaves the outline."""
    rng = ground.random("lanes")
    bearings = _bearings(places.xy, links.pairs)
    starts, ends = [], []
    for village in np.flatnonzero((places.town < 0) & ~places.is_exit).tolist():
        used = bearings.get(village, [])
        for _ in range(pick(rng, _LANE_CHOICES) if used else 0):
            bearing = _widest_gap(used) + (rng.random() - 0.5) * 0.5
            used = [*used, bearing]
            reach_m = _SHORTEST_M + rng.random() * (_LONGEST_M - _SHORTEST_M)
            starts.append(village)
            ends.append(places.xy[village] + reach_m * np.array([np.cos(bearing), np.sin(bearing)]))
    usable = _usable(ground, places.xy[starts], np.array(ends))
    reached, count = np.array(ends)[usable], int(usable.sum())
    fresh = np.arange(count) + len(places.xy)
    return Plan(
        xy=np.concatenate([places.xy, reached]),
        pairs=np.concatenate([links.pairs, np.stack([np.array(starts)[usable], fresh], axis=1)]),
        road_class=np.concatenate([links.road_class, np.full(count, "residential")]),
        street_no=np.concatenate([links.street_no, np.full(count, -1)]),
    )


def _bearings(xy: Array, pairs: Ints) -> dict[int, list[float]]:
    """Return the directions of the links at each place, radians."""
    found: dict[int, list[float]] = {}
    for a, b in np.concatenate([pairs, pairs[:, ::-1]]).tolist():
        away = xy[b] - xy[a]
        found.setdefault(a, []).append(float(np.arctan2(away[1], away[0])))
    return found


def _widest_gap(bearings: list[float]) -> float:
    """Return the middle of the widest angle between directions."""
    ordered = np.sort(np.mod(bearings, 2 * np.pi))
    gaps = np.diff([*ordered, ordered[0] + 2 * np.pi])
    widest = int(gaps.argmax())
    return float(ordered[widest] + gaps[widest] / 2)


def _usable(ground: Ground, starts: Array, ends: Array) -> Flags:
    """Return which lanes stay on their side of the outline and away from rivers."""
    lanes = shapely.linestrings(np.stack([starts, ends], axis=1))
    rivers = MultiLineString([LineString(line.coords) for line in ground.rivers_m])
    inside = shapely.contains(ground.boundary_m, lanes)
    return np.asarray(inside & ~shapely.dwithin(rivers, lanes, _RIVER_GAP_M))
