"""Two versions of the zones side by side: what became what, as areas (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geoservice.zoning import overlay
from geoservice.zoning.words import ZONES


@dataclass(frozen=True)
class Transition:
    """Where a zone became another; None: outside the mine of that version."""

    before: str | None
    after: str | None
    area_m2: float
    geom: MultiPolygon


def transitions(
    before: Mapping[str, BaseGeometry], after: Mapping[str, BaseGeometry]
) -> list[Transition]:
    """Return every pair of zones that some place has, what stayed included; the worst first.

    Parameters
    ----------
    before, after
        Zone -> its area in metres; a zone without area is not among them.
    """
    pieces = overlay.pieces_of([*before.values(), *after.values()])
    pieces = pieces[shapely.area(pieces) > overlay.NOTHING_M2]
    points = overlay.points_in(pieces)
    was, becomes = _ranks(points, before), _ranks(points, after)
    found = []
    for pair in sorted({*zip(was.tolist(), becomes.tolist(), strict=True)} - {(-1, -1)}):
        some = pieces[(was == pair[0]) & (becomes == pair[1])]
        geom = overlay.dissolved(some)
        found.append(Transition(_zone(pair[0]), _zone(pair[1]), float(geom.area), geom))
    return sorted(found, key=lambda it: (it.before == it.after, -it.area_m2))


def _ranks(points: overlay.Shapes, zones: Mapping[str, BaseGeometry]) -> overlay.Ints:
    found = np.full(len(points), -1, np.int64)
    for rank, zone in enumerate(ZONES):
        if zone in zones:
            found[overlay.inside(points, zones[zone])] = rank
    return found


def _zone(rank: int) -> str | None:
    return None if rank < 0 else ZONES[rank]
