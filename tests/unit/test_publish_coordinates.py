"""Boxes and times as clients write them."""

import datetime as dt

import pytest
import shapely

from geoservice.errors import InputError
from geoservice.publish.coordinates import CRS84, STORED, WGS84, box_of, crs_of, days_of, served_crs

LUCHENG, ANDORRA = served_crs(113.2), served_crs(1.5)
GK = LUCHENG[3]
# The worked pair of the district (EPSG:4547, north first): 113.2289, 36.3344.
NORTH_M, EAST_M = 4022924.430, 430768.856


def test_the_zone_of_the_place_is_offered_with_and_without_its_number() -> None:
    assert [crs.uri.rsplit("/", 1)[1] for crs in LUCHENG[1:]] == ["4490", "4326", "4547", "4526"]


def test_where_no_code_covers_the_place_only_degrees_are_offered() -> None:
    assert ANDORRA == served_crs(None) == (CRS84, STORED, WGS84)


def test_nothing_asked_is_crs84_and_an_unknown_one_is_refused() -> None:
    assert crs_of(None, LUCHENG, "crs") is CRS84
    with pytest.raises(InputError, match="crs: not a CRS offered here"):
        crs_of("http://www.opengis.net/def/crs/EPSG/0/3857", LUCHENG, "crs")


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("113.1,36.2,113.3,36.4", CRS84),
        ("36.2,113.1,36.4,113.3", STORED),
        ("36.2,113.1,36.4,113.3", WGS84),
        ("113.1,36.2,-100,113.3,36.4,900", CRS84),
    ],
)
def test_a_box_is_read_in_the_axis_order_of_its_crs(text, crs) -> None:
    box = box_of(text, crs)
    assert box.bounds == pytest.approx((113.1, 36.2, 113.3, 36.4), abs=1e-8)
    assert shapely.get_srid(box) == 4490


def test_a_box_in_the_zone_is_north_first_metres() -> None:
    text = f"{NORTH_M - 100},{EAST_M - 100},{NORTH_M + 100},{EAST_M + 100}"
    box = box_of(text, GK)
    assert box.contains(shapely.Point(113.2289, 36.3344))
    assert box.bounds[2] - box.bounds[0] < 0.003


def test_a_box_of_one_point_still_meets_a_feature_there() -> None:
    box = box_of("113.1,36.2,113.1,36.2", CRS84)
    assert box.intersects(shapely.Point(113.1, 36.2))


def test_west_of_east_goes_round_the_back_of_the_globe() -> None:
    box = box_of("170,-10,-170,10", CRS84)
    assert box.intersects(shapely.Point(179, 0))
    assert box.intersects(shapely.Point(-175, 0))
    assert not box.intersects(shapely.Point(0, 0))


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("nan,1,2,3", CRS84),
        ("inf,1,2,3", CRS84),
        ("1,2,3", CRS84),
        ("1,2,3,4,5", CRS84),
        ("a,b,c,d", CRS84),
        ("", CRS84),
        ("113,37,114,36", CRS84),
        ("36,113,37,114", CRS84),
        ("113,36,114,37", STORED),
        ("4000000,900,4000001,100", GK),
        ("1e300,1e300,2e300,2e300", GK),
    ],
)
def test_a_box_that_is_none_is_refused(text, crs) -> None:
    with pytest.raises(InputError, match="bbox"):
        box_of(text, crs)


DAY = dt.date(2026, 6, 15)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2026-06-15", (DAY, DAY)),
        ("2026-06-15T12:00:00Z", (DAY, DAY)),
        ("2026-06-16T07:59:59+08:00", (DAY, DAY)),
        ("2026-06-15T00:00:00.5Z/..", (DAY, None)),
        ("/2026-06-15T00:00:00Z", (None, DAY)),
        ("../..", (None, None)),
    ],
)
def test_an_instant_or_interval_gives_its_first_and_last_day(text, span) -> None:
    assert days_of(text) == span


@pytest.mark.parametrize(
    "text",
    ["", "..", "not-a-date", "2026-13-01T00:00:00Z", "2026-W01", "2026-06-15T00:00:00",
     "2026-06-16/2026-06-15", "1/2/3", "0001-01-01T00:00:00+08:00", "2026-06-15T25:00:00Z"],
)  # fmt: skip
def test_a_time_that_is_none_is_refused(text) -> None:
    with pytest.raises(InputError, match="datetime"):
        days_of(text)
