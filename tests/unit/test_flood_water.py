"""Depths from heights: the worked rows of the design, and polygons that fit."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine

from geoservice.crs import metric_crs, to_store
from geoservice.errors import InputError
from geoservice.floods.grades import make_rules
from geoservice.floods.polygons import areas_only, bands_of_raster, depth_classes, polygons_of
from geoservice.floods.water import level_water, stage_water, standing_water

RULES = make_rules(
    json.loads((Path(__file__).parents[1] / "data" / "risk_parameters.json").read_text("utf-8"))
)
NAN = np.nan


def _row(*heights: float) -> np.ndarray:
    return np.array([heights], np.float32)


def _seed(shape: tuple[int, int], *cells: tuple[int, int]) -> np.ndarray:
    found = np.zeros(shape, bool)
    for cell in cells:
        found[cell] = True
    return found


def test_connected_level_water_is_the_worked_row() -> None:
    heights = _row(105, 103, 101, 100, 101.5, 102.5, 104)
    water = level_water(heights, _seed((1, 7), (0, 3)), 102)
    assert water.depth_m.tolist() == [[0, 0, 1, 2, 0.5, 0, 0]]
    assert not water.is_unknown.any()


def test_a_pit_that_nothing_joins_stays_dry() -> None:
    heights = _row(105, 100.5, 104, 100, 101.5)
    water = level_water(heights, _seed((1, 5), (0, 3)), 102)
    assert water.depth_m.tolist() == [[0, 0, 0, 2, 0.5]]


def test_water_goes_over_corners_and_never_into_voids() -> None:
    heights = np.array([[9, 9, 1], [9, 1, 9], [1, 9, NAN]], np.float32)
    water = level_water(heights, _seed((3, 3), (0, 2)), 2)
    assert water.depth_m.tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert water.is_unknown.tolist() == [[False] * 3, [False] * 3, [False, False, True]]


def test_a_level_below_its_channel_is_refused() -> None:
    with pytest.raises(InputError, match=r"lowest 100\.00 m"):
        level_water(_row(105, 100, 105), _seed((1, 3), (0, 1)), 99)


def test_hand_with_a_stage_is_the_worked_row() -> None:
    # A channel along the south edge; the row above it lies 0.5, 1.2, 2.0 higher than its foot.
    heights = np.array([[99, 99, 99, 99], [10, 10.5, 11.2, 12], [99, 99, 99, 99]], np.float32)
    water = stage_water(heights, _seed((3, 4), (1, 0)), 1.2, 1)
    assert water.depth_m[1] == pytest.approx([1.2, 0.7, 0, 0], abs=1e-6)
    # The walls drain off the raster: nobody knows, and that is not dry.
    assert not water.is_unknown[1].any()


def test_where_no_drainage_is_known_is_unknown_and_has_no_depth() -> None:
    heights = np.array([[5, 4, 3, 2, 3, 4, 1]], np.float32).repeat(3, axis=0)
    heights[1] -= 0.5
    water = stage_water(heights, _seed((3, 7), (1, 3)), 1.0, 1)
    assert water.is_unknown[1, 6]
    assert (water.depth_m[water.is_unknown] == 0).all()


def test_hollows_fill_to_where_they_spill() -> None:
    # 5 3 1 3 4 with walls round it and its right end open: filled 5 4 4 4 4.
    inner = [5, 3, 1, 3, 4]
    heights = np.full((3, 6), 9, np.float32)
    heights[1, :5], heights[1, 5] = inner, 4
    water = standing_water(heights, 0.15)
    assert water.depth_m[1].tolist() == [0, 1, 3, 1, 0, 0]
    assert standing_water(heights, 2.0).depth_m[1].tolist() == [0, 0, 3, 0, 0, 0]


def test_classes_are_those_of_the_breaks_in_the_rasters_own_precision() -> None:
    depth = _row(0, NAN, -1, 0.5, 0.51, 1, 2, 3, 3.01)
    assert depth_classes(depth, RULES).tolist() == [[0, 0, 0, 1, 2, 2, 3, 4, 5]]


def test_areas_are_those_of_the_cells_and_corners_do_not_join() -> None:
    classes = np.array([[1, 0, 2], [0, 1, 2], [1, 1, 0]], np.uint8)
    areas = polygons_of(classes, Affine(10, 0, 0, 0, -10, 30))
    assert {number: it.area for number, it in areas.items()} == {1: 400, 2: 200}
    assert all(shapely.is_valid(it) for it in areas.values())
    assert len(areas[1].geoms) == 2
    assert polygons_of(np.zeros((2, 2), np.uint8), Affine.identity()) == {}


def test_bands_of_random_depths_cover_every_wet_cell_once() -> None:
    rng = np.random.default_rng(3)
    depth = np.where(rng.random((60, 80)) < 0.5, 0, rng.random((60, 80)) * 4).astype(np.float32)
    transform = Affine(30, 0, 430_000, 0, -30, 4_023_000)
    zone = metric_crs(113.2)

    def stored(geom: shapely.MultiPolygon) -> shapely.MultiPolygon:
        return areas_only(to_store(geom, zone))

    bands = bands_of_raster(depth, transform, RULES, stored)
    assert [it.grade for it in bands] == ["blue", "yellow", "orange", "red", "red"]
    assert all(shapely.is_valid(it.geom) for it in bands)
    assert sum(it.area_m2 for it in bands) == pytest.approx((depth > 0).sum() * 900, rel=1e-6)
    for one in bands:
        for other in bands:
            shared = one.geom.intersection(other.geom).area if one is not other else 0
            assert shared == 0
    assert bands_of_raster(np.zeros((3, 3), np.float32), transform, RULES, stored) == []


def test_of_a_shape_only_its_areas_are_kept() -> None:
    bow = shapely.MultiPolygon([shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])])
    kept = areas_only(bow)
    assert shapely.is_valid(kept)
    assert kept.area == pytest.approx(2)
    line = shapely.GeometryCollection(
        [shapely.LineString([(0, 0), (1, 1)]), shapely.box(0, 0, 1, 1)]
    )
    assert areas_only(line).area == 1
