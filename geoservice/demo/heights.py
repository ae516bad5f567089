"""The invented terrain as a raster: what gradients, hill shading and floods stand on."""

from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from scipy.ndimage import zoom

from geoservice.crs import central_meridian_deg
from geoservice.db import Connection
from geoservice.demo.ground import Ground
from geoservice.demo.sources import read_ground
from geoservice.demo.terrain import terrain_of
from geoservice.terrain.actions import Made, Origin, aside, forget_unused, put_in_force
from geoservice.terrain.grading import grade_roads
from geoservice.terrain.records import Written
from geoservice.terrain.store import CURRENT, Heights
from geoservice.terrain.warping import Frame, add_overviews, raster_profile

# The shortest hills are 510 m long: every 100 m is enough to ask, and what lies between is smooth.
_ASKED_M, _CELL_M = 100.0, 50.0
_MARGIN_M = 3000.0
_DECIMALS = 2


def lay_terrain(conn: Connection, *, home: Path) -> bool:
    """Put the invented terrain in force, and give the roads their gradients; not over another.

    Returns
    -------
    was_laid
        Whether there was none before.
    """
    if CURRENT.first(conn) is not None:
        return False
    ground = read_ground()
    frame, heights = heights_of(ground)
    forget_unused(conn, home)
    with aside(home) as folder:
        path = folder / "terrain.tif"
        with rasterio.open(path, "w", **raster_profile(frame, 1)) as raster:
            raster.write(heights, 1)
        add_overviews(path)
        written = Written(0, 0, float(heights.min()), float(heights.max()))
        meridian = central_meridian_deg(ground.boundary.centroid.x)
        origin = Origin(
            "演示地形 · demonstration terrain", ground.source_doc, None, "local", is_demo=True
        )
        put_in_force(conn, home, Made(path, frame, meridian, "none", written), origin)
    grade_roads(conn, home=home)
    return True


def heights_of(ground: Ground) -> tuple[Frame, Heights]:
    """Return the invented heights (m, local datum) of the district and some way round it."""
    west, south, east, north = ground.boundary_m.bounds
    left = _ASKED_M * np.floor((west - _MARGIN_M) / _ASKED_M)
    top = _ASKED_M * np.ceil((north + _MARGIN_M) / _ASKED_M)
    x = np.arange(left, east + _MARGIN_M, _ASKED_M) + _ASKED_M / 2
    y = np.arange(top, south - _MARGIN_M, -_ASKED_M) - _ASKED_M / 2
    asked = terrain_of(ground).height_m(*np.meshgrid(x, y))
    finer = zoom(asked, _ASKED_M / _CELL_M, order=3, mode="nearest", grid_mode=True)
    heights: Heights = np.round(finer, _DECIMALS).astype(np.float32)
    rows, cols = heights.shape
    transform = Affine(_CELL_M, 0, float(left), 0, -_CELL_M, float(top))
    return Frame(ground.zone, transform, rows, cols), heights
