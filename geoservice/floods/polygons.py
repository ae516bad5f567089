"""Rasters of depth -> bands as polygons, on the edges of the cells (pure).

Pixel edges are kept, with every corner of a cell: the area is that of the cells, and neighbours
fit each other exactly, in degrees too (a long edge with corners on one side only would bend away).
Four neighbours make one polygon: two that touch at a corner are two.
"""

from collections import defaultdict
from collections.abc import Callable

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geoservice.crs import to_metric
from geoservice.floods.grades import FloodRules
from geoservice.floods.records import NewBand

Depths = NDArray[np.float32]
# From the raster's own coordinates to CGCS2000 degrees, stamped.
ToStore = Callable[[MultiPolygon], MultiPolygon]


def depth_classes(depth_m: Depths, rules: FloodRules) -> NDArray[np.uint8]:
    """Return the number of each cell's depth band from 1 on, 0 where it is dry or not a number."""
    # Of one precision: a float32 of 0.5 is at the break, not above it.
    breaks = np.asarray(rules.breaks_m, np.float32)
    number = np.searchsorted(breaks, depth_m, side="left") + 1
    return np.where(depth_m > 0, number, 0).astype(np.uint8)


def polygons_of(classes: NDArray[np.uint8], transform: Affine) -> dict[int, MultiPolygon]:
    """Return the area of every class but 0, in the raster's coordinates; nothing gives none."""
    parts: dict[int, list[Polygon]] = defaultdict(list)
    found = rasterio.features.shapes(classes, mask=classes > 0, connectivity=4, transform=transform)
    for geometry, number in found:
        shell, *holes = geometry["coordinates"]
        parts[int(number)].append(Polygon(shell, holes))
    return {
        number: _with_corners(MultiPolygon(some), transform.a)
        for number, some in sorted(parts.items())
    }


def _with_corners(geom: MultiPolygon, cell: float) -> MultiPolygon:
    """Return the area with a corner at every cell it passes, the same number on either side."""
    dense = shapely.segmentize(geom, cell * 1.0001)
    grain = cell * 1e-7
    found: MultiPolygon = shapely.transform(dense, lambda xy: np.round(xy / grain) * grain)
    return found


def bands_of_raster(
    depth_m: Depths, transform: Affine, rules: FloodRules, to_store: ToStore
) -> list[NewBand]:
    """Return the depth bands of a raster, the shallowest first; dry everywhere gives none.

    Parameters
    ----------
    depth_m
        Metres, shape ``(rows, cols)``; 0 and NaN are dry.
    transform
        Of its cells.
    """
    areas = polygons_of(depth_classes(depth_m, rules), transform)
    edges = rules.bands_m()
    return [band_of(to_store(geom), edges[number - 1], rules) for number, geom in areas.items()]


def band_of(
    geom: MultiPolygon, edges: tuple[float, float | None], rules: FloodRules,
    velocity_ms: float | None = None, arrival_min: float | None = None,
) -> NewBand:  # fmt: skip
    """Return a band of an area in degrees, graded and measured."""
    least, most = edges
    return NewBand(
        depth_min_m=least,
        depth_max_m=most,
        grade=rules.grades.of(least, most, velocity_ms or 0),
        area_m2=round(to_metric(geom, geom.centroid.x).area, 1),
        geom=geom,
        velocity_ms=velocity_ms,
        arrival_min=arrival_min,
    )


def areas_only(geom: BaseGeometry) -> MultiPolygon:
    """Return the areas of a shape, valid: what is a line or a point of it is no water."""
    whole = geom if shapely.is_valid(geom) else shapely.make_valid(geom)
    parts = [it for it in _flat(whole) if isinstance(it, Polygon) and it.area > 0]
    found: MultiPolygon = shapely.set_srid(MultiPolygon(parts), shapely.get_srid(geom))
    return found


def _flat(geom: BaseGeometry) -> list[BaseGeometry]:
    parts = list(shapely.get_parts(geom))
    if len(parts) == 1 and parts[0].geom_type == geom.geom_type:
        return parts
    return [it for part in parts for it in _flat(part)]
