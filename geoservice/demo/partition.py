"""The invented mine: its licence, and the three zones as an exact partition of it."""

from dataclasses import dataclass

import numpy as np
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geoservice.demo.ground import Ground
from geoservice.minewater.inputs import ZONES
from geoservice.minewater.inputs import Zone as ZoneCode
from geoservice.minewater.partition import Arrangement, arranged, worst

# East and north of the town it belongs to, metres; corners around it, as a licence lists them.
_TOWN = 6
_CENTRE_M = (3300.0, 1750.0)
_CORNERS_M = (
    (-1480.0, -960.0), (-1500.0, 620.0), (-820.0, 1140.0), (640.0, 1180.0),
    (1420.0, 560.0), (1460.0, -780.0), (520.0, -1240.0),
)  # fmt: skip
_PILLAR_M = 20.0  # on each side of a mine boundary


@dataclass(frozen=True)
class Evidence:
    """A shape in metres, the zone it asks for and the water hazard it stands for.

    It may reach beyond the licence: clipping it would leave edges that all but coincide.
    """

    zone: ZoneCode
    hazard: str
    geom: BaseGeometry


@dataclass(frozen=True)
class Zone:
    """One zone of a version: CGCS2000 degrees, its water hazards and its area."""

    zone: str
    hazards: tuple[str, ...]
    geom: MultiPolygon
    area_m2: float


def licence_m(ground: Ground) -> Polygon:
    """Return the licence area of the invented mine, metres."""
    seat = ground.metres(ground.towns[_TOWN].seat)
    east, north = 10 * round((seat.x + _CENTRE_M[0]) / 10), 10 * round((seat.y + _CENTRE_M[1]) / 10)
    return Polygon([(east + x, north + y) for x, y in _CORNERS_M])


def evidence(licence: Polygon, *, is_treated: bool) -> list[Evidence]:
    """Return why a place is not workable; treatment clears most of the floor-water area."""
    inner = licence.buffer(-_PILLAR_M, join_style="mitre")
    x, y = licence.centroid.coords[0]
    goaf = Point(x - 560.0, y + 260.0).buffer(230.0, quad_segs=3)
    trace = ((-1900, -760), (-200, -330), (700, 40), (1900, 190))
    fault = LineString([(x + east, y + north) for east, north in trace])
    west = 1050.0 if is_treated else 420.0
    floor_water = Polygon([(x + west, y - 1600), (x + 2000, y - 1600), (x + 2000, y + 1600),
                           (x + west + 160.0, y + 1600)])  # fmt: skip
    shapes: tuple[tuple[ZoneCode, str, BaseGeometry], ...] = (
        ("no_mining", "GW", goaf.buffer(40.0, quad_segs=4)),
        ("slow_mining", "GW", goaf.buffer(110.0, quad_segs=4)),
        ("no_mining", "FT", fault.buffer(35.0, cap_style="flat", join_style="mitre")),
        ("slow_mining", "FW", floor_water),
    )
    return [Evidence("no_mining", "", licence.difference(inner)), *(Evidence(*s) for s in shapes)]


def cells_of(licence: Polygon, reasons: list[Evidence]) -> Arrangement:
    """Return the smallest areas that the licence and every reason cut out."""
    return arranged(MultiPolygon([licence]), [it.geom for it in reasons])


def outline(ground: Ground, found: Arrangement) -> MultiPolygon:
    """Return what the cells cover, CGCS2000 degrees: the licence with every vertex of its zones."""
    return ground.degrees(found.coverage.dissolved(np.ones(len(found.cells), dtype=bool)))


def partition(ground: Ground, found: Arrangement, reasons: list[Evidence]) -> list[Zone]:
    """Return the zones, the worst last: of the reasons that meet in a cell the worst decides."""
    number, cell = found.covered_by([it.geom for it in reasons])
    ranks = np.array([ZONES.index(it.zone) for it in reasons])[number]
    rank = worst(len(found.cells), cell, ranks)
    deciding = ranks == rank[cell]
    return [
        _zone(ground, zone, found.coverage.dissolved(rank == place), {
            reasons[it].hazard for it in number[deciding & (ranks == place)] if reasons[it].hazard
        })
        for place, zone in enumerate(ZONES)
    ]  # fmt: skip


def _zone(ground: Ground, zone: str, merged: MultiPolygon, hazards: set[str]) -> Zone:
    geom = ground.degrees(merged)
    return Zone(zone, tuple(sorted(hazards)), geom, round(ground.metres(geom).area, 1))
