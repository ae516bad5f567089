"""Areas cut, split, joined, reshaped and widened; kept corners stay exactly where they are."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, box

from geoservice.crs import to_metric
from geoservice.errors import InputError
from geoservice.shapes.working import cut, join, reshape, split, widen

SQUARE = box(113.0, 36.0, 113.4, 36.2)
inner = st.floats(113.05, 113.35)


def _corners(*shapes: object) -> set[tuple[float, float]]:
    return {tuple(xy) for xy in shapely.get_coordinates(list(shapes)).tolist()}


def test_a_hole_is_cut_and_a_bite_taken() -> None:
    (holed,) = cut(SQUARE, box(113.1, 36.05, 113.2, 36.1))
    assert len(holed.interiors) == 1
    assert holed.area == pytest.approx(0.08 - 0.005)
    (bitten,) = cut(SQUARE, box(113.3, 36.1, 113.6, 36.4))
    assert not bitten.interiors
    assert bitten.area == pytest.approx(0.08 - 0.01)


def test_a_cut_across_leaves_two_parts() -> None:
    assert len(cut(SQUARE, box(113.1, 35.0, 113.2, 37.0))) == 2


@pytest.mark.parametrize("other", [box(114, 36, 114.1, 36.1), box(112, 35, 114, 37)])
def test_a_cut_that_meets_nothing_or_leaves_nothing_is_refused(other: Polygon) -> None:
    with pytest.raises(InputError):
        cut(SQUARE, other)


@given(inner, inner)
def test_pieces_of_a_split_cover_the_whole_and_share_exact_corners(x: float, y: float) -> None:
    pieces = split(SQUARE, LineString([(x, 35.9), (y, 36.3)]))
    assert len(pieces) == 2
    assert shapely.symmetric_difference(shapely.union_all(pieces), SQUARE).area < 1e-15
    assert shapely.coverage_is_valid(np.array(pieces))
    assert _corners(SQUARE) <= _corners(*pieces)
    assert pieces[0].area >= pieces[1].area


def test_a_line_that_ends_inside_divides_nothing() -> None:
    with pytest.raises(InputError, match="edge to edge"):
        split(SQUARE, LineString([(113.1, 35.9), (113.1, 36.1)]))


def test_a_split_keeps_holes() -> None:
    (holed,) = cut(SQUARE, box(113.1, 36.05, 113.2, 36.1))
    pieces = split(holed, LineString([(113.15, 35.9), (113.15, 36.3)]))
    assert sum(piece.area for piece in pieces) == pytest.approx(holed.area)


@given(inner)
def test_what_was_split_joins_to_what_it_was(x: float) -> None:
    first, second = split(SQUARE, LineString([(x, 35.9), (x, 36.3)]))
    (joined,) = join([first, second])
    assert joined.area == pytest.approx(SQUARE.area)
    assert shapely.symmetric_difference(joined, SQUARE).area < 1e-15


def test_areas_apart_do_not_join() -> None:
    with pytest.raises(InputError, match="do not touch"):
        join([SQUARE, box(114, 36, 114.1, 36.1)])


def test_an_edge_is_laid_outwards_along_a_line() -> None:
    corners = [(113.1, 36.15), (113.1, 36.3), (113.2, 36.3), (113.2, 36.15)]
    (wider,) = reshape(SQUARE, LineString(corners))
    assert wider.area == pytest.approx(0.08 + 0.01)


def test_an_edge_is_laid_inwards_and_the_larger_piece_stays() -> None:
    (smaller,) = reshape(SQUARE, LineString([(113.3, 35.9), (113.3, 36.3)]))
    assert smaller.equals(box(113.0, 36.0, 113.3, 36.2))


def test_reshaping_does_not_fill_a_hole() -> None:
    (holed,) = cut(SQUARE, box(113.1, 36.05, 113.2, 36.1))
    (smaller,) = reshape(holed, LineString([(113.3, 35.9), (113.3, 36.3)]))
    assert len(smaller.interiors) == 1


def test_a_line_far_off_reshapes_nothing() -> None:
    with pytest.raises(InputError, match="twice"):
        reshape(SQUARE, LineString([(114, 36), (114.1, 36)]))


@given(st.floats(1, 5000), st.floats(0, 2 * math.pi))
def test_a_width_is_never_short(distance_m: float, bearing: float) -> None:
    (wide,) = widen(shapely.Point(113.2, 36.3), distance_m)
    centre, ring = to_metric(shapely.Point(113.2, 36.3), 113.2), to_metric(wide, 113.2)
    out = shapely.Point(
        centre.x + 0.999999 * distance_m * math.cos(bearing),
        centre.y + 0.999999 * distance_m * math.sin(bearing),
    )
    assert ring.contains(out)
    assert ring.area < 1.01 * math.pi * distance_m**2


def test_narrowing_to_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="nothing is left"):
        widen(SQUARE, -90_000)


def test_parts_are_narrowed_one_by_one() -> None:
    two = MultiPolygon([SQUARE, box(114, 36, 114.4, 36.2)])
    assert len(widen(two, -100)) == 2
