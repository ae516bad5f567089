"""Drawn links cut where they cross a river (a bridge) and where one goes through a hill."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely import LineString, MultiLineString
from shapely.ops import substring

from geoservice.demo.ground import Array, Ground
from geoservice.demo.lanes import Plan
from geoservice.demo.terrain import Terrain

Structure = Literal["", "bridge", "tunnel"]
Span = tuple[float, float, Structure]  # from and to along the line, metres

_BRIDGE_HALF_M = {"trunk": 95.0, "primary": 95.0}
_BRIDGE_HALF_OTHER_M = 70.0
_TUNNEL_M = 720.0
_APPROACH_M = 25.0


@dataclass(frozen=True)
class Piece:
    """A stretch of road between two places, metres."""

    start: int
    end: int
    coords: Array
    road_class: str
    street_no: int
    structure: Structure


def cut_structures(
    ground: Ground, terrain: Terrain, plan: Plan, lines: list[LineString]
) -> list[Piece]:
    """Return the pieces of every link; places after the plan's are ends of bridges and tunnels."""
    rivers = MultiLineString(list(ground.rivers_m))
    tunnelled = _through_hill(terrain, plan, lines)
    pieces: list[Piece] = []
    fresh = len(plan.xy)
    for index, line in enumerate(lines):
        spans = list(_bridges(line, rivers, str(plan.road_class[index])))
        if index == tunnelled:
            middle = line.length / 2
            spans = [(middle - _TUNNEL_M / 2, middle + _TUNNEL_M / 2, "tunnel")]
        cuts = list(_filled(spans, line.length))
        a, b = plan.pairs[index].tolist()
        places = [a, *range(fresh, fresh + len(cuts) - 1), b]
        fresh += len(cuts) - 1
        pieces += [
            Piece(
                start=places[n],
                end=places[n + 1],
                coords=shapely.get_coordinates(substring(line, start, end)),
                road_class=str(plan.road_class[index]),
                street_no=int(plan.street_no[index]),
                structure=structure,
            )
            for n, (start, end, structure) in enumerate(cuts)
        ]
    return pieces


def _bridges(line: LineString, rivers: MultiLineString, road_class: str) -> Iterator[Span]:
    """One span over each crossing; crossings close together share one."""
    met = shapely.get_coordinates(shapely.intersection(line, rivers))
    if len(met) == 0:
        return
    half_m = _BRIDGE_HALF_M.get(road_class, _BRIDGE_HALF_OTHER_M)
    along = np.sort(shapely.line_locate_point(line, shapely.points(met)))
    start = end = float(along[0])
    for at in along[1:].tolist():
        if at - end > 2 * half_m + _APPROACH_M:
            yield _clamped(start - half_m, end + half_m, line.length)
            start = at
        end = at
    yield _clamped(start - half_m, end + half_m, line.length)


def _clamped(start: float, end: float, length_m: float) -> Span:
    return max(start, _APPROACH_M), min(end, length_m - _APPROACH_M), "bridge"


def _filled(spans: list[Span], length_m: float) -> Iterator[Span]:
    """Yield the spans with plain road between them, from 0 to the whole length."""
    done = 0.0
    for start, end, structure in spans:
        yield done, start, ""
        yield start, end, structure
        done = end
    yield done, length_m, ""


def _through_hill(terrain: Terrain, plan: Plan, lines: list[LineString]) -> int:
    """Return the main road whose middle lies highest above its ends."""
    main = np.isin(plan.road_class, ["trunk", "primary", "secondary"]) & (plan.street_no < 0)
    main &= shapely.length(np.array(lines, dtype=object)) > 2 * _TUNNEL_M
    chosen = np.flatnonzero(main)
    middle = np.array([lines[i].interpolate(0.5, normalized=True).coords[0] for i in chosen])
    ends = plan.xy[plan.pairs[chosen]]
    rise_m = terrain.height_m(*middle.T) - terrain.height_m(ends[..., 0], ends[..., 1]).mean(axis=1)
    return int(chosen[rise_m.argmax()])
