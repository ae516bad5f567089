"""Which datum a file is in, and which of its shapes are taken."""

import numpy as np
import pyproj
import pytest
import shapely

from geoservice.errors import DatumError
from geoservice.registry.places import Placement, Shapes, place, settle

TRUE = Placement("cgcs2000")


def array(*shapes: object) -> Shapes:
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


@pytest.mark.parametrize("declared", ["EPSG:4490", "EPSG:4547", "EPSG:4526", "EPSG:4497"])
def test_cgcs2000_settles_the_datum(declared: str) -> None:
    assert settle(declared, None).datum == "cgcs2000"
    assert settle(declared, "cgcs2000").datum == "cgcs2000"
    with pytest.raises(DatumError, match="one is wrong"):
        settle(declared, "gcj02")


def test_esri_wkt_of_cgcs2000_settles_it_too() -> None:
    for code in (4490, 4547):
        esri = pyproj.CRS.from_epsg(code).to_wkt("WKT1_ESRI")
        assert settle(esri, None).datum == "cgcs2000"


@pytest.mark.parametrize(
    "declared", [None, "EPSG:4326", "EPSG:3857", "urn:ogc:def:crs:OGC:1.3:CRS84"]
)
def test_wgs84_and_silence_settle_nothing(declared: str | None) -> None:
    with pytest.raises(DatumError, match="Say its datum") as refused:
        settle(declared, None)
    assert "高德" in refused.value.zh
    assert settle(declared, "gcj02").datum == "gcj02"


@pytest.mark.parametrize("code", [4610, 4214, 2327, 2390, 2401, 2442, 4555])
def test_xian_80_and_beijing_54_are_refused_with_the_reason(code: int) -> None:
    for declared in (f"EPSG:{code}", pyproj.CRS.from_epsg(code).to_wkt("WKT1_ESRI")):
        for said in (None, "cgcs2000"):
            with pytest.raises(DatumError, match="seven parameters"):
                settle(declared, said)


@pytest.mark.parametrize(
    "declared", ["EPSG:25831", "EPSG:4267", "EPSG:4978", 'LOCAL_CS["x"]', "nonsense"]
)
def test_other_systems_are_refused(declared: str) -> None:
    with pytest.raises(DatumError):
        settle(declared, "wgs84")


def test_gauss_krueger_metres_come_to_the_worked_place() -> None:
    # Worked: 113.2289, 36.3344 is E 430768.856 N 4022924.430 in EPSG:4547, and zone 38 of 4526.
    for code, east in ((4547, 430768.856), (4526, 38430768.856)):
        placed = place(
            array(shapely.Point(east, 4022924.430)), settle(f"EPSG:{code}", None), "Point"
        )
        np.testing.assert_allclose(
            shapely.get_coordinates(placed.shapes), [[113.2289, 36.3344]], rtol=0, atol=1e-8
        )
        assert shapely.get_srid(placed.shapes[0]) == 4490


def test_gcj02_in_web_mercator_is_unprojected_and_unshifted() -> None:
    x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(
        113.2353965, 36.3344391
    )
    placed = place(array(shapely.Point(x, y)), settle("EPSG:3857", "gcj02"), "Point")
    np.testing.assert_allclose(
        shapely.get_coordinates(placed.shapes), [[113.2289, 36.3344]], rtol=0, atol=1e-7
    )


def test_bad_shapes_are_refused_each_with_its_reason() -> None:
    bow = shapely.Polygon([(113, 36), (114, 37), (114, 36), (113, 37)])
    placed = place(
        array(
            None,
            shapely.Point(),
            shapely.Point(np.nan, 36),
            shapely.Point(np.inf, 36),
            shapely.Point(430768.8, 4022924.4),
            bow,
            shapely.LineString([(113, 36), (113, 36)]),
            shapely.GeometryCollection([shapely.Point(113, 36)]),
            shapely.Point(113.2, 36.3),
        ),
        TRUE,
        "Geometry",
    )
    assert sorted(placed.refused) == [1, 2, 3, 4, 5, 6, 7]
    assert placed.refused[5].where == "Self-intersection[113.5 36.5]"
    assert "metres" in str(placed.refused[4])
    assert [it is None for it in placed.shapes] == [True] * 8 + [False]


def test_a_point_register_takes_no_polygon_and_a_lone_part_is_a_point() -> None:
    lone, two = shapely.MultiPoint([(113, 36)]), shapely.MultiPoint([(113, 36), (114, 36)])
    placed = place(array(shapely.box(113, 36, 114, 37), lone, two), TRUE, "Point")
    assert sorted(placed.refused) == [0, 2]
    assert placed.shapes[1] == shapely.set_srid(shapely.Point(113, 36), 4490)


def test_single_parts_become_multi_and_heights_are_counted() -> None:
    square = shapely.force_3d(shapely.box(113, 36, 114, 37), 900.0)
    placed = place(array(square), TRUE, "MultiPolygon")
    assert placed.heights_left_out == 1
    assert placed.shapes[0].geom_type == "MultiPolygon"
    assert not placed.shapes[0].has_z


def test_no_shapes_give_none() -> None:
    assert place(array(), TRUE, "Point").shapes.shape == (0,)
