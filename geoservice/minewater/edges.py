"""The lines between unlike cells of a class raster (pure).

`rasterio.features.shapes` would give each line twice, once from either side; here it is walked
once, from where lines meet to where they meet again, with a corner only where it turns. So lines
of a raster meet at their ends alone, which are corners of cells, exact in floating point.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from geoservice.compiled import compiled
from geoservice.minewater.grids import Grid

KERNEL = "geoservice.minewater.kernel"


def lines_between(classes: NDArray[np.uint8], grid: Grid, around: int) -> NDArray[np.object_]:
    """Return the lines between unlike classes, metres; all is ``around`` outside the raster.

    A raster of one class like its surroundings gives none.
    """
    padded = np.full((classes.shape[0] + 2, classes.shape[1] + 2), around, dtype=np.uint8)
    padded[1:-1, 1:-1] = classes
    kernel = compiled(KERNEL)
    corners, starts = kernel.trace(padded, kernel.count(padded))
    del padded
    at = grid.transform
    xy = np.column_stack([at.c + corners[:, 0] * at.a, at.f + corners[:, 1] * at.e])
    line = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    if not len(line):
        return np.empty(0, dtype=object)
    return np.asarray(shapely.linestrings(xy, indices=line), dtype=object)
