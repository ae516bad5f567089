"""The ground's invented height: valleys along the real rivers, hills between them."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geoservice.demo.ground import Array, Ground

_SAMPLE_M = 25.0
_PLAIN_M = 600.0  # half-width of a valley floor
# Bed height (m, local datum) where each river line of `data/` begins and ends.
_BEDS_M = ((862.0, 688.0), (908.0, 896.0), (896.0, 868.0))
_HILLS = (
    # wavelength (m), amplitude (m), bearing (rad) of the first of two crossed waves
    (7300.0, 40.0, 0.31),
    (4100.0, 24.0, 1.02),
    (2300.0, 15.0, 2.23),
    (1090.0, 7.0, 0.67),
    (510.0, 2.5, 1.71),
)


@dataclass(frozen=True)
class Terrain:
    """Height as a function of place, metres of the district's Gauss-Krüger zone."""

    beds: tuple[tuple[cKDTree, Array], ...]  # a river's sampled bed and its heights (m)
    west_m: float

    def height_m(self, x: Array, y: Array) -> Array:
        """Return heights (m, local datum) at eastings and northings (m), shapes alike."""
        weights: list[Array] = []
        levels: list[Array] = []
        for tree, bed_m in self.beds:
            distance_m, nearest = tree.query(np.stack([x, y], axis=-1))
            # Inverse square: a river rules its own valley, and no step lies between two.
            weights.append(1.0 / (np.square(distance_m) + 1.0))
            levels.append(bed_m[nearest])
        base = np.average(levels, axis=0, weights=weights)
        return np.asarray(base + self.above_river_m(x, y))

    def above_river_m(self, x: Array, y: Array) -> Array:
        """Return the height above the bed of the nearest river (HAND), metres."""
        points = np.stack([x, y], axis=-1)
        distances_m = np.stack([np.asarray(tree.query(points)[0]) for tree, _ in self.beds])
        distance_m = distances_m.min(axis=0)
        rough = 0.5 + 0.35 * np.sin(x / 700.0 + 1.1) * np.sin(y / 830.0)
        floor = 0.008 * np.minimum(distance_m, _PLAIN_M) * (0.6 + rough)
        beyond = np.maximum(distance_m - _PLAIN_M, 0.0)
        slope = 95.0 * (1.0 - np.exp(-beyond / 2400.0))
        mountainous = np.clip((x - self.west_m) / 26000.0, 0.12, 1.0)
        hills = _hills_m(x, y) * mountainous * np.minimum(1.0, beyond / 3000.0)
        return np.asarray(floor + slope + hills)


def _hills_m(x: Array, y: Array) -> Array:
    """Crossed waves of falling length, never negative."""
    total = np.zeros_like(x)
    for wavelength, amplitude, bearing in _HILLS:
        along = (x * np.cos(bearing) + y * np.sin(bearing)) * 2 * np.pi / wavelength
        across = (y * np.cos(bearing) - x * np.sin(bearing)) * 2 * np.pi / (1.37 * wavelength)
        total = total + amplitude * (1.0 + np.sin(along + np.sin(across)) * np.cos(across))
    return total


def terrain_of(ground: Ground) -> Terrain:
    """Return the terrain along the rivers of ``ground``."""
    beds = []
    for line, (start_m, end_m) in zip(ground.rivers_m, _BEDS_M, strict=True):
        along = np.arange(0.0, line.length, _SAMPLE_M)
        points = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
        beds.append((cKDTree(points), start_m + (end_m - start_m) * along / line.length))
    return Terrain(tuple(beds), float(ground.boundary_m.bounds[0]))
