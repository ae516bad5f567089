"""`load dem`: tiles joined and moved into the district's zone, voids told, the wrong refused."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio

from geoservice.crs import metric_crs
from geoservice.db import Connection
from geoservice.errors import (
    DatumError,
    FileError,
    InputError,
)
from geoservice.terrain.actions import load_dem, quiet
from geoservice.terrain.records import DemRequest, LoadedTerrain
from geoservice.terrain.sources import mosaics, read_sources
from geoservice.terrain.store import Terrain, open_terrain, terrain_folder
from geoservice.terrain.warping import Wish, frame_for, write_terrain

SMALL = runpy.run_path(str(Path(__file__).parents[1] / "data" / "small_roads.py"))
MADE = runpy.run_path(str(Path(__file__).parents[1] / "data" / "made_dem.py"))
write_dem, plane = MADE["write_dem"], MADE["plane"]
ASKED = DemRequest("1985", source="试验", licence="CC0")
CORNER, SIZE = (112.9, 36.6), (400, 500)  # to 113.4 E and 36.2 N


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def district(conn: Connection) -> Connection:
    SMALL["lay_district"](conn, (113.0, 36.3, 113.3, 36.5))
    return conn


def load(conn: Connection, home: Path, *paths: Path, **asked: Any) -> LoadedTerrain:
    request = DemRequest(**{**vars(ASKED), **asked})
    return load_dem(conn, home=home, paths=paths, request=request)


def heights(terrain: Terrain, lon_lat: list[tuple[float, float]]) -> np.ndarray:
    move = pyproj.Transformer.from_crs(4490, terrain.crs, always_xy=True).transform
    return terrain.heights_at(np.column_stack(move(*np.transpose(lon_lat))))


PLACES = [(113.0512, 36.3456), (113.1499, 36.4001), (113.15, 36.4), (113.1501, 36.3999)]


@pytest.mark.parametrize("resampling", ["bilinear", "cubic"])
def test_heights_are_those_of_the_file_in_the_district_s_zone(
    district: Connection, home: Path, tmp_path: Path, resampling: str
) -> None:
    done = load(district, home, write_dem(tmp_path / "a.tif", CORNER, SIZE), resampling=resampling)
    terrain = open_terrain(district, home)
    assert terrain.crs == metric_crs(113.1)
    assert (terrain.datum, terrain.row.licence, terrain.row.source_doc) == ("1985", "CC0", "试验")
    assert (done.terrain, done.covered_pct) == (terrain.row, 100.0)
    # A cell of a raster of degrees is 90 m wide and 111 m high: 100 m is between.
    assert terrain.cell_m == pytest.approx(99.7, abs=0.5)
    wanted = plane(*np.transpose(PLACES))
    np.testing.assert_allclose(heights(terrain, PLACES), wanted, atol=0.02)


def test_tiles_meet_without_a_seam(district: Connection, home: Path, tmp_path: Path) -> None:
    whole = write_dem(tmp_path / "whole.tif", CORNER, SIZE)
    load(district, home, whole, cell_m=100)
    wanted = open_terrain(district, home).window(open_terrain(district, home).bounds).array
    tiles = [
        write_dem(tmp_path / f"{i}{j}.tif", (112.9 + 0.25 * j, 36.6 - 0.2 * i), (200, 250))
        for i in range(2) for j in range(2)
    ]  # fmt: skip
    load(district, home, *tiles, cell_m=100)
    terrain = open_terrain(district, home)
    found = terrain.window(terrain.bounds).array
    assert found.shape == wanted.shape
    inside = (slice(20, -20), slice(20, -20))
    np.testing.assert_allclose(found[inside], wanted[inside], atol=1e-3)
    assert np.isfinite(found[inside]).all()


def test_tiles_of_the_shuttle_share_an_edge_and_are_named_by_their_corner(
    district: Connection, home: Path, tmp_path: Path
) -> None:
    side = np.arange(1201) / 1200
    for west in (112, 113):
        metres = np.rint(plane(*np.meshgrid(west + side, 37 - side))).astype(">i2")
        metres.tofile(tmp_path / f"N36E{west}.hgt")
    tiles = [tmp_path / "N36E113.hgt", tmp_path / "N36E112.hgt"]
    done = load(district, home, *tiles, resampling="cubic")
    assert (done.terrain.void_count, done.terrain.name) == (0, "N36E113.hgt、N36E112.hgt")
    # Across the edge at 113 E, where a tile alone would have nothing beyond.
    places = [(113 + d, 36.45) for d in np.linspace(-0.004, 0.004, 41)]
    found = heights(open_terrain(district, home), places)
    np.testing.assert_allclose(found, plane(*np.transpose(places)), atol=0.8)
    (tmp_path / "dem.hgt").write_bytes((tmp_path / "N36E112.hgt").read_bytes())
    with pytest.raises(FileError, match="named like"):
        load(district, home, tmp_path / "dem.hgt")


def test_voids_are_told_and_filled_only_when_asked(
    district: Connection, home: Path, tmp_path: Path
) -> None:
    hole = (slice(150, 160), slice(200, 210))
    holed = write_dem(tmp_path / "holed.tif", CORNER, SIZE, voids=hole)
    place = [(112.9 + 0.205, 36.6 - 0.155)]
    bare = load(district, home, holed)
    assert np.isnan(heights(open_terrain(district, home), place)).all()
    assert (bare.terrain.filled_count, bare.terrain.void_count) == (0, pytest.approx(100, abs=15))
    done = load(district, home, holed, fill_voids=True)
    terrain = open_terrain(district, home)
    assert done.terrain.filled_count == done.terrain.void_count == bare.terrain.void_count
    np.testing.assert_allclose(heights(terrain, place), plane(*np.transpose(place)), atol=1.0)
    rows, cols = slice(0, terrain.shape[0]), slice(0, terrain.shape[1])
    assert terrain.is_filled(rows, cols).sum() == done.terrain.filled_count
    # What lies outside of what was given is no void, and stays without height.
    assert np.isnan(terrain.read(rows, cols)).sum() > 0


def test_a_void_too_wide_to_be_known_from_its_rim_stays_one(
    district: Connection, home: Path, tmp_path: Path
) -> None:
    hole = (slice(60, 360), slice(60, 440))
    wide = write_dem(tmp_path / "wide.tif", CORNER, SIZE, voids=hole)
    done = load(district, home, wide, fill_voids=True)
    assert 0 < done.terrain.filled_count < done.terrain.void_count
    assert np.isnan(heights(open_terrain(district, home), [(113.15, 36.4)])).all()
    assert done.terrain.least_m > 800


def test_blocks_fit_each_other_whatever_their_size(tmp_path: Path) -> None:
    holed = write_dem(
        tmp_path / "holed.tif", CORNER, SIZE, lambda x, y: plane(x, y) + 40 * np.sin(900 * x),
        voids=(slice(120, 160), slice(200, 260)),
    )  # fmt: skip
    sources = read_sources([holed], "1985")
    frame = frame_for(sources, metric_crs(113.1), 100.0)
    found = []
    for size in (2048, 128):
        wish = Wish("cubic", fill_voids=True, block=size)
        written = write_terrain(tmp_path / "o.tif", frame, mosaics(sources), wish, quiet)
        with rasterio.open(tmp_path / "o.tif") as raster:
            found.append((written, raster.read()))
    (first, whole), (second, parts) = found
    assert first.filled_count == second.filled_count == first.void_count > 1000
    np.testing.assert_allclose(parts, whole, atol=0.02)


def test_the_finer_of_two_grids_comes_first_and_the_coarser_around_it(
    district: Connection, home: Path, tmp_path: Path
) -> None:
    fine = write_dem(tmp_path / "f.tif", (113.1, 36.45), (500, 500), lambda x, y: plane(x, y) + 5,
                     step=0.0002)  # fmt: skip
    load(district, home, fine, write_dem(tmp_path / "c.tif", CORNER, SIZE))
    terrain = open_terrain(district, home)
    found = heights(terrain, [(113.15, 36.4), (113.05, 36.4)])
    wanted = plane(np.array([113.15, 113.05]), np.array([36.4, 36.4])) + np.array([5, 0])
    np.testing.assert_allclose(found, wanted, atol=0.02)
    assert terrain.cell_m == pytest.approx(19.9, abs=0.2)


def test_what_was_in_force_stays_until_the_load_is_through(
    district: Connection, home: Path, tmp_path: Path
) -> None:
    good = write_dem(tmp_path / "a.tif", CORNER, SIZE)
    load(district, home, good)
    before = open_terrain(district, home)
    feet = write_dem(tmp_path / "feet.tif", CORNER, SIZE, lambda x, y: plane(x, y) * 10 + 500)
    with pytest.raises(InputError, match="feet"):
        load(district, home, feet)
    assert open_terrain(district, home).row == before.row
    after = load(district, home, good).terrain
    assert after.id != before.row.id
    assert before.path.is_file()  # whoever reads it still, and a backup under way
    load(district, home, good)
    assert not before.path.is_file()
    assert (terrain_folder(home) / after.file_name).is_file()
    assert len(list(terrain_folder(home).iterdir())) == 2
    assert [p.name for p in home.iterdir()] == ["terrain"]


def test_whole_numbers_without_a_value_for_voids_are_all_heights(
    district: Connection, home: Path, tmp_path: Path
) -> None:
    path = write_dem(tmp_path / "a.tif", CORNER, SIZE, nodata=None, dtype="int16")
    done = load(district, home, path, fill_voids=True)
    assert done.terrain.void_count == 0
    found = heights(open_terrain(district, home), PLACES)
    np.testing.assert_allclose(found, plane(*np.transpose(PLACES)), atol=1.1)


@pytest.mark.parametrize("code", [4547, 4526, 32649, 4490])
def test_the_systems_of_chinese_data_are_known(
    district: Connection, home: Path, tmp_path: Path, code: int
) -> None:
    move = pyproj.Transformer.from_crs(code, 4490, always_xy=True)
    x, y = move.transform(113.15, 36.4, direction="INVERSE")
    cell = 0.0003 if code == 4490 else 30.0
    corner, size = (x - 200 * cell, y + 200 * cell), (400, 400)
    path = write_dem(
        tmp_path / "a.tif", corner, size, lambda x, y: plane(*move.transform(x, y)), step=cell,
        crs=f"EPSG:{code}",
    )  # fmt: skip
    load(district, home, path, resampling="cubic")
    found = heights(open_terrain(district, home), PLACES[1:])
    np.testing.assert_allclose(found, plane(*np.transpose(PLACES[1:])), atol=0.02)


def test_a_compound_system_must_agree_with_the_height_datum_that_is_said(
    district: Connection, home: Path, tmp_path: Path
) -> None:
    path = write_dem(tmp_path / "a.tif", CORNER, SIZE, crs="EPSG:4326+5773")
    with pytest.raises(DatumError, match="EGM96"):
        load(district, home, path)
    load(district, home, path, height_datum="EGM96")
    np.testing.assert_allclose(
        heights(open_terrain(district, home), PLACES), plane(*np.transpose(PLACES)), atol=0.02
    )


def test_a_window_reads_the_same_cells_as_the_whole(
    district: Connection, home: Path, tmp_path: Path
) -> None:
    load(district, home, write_dem(tmp_path / "a.tif", CORNER, SIZE))
    terrain = open_terrain(district, home)
    whole = terrain.window(terrain.bounds)
    west, south, _, _ = terrain.bounds
    part = terrain.window((west + 1050, south + 2050, west + 3000, south + 4000))
    col = (part.transform.c - whole.transform.c) / terrain.cell_m
    row = (whole.transform.f - part.transform.f) / terrain.cell_m
    assert (col, row) == (pytest.approx(round(col)), pytest.approx(round(row)))
    r, c = round(row), round(col)
    rows, cols = part.array.shape
    np.testing.assert_array_equal(part.array, whole.array[r : r + rows, c : c + cols])
    with pytest.raises(InputError, match="outside the terrain"):
        terrain.window((0, 0, 10, 10))
    with rasterio.open(terrain.path) as raster:
        assert raster.profile["tiled"]
        assert raster.overviews(1) == [] if max(raster.shape) <= 512 else [2]
    assert np.isnan(terrain.heights_at(np.array([[0.0, 0.0]]))).all()
    assert terrain.heights_at(np.empty((0, 2))).shape == (0,)


def test_the_real_tile_of_andorra_is_read_from_its_archive(
    conn: Connection, home: Path, shared_data: Path
) -> None:
    SMALL["lay_district"](conn, (1.4, 42.4, 1.8, 42.7))
    tile = shared_data / "dem" / "N42E001.hgt.zip"
    done = load(conn, home, tile, height_datum="EGM96", fill_voids=True)
    terrain = open_terrain(conn, home)
    assert terrain.cell_m == pytest.approx(79, abs=3)
    assert done.terrain.filled_count == done.terrain.void_count > 5000
    assert (done.terrain.least_m, done.terrain.most_m) == pytest.approx((349, 3090), abs=3)
    # Andorra la Vella's square, about 1,020 m; Coma Pedrosa, 2,942 m.
    valley, peak = heights(terrain, [(1.5215, 42.5065), (1.4445, 42.5915)])
    assert valley == pytest.approx(1020, abs=40)
    assert 2750 < peak < 2945
