"""Time zones by name, and which one a place is taken to keep."""

import pytest

from geoservice.errors import InputError
from geoservice.timezones import usual_zone, zone_named


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (113.2, 36.35, "Asia/Shanghai"),
        (75.99, 39.47, "Asia/Shanghai"),  # Kashgar: China keeps one time
        (73.5, 3.0, "Asia/Shanghai"),
        (136.5, 54.0, "Asia/Shanghai"),
        (1.58, 42.55, "UTC"),
        (73.49, 36.0, "UTC"),
        (136.51, 36.0, "UTC"),
        (113.2, 2.99, "UTC"),
        (113.2, 54.01, "UTC"),
    ],
)
def test_china_has_one_time_and_elsewhere_is_utc(lon: float, lat: float, name: str) -> None:
    assert usual_zone(lon, lat) == name
    assert zone_named(name).key == name


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Base", "Europe", "../etc/passwd", "/etc/passwd", "posix/Europe/Paris",
     "right/UTC", "localtime", "Factory", "zone.tab", "a\x00b", "\ud800", "x" * 5000],
)  # fmt: skip
def test_a_name_that_is_no_zone_is_refused_in_both_languages(name: str) -> None:
    with pytest.raises(InputError, match="Asia/Shanghai") as caught:
        zone_named(name)
    assert "未知时区" in caught.value.zh
    assert caught.value.where == "zone"
