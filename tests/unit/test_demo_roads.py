"""The generated road network and what is laid on it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geoservice.demo.district import Demonstration, make_demonstration
from geoservice.demo.ground import Ground
from geoservice.demo.roads import RoadPlan
from geoservice.demo.sources import read_ground


@pytest.fixture(scope="module")
def ground() -> Ground:
    return read_ground()


@pytest.fixture(scope="module")
def made(ground: Ground) -> Demonstration:
    return make_demonstration(ground, now=datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture(scope="module")
def plan(made: Demonstration) -> RoadPlan:
    return made.roads


def _steps(plan: RoadPlan) -> Iterator[tuple[int, int]]:
    """Point to next point in each direction of travel."""
    for number, tags in enumerate(plan.tags):
        refs = plan.ways.refs[plan.ways.way == number].tolist()
        if tags.direction != "backward":
            yield from pairwise(refs)
        if tags.direction != "forward":
            yield from pairwise(refs[::-1])


def test_every_place_can_be_driven_to_from_every_other(plan: RoadPlan) -> None:
    steps = np.array(list(_steps(plan)))
    numbers, ends = np.unique(steps, return_inverse=True)
    ends = ends.reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(numbers),) * 2)
    assert connected_components(graph, connection="strong")[0] == 1


def test_a_shared_number_is_one_place(plan: RoadPlan) -> None:
    order = np.argsort(plan.ways.refs, kind="stable")
    refs, lonlat = plan.ways.refs[order], plan.ways.lonlat[order]
    same = refs[1:] == refs[:-1]
    assert same.any()
    assert np.array_equal(lonlat[1:][same], lonlat[:-1][same])


def test_roads_meet_at_shared_points_only(plan: RoadPlan) -> None:
    refs, uses = np.unique(plan.ways.refs, return_counts=True)
    junctions = plan.ways.lonlat[np.isin(plan.ways.refs, refs[uses > 1])]
    lines = np.array(plan.lines, dtype=object)
    first, second = shapely.STRtree(lines).query(lines, predicate="intersects")
    pairs = first < second
    met = shapely.intersection(lines[first[pairs]], lines[second[pairs]])
    assert set(shapely.get_type_id(met).tolist()) <= {0, 4}  # points: no stretch in common
    points = shapely.points(np.unique(shapely.get_coordinates(met), axis=0))
    tree = shapely.STRtree(shapely.points(junctions))
    assert len(tree.query_nearest(points, max_distance=1e-9, all_matches=False)[0]) == len(points)


def test_roads_stay_in_the_district_or_lead_just_out_of_it(plan: RoadPlan, ground: Ground) -> None:
    near = ground.boundary_m.buffer(9_000.0)
    lines = [ground.metres(line) for line in plan.lines]
    assert all(near.contains(line) for line in lines)
    outside = shapely.difference(np.array(lines, dtype=object), ground.boundary_m)
    assert shapely.length(outside).sum() < 0.1 * shapely.length(lines).sum()
    assert all(not ground.boundary_m.contains(shapely.Point(p)) for p in _ways_out(plan, ground))


def _ways_out(plan: RoadPlan, ground: Ground) -> list[tuple[float, float]]:
    """Ends of trunk and primary roads that lead no further."""
    refs, uses = np.unique(plan.ways.refs, return_counts=True)
    once = set(refs[uses == 1].tolist())
    found = []
    for number, tags in enumerate(plan.tags):
        if tags.road_class in {"trunk", "primary"}:
            own = plan.ways.refs[plan.ways.way == number]
            coords = ground.metres(plan.lines[number]).coords
            found += [coords[end] for end in (0, -1) if int(own[end]) in once]
    assert len(found) >= 6
    return found


def test_bridges_cross_rivers_and_nothing_else_does(plan: RoadPlan, ground: Ground) -> None:
    rivers = shapely.union_all([river.geom for river in ground.rivers])
    crosses = shapely.intersects(np.array(plan.lines, dtype=object), rivers)
    is_bridge = np.array([tags.is_bridge for tags in plan.tags])
    assert is_bridge.sum() >= 5
    assert np.array_equal(crosses, is_bridge)


def test_there_is_one_tunnel_and_some_one_way_streets(plan: RoadPlan) -> None:
    assert [tags.layer for tags in plan.tags if tags.is_tunnel] == [-1]
    assert {tags.layer for tags in plan.tags if tags.is_bridge} == {1}
    directions = [tags.direction for tags in plan.tags]
    assert directions.count("forward") >= 1
    assert directions.count("backward") >= 1


def test_all_classes_from_trunk_to_street_are_there(plan: RoadPlan) -> None:
    classes = {tags.road_class for tags in plan.tags}
    wanted = {"trunk", "primary", "secondary", "tertiary", "unclassified", "residential"}
    assert classes == wanted


def test_dangerous_sections_lie_on_their_road(made: Demonstration, ground: Ground) -> None:
    roads = {
        t.ref: ground.metres(line)
        for t, line in zip(made.roads.tags, made.roads.lines, strict=True)
    }
    sections = made.registers["dangerous_sections"]
    assert len(sections) == 16
    for section in sections:
        road, stretch = roads[section.road_code], ground.metres(section.geom)
        assert road.buffer(0.1).contains(stretch)
        assert ground.boundary.contains(section.geom)
        assert stretch.length == pytest.approx(section.to_m - section.from_m, abs=0.5)
        start = shapely.Point(stretch.coords[0])
        assert road.project(start) == pytest.approx(section.from_m, abs=0.5)


def test_resources_stand_beside_roads_inside_the_district(
    made: Demonstration, ground: Ground
) -> None:
    roads = shapely.union_all([ground.metres(line) for line in made.roads.lines])
    for register in ("hazard_sources", "rescue_teams", "depots"):
        for record in made.registers[register]:
            assert ground.boundary.contains(record.geom)
            assert roads.distance(ground.metres(record.geom)) < 120.0
