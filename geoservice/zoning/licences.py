"""The area of a licence in the plane that its corner table is of, against what it states (pure)."""

import math
from dataclasses import dataclass

import pyproj
from shapely.geometry.base import BaseGeometry

from geoservice.crs import CGCS2000, metric_crs, reproject
from geoservice.errors import GeometryError
from geoservice.minewater.checks import MOST_AREA_SHARE
from geoservice.registry.records import MineLicence


@dataclass(frozen=True)
class AreaCheck:
    """What the corners cover in their own plane, and what the licence states."""

    plane: str
    area_km2: float
    licence_area_km2: float

    @property
    def off_pct(self) -> float:
        """How far the corners are off, of what is stated."""
        return 100 * (self.area_km2 / self.licence_area_km2 - 1)

    @property
    def is_off(self) -> bool:
        """Whether the two are more than 0.1 % apart."""
        return abs(self.area_km2 - self.licence_area_km2) > MOST_AREA_SHARE * self.licence_area_km2


def plane_of(lon: float, zone_width_deg: int) -> pyproj.CRS:
    """Return the Gauss-Krüger plane of a longitude, in zones of 3 or of 6 degrees."""
    if zone_width_deg == 3:
        return metric_crs(lon)
    # Middles of 6-degree zones are middles of 3-degree zones too: the same projection.
    return metric_crs(6 * math.floor(lon / 6) + 3)


def check_stored(geom: BaseGeometry, *, zone_width_deg: int, licence_area_km2: float) -> AreaCheck:
    """Return the check of a licence in degrees, measured in the plane of its zone."""
    plane = plane_of(geom.centroid.x, zone_width_deg)
    area_km2 = reproject(geom, CGCS2000, plane).area / 1e6
    return AreaCheck(plane.name, area_km2, licence_area_km2)


def checked_licence(record: MineLicence, licence_area_km2: float | None) -> MineLicence:
    """Return a licence in degrees as it is; one that states no area is not checked.

    Raises
    ------
    GeometryError
        Its corners cover more than 0.1 % more or less than is stated.
    """
    if licence_area_km2 is not None:
        check = check_stored(
            record.geom, zone_width_deg=record.zone_width_deg, licence_area_km2=licence_area_km2
        )
        if check.is_off:
            raise area_is_off(check, record.code)
    return record


def area_is_off(check: AreaCheck, code: str) -> GeometryError:
    """Return the refusal of corners that do not cover what the licence states."""
    told = f"{check.area_km2:.6f} km2", f"{check.licence_area_km2:g} km2", f"{check.off_pct:+.3f} %"
    return GeometryError(
        f"licence {code}: its corners cover {told[0]} ({check.plane}), {told[1]} are stated: "
        f"{told[2]}, more than 0.1 % off. Is a corner wrong or an excluded part missing, or is the "
        "table of zones of another width (zone_width_deg)?",
        zh=f"矿区范围 {code}：各拐点围成 {told[0]}（{check.plane}），许可证载明 {told[1]}，"
        f"相差 {told[2]}，超过 0.1%。请核对拐点、扣除部分，或坐标表的分带（3 度或 6 度）",
        where="geom",
    )
