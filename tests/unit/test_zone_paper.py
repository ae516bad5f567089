"""Zones on paper: strokes, crosses and dots within their area, by which they are told apart."""

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, box

from geoservice.zoning.beside import _wrapped
from geoservice.zoning.paper import dots, strokes

AREA = MultiPolygon([box(0, 0, 400, 300).difference(box(100, 100, 200, 200)), box(500, 0, 600, 80)])


@pytest.mark.parametrize("rising", [True, False])
def test_strokes_lie_within_and_are_evenly_apart(rising: bool) -> None:
    lines = [shapely.LineString(xy) for xy in strokes(AREA, 5, rising=rising)]
    assert all(AREA.buffer(1e-6).covers(line) for line in lines)
    # Parallel lines 5 m apart are as long as a fifth of the area.
    assert sum(line.length for line in lines) == pytest.approx(AREA.area / 5, rel=0.02)
    ends = np.array([shapely.get_coordinates(line)[[0, -1]] for line in lines])
    steps = ends[:, 1] - ends[:, 0]
    np.testing.assert_allclose(steps[:, 1] / steps[:, 0], 1 if rising else -1, rtol=1e-6)


def test_dots_lie_within() -> None:
    found = dots(AREA, 5)
    assert len(found) == pytest.approx(AREA.area / 25, rel=0.05)
    assert all(AREA.covers(Point(xy)) for xy in found)


def test_lines_break_at_chinese_letters_and_between_words() -> None:
    assert _wrapped("CGCS2000 / 3-degree Gauss", 12) == ["CGCS2000 /", "3-degree", "Gauss"]
    assert _wrapped("煤矿防治水三区", 8) == ["煤矿防治", "水三区"]
    assert _wrapped("", 8) == [""]
