"""Where the invented roads meet: street grids in the towns, villages, and ways out."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, MultiLineString, Point

from geoservice.demo.ground import Array, Flags, Ground, Ints

_VILLAGE_GAP_M = 1120.0
_RIVER_GAP_M = 330.0
_CANDIDATES = 9000
_EXIT_BEARINGS_DEG = (350.0, 38.0, 62.0, 118.0, 176.0, 232.0, 285.0, 322.0)
_EXIT_BEYOND_M = 3600.0
_GRIDS = {"main": (9, 250.0), "town": (5, 175.0)}  # streets a side, distance between them (m)


@dataclass(frozen=True)
class Places:
    """Junctions before any road: metres, and what each is.

    ``town`` is the number of the town whose street grid a point belongs to, else -1;
    ``is_exit`` marks the ways out beyond the outline. ``streets`` are pairs of points joined in
    a grid, with the street's number in ``street_no``; ``is_avenue`` says which are the middle ones.
    ``seats`` is the middle point of each town.
    """

    xy: Array
    town: Ints
    is_exit: Flags
    streets: Ints
    street_no: Ints
    is_avenue: Flags
    seats: Ints


@dataclass(frozen=True)
class _Grid:
    xy: Array
    pairs: Ints
    street_no: Ints
    is_avenue: Flags
    middle: int


def settle(ground: Ground) -> Places:
    """Return the places of the district, the first town's grid being the largest."""
    rng = ground.random("settlements")
    grids = [
        _grid(ground.metres(town.seat), *_GRIDS["town" if index else "main"], rng)
        for index, town in enumerate(ground.towns)
    ]
    offsets = np.cumsum([0, *(len(g.xy) for g in grids)])
    streets_before = np.cumsum([0, *(g.street_no.max() + 1 for g in grids)])
    built = np.concatenate([g.xy for g in grids])
    exits = _exits(ground)
    villages = _villages(ground, np.concatenate([built, exits]), rng)
    town = [np.full(len(g.xy), index) for index, g in enumerate(grids)]
    return Places(
        xy=np.concatenate([built, villages, exits]),
        town=np.concatenate([*town, np.full(len(villages) + len(exits), -1)]),
        is_exit=np.arange(len(built) + len(villages) + len(exits)) >= len(built) + len(villages),
        streets=np.concatenate([g.pairs + o for g, o in zip(grids, offsets, strict=False)]),
        street_no=np.concatenate(
            [g.street_no + s for g, s in zip(grids, streets_before, strict=False)]
        ),
        is_avenue=np.concatenate([g.is_avenue for g in grids]),
        seats=np.array([g.middle + o for g, o in zip(grids, offsets, strict=False)]),
    )


def _grid(seat: Point, side: int, gap_m: float, rng: np.random.Generator) -> _Grid:
    """Return a turned, slightly uneven grid of streets around a seat."""
    step = np.arange(side) - (side - 1) / 2
    cols, rows = np.meshgrid(step, step)
    flat = np.stack([cols.ravel(), rows.ravel()], axis=1) * gap_m
    flat += (rng.random(flat.shape) - 0.5) * 0.22 * gap_m
    angle = (rng.random() - 0.5) * 0.9
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    number = np.arange(side * side).reshape(side, side)
    along = [np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)]
    across = [np.stack([number[:-1, :].T.ravel(), number[1:, :].T.ravel()], axis=1)]
    street_no = np.repeat(np.arange(2 * side), side - 1)
    return _Grid(
        xy=flat @ turn + np.array([seat.x, seat.y]),
        pairs=np.concatenate(along + across),
        street_no=street_no,
        is_avenue=street_no % side == side // 2,
        middle=int(number[side // 2, side // 2]),
    )


def _exits(ground: Ground) -> Array:
    """Points beyond the outline in the directions of the trunk roads."""
    centre = np.array(ground.metres(ground.towns[0].seat).coords[0])
    outside = []
    for bearing in np.deg2rad(_EXIT_BEARINGS_DEG):
        towards = np.array([np.sin(bearing), np.cos(bearing)])
        ray = LineString([centre, centre + towards * 80_000.0])
        crossed = shapely.get_coordinates(shapely.intersection(ray, ground.boundary_m.boundary))
        reach = np.hypot(*(crossed - centre).T).max()
        outside.append(centre + towards * (reach + _EXIT_BEYOND_M))
    return np.array(outside)


def _villages(ground: Ground, taken: Array, rng: np.random.Generator) -> Array:
    """Scattered points inside the outline, apart from each other, from towns and from rivers."""
    west, south, east, north = ground.boundary_m.bounds
    darts = np.array([west, south]) + rng.random((_CANDIDATES, 2)) * [east - west, north - south]
    points = shapely.points(darts)
    rivers = MultiLineString(list(ground.rivers_m))
    shapely.prepare(rivers)
    usable = shapely.contains(ground.boundary_m.buffer(-250.0), points)
    usable &= ~shapely.dwithin(rivers, points, _RIVER_GAP_M)
    kept = list(taken)
    found = []
    for dart in darts[usable]:
        if np.hypot(*(np.array(kept) - dart).T).min() > _VILLAGE_GAP_M:
            kept.append(dart)
            found.append(dart)
    return np.array(found)
