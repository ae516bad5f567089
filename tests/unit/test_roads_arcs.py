"""Ways cut into arcs, on a line of nodes 0.01 degrees apart along the parallel of 36 N."""

import numpy as np
import pytest

from geoservice.roads.arcs import Ways, along_m, cut_pieces, inside, lines, split_arcs
from geoservice.roads.records import ServiceBox
from geoservice.roads.rows import NodeNumbers

BOX = ServiceBox(113.0, 35.9, 113.1, 36.1)
# 0.01 degrees at 36 N on GRS80: a*cos(36)/sqrt(1 - e2*sin(36)^2) * 0.01 * pi/180 = 901.637 m
STEP_M = 901.637


def _ways(*ways: list[int]) -> Ways:
    """Node n lies n steps east of 113.00 E; a negative one is not in the file."""
    refs = np.array([n for way in ways for n in way], np.int64)
    lon = np.where(refs < 0, np.nan, 113.0 + refs * 0.01)
    lonlat = np.column_stack((lon, np.where(refs < 0, np.nan, 36.0)))
    numbers = np.repeat(np.arange(len(ways)), [len(way) for way in ways])
    return Ways(np.arange(len(ways)), refs, lonlat, numbers)


def _arcs(ways: Ways, shared: set[int]) -> list[list[int]]:
    pieces = cut_pieces(ways, inside(ways.lonlat, BOX))
    found = split_arcs(ways, pieces, np.isin(ways.refs, sorted(shared)))
    return [ways.refs[a : b + 1].tolist() for a, b in zip(found.first, found.last, strict=True)]


def test_way_is_cut_where_it_meets_another() -> None:
    assert _arcs(_ways([1, 2, 3, 4], [6, 3]), {3}) == [[1, 2, 3], [3, 4], [6, 3]]


def test_shared_end_makes_no_empty_arc() -> None:
    assert _arcs(_ways([1, 2, 3]), {1, 3}) == [[1, 2, 3]]


def test_ring_ends_where_it_began() -> None:
    assert _arcs(_ways([1, 2, 3, 1]), {1}) == [[1, 2, 3, 1]]


def test_nodes_missing_or_outside_cut_the_way() -> None:
    assert _arcs(_ways([1, 2, -7, 3, 4, 50, 5]), set()) == [[1, 2], [3, 4]]


@pytest.mark.parametrize("way", [[], [1], [-1, -2], [50, 51], [1, 50, 2]])
def test_way_without_two_usable_neighbours_gives_nothing(way: list[int]) -> None:
    assert _arcs(_ways(way), {1, 2}) == []


def test_edge_of_the_box_is_inside() -> None:
    points = np.array([[113.0, 36.1], [113.1, 35.9], [113.1000001, 36.0], [np.nan, np.nan]])
    assert inside(points, BOX).tolist() == [True, True, False, False]


def test_lengths_are_those_of_the_ellipsoid() -> None:
    ways = _ways([1, 2, 3], [5, -7, 6, 8])
    usable = inside(ways.lonlat, BOX)
    pieces = cut_pieces(ways, usable)
    along = along_m(ways, usable)
    lengths = along[pieces.last] - along[pieces.first]
    assert lengths == pytest.approx([2 * STEP_M, 2 * STEP_M], abs=0.01)


def test_shapes_follow_their_nodes_and_are_stamped() -> None:
    ways = _ways([1, 2, 3], [6, 3])
    shapes = lines(ways, cut_pieces(ways, inside(ways.lonlat, BOX)))
    assert [s.wkt for s in shapes] == [
        "LINESTRING (113.01 36, 113.02 36, 113.03 36)",
        "LINESTRING (113.06 36, 113.03 36)",
    ]
    assert all(s.wkb_hex for s in shapes)


def test_shared_node_is_numbered_and_written_once() -> None:
    numbers = NodeNumbers(np.array([3, 7]), np.array([], np.int64), first_id=100)
    ids, fresh = numbers.numbered(np.array([1, 3, 3, 7, 9]))
    assert ids.tolist() == [102, 100, 100, 101, 103]
    assert fresh.tolist() == [True, True, False, True, True]
    ids, fresh = numbers.numbered(np.array([3, 9, 7]))
    assert ids.tolist() == [100, 104, 101]
    assert fresh.tolist() == [False, True, False]


def test_no_two_arcs_meet_at_a_barrier() -> None:
    numbers = NodeNumbers(np.array([3]), np.array([3, 5]), first_id=100)
    ids, fresh = numbers.numbered(np.array([3, 3, 5, 5]))
    assert len(set(ids.tolist())) == 4
    assert fresh.all()
    assert numbers.is_split(np.array([3, 4, 5])).tolist() == [True, False, True]
