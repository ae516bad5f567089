"""The CRS of an export: what a city in China asks for, and whether it fits the place (pure)."""

import geopandas as gpd
import pyproj

from geoservice.crs import CGCS2000, STORE_SRID, metric_crs
from geoservice.errors import InputError

LOCAL = "local"
_WGS84 = 4326
# What a city in China asks for: CGCS2000, its 6- and 3-degree zones, and WGS 84.
_CODES = {str(code) for code in (4490, _WGS84, *range(4491, 4555))}
# RFC 7946 and KML know WGS 84 longitude and latitude only.
_DEGREES_ONLY = {"geojson", "kml"}


def target_crs(frame: gpd.GeoDataFrame, asked: str | None, form: str) -> pyproj.CRS:
    """Return the CRS to write these features in.

    Parameters
    ----------
    asked
        "4490", "4547", ..., or "local" for the 3-degree zone of the place; None: the format's own.
    form
        The format of the file.

    Raises
    ------
    InputError
        The CRS is unknown, not of this format, or does not cover the features.
    """
    asked = asked or (str(_WGS84) if form in _DEGREES_ONLY else str(STORE_SRID))
    if asked != LOCAL and asked not in _CODES:
        raise InputError(
            f"crs {asked!r}: an EPSG code of CGCS2000 (4490 to 4554), {_WGS84}, or {LOCAL}",
            zh=f"crs {asked!r}：须为 CGCS2000 的 EPSG 代码（4490 至 4554）、{_WGS84} 或 {LOCAL}",
            where="crs",
        )
    if form in _DEGREES_ONLY and asked != str(_WGS84):
        raise InputError(
            f"{form} is written in WGS 84 longitude and latitude only: crs={_WGS84}",
            zh=f"{form} 只能使用 WGS 84 经纬度：crs={_WGS84}",
            where="crs",
        )
    if frame.geometry.notna().sum() == 0:
        return CGCS2000 if asked == LOCAL else pyproj.CRS.from_epsg(int(asked))
    west, _, east, _ = frame.total_bounds
    middle = (west + east) / 2
    if asked == LOCAL:
        return metric_crs(middle)
    target = pyproj.CRS.from_epsg(int(asked))
    area = target.area_of_use
    if target.is_projected and area and not area.west - 1 <= middle <= area.east + 1:
        raise InputError(
            f"EPSG:{asked} covers {area.west} to {area.east} degrees east, and these features lie "
            f"at {middle:.2f}; crs={LOCAL} takes the zone of the place",
            zh=f"EPSG:{asked} 适用于东经 {area.west} 至 {area.east} 度，"
            f"而要素位于 {middle:.2f} 度；可用 crs={LOCAL}",
            where="crs",
        )
    return target
