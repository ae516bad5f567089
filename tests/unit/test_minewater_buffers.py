"""A safety buffer is never short."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geoservice.minewater.buffers import safety_buffer
from geoservice.minewater.rulesets import shipped_ruleset

ROUND = shipped_ruleset("NMSA-2022-85")
MITRE = ROUND.with_values({"buffer_join": "mitre"}, source="test")
EAST, NORTH = 38_430_000.0, 4_022_000.0


def test_mitre_keeps_the_sides_of_the_worked_goaf() -> None:
    goaf = box(100, 100, 300, 300)
    assert safety_buffer(goaf, 24.0, MITRE).equals(box(76, 76, 324, 324))
    assert safety_buffer(goaf, 30.0, MITRE).area == pytest.approx(260.0**2, abs=1e-6)


def test_round_corners_are_outside_the_true_arc() -> None:
    found = safety_buffer(box(100, 100, 300, 300), 24.0, ROUND).area
    exact = 200.0**2 + 4 * 200.0 * 24.0 + math.pi * 24.0**2
    assert exact == pytest.approx(61_009.56, abs=0.005)
    assert exact < found < exact * 1.003


def test_a_corner_too_sharp_for_a_mitre_is_cut_beyond_the_width() -> None:
    needle = Polygon([(0, 0), (1000, 1), (0, 2)])
    found = safety_buffer(needle, 20.0, MITRE)
    assert shapely.distance(found.boundary, needle) >= 20.0 - 1e-6
    assert found.bounds[2] <= 1200.0 + 1e-6


def test_no_width_gives_the_areas_alone() -> None:
    assert safety_buffer(box(0, 0, 1, 1), 0.0, ROUND).area == 1.0
    assert safety_buffer(LineString([(0, 0), (1, 1)]), 0.0, ROUND).is_empty
    assert safety_buffer(MultiPolygon(), 20.0, ROUND).is_empty
    assert safety_buffer(Point(), 20.0, ROUND).is_empty


offsets = st.lists(
    st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=8, unique=True
)


@settings(max_examples=60, deadline=None)
@given(offsets, st.floats(1.0, 200.0), st.sampled_from(["round", "mitre"]), st.booleans())
def test_every_place_on_the_edge_is_as_far_as_asked(
    corners: list[tuple[float, float]], width_m: float, join: str, is_area: bool
) -> None:
    moved = [(EAST + x, NORTH + y) for x, y in corners]
    shape = shapely.MultiPoint(moved) if len(moved) < 3 else LineString(moved)
    if is_area and len(moved) >= 3:
        shape = shapely.convex_hull(shape)
    rules = ROUND if join == "round" else MITRE
    edge = shapely.segmentize(safety_buffer(shape, width_m, rules).boundary, width_m / 20)
    places = shapely.points(shapely.get_coordinates(edge))
    assert np.min(shapely.distance(places, shape)) >= width_m - 1e-6
