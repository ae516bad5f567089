"""GCJ-02 and BD-09, the shifted coordinates of Chinese web maps, to and from true ones.

The public algorithm, on whole arrays. It has no closed inverse, so the way back is iterated
until it reproduces its input. WGS 84 and CGCS2000 are equal to within a few centimetres, far
below what a map file holds, and are not told apart here.
"""

from collections.abc import Callable
from typing import Literal, TypeVar, get_args

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geoservice.errors import DatumError

Datum = Literal["gcj02", "wgs84", "cgcs2000", "bd09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

Array = NDArray[np.float64]
G = TypeVar("G", bound=BaseGeometry | NDArray[np.object_])

# The shift is computed on Krasovsky's ellipsoid, whatever the datum of the data.
_AXIS_M = 6378245.0
_ECCENTRICITY_2 = 0.00669342162296594323
# GCJ-02 leaves alone what lies outside this box: west, south, east, north.
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
# Baidu's waves are this quick. Some libraries have plain pi here, which is up to 40 m wrong:
# https://github.com/googollee/eviltransform/issues/43
_BD_STEP = np.pi * 3000.0 / 180.0
_CLOSE_ENOUGH_DEG = 1e-10
_MAX_STEPS = 30


def datum_named(name: str) -> Datum:
    """Return the datum of that name, letter case and dashes aside.

    Raises
    ------
    DatumError
        It is none of `DATUMS`; Xi'an 80 and Beijing 54 are refused with the reason.
    """
    plain = "".join(c for c in name.casefold() if c.isalnum())
    for datum in DATUMS:
        if plain == datum:
            return datum
    if any(word in plain for word in ("xian", "beijing", "西安", "北京", "1980", "1954")):
        raise local_datum(name)
    raise DatumError(
        f"unknown datum {name!r}: one of {', '.join(DATUMS)} is needed",
        zh=f"未知坐标基准 {name!r}：须为 {'、'.join(DATUMS)} 之一",
        where="datum",
    )


def local_datum(name: str) -> DatumError:
    """Return the refusal of Xi'an 80 and Beijing 54."""
    # PROJ knows only a null shift between them and CGCS2000, so it would not fail but be wrong.
    return DatumError(
        f"{name}: Xi'an 80 and Beijing 54 differ from CGCS2000 by a shift (tens to hundreds of "
        "metres) that needs the area's own seven parameters: convert to CGCS2000 first",
        zh=f"{name}：西安80、北京54 与 CGCS2000 相差数十至数百米，须用本地七参数转换；"
        "请先转换为 CGCS2000 再导入",
        where="datum",
    )


def to_wgs84(geom: G, datum: Datum) -> G:
    """Return a shape, or an array of shapes, of degrees in ``datum`` at its true place.

    True is WGS 84 = CGCS2000. Exact to 1e-9 degrees; empty stays empty. GCJ-02 outside its box
    over China is not shifted, so it is not moved.
    """
    return _moved(geom, {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}.get(datum))


def from_wgs84(geom: G, datum: Datum) -> G:
    """Return a WGS 84 = CGCS2000 shape in ``datum``, the inverse of `to_wgs84`."""
    return _moved(geom, {"gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}.get(datum))


def wgs84_to_gcj02(lon_lat: Array) -> Array:
    """Return true points, degrees, shape ``(n, 2)``, shifted as Amap and Tencent show them."""
    return np.where(_in_china(lon_lat), lon_lat + _gcj02_shift(lon_lat), lon_lat)


def gcj02_to_wgs84(lon_lat: Array) -> Array:
    """Return GCJ-02 points, degrees, shape ``(n, 2)``, at their true place."""
    # The box is asked of the given point only: asked anew at each step, a point near
    # its edge would jump in and out.
    back = _inverse(lambda p: p + _gcj02_shift(p), lon_lat)
    return np.where(_in_china(lon_lat), back, lon_lat)


def gcj02_to_bd09(lon_lat: Array) -> Array:
    """Return GCJ-02 points, degrees, shape ``(n, 2)``, as Baidu shows them."""
    lon, lat = lon_lat[:, 0], lon_lat[:, 1]
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BD_STEP)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BD_STEP)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def bd09_to_gcj02(lon_lat: Array) -> Array:
    """Return BD-09 points, degrees, shape ``(n, 2)``, in GCJ-02."""
    return _inverse(gcj02_to_bd09, lon_lat)


def wgs84_to_bd09(lon_lat: Array) -> Array:
    """Return true points, degrees, shape ``(n, 2)``, as Baidu shows them."""
    return gcj02_to_bd09(wgs84_to_gcj02(lon_lat))


def bd09_to_wgs84(lon_lat: Array) -> Array:
    """Return BD-09 points, degrees, shape ``(n, 2)``, at their true place."""
    return gcj02_to_wgs84(bd09_to_gcj02(lon_lat))


def _moved(geom: G, move: Callable[[Array], Array] | None) -> G:
    if move is None:
        return geom
    moved: G = shapely.transform(geom, move)  # type: ignore[type-var]  # takes arrays as well
    return moved


def _in_china(lon_lat: Array) -> NDArray[np.bool_]:
    west, south, east, north = _CHINA
    lon, lat = lon_lat[:, :1], lon_lat[:, 1:]
    inside: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def _inverse(forward: Callable[[Array], Array], wanted: Array) -> Array:
    """Find the points that ``forward``, which moves little and smoothly, takes to ``wanted``."""
    found = wanted.copy()
    for _ in range(_MAX_STEPS):
        miss = wanted - forward(found)
        found += miss
        if not np.any(np.abs(miss) > _CLOSE_ENOUGH_DEG):
            break
    return found


def _gcj02_shift(lon_lat: Array) -> Array:
    """Return the shift of GCJ-02 in degrees, as if everywhere were China."""
    x, y = lon_lat[:, 0] - 105.0, lon_lat[:, 1] - 35.0
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    root = np.sqrt(np.abs(x))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (wave + _waves(y, 20.0, 40.0, 160.0, 320.0, last_period=30.0)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (wave + _waves(x, 20.0, 40.0, 150.0, 300.0, last_period=30.0)) * 2.0 / 3.0
    lat_rad = np.radians(lon_lat[:, 1])
    squash = 1.0 - _ECCENTRICITY_2 * np.sin(lat_rad) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_2) / squash**1.5
    parallel_m = _AXIS_M / np.sqrt(squash) * np.cos(lat_rad)
    return np.column_stack([np.degrees(east_m / parallel_m), np.degrees(north_m / meridian_m)])


def _waves(  # four amplitudes of one formula
    v: Array, first: float, second: float, third: float, fourth: float, *, last_period: float
) -> Array:
    total: Array = (
        first * np.sin(v * np.pi)
        + second * np.sin(v / 3.0 * np.pi)
        + third * np.sin(v / 12.0 * np.pi)
        + fourth * np.sin(v / last_period * np.pi)
    )
    return total
