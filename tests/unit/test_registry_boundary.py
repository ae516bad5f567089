"""The district's outline and its service envelope."""

import math

import pyproj
import pytest
import shapely

from geoservice.errors import FileError, GeometryError
from geoservice.registry.boundary import (
    Outline,
    area_km2,
    choose_outlines,
    join_outlines,
    service_envelope,
)
from geoservice.registry.importing import Row

ELLIPSOID = pyproj.Geod(ellps="GRS80")
A, B = shapely.box(113.0, 36.2, 113.2, 36.4), shapely.box(113.2, 36.2, 113.4, 36.4)
TWO = [Outline(Row(1, {}, A), "1", "甲县"), Outline(Row(2, {}, B), "2", "乙县")]


@pytest.mark.parametrize("box", [(112.99, 36.24, 113.43, 36.49), (1.41, 42.43, 1.79, 42.66)])
def test_the_envelope_reaches_20_km_beyond_the_boundary(box: tuple[float, ...]) -> None:
    envelope = service_envelope(shapely.box(*box))
    west, south, east, north = envelope.bounds
    for lat in (box[1], box[3]):
        for near, far in ((box[0], west), (box[2], east)):
            assert 19_990 < ELLIPSOID.inv(near, lat, far, lat)[2] < 21_000
    for near, far in ((box[1], south), (box[3], north)):
        assert 19_990 < ELLIPSOID.inv(box[0], near, box[0], far)[2] < 21_000
    assert shapely.get_srid(envelope) == 4490


def test_area_is_that_of_the_ellipsoid() -> None:
    square = shapely.box(113.0, 36.0, 113.01, 36.01)
    side_km = [
        ELLIPSOID.inv(113, 36, 113.01, 36)[2] / 1000,
        ELLIPSOID.inv(113, 36, 113, 36.01)[2] / 1000,
    ]
    assert area_km2(square) == pytest.approx(math.prod(side_km), rel=1e-3)
    assert area_km2(shapely.MultiPolygon()) == 0


def test_one_of_several_is_chosen_by_code_or_name() -> None:
    assert choose_outlines(TWO, code="2", name=None, unite=False) == [TWO[1]]
    assert choose_outlines(TWO, code=None, name="甲县", unite=False) == [TWO[0]]
    for code, name in ((None, None), ("3", None), ("1", "乙县")):
        with pytest.raises(FileError, match="1 甲县, 2 乙县"):
            choose_outlines(TWO, code=code, name=name, unite=False)
    with pytest.raises(FileError, match="none"):
        choose_outlines([], code=None, name=None, unite=False)


def test_a_single_outline_takes_the_code_and_name_that_are_said() -> None:
    geom, code, name = join_outlines(TWO[:1], code="140406", name=None)
    assert (geom.geom_type, code, name) == ("MultiPolygon", "140406", "甲县")
    with pytest.raises(FileError, match="--name"):
        join_outlines([Outline(Row(1, {}, A), "1", "")], code=None, name=None)


def test_outlines_are_united_on_request() -> None:
    chosen = choose_outlines(TWO, code=None, name=None, unite=True)
    geom, *_ = join_outlines(chosen, code="1404", name="两县")
    assert geom.equals(shapely.box(113.0, 36.2, 113.4, 36.4))
    with pytest.raises(FileError, match="--code and --name"):
        join_outlines(chosen, code=None, name=None)
    with pytest.raises(GeometryError):
        join_outlines([], code="1", name="x")
