"""The district's outline and the service envelope around it (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.crs import CGCS2000, metric_crs, reproject, stored, to_metric
from geoservice.errors import FileError, GeometryError
from geoservice.registry.importing import Row

_REACH_M = 20_000.0
_STEP_M = 1_000.0
_ELLIPSOID = pyproj.Geod(ellps="GRS80")


@dataclass(frozen=True)
class Outline:
    """A feature that may be the district."""

    row: Row
    code: str
    name: str


def service_envelope(boundary: BaseGeometry) -> shapely.Polygon:
    """Return the box of degrees that holds the boundary's bounding box and 20 km around it.

    Parameters
    ----------
    boundary
        The district, degrees; measured in the 3-degree zone of its middle.
    """
    lon = boundary.centroid.x
    west, south, east, north = to_metric(shapely.box(*boundary.bounds), lon).bounds
    around = shapely.box(west - _REACH_M, south - _REACH_M, east + _REACH_M, north + _REACH_M)
    # A straight side of metres is a bent one of degrees: its middle reaches farthest.
    sides = shapely.segmentize(around, _STEP_M)
    box: shapely.Polygon = shapely.box(*reproject(sides, metric_crs(lon), CGCS2000).bounds)
    return stored(box)


def area_km2(shape: BaseGeometry) -> float:
    """Return the area on the ellipsoid, square kilometres; an empty shape has none."""
    return abs(float(_ELLIPSOID.geometry_area_perimeter(shape)[0])) / 1e6


def choose_outlines(
    found: Sequence[Outline], *, code: str | None, name: str | None, unite: bool
) -> Sequence[Outline]:
    """Return the features that make the district: one, or all of them with ``unite``.

    Of several features it is the one with the code and name said; a single one is it anyhow.

    Raises
    ------
    FileError
        There is no feature, or it is not plain which; the message lists the choices.
    """
    if unite or len(found) == 1:
        return found
    if code is None and name is None:
        raise _unclear(found)
    fitting = [it for it in found if code in {None, it.code} and name in {None, it.name}]
    if len(fitting) != 1:
        raise _unclear(found)
    return fitting


def join_outlines(
    chosen: Sequence[Outline], *, code: str | None, name: str | None
) -> tuple[shapely.MultiPolygon, str, str]:
    """Return the outline, its code and its name; what is said goes before what the file has.

    Raises
    ------
    FileError
        Neither says the code or the name.
    GeometryError
        United, the features make no polygon.
    """
    only = chosen[0] if len(chosen) == 1 else None
    code = code or (only.code if only else "")
    name = name or (only.name if only else "")
    missing = [option for option, value in (("--code", code), ("--name", name)) if not value]
    if missing:
        raise FileError(
            f"the file does not say it: give {' and '.join(missing)} of the district",
            zh=f"文件中没有：请用 {'、'.join(missing)} 给出行政区代码或名称",
            where=missing[0],
        )
    shapes = [it.row.geom for it in chosen if it.row.geom is not None]
    whole = shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)
    if isinstance(whole, shapely.Polygon) and not whole.is_empty:
        whole = shapely.MultiPolygon([whole])
    if not isinstance(whole, shapely.MultiPolygon):
        raise GeometryError("the features make no polygon", zh="要素合并后不是面")
    return whole, code, name


def _unclear(found: Sequence[Outline]) -> FileError:
    choices = ", ".join(f"{it.code or '-'} {it.name or '-'}" for it in found[:40])
    return FileError(
        f"one outline is needed, the file has {len(found)}: say --code or --name, or --union for "
        f"all together. There are: {choices or 'none'}",
        zh=f"须为一个边界要素，文件中有 {len(found)} 个：请用 --code 或 --name 选择，"
        f"或用 --union 合并。可选：{choices or '无'}",
        where="code",
    )
