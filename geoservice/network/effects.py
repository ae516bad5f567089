"""What closures, floods and dangerous sections do to driving times (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geoservice.network.graph import Floats, Ints, RoadNetwork
from geoservice.network.profiles import RoadRules, VehicleProfile

Kind = Literal["closure", "flood", "section", "what_if"]
Effect = Literal["closed", "slowed", "none"]
_KPH = 3.6


@dataclass(frozen=True)
class Obstacle:
    """Something on the road as it is on record.

    ``factor`` is the share of the free speed, 0 shut; ``depth_m`` of water decides instead where
    there is some, and ``flow_m2s``, depth times velocity, where it is known. ``classes`` are the
    vehicles meant, none is all. ``grade`` is a section's.
    """

    kind: Kind
    id: int
    code: str
    name: str
    factor: float
    depth_m: float | None
    classes: list[str]
    grade: str | None
    flow_m2s: float | None = None


@dataclass(frozen=True)
class Met:
    """Something on the road as one vehicle meets it: shut, slowed, or nothing to it."""

    kind: Kind
    id: int
    code: str
    name: str
    effect: Effect
    factor: float
    depth_m: float | None = None
    grade: str | None = None


@dataclass(frozen=True, eq=False)
class Laid:
    """Which of the things met lies on which arc; two arrays of one length."""

    met: tuple[Met, ...]
    number: Ints
    arc: Ints

    def by_arc(self) -> Mapping[int, Sequence[int]]:
        """Return the numbers of those on each arc with any."""
        found: dict[int, list[int]] = {}
        for number, arc in zip(self.number.tolist(), self.arc.tolist(), strict=True):
            found.setdefault(arc, []).append(number)
        return found

    def of_kinds(self, *kinds: str) -> "Laid":
        """Return those of these kinds; numbers stay."""
        wanted = np.array([one.kind in kinds for one in self.met] or [False])
        chosen = wanted[self.number] if self.number.size else np.zeros(0, bool)
        return Laid(self.met, self.number[chosen], self.arc[chosen])

    def with_more(self, more: "Laid") -> "Laid":
        """Return these, then those."""
        return Laid(
            (*self.met, *more.met),
            np.concatenate([self.number, more.number + len(self.met)]).astype(np.int32),
            np.concatenate([self.arc, more.arc]).astype(np.int32),
        )


def met_by(
    obstacles: Sequence[Obstacle], profile: VehicleProfile, rules: RoadRules
) -> list[Met | None]:
    """Return what each obstacle is to a vehicle; None where it does not concern it."""
    return [_met(one, profile, rules) for one in obstacles]


def _met(one: Obstacle, profile: VehicleProfile, rules: RoadRules) -> Met | None:
    if not profile.is_of(one.classes):
        return None
    factor = one.factor
    if one.kind == "section":
        factor = rules.sections.get(one.grade or "", 1.0)
        if factor == 1:
            return None
    if one.depth_m is not None:
        # As deep as the vehicle may wade is too deep already: a limit, not a target.
        is_carried_off = (one.flow_m2s or 0.0) > profile.max_flow_m2s
        factor = 0.0 if one.depth_m >= profile.wading_m or is_carried_off else 1.0
    effect: Effect = "slowed" if factor else "closed"
    return Met(one.kind, one.id, one.code, one.name, effect, factor, one.depth_m, one.grade)


def of_no_concern(obstacles: Sequence[Obstacle], vehicle: VehicleProfile) -> list[Met]:
    """Return the closures that are for other vehicles."""
    return [
        Met(one.kind, one.id, one.code, one.name, "none", 1.0, one.depth_m)
        for one in obstacles
        if one.kind == "closure" and not vehicle.is_of(one.classes)
    ]


def laid(obstacles: Sequence[Met | None], number: Ints, arc: Ints) -> Laid:
    """Return those that concern a vehicle, on their arcs; arcs that are not known (-1) fall out."""
    place = np.cumsum([one is not None for one in obstacles]) - 1
    concerns = np.array([one is not None for one in obstacles] or [False])
    keep = (arc >= 0) & (concerns[number] if number.size else np.zeros(0, bool))
    numbers = place[number[keep]].astype(np.int32) if number.size else number
    return Laid(tuple(one for one in obstacles if one is not None), numbers, arc[keep])


def slow_down(arc_s: Floats, network: RoadNetwork, given: Laid, rules: RoadRules) -> None:
    """Work obstacles into driving times, in place.

    Shares of the speed multiply; water allows a speed at most, the deepest of several.
    """
    if given.number.size == 0:
        return
    factor = np.array([one.factor for one in given.met])[given.number]
    np.divide.at(arc_s, given.arc[factor > 0], factor[factor > 0])
    water = np.array([rules.water_kph(one.depth_m) if one.depth_m else np.inf for one in given.met])
    kph: NDArray[np.float64] = water[given.number]
    wet = np.isfinite(kph)
    slowest_s = network.length_m[given.arc[wet]] / kph[wet] * _KPH
    np.maximum.at(arc_s, given.arc[wet], slowest_s)
    arc_s[given.arc[factor == 0]] = np.inf
