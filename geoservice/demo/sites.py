"""Where invented things stand: beside the roads, in a town that is known."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point

from geoservice.demo.ground import Array, Flags, Ground
from geoservice.demo.roads import RoadPlan
from geoservice.demo.terrain import Terrain
from geoservice.demo.towns import town_codes

_BESIDE_M = (28.0, 110.0)
_SHORE_M = 150.0
_URBAN_M = 1500.0
_CENTRAL_M = 1100.0
_HIGH_SHARE = 0.7


@dataclass(frozen=True)
class Site:
    """A point in CGCS2000 degrees and the town it lies in."""

    geom: Point
    town_code: str


@dataclass
class Sites:
    """Sites drawn one by one; none is given twice.

    ``kinds`` are flags over the candidates: ``central`` in the main town, ``urban`` in any
    town, ``rural`` and ``hills`` outside.
    """

    ground: Ground
    points: list[Point]
    codes: list[str]
    kinds: dict[str, Flags]
    free: Flags
    rng: np.random.Generator

    def take(self, kind: str, town_code: str | None = None) -> Site:
        """Return a site of a kind, in one town if asked; `LookupError` when none is left."""
        wanted = self.free & self.kinds[kind]
        if town_code is not None:
            wanted = wanted & (np.array(self.codes) == town_code)
        chosen = np.flatnonzero(wanted)
        if len(chosen) == 0:
            raise LookupError(f"no {kind} site is left in {town_code or 'the district'}")
        index = int(chosen[int(self.rng.random() * len(chosen))])
        self.free[index] = False
        return Site(self.points[index], self.codes[index])


def find_sites(
    ground: Ground, terrain: Terrain, plan: RoadPlan, areas: list[MultiPolygon]
) -> Sites:
    """Return sites beside the lesser roads, inside the outline and off the river banks."""
    rng = ground.random("sites")
    xy = _beside(ground, plan, rng)
    seats = np.array([ground.metres(town.seat).coords[0] for town in ground.towns])
    distance_m = np.hypot(*np.moveaxis(xy[:, None, :] - seats[None, :, :], 2, 0))
    height_m = terrain.height_m(*xy.T)
    urban = (distance_m < np.append(_URBAN_M, np.full(len(seats) - 1, _URBAN_M / 2))).any(axis=1)
    points = [ground.degrees(Point(at)) for at in xy]
    return Sites(
        ground=ground,
        points=points,
        codes=town_codes(ground, areas, points),
        kinds={
            "central": distance_m[:, 0] < _CENTRAL_M,
            "urban": urban,
            "rural": ~urban,
            "hills": ~urban & (height_m > np.quantile(height_m, _HIGH_SHARE)),
        },
        free=np.ones(len(xy), bool),
        rng=rng,
    )


def _beside(ground: Ground, plan: RoadPlan, rng: np.random.Generator) -> Array:
    """One point beside the middle of each lesser road, metres."""
    near, far = _BESIDE_M
    found = []
    for line, tags in zip(plan.lines, plan.tags, strict=True):
        if tags.road_class not in {"residential", "unclassified", "tertiary"} or tags.is_bridge:
            continue
        line_m = ground.metres(line)
        for share in (0.2, 0.5, 0.8):
            along = line_m.length * (share + 0.1 * (rng.random() - 0.5))
            found.append(_off(line_m, along, near + rng.random() * (far - near), rng.random()))
    xy = np.array(found)
    points = shapely.points(xy)
    inside = shapely.contains(ground.boundary_m, points)
    inside &= ~shapely.dwithin(shapely.MultiLineString(list(ground.rivers_m)), points, _SHORE_M)
    return np.asarray(xy[inside])


def _off(line: LineString, along_m: float, aside_m: float, side: float) -> Array:
    """Return a point at a distance to one side of a line."""
    here = np.array(line.interpolate(along_m).coords[0])
    ahead = np.array(line.interpolate(along_m + 1.0).coords[0])
    behind = np.array(line.interpolate(along_m - 1.0 if along_m > 1.0 else 0.0).coords[0])
    direction = (ahead - behind) / np.hypot(*(ahead - behind))
    across = np.array([-direction[1], direction[0]])
    return np.asarray(here + across * aside_m * (1 if side < 0.5 else -1))
