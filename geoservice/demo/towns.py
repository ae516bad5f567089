"""Town areas: a weighted Voronoi partition of the district, exact to the last vertex.

No boundary of a town is public. About 400 scattered cells each go to the nearest town, so the
borders are as crooked as real ones; they end on vertices of the district's own outline, and
noding once before polygonising makes the areas cover the district exactly.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPoint, MultiPolygon, Point

from geoservice.demo.ground import Array, Ground, rounded
from geoservice.registry.records import Town

_CELLS = 420


def town_areas(ground: Ground) -> list[MultiPolygon]:
    """Return the area of each town of ``ground.towns``, CGCS2000 degrees; they never overlap."""
    cells = _scattered(ground)
    owners = _owners(ground, cells)
    lines = [_ended_on_outline(line, ground.boundary) for line in _borders(ground, cells, owners)]
    noded = shapely.union_all([ground.boundary.boundary, *lines])
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = [p for p in pieces if ground.boundary.covers(p.representative_point())]
    at = np.array([ground.metres(p.representative_point()).coords[0] for p in inside])
    nearest = ((at[:, None, :] - cells[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
    areas = []
    for index in range(len(ground.towns)):
        own = [p for p, cell in zip(inside, nearest, strict=True) if owners[cell] == index]
        merged = shapely.coverage_union_all(own)
        areas.append(rounded(MultiPolygon(list(shapely.get_parts(merged)))))
    return areas


def towns(ground: Ground, areas: list[MultiPolygon]) -> list[Town]:
    """Return the records of the towns."""
    return [
        Town(
            code=town.code,
            name=f"演示·{town.name}",
            name_en=f"Demonstration · {town.name_en}",
            town_code=town.code,
            secrecy="public",
            source_doc=ground.source_doc,
            is_demo=True,
            kind=_kind(town.code),
            geom=area,
        )
        for town, area in zip(ground.towns, areas, strict=True)
    ]


def _kind(code: str) -> str:
    """GB/T 10114: 001 on subdistricts, 100 on towns, 200 on townships, 400 on other areas."""
    return {"0": "subdistrict", "1": "town", "2": "township", "4": "development_zone"}[code[6]]


def _scattered(ground: Ground) -> Array:
    """Cell centres over the district's box and around it, metres."""
    west, south, east, north = ground.boundary_m.buffer(3000.0).bounds
    spread = ground.random("town cells").random((_CELLS, 2))
    return np.asarray([west, south] + spread * [east - west, north - south])


def _owners(ground: Ground, cells: Array) -> NDArray[np.int64]:
    """Return the town that each cell goes to: distance divided by the town's weight."""
    seats = np.array([ground.metres(town.seat).coords[0] for town in ground.towns])
    weights = np.array([town.weight for town in ground.towns])
    distance_m = np.hypot(*np.moveaxis(cells[:, None, :] - seats[None, :, :], 2, 0))
    return np.asarray((distance_m / weights).argmin(axis=1))


def _borders(ground: Ground, cells: Array, owners: NDArray[np.int64]) -> list[LineString]:
    """Lines between cells of different towns, inside the district, degrees."""
    diagram = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(cells), ordered=True))
    shapes = [
        shapely.coverage_union_all([c for c, o in zip(diagram, owners, strict=True) if o == index])
        for index in range(len(ground.towns))
    ]
    shared = [
        shapely.intersection(a.boundary, b.boundary)
        for i, a in enumerate(shapes)
        for b in shapes[:i]
    ]
    lines = shapely.line_merge(shapely.union_all(shared))
    inside = shapely.intersection(ground.degrees(lines), ground.boundary)
    return [part for part in shapely.get_parts(inside) if isinstance(part, LineString)]


def _ended_on_outline(line: LineString, boundary: MultiPolygon) -> LineString:
    """Move an end that the outline cut to the outline's nearest vertex: no new one is needed."""
    vertices = shapely.get_coordinates(boundary)
    coords = shapely.get_coordinates(line).round(7)
    for end in (0, -1):
        gap = np.hypot(*(vertices - coords[end]).T)
        if boundary.boundary.distance(Point(coords[end])) < 1e-6:
            coords[end] = vertices[gap.argmin()]
    return LineString(coords)


def town_codes(ground: Ground, areas: list[MultiPolygon], points: Sequence[Point]) -> list[str]:
    """Return the code of the town that holds each point, CGCS2000 degrees; outside: the nearest."""
    nearest = shapely.STRtree(areas).nearest(np.array(points, dtype=object))
    return [ground.towns[index].code for index in np.asarray(nearest).tolist()]
