"""Safety buffers: never closer than asked, in any direction (pure)."""

import math

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geoservice.minewater.rulesets import RuleSet

_MITRE_LIMIT = 10.0  # a sharper corner is cut at this many widths
# GEOS rounds how many chords an arc has, so one may span up to 1.5 times its share of the quarter:
# padding by the share alone, 1/cos(pi/64) at 16, was seen to be 0.004 % short at a bend.
_WIDEST_CHORD = 1.5


def safety_buffer(geom: BaseGeometry, width_m: float, rules: RuleSet) -> MultiPolygon:
    """Return what is within ``width_m`` metres of a shape, and never less.

    GEOS draws an arc as chords, which run inside it; the width is padded so that they touch the
    arc from outside. ``buffer_join`` of ``mitre`` keeps the sides of an area where they are and
    makes its corners sharp, so it needs no padding. Width 0 gives the areas of the shape. The
    distance of the edge is checked in the end, whatever was reckoned.
    """
    if width_m == 0.0 or geom.is_empty:
        return as_areas(geom)
    if rules.word("buffer_join") == "mitre" and geom.area > 0.0:
        sharp = shapely.buffer(geom, width_m, join_style="mitre", mitre_limit=_MITRE_LIMIT)
        # Distances between coordinates of eight digits before the point are good to 1e-8 m.
        if _edge_distance_m(sharp, geom) >= width_m - 1e-6:
            return as_areas(sharp)
    return _padded(geom, width_m, int(rules.number("buffer_quad_segs")))


def _padded(geom: BaseGeometry, width_m: float, quad_segs: int) -> MultiPolygon:
    padded = width_m / math.cos(_WIDEST_CHORD * math.pi / (4 * quad_segs))
    buffer = shapely.buffer(geom, padded, quad_segs=quad_segs)
    while (distance := _edge_distance_m(buffer, geom)) < width_m:
        padded *= 1.001 * width_m / distance
        buffer = shapely.buffer(geom, padded, quad_segs=quad_segs)
    return as_areas(buffer)


def _edge_distance_m(buffer: BaseGeometry, geom: BaseGeometry) -> float:
    return float(shapely.distance(buffer.boundary, geom))


def as_areas(geom: BaseGeometry) -> MultiPolygon:
    """Return the areas of a shape; lines and points have none."""
    parts = shapely.get_parts(shapely.get_parts(np.array([geom])))
    return MultiPolygon([it for it in parts if isinstance(it, Polygon) and not it.is_empty])
