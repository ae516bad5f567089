"""The CRS of an export: what a city in China asks for, and whether it fits the place (pure)."""

import pyproj

from geoservice.crs import CGCS2000, STORE_SRID, metric_crs
from geoservice.errors import InputError
from geoservice.exports.formats import Format

LOCAL = "local"
_WGS84, _MERCATOR = "4326", "3857"
# CGCS2000's 6- and 3-degree zones, with and without the zone number in the easting.
_ZONES = {str(code) for code in range(4491, 4555)}
_CODES = _ZONES | {str(STORE_SRID), _WGS84, _MERCATOR}
_OF_KIND = {"any": _CODES | {LOCAL}, "degrees": {_WGS84}, "plane": _ZONES | {LOCAL}}
_OWN = {"any": str(STORE_SRID), "degrees": _WGS84, "plane": LOCAL}

Bounds = tuple[float, float, float, float]


def target_crs(bounds: Bounds | None, asked: str | None, form: Format) -> pyproj.CRS:
    """Return the CRS to write features in.

    Parameters
    ----------
    bounds
        West, south, east, north of the features in degrees; None: there is none with a place.
    asked
        "4490", "4547", ..., or "local" for the 3-degree zone of the place; None: the format's own.
    form
        The format of the file.

    Raises
    ------
    InputError
        The CRS is unknown, not of this format, or does not cover the features.
    """
    name = asked or _OWN[form.crs]
    _refuse_unknown(name, form)
    if bounds is None:
        return CGCS2000 if name == LOCAL else pyproj.CRS.from_epsg(int(name))
    middle = (bounds[0] + bounds[2]) / 2
    if name == LOCAL:
        return metric_crs(middle)
    target = pyproj.CRS.from_epsg(int(name))
    area = target.area_of_use
    if name in _ZONES and area and not area.west - 1 <= middle <= area.east + 1:
        raise InputError(
            f"EPSG:{name} covers {area.west} to {area.east} degrees east, and these features lie "
            f"at {middle:.2f}; crs={LOCAL} takes the zone of the place",
            zh=f"EPSG:{name} 适用于东经 {area.west} 至 {area.east} 度，"
            f"而要素位于 {middle:.2f} 度；可用 crs={LOCAL}",
            where="crs",
        )
    return target


def _refuse_unknown(name: str, form: Format) -> None:
    if name not in _CODES and name != LOCAL:
        raise InputError(
            f"crs {name!r}: an EPSG code of CGCS2000 (4490 to 4554), {_WGS84}, {_MERCATOR}, "
            f"or {LOCAL}",
            zh=f"crs {name!r}：须为 CGCS2000 的 EPSG 代码（4490 至 4554）、{_WGS84}、{_MERCATOR} "
            f"或 {LOCAL}",
            where="crs",
        )
    if name not in _OF_KIND[form.crs]:
        if form.crs == "degrees":
            say, zh = "WGS 84 longitude and latitude", "WGS 84 经纬度"
        else:
            say, zh = "metres of a CGCS2000 zone", "CGCS2000 分带平面坐标（米）"
        own = _OWN[form.crs]
        raise InputError(
            f"{form.name} is written in {say} only: crs={own}",
            zh=f"{form.name} 只能使用{zh}：crs={own}",
            where="crs",
        )


def described(crs: pyproj.CRS) -> str:
    """Return the CRS's name, with its EPSG code where it has one."""
    code = crs.to_epsg()
    return f"{crs.name} (EPSG:{code})" if code else crs.name
