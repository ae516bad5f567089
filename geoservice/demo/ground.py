"""What the demonstration stands on: the real facts, and the way between degrees and metres.

Shapes are made in metres of the district's Gauss-Krüger zone and stored in CGCS2000 degrees
rounded to seven decimals (about 1 cm), so that every run and platform gives the same numbers.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from geoservice import crs

SEED = 20200218
DECIMALS = 7

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
T = TypeVar("T")
G = TypeVar("G", bound=BaseGeometry)


@dataclass(frozen=True)
class TownSeat:
    """A real town name and where the demonstration puts it; ``weight`` is how far it reaches."""

    code: str
    name: str
    name_en: str
    seat: Point
    weight: float


@dataclass(frozen=True)
class River:
    """A real river line, CGCS2000 degrees; ``level`` 1 major to 3 additional."""

    level: int
    geom: LineString


@dataclass(frozen=True)
class CoalMine:
    """A real mine, as published."""

    gem_id: str
    name: str
    name_en: str
    company: str
    status: str
    capacity_mtpa: float
    geom: Point


@dataclass(frozen=True)
class Ground:
    """The facts, in CGCS2000 degrees, and the seed that the rest grows from."""

    code: str
    name: str
    boundary: MultiPolygon
    towns: tuple[TownSeat, ...]
    rivers: tuple[River, ...]
    coal_mines: tuple[CoalMine, ...]
    seed: int = SEED

    @cached_property
    def zone(self) -> pyproj.CRS:
        """The Gauss-Krüger zone of the district, metres."""
        return crs.metric_crs(self.boundary.centroid.x)

    @cached_property
    def boundary_m(self) -> MultiPolygon:
        """The outline in metres, prepared for many questions."""
        outline = self.metres(self.boundary)
        shapely.prepare(outline)
        return outline

    @cached_property
    def rivers_m(self) -> tuple[LineString, ...]:
        """The river lines in metres, in the order of ``rivers``."""
        return tuple(self.metres(river.geom) for river in self.rivers)

    @cached_property
    def source_doc(self) -> str:
        """The source written on every generated row."""
        return f"演示数据 / demonstration data (seed {self.seed})"

    def metres(self, geom: G) -> G:
        """Return a stored shape in metres."""
        return crs.reproject(geom, crs.CGCS2000, self.zone)

    def degrees(self, geom: G) -> G:
        """Return a shape in metres as it is stored: degrees, rounded, stamped."""
        return rounded(crs.to_store(geom, self.zone))

    def random(self, subject: str) -> np.random.Generator:
        """Return the stream of random numbers of one subject, so that none disturbs another."""
        return np.random.Generator(np.random.PCG64([self.seed, zlib.crc32(subject.encode())]))


def rounded(geom: G) -> G:
    """Return a shape in degrees with seven decimals, stamped."""
    kept: G = shapely.transform(geom, lambda lon_lat: np.round(lon_lat, DECIMALS))
    return crs.stored(kept)


def pick(rng: np.random.Generator, among: Sequence[T]) -> T:
    """Return one of ``among``."""
    # Only random() is drawn anywhere: numpy keeps that stream from version to version.
    return among[int(rng.random() * len(among))]
