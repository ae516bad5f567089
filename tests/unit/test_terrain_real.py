"""Real terrain (Andorra), as two other programs fill it and a brute-force descent directs it."""

import runpy
from pathlib import Path

import numpy as np
import pyflwdir
import pytest
import rasterio
from skimage.morphology import reconstruction

from geoservice.terrain.directions import flow_cells, flow_directions, lost_in_voids
from geoservice.terrain.fill import OUT, Filled, fill_hollows
from geoservice.terrain.hand import height_above_drainage

PLAIN = runpy.run_path(str(Path(__file__).parents[1] / "data" / "plain_flow.py"))
_NEAR = PLAIN["NEAR"]


@pytest.fixture(scope="module")
def andorra(shared_data: Path) -> np.ndarray:
    """The tile, its cells taken for square, its voids as NaN."""
    with rasterio.open(shared_data / "dem" / "N42E001.hgt.zip") as raster:
        heights = raster.read(1).astype(np.float32)
    heights[heights == -32768] = np.nan
    assert 0 < np.isnan(heights).sum() < 0.02 * heights.size
    return heights


@pytest.fixture(scope="module")
def filled(andorra: np.ndarray) -> Filled:
    return fill_hollows(andorra)


def beside_voids(heights: np.ndarray) -> np.ndarray:
    void = np.pad(np.isnan(heights), 1)
    found = np.zeros(heights.shape, bool)
    for i, j in _NEAR:
        found |= void[1 + i : heights.shape[0] + 1 + i, 1 + j : heights.shape[1] + 1 + j]
    return found & ~np.isnan(heights)


def test_filling_is_scikit_image_s_cell_for_cell(andorra: np.ndarray, filled: Filled) -> None:
    mask = np.where(np.isnan(andorra), -9999, andorra)
    marker = np.full_like(mask, mask.max())
    outlet = beside_voids(andorra) | np.isnan(andorra)
    outlet[[0, -1]] = outlet[:, [0, -1]] = True
    marker[outlet] = mask[outlet]
    theirs = reconstruction(marker, mask, method="erosion", footprint=np.ones((3, 3)))
    theirs = np.where(np.isnan(andorra), np.nan, theirs).astype(np.float32)
    np.testing.assert_array_equal(filled.heights, theirs)
    assert (filled.heights > andorra).sum() > 10_000


def test_filling_is_pyflwdir_s_and_its_directions_are_not_the_steepest(
    andorra: np.ndarray, filled: Filled
) -> None:
    raw = np.where(np.isnan(andorra), np.float32(-9999), andorra)
    theirs, d8 = pyflwdir.dem.fill_depressions(raw, nodata=-9999.0, outlets="edge")
    theirs = np.where(np.isnan(andorra), np.float32(np.nan), theirs)
    np.testing.assert_array_equal(filled.heights, theirs)
    # Its directions are whence its filling came: where that is not the steepest, they differ.
    numbers = {32: 0, 64: 1, 128: 2, 16: 3, 1: 4, 8: 5, 4: 6, 2: 7, 0: OUT}
    named = np.vectorize(lambda code: numbers.get(code, 9))(d8)
    ours = flow_directions(filled)
    steepest = steepest_by_arrays(filled.heights)
    differ = (named != ours) & (ours < OUT)
    # 581,394 of 1,434,043 with pyflwdir 0.5.12: all but 1,871 of them lie on slopes.
    assert 0.35 < differ.sum() / (ours < OUT).sum() < 0.45
    on_slopes = differ & (steepest >= 0)
    np.testing.assert_array_equal(ours[on_slopes], steepest[on_slopes])
    # The rest lies on flats, which both leave by the way of a filling.
    assert on_slopes.sum() > 0.99 * differ.sum()


def steepest_by_arrays(heights: np.ndarray) -> np.ndarray:
    rows, cols = heights.shape
    wide = np.pad(heights.astype(np.float64), 1, constant_values=np.nan)
    found, most = np.full(heights.shape, -1), np.zeros(heights.shape)
    for k, (i, j) in enumerate(_NEAR):
        drop = heights - wide[1 + i : rows + 1 + i, 1 + j : cols + 1 + j]
        slope = drop * (1.0 if i * j == 0 else np.sqrt(0.5))
        better = slope > most
        most, found = np.where(better, slope, most), np.where(better, k, found)
    return found


def test_directions_are_those_of_a_brute_force_descent(filled: Filled) -> None:
    steepest = steepest_by_arrays(filled.heights)
    ours = flow_directions(filled)
    slopes = steepest >= 0
    assert 0.5 < slopes.mean() < 1
    np.testing.assert_array_equal(ours[slopes], steepest[slopes])
    flats = ~slopes & ~np.isnan(filled.heights)
    np.testing.assert_array_equal(ours[flats], filled.came_from[flats])


def test_all_water_comes_out_and_what_ends_in_voids_is_counted(
    andorra: np.ndarray, filled: Filled
) -> None:
    directions = flow_directions(filled)
    cells = flow_cells(directions)
    assert cells[directions == OUT].sum() == (~np.isnan(andorra)).sum()
    lost = lost_in_voids(directions)
    # Voids lie in the gorges: of half a raster nobody can tell where its water goes. Fill them.
    assert 0.4 < lost.mean() < 0.5
    above = height_above_drainage(andorra, directions, cells > 2000)
    known = ~np.isnan(above)
    assert 0.5 < known.mean() < 1
    # Below its drainage lies only what was filled.
    assert (filled.heights[known & (above < 0)] > andorra[known & (above < 0)]).all()


def test_heights_above_drainage_are_pyflwdir_s_on_the_same_directions(
    andorra: np.ndarray, filled: Filled
) -> None:
    directions = flow_directions(filled)
    codes = np.array([32, 64, 128, 16, 1, 8, 4, 2, 0, 247], np.uint8)[directions]
    flow = pyflwdir.from_array(codes, ftype="d8", check_ftype=False)
    drainage = flow_cells(directions) > 2000
    raw = np.where(np.isnan(andorra), np.float32(-9999), andorra)
    theirs = flow.hand(drainage, raw)
    above = height_above_drainage(andorra, directions, drainage)
    known = ~np.isnan(above)
    np.testing.assert_allclose(above[known], theirs[known], atol=1e-3)
    # Where no drainage is known it gives a number all the same; we say that we do not know.
    assert np.isfinite(theirs[~known & ~np.isnan(andorra)]).all()
