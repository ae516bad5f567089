"""The CRS of an export, the formats' limits, and corners as surveyors write them."""

import pyproj
import pytest
import shapely

from geoservice.crs import CGCS2000
from geoservice.errors import InputError, UnknownNameError
from geoservice.exports.formats import FORMATS, encoding_named, format_named, refuse_unfit
from geoservice.exports.tables import corners
from geoservice.exports.target import described, target_crs

GPKG, KML, DXF = FORMATS["gpkg"], FORMATS["kml"], FORMATS["dxf"]
LUCHENG = (113.0, 36.2, 113.4, 36.5)
ANDORRA = (1.4, 42.4, 1.8, 42.7)


@pytest.mark.parametrize(
    ("asked", "east", "north"),
    [("4547", 430768.856, 4022924.430), ("4526", 38430768.856, 4022924.430),
     ("4497", 19700129.160, 4024955.471), ("local", 430768.856, 4022924.430)],
)  # fmt: skip
def test_a_point_of_the_district_in_each_plane(asked: str, east: float, north: float) -> None:
    target = target_crs(LUCHENG, asked, GPKG)
    move = pyproj.Transformer.from_crs(CGCS2000, target, always_xy=True)
    assert move.transform(113.2289, 36.3344) == pytest.approx((east, north), abs=0.001)


@pytest.mark.parametrize(
    ("bounds", "asked", "form", "why"),
    [(LUCHENG, "4534", GPKG, "covers 73.62 to 76.5 degrees east"),
     (ANDORRA, "4547", GPKG, "crs=local takes the zone of the place"),
     (LUCHENG, "2380", GPKG, "an EPSG code of CGCS2000"),
     (LUCHENG, "4547", KML, "WGS 84 longitude and latitude only: crs=4326"),
     (LUCHENG, "3857", DXF, "metres of a CGCS2000 zone only: crs=local"),
     (LUCHENG, "4490", DXF, "metres of a CGCS2000 zone only")],
)  # fmt: skip
def test_a_crs_that_does_not_fit_is_refused(bounds, asked, form, why) -> None:
    with pytest.raises(InputError, match=why):
        target_crs(bounds, asked, form)


def test_without_a_word_each_format_has_its_own() -> None:
    assert target_crs(LUCHENG, None, GPKG).to_epsg() == 4490
    assert target_crs(LUCHENG, None, KML).to_epsg() == 4326
    assert described(target_crs(LUCHENG, None, DXF)).endswith("(EPSG:4547)")
    assert target_crs(LUCHENG, "3857", GPKG).to_epsg() == 3857
    assert target_crs(ANDORRA, "local", DXF).name == "3-degree Gauss-Kruger CM 3E"
    assert target_crs(None, "local", GPKG) == CGCS2000


def test_the_suffix_says_the_format() -> None:
    assert format_named(None, ".GPKG").name == "gpkg"
    assert format_named(None, ".zip").name == "shp"
    assert format_named(None, ".csv").name == "csv"
    assert format_named("corners", ".csv").name == "corners"
    with pytest.raises(UnknownNameError, match=r"\.doc: no known format"):
        format_named(None, ".doc")
    with pytest.raises(UnknownNameError, match="latin1"):
        encoding_named("latin1")


def test_a_table_goes_into_what_takes_tables() -> None:
    for name in ("gpkg", "shp", "csv", "parquet", "xlsx", "geojson"):
        refuse_unfit(FORMATS[name], is_table=True)
    for name in ("dxf", "corners"):
        refuse_unfit(FORMATS[name], is_table=False)
        with pytest.raises(InputError, match="a table without"):
            refuse_unfit(FORMATS[name], is_table=True)


def test_corners_of_a_square_with_a_hole_and_of_nothing() -> None:
    square = shapely.box(0, 0, 10, 10) - shapely.box(4, 4, 6, 6)
    found = list(corners(square))
    assert [row[:3] for row in found] == [
        *[(1, 1, f"J{n}") for n in (1, 2, 3, 4, 1)],
        *[(1, 2, f"J{n}") for n in (1, 2, 3, 4, 1)],
    ]
    assert found[0][3:] == found[4][3:]
    # X is north, Y is east.
    assert list(corners(shapely.Point(430768.8564, 4022924.43))) == [
        (1, 1, "J1", "4022924.430", "430768.856")
    ]
    assert list(corners(shapely.MultiLineString([[(0, 1), (2, 3)], [(4, 5), (6, 7)]])))[-1] == (
        2, 1, "J2", "7.000", "6.000",
    )  # fmt: skip
    assert list(corners(None)) == []
