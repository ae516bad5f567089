"""Small rasters of heights, made by tests: a plane over the district of `small_roads.py`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine

STEP_DEG = 0.001


def plane(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Heights that bilinear interpolation in degrees gives back exactly."""
    return np.asarray(900 + (lon - 113) * 400 + (lat - 36) * 700)


def write_dem(
    path: Path, corner: tuple[float, float], size: tuple[int, int],
    height: Callable[..., np.ndarray] = plane, voids: tuple[slice, slice] | None = None,
    **profile: Any,
) -> Path:  # fmt: skip
    """Write heights of so many rows and columns south and east of a corner (lon, lat)."""
    rows, cols = size
    step = profile.pop("step", STEP_DEG)
    lon = corner[0] + (np.arange(cols) + 0.5) * step
    lat = corner[1] - (np.arange(rows) + 0.5) * step
    heights = height(*np.meshgrid(lon, lat)).astype(profile.get("dtype", "float32"))
    if voids is not None:
        heights[voids] = -32768
    units, scale = profile.pop("units", None), profile.pop("scale", None)
    said = {
        "driver": "GTiff", "height": rows, "width": cols, "count": 1, "dtype": "float32",
        "crs": "EPSG:4326", "nodata": -32768,
        "transform": Affine(step, 0, corner[0], 0, -step, corner[1]), **profile,
    }  # fmt: skip
    with rasterio.open(path, "w", **said) as raster:
        raster.write(heights, 1)
        if units is not None:
            raster.units = (units,)
        if scale is not None:
            raster.scales = (scale,)
    return path
