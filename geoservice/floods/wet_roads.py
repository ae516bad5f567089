"""Roads in water: for which vehicle they are closed, and which bridges stand above it (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geoservice.floods.answers import BridgeInWater, RoadInWater, VehicleEffect
from geoservice.floods.records import BandRow
from geoservice.network.effects import Obstacle, met_by
from geoservice.network.profiles import RoadRules, VehicleProfile


@dataclass(frozen=True)
class WetArc:
    """A directed arc in a body of water; ``standing`` as of `core.arcs_in_water`."""

    no: int
    arc_id: int
    standing: str
    from_node: int
    to_node: int
    length_m: float
    road_id: int
    road: str | None
    ref: str | None
    is_tunnel: bool

    @property
    def segment(self) -> tuple[int, int, int, float]:
        """The stretch of road, whichever way it is driven."""
        ends = sorted((self.from_node, self.to_node))
        return (self.road_id, ends[0], ends[1], round(self.length_m, 3))


@dataclass(frozen=True)
class Segment:
    """A stretch of road and the bodies of water that it is in."""

    arc: WetArc
    water: frozenset[int]


def is_wet(arc: WetArc, *, includes_structures: bool) -> bool:
    """Return whether water lies on the arc itself, not only below a bridge of it."""
    return arc.standing in {"road", "under"} or (arc.standing == "unknown" and includes_structures)


def obstacles_of(water: Sequence[BandRow], name: str) -> list[Obstacle]:
    """Return the bodies of water as what lies on roads, numbered from 1."""
    return [
        Obstacle(
            "what_if", no, it.code, name, 0.0, it.deepest_m, [], None,
            None if it.velocity_ms is None else it.deepest_m * it.velocity_ms,
        )
        for no, it in enumerate(water, 1)
    ]  # fmt: skip


def segments_of(arcs: Sequence[WetArc]) -> list[Segment]:
    """Return the stretches of road, each once, with all the water on them."""
    first: dict[tuple[int, int, int, float], WetArc] = {}
    water: dict[tuple[int, int, int, float], set[int]] = {}
    for arc in arcs:
        first.setdefault(arc.segment, arc)
        water.setdefault(arc.segment, set()).add(arc.no)
    return [Segment(arc, frozenset(water[key])) for key, arc in first.items()]


def bridges(arcs: Sequence[WetArc]) -> tuple[BridgeInWater, ...]:
    """Return the bridges and tunnels in the extent, those under water first."""
    worst: dict[tuple[int, int, int, float], WetArc] = {}
    order = ("under", "unknown", "above")
    for arc in (it for it in arcs if it.standing in order):
        known = worst.get(arc.segment)
        if known is None or order.index(arc.standing) < order.index(known.standing):
            worst[arc.segment] = arc
    found = sorted(worst.values(), key=lambda it: (order.index(it.standing), it.ref or it.road))
    return tuple(
        BridgeInWater(it.road, it.ref, it.is_tunnel, it.standing, it.length_m) for it in found
    )


def by_vehicle(
    segments: Sequence[Segment], obstacles: Sequence[Obstacle],
    vehicles: Mapping[str, VehicleProfile], rules: RoadRules,
) -> tuple[tuple[VehicleEffect, ...], tuple[RoadInWater, ...]]:  # fmt: skip
    """Return what the water does to each vehicle, and road by road for whom it is closed."""
    closing = {
        code: {
            no
            for no, it in enumerate(met_by(obstacles, vehicle, rules))
            if it and it.effect == "closed"
        }
        for code, vehicle in vehicles.items()
    }
    effects = [_effect(vehicles[code], segments, shut) for code, shut in closing.items()]
    return tuple(effects), _roads(segments, obstacles, closing)


def _effect(vehicle: VehicleProfile, segments: Sequence[Segment], shut: set[int]) -> VehicleEffect:
    closed = [it.arc.length_m for it in segments if it.water & shut]
    slowed = [it.arc.length_m for it in segments if not it.water & shut]
    return VehicleEffect(
        vehicle.code, vehicle.wading_m, len(closed), sum(closed), len(slowed), sum(slowed)
    )


def _roads(
    segments: Sequence[Segment], obstacles: Sequence[Obstacle], closing: Mapping[str, set[int]]
) -> tuple[RoadInWater, ...]:
    named: dict[tuple[str, str], list[Segment]] = {}
    for it in segments:
        named.setdefault((it.arc.ref or "", it.arc.road or ""), []).append(it)
    found = []
    for (ref, road), some in named.items():
        water = frozenset[int]().union(*(it.water for it in some))
        closed = tuple(code for code, shut in closing.items() if water & shut)
        found.append(
            RoadInWater(
                road=road or None,
                ref=ref or None,
                segments=len(some),
                length_m=sum(it.arc.length_m for it in some),
                deepest_m=max(obstacles[no].depth_m or 0 for no in water),
                closed_for=closed,
                slowed_for=tuple(code for code in closing if code not in closed),
            )
        )
    return tuple(sorted(found, key=lambda it: (-len(it.closed_for), it.ref or "~", it.road or "")))
