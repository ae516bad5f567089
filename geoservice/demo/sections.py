"""Invented dangerous sections and closures on the invented roads."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geoservice.demo.ground import Ground, pick
from geoservice.demo.roads import RoadPlan
from geoservice.demo.towns import town_codes
from geoservice.registry.records import DangerousSection, RoadClosure

_SECTIONS = 16
_SHORTEST_ROAD_M = 1500.0
_KINDS = (
    "急弯", "陡坡", "长下坡", "临水临崖", "视距不良",
    "路口", "易积水", "易结冰", "地灾", "采空沉陷",
)  # fmt: skip
_GRADES = ("red", "orange", "orange", "yellow", "yellow", "blue")
_MAIN_ROADS = ("trunk", "primary", "secondary", "tertiary")
# Half the width of the flooded river spares a bridge, which reaches 70 m or more to each side.
_CHANNEL_HALF_M = 38.0
_SPILL_HALF_M = 110.0
_STRETCH_M = 160.0
_TOUCHING_M = 0.1
_REACH_M = range(500, 2100, 100)


def dangerous_sections(
    ground: Ground, plan: RoadPlan, areas: list[MultiPolygon]
) -> list[DangerousSection]:
    """Return stretches of the main roads, each given by its road and metres along it."""
    rng = ground.random("dangerous sections")
    roads = [
        number
        for number, (line, tags) in enumerate(zip(plan.lines, plan.tags, strict=True))
        if tags.road_class in _MAIN_ROADS
        and not (tags.is_bridge or tags.is_tunnel)
        and ground.metres(line).length > _SHORTEST_ROAD_M
        and ground.boundary.covers(line)
    ]
    chosen = [roads[i] for i in np.argsort(rng.random(len(roads)))[:_SECTIONS].tolist()]
    found = []
    for number, road in enumerate(sorted(chosen), 1):
        line_m, tags = ground.metres(plan.lines[road]), plan.tags[road]
        length_m = 10 * round(30 + 60 * rng.random())
        from_m = 10 * int(rng.random() * (line_m.length - length_m) / 10)
        stretch = substring(line_m, from_m, from_m + length_m)
        middle = ground.degrees(stretch.interpolate(0.5, normalized=True))
        kinds = {pick(rng, _KINDS), pick(rng, _KINDS)}
        found.append(
            DangerousSection(
                code=f"DEMO-DS-{number:03d}",
                name=f"演示危险路段 {number:02d}",
                name_en=f"Demonstration dangerous section {number:02d}",
                org="演示公路管理单位",
                town_code=town_codes(ground, areas, [middle])[0],
                source_doc=ground.source_doc,
                is_demo=True,
                road_code=tags.ref,
                from_m=from_m,
                to_m=from_m + length_m,
                hazard_kinds=tuple(k for k in _KINDS if k in kinds),
                grade=pick(rng, _GRADES),
                measures="演示措施：限速、警示标志、护栏",
                geom=ground.degrees(stretch),
            )
        )
    return found


def road_closures(ground: Ground, plan: RoadPlan, now: datetime) -> list[RoadClosure]:
    """Return two closures in force at ``now``, one that is over and one to come."""
    street, village = _longest(ground, plan, "residential"), _longest(ground, plan, "unclassified")
    primary = _longest(ground, plan, "primary")
    works = ground.degrees(substring(ground.metres(street), 0.25, 0.75, normalized=True))
    accident = ground.degrees(ground.metres(primary).interpolate(0.4, normalized=True))
    frost = ground.degrees(substring(ground.metres(village), 0.3, 0.6, normalized=True))
    day = timedelta(days=1)
    rows: tuple[tuple[str, str, str, Polygon | LineString | Point, float, float, float], ...] = (
        ("flood", "河水漫溢", "river over its banks", flood_area(ground, plan), -1, 3, 0.0),
        ("works", "道路施工", "road works", works, -7, 30, 0.0),
        ("accident", "交通事故", "accident", accident, -40, -39, 0.0),
        ("ice", "路面结冰管控", "ice, slow", frost, 5, 7, 0.4),
    )
    return [
        RoadClosure(
            code=f"DEMO-RC-{number:03d}",
            name=f"演示封闭 {number:02d}（{label}）",
            name_en=f"Demonstration closure {number:02d} ({english})",
            org="演示交通管理单位",
            source_doc=ground.source_doc,
            is_demo=True,
            cause=cause,
            starts_at=now + start * day,
            ends_at=now + end * day,
            factor=factor,
            geom=geom,
        )
        for number, (cause, label, english, geom, start, end, factor) in enumerate(rows, 1)
    ]


def flood_area(ground: Ground, plan: RoadPlan) -> Polygon:
    """Return a flooded stretch of river inside the outline, CGCS2000 degrees.

    It lies under a bridge without touching its approaches, and spills over the nearest low road.

    Raises
    ------
    LookupError
        No road lies near a river below or above a bridge.
    """
    lines = np.array([ground.metres(line) for line in plan.lines], dtype=object)
    is_structure = np.array([tags.is_bridge or tags.is_tunnel for tags in plan.tags])
    structures = shapely.union_all(lines[is_structure])
    is_approach = ~is_structure & shapely.dwithin(lines, structures, _TOUCHING_M)
    approaches = shapely.union_all(lines[is_approach])
    low_roads = shapely.union_all(lines[~is_structure & ~is_approach])
    areas = [
        spill
        for bridge in lines[is_structure]
        if ground.boundary_m.covers(bridge)
        for spill in _spills(ground, bridge, low_roads)
        if not spill[1].intersects(approaches)
    ]
    if not areas:
        raise LookupError("no bridge has a low road near by")
    return ground.degrees(min(areas, key=lambda spill: spill[0])[1])


def _spills(
    ground: Ground, bridge: LineString, low_roads: BaseGeometry
) -> Iterator[tuple[float, Polygon]]:
    """Yield areas along the river of a bridge, each with how far it spills (m)."""
    for river in ground.rivers_m:
        if not river.intersects(bridge):
            continue
        here = river.line_locate_point(bridge.intersection(river).centroid)
        for reach in (*_REACH_M, *(-r for r in _REACH_M)):
            there = here + reach
            if not _STRETCH_M < there < river.length - _STRETCH_M:
                continue
            across = LineString(shapely.shortest_line(river.interpolate(there), low_roads))
            stretch = substring(river, min(here, there) - _STRETCH_M, max(here, there) + _STRETCH_M)
            channel = stretch.buffer(_CHANNEL_HALF_M, quad_segs=4)
            area = channel.union(across.buffer(_SPILL_HALF_M, quad_segs=4))
            if isinstance(area, Polygon):
                yield across.length, area


def _longest(ground: Ground, plan: RoadPlan, road_class: str) -> LineString:
    """Return the longest two-way road of a class."""
    of_class = [
        line
        for line, tags in zip(plan.lines, plan.tags, strict=True)
        if tags.road_class == road_class and tags.direction == "both" and not tags.is_bridge
    ]
    return max(of_class, key=lambda line: ground.metres(line).length)
