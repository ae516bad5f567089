"""Time zones: by name, and the one that a place most likely keeps (pure)."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geoservice.errors import InputError

CHINA = "Asia/Shanghai"
_ELSEWHERE = "UTC"
_CHINA_WEST, _CHINA_EAST = 73.5, 136.5
_CHINA_SOUTH, _CHINA_NORTH = 3.0, 54.0
# In the zone data's folders, but no IANA names: browsers refuse them.
_NO_ZONES = frozenset({"posix", "right", "localtime", "posixrules", "Factory"})


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, such as ``Europe/Andorra``.

    Raises
    ------
    InputError
        There is no such zone.
    """
    try:
        if name.split("/")[0] not in _NO_ZONES:
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise InputError(
        f"unknown time zone {name!r}: one like Asia/Shanghai is needed",
        zh=f"未知时区“{name}”：应如 Asia/Shanghai",
        where="zone",
    )


def usual_zone(lon: float, lat: float) -> str:
    """Return the name of the zone taken for a district at this place, degrees, unless one is said.

    China keeps one time, so a place within its longitudes and latitudes has it; any other has
    UTC, which is nobody's guess.
    """
    is_china = _CHINA_WEST <= lon <= _CHINA_EAST and _CHINA_SOUTH <= lat <= _CHINA_NORTH
    return CHINA if is_china else _ELSEWHERE
