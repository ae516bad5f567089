"""The CRSs that features are served and asked in, and boxes and times as clients write them (pure).

An EPSG code has the axis order of its authority: 4490 and 4326 latitude first, the Gauss-Krüger
zones north first. CRS84 is longitude first. GDAL since 3.7 and QGIS since 3.32 ask in the stored
CRS and swap the axes back, so a server that writes 4490 as x, y puts the district in the sea.
"""

import datetime as dt
import math
import re
from dataclasses import dataclass

import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.crs import STORE_SRID, metric_crs, stored, to_store
from geoservice.errors import InputError

_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
_WGS84 = 4326
# EPSG numbers the zones that carry their number in the easting 21 below those that do not.
_PREFIXED_BEFORE = 21
_DEGREE_DIGITS, _METRE_DIGITS = 9, 4
_BOX_NUMBERS, _BOX_NUMBERS_3D = 4, 6
PIECES = 16
# Eastings carry the zone number before seven digits: 45 at most.
FARTHEST_M = 1e8


@dataclass(frozen=True)
class ServedCrs:
    """One CRS of the answers: its URI, SRID, and whether north comes first."""

    uri: str
    srid: int
    is_north_first: bool
    is_degrees: bool

    @property
    def digits(self) -> int:
        """Decimals that a tenth of a millimetre takes."""
        return _DEGREE_DIGITS if self.is_degrees else _METRE_DIGITS


# PROJ has no shift between CGCS2000 and WGS 84 (they agree to centimetres): the same numbers.
_CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CRS84 = ServedCrs(_CRS84_URI, STORE_SRID, is_north_first=False, is_degrees=True)
STORED = ServedCrs(f"{_EPSG}{STORE_SRID}", STORE_SRID, is_north_first=True, is_degrees=True)
WGS84 = ServedCrs(f"{_EPSG}{_WGS84}", STORE_SRID, is_north_first=True, is_degrees=True)
DEGREES = (CRS84, STORED, WGS84)


def served_crs(lon: float | None) -> tuple[ServedCrs, ...]:
    """Return the CRSs offered for a district at this longitude; None: there is no district yet.

    Its 3-degree zone without and with the zone number, where EPSG has codes for it.
    """
    code = None if lon is None else metric_crs(lon).to_epsg()
    if code is None:
        return DEGREES
    zones = (
        ServedCrs(f"{_EPSG}{srid}", srid, is_north_first=True, is_degrees=False)
        for srid in (code, code - _PREFIXED_BEFORE)
    )
    return (*DEGREES, *zones)


def crs_of(uri: str | None, offered: tuple[ServedCrs, ...], where: str) -> ServedCrs:
    """Return the CRS of that URI; CRS84 when none is given.

    Raises
    ------
    InputError
        It is not one that is offered.
    """
    if uri is None:
        return CRS84
    for crs in offered:
        if uri == crs.uri:
            return crs
    names = ", ".join(crs.uri for crs in offered)
    raise InputError(
        f"{where}: not a CRS offered here; there are {names}",
        zh=f"{where}：不支持该坐标系；可用：{names}",
        where=where,
    )


def box_of(text: str, crs: ServedCrs) -> BaseGeometry:
    """Return a client's box as a stored shape; heights of a six-number box are not looked at.

    West of east is a box across the antimeridian and gives two.

    Raises
    ------
    InputError
        Not four or six finite numbers, upside down, or outside the globe.
    """
    first, second, third, fourth = _numbers(text)
    if crs.is_north_first:
        first, second, third, fourth = second, first, fourth, third
    if second > fourth or (first > third and not crs.is_degrees):
        raise _bad_box("the lower corner comes first", "须先写最小角点，再写最大角点")
    # Coordinates are served rounded: a box made of them still meets the feature on its edge.
    pad = 0.5 * 10**-crs.digits
    if crs.is_degrees:
        return stored(_degrees_box(first, second, third, fourth, pad))
    if max(map(abs, (first, second, third, fourth))) > FARTHEST_M:
        raise _bad_box("outside of what the CRS covers", "超出该坐标系的范围")
    box = shapely.box(first - pad, second - pad, third + pad, fourth + pad)
    # Straight in the zone is bent in degrees: cut the sides before they are moved.
    longest = max(third - first, fourth - second, pad)
    pieces = shapely.segmentize(box, longest / PIECES)
    moved = to_store(pieces, pyproj.CRS.from_epsg(crs.srid))
    if not all(math.isfinite(bound) for bound in moved.bounds):
        raise _bad_box("outside of what the CRS covers", "超出该坐标系的范围")
    valid: BaseGeometry = moved if moved.is_valid else stored(shapely.make_valid(moved))
    return valid


def _numbers(text: str) -> tuple[float, float, float, float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (_BOX_NUMBERS, _BOX_NUMBERS_3D) or not all(map(math.isfinite, numbers)):
        raise _bad_box("four or six numbers, separated by commas", "须为以逗号分隔的 4 个或 6 个数")
    half = len(numbers) // 2
    return numbers[0], numbers[1], numbers[half], numbers[half + 1]


def _degrees_box(west: float, south: float, east: float, north: float, pad: float) -> BaseGeometry:
    if max(abs(south), abs(north)) > 90 or max(abs(west), abs(east)) > 180:
        raise _bad_box(
            "longitude is within 180, latitude within 90 degrees; which comes first is the CRS's",
            "经度须在 ±180、纬度须在 ±90 度之内，先后顺序由坐标系规定",
        )
    south, north = south - pad, north + pad
    if west <= east:
        return shapely.box(west - pad, south, east + pad, north)
    return shapely.union(
        shapely.box(west - pad, south, 180.0, north), shapely.box(-180.0, south, east + pad, north)
    )


def _bad_box(why: str, why_zh: str) -> InputError:
    return InputError(f"bbox: {why}", zh=f"bbox：{why_zh}", where="bbox")


_DAY = r"\d{4}-\d{2}-\d{2}"
_INSTANT = re.compile(rf"^{_DAY}([Tt]\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?([Zz]|[+-]\d{{2}}:\d{{2}}))?$")
Span = tuple[dt.date | None, dt.date | None]


def days_of(text: str) -> Span:
    """Return the first and the last day (UTC) of a client's instant or interval; None: open.

    Raises
    ------
    InputError
        Not as RFC 3339 writes it, or the end before the start.
    """
    parts = text.split("/")
    if len(parts) > 2 or parts in ([""], [".."]):
        raise _bad_time()
    moments = [None if part in ("", "..") else _moment(part) for part in parts]
    start, end = moments[0], moments[-1]
    if start and end and start > end:
        raise _bad_time()
    return start and start.date(), end and end.date()


def _moment(text: str) -> dt.datetime:
    if not _INSTANT.match(text):
        raise _bad_time()
    try:
        moment = dt.datetime.fromisoformat(text.upper())
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError) as error:  # overflow: the first or last day of the calendar
        raise _bad_time() from error


def _bad_time() -> InputError:
    return InputError(
        "datetime: an RFC 3339 instant, or two with / between them, .. for an open end, "
        "the earlier first",
        zh="datetime：须为 RFC 3339 时刻，或以“/”分隔的起止时刻（开放端写“..”），先早后晚",
        where="datetime",
    )
