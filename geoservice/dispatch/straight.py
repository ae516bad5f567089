"""Guesses by straight line, for where no road can be asked; said to be such (pure)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from geoservice.network.records import Place
from geoservice.texts import Text

# Provisional: a road is so much longer than the straight line, and driven at such a speed.
DETOUR, STRAIGHT_KPH = 1.4, 30.0
_KPH = 3.6
_ELLIPSOID = Geod(ellps="GRS80")  # of CGCS2000


def guess_m(place: Place, others: Sequence[Place]) -> NDArray[np.float64]:
    """Return the metres that a road between the place and each of the others may have.

    Shape ``(n,)``; no others give none.
    """
    n = len(others)
    lons, lats = np.array([it.lon for it in others]), np.array([it.lat for it in others])
    _, _, metres = _ELLIPSOID.inv(np.full(n, place.lon), np.full(n, place.lat), lons, lats)
    found: NDArray[np.float64] = np.asarray(metres, np.float64).reshape(n) * DETOUR
    return found


def guess_s(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the seconds that so many guessed metres may take."""
    return metres / (STRAIGHT_KPH / _KPH)


def how_guessed() -> Text:
    """Say that a time is a guess, and how it is made."""
    return Text(
        zh=f"按直线距离的 {DETOUR:g} 倍、时速 {STRAIGHT_KPH:g} 公里估算，未经道路核实，未计封闭",
        en=f"guessed by straight line x {DETOUR:g} at {STRAIGHT_KPH:g} km/h: not verified by road, "
        "closures not counted",
    )


def no_roads() -> Text:
    """Say that no road network is loaded."""
    return Text(
        zh="尚未导入道路（geoservice load roads 文件.osm.pbf）；下列时间为直线估算",
        en="no roads are loaded (geoservice load roads FILE.osm.pbf): times are guesses by "
        "straight line",
    )
