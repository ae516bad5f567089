"""The shapes of a file -> shapes in the stored CRS, or why not (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError
from shapely import GeometryType
from shapely.geometry.base import BaseGeometry

from geoservice.crs import STORE_SRID, reproject
from geoservice.datum import DATUMS, Datum, datum_named, local_datum, to_wgs84
from geoservice.errors import DatumError, GeometryError
from geoservice.registry.fields import Shape

Shapes = NDArray[np.object_]

# How the names of a geographic CRS and its datum tell what they are, in any dialect of WKT.
_CGCS2000 = ("cgcs2000", "china2000", "chinageodeticcoordinatesystem2000")
_WGS84 = ("wgs84", "wgs1984", "worldgeodeticsystem1984", "crs84")
_LOCAL = ("xian1980", "xian80", "beijing1954", "beijing54", "newbeijing")
_ZH = {"Point": "点", "MultiLineString": "线", "MultiPolygon": "面", "Geometry": "点、线或面"}
_MULTI = {
    "Point": (GeometryType.POINT, GeometryType.MULTIPOINT),
    "MultiLineString": (GeometryType.LINESTRING, GeometryType.MULTILINESTRING),
    "MultiPolygon": (GeometryType.POLYGON, GeometryType.MULTIPOLYGON),
}
_PLAIN: dict[Shape, tuple[int, ...]] = {
    "Point": (GeometryType.POINT,),
    "MultiLineString": (GeometryType.MULTILINESTRING,),
    "MultiPolygon": (GeometryType.MULTIPOLYGON,),
    "Geometry": (
        GeometryType.POINT, GeometryType.MULTILINESTRING, GeometryType.MULTIPOLYGON,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Placement:
    """How the numbers of a file become places: a projection to undo, then a datum."""

    datum: Datum
    projected: pyproj.CRS | None = None


@dataclass(frozen=True)
class Placed:
    """Stored shapes, None where there is none or it was refused, and the refusals by index."""

    shapes: Shapes
    refused: Mapping[int, GeometryError]
    heights_left_out: int = 0


def settle(declared: str | None, datum: str | None) -> Placement:
    """Return where the file's numbers are, from the CRS it declares and the datum said.

    Parameters
    ----------
    declared
        WKT or authority code of the file's CRS; None where it has none.
    datum
        What the user says; None where nothing is said.

    Raises
    ------
    DatumError
        The datum is missing, contradicts the file, or is not to be converted.
    """
    said = datum_named(datum) if datum is not None else None
    if declared is None:
        return Placement(said or _missing("the file does not say its CRS", "文件未声明坐标系"))
    crs = _read_crs(declared)
    base = crs.geodetic_crs
    names = _plain(
        f"{crs.name} {base.name if base else ''} {base.datum.name if base and base.datum else ''}"
    )
    if base is None or not (crs.is_geographic or crs.is_projected):
        raise _unwanted(crs.name)
    projected = crs if crs.is_projected else None
    if any(name in names for name in _LOCAL):
        raise local_datum(crs.name)
    if any(name in names for name in _CGCS2000):
        return Placement(_cgcs2000(crs.name, said), projected)
    if not any(name in names for name in _WGS84):
        raise _unwanted(crs.name)
    # Many Chinese files say WGS 84, GeoJSON by default, and hold GCJ-02: what they say settles
    # nothing.
    return Placement(
        said
        or _missing(
            f"the file says {crs.name}, but files that say so often hold shifted GCJ-02",
            f"文件声明为 {crs.name}，但此类文件中常是偏移后的 GCJ-02 坐标",
        ),
        projected,
    )


def place(shapes: Shapes, placement: Placement, wanted: Shape) -> Placed:
    """Return the shapes in ``STORE_SRID``, each checked; an empty array gives an empty one.

    A shape is refused when it is empty, has NaN or infinite coordinates, lies beyond the globe
    (metres taken for degrees), is not of the wanted type, or is not valid. Nothing is repaired.
    """
    given = ~shapely.is_missing(shapes)
    heights = int(np.count_nonzero(shapely.has_z(shapes)))
    flat = shapely.force_2d(shapes)
    refused = _unusable(flat)
    flat[list(refused)] = None
    if placement.projected is not None and placement.projected.geodetic_crs is not None:
        flat = reproject(flat, placement.projected, placement.projected.geodetic_crs)  # type: ignore[type-var]  # arrays work too
    for index in np.flatnonzero(~_on_globe(flat)):
        refused[int(index)] = _beyond(flat[index])
        flat[index] = None
    moved = to_wgs84(flat, placement.datum)
    for index in np.flatnonzero(given & ~shapely.is_missing(moved) & ~_is_plainly(moved, wanted)):
        try:
            moved[index] = _fitting(moved[index], wanted)
        except GeometryError as error:
            refused[int(index)] = error
            moved[index] = None
    return Placed(shapely.set_srid(moved, STORE_SRID), refused, heights)


def as_multi(shape: BaseGeometry, wanted: Shape) -> BaseGeometry:
    """Return a single part as the multi-part shape its table has, or a lone part as a point."""
    if wanted == "Point" and isinstance(shape, shapely.MultiPoint):
        return shape.geoms[0]
    if wanted == "MultiPolygon" and isinstance(shape, shapely.Polygon):
        return shapely.MultiPolygon([shape])
    if wanted == "MultiLineString" and isinstance(shape, shapely.LineString):
        return shapely.MultiLineString([shape])
    return shape


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _read_crs(declared: str) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(declared).to_2d()
    except CRSError as error:
        raise DatumError(
            f"the file's CRS cannot be understood: {declared[:200]}",
            zh=f"无法识别文件声明的坐标系：{declared[:200]}",
            where="crs",
        ) from error


def _missing(why: str, why_zh: str) -> Datum:
    raise DatumError(
        f"{why}. Say its datum ({'|'.join(DATUMS)}): gcj02 for data of Amap, DataV or "
        "Tencent, bd09 for Baidu, cgcs2000 for surveying and Tianditu, wgs84 for GPS and "
        "OpenStreetMap",
        zh=f"{why_zh}。请说明坐标基准（{'|'.join(DATUMS)}）：高德、DataV、腾讯为 gcj02，"
        "百度为 bd09，"
        "测绘成果、天地图为 cgcs2000，GPS、OpenStreetMap 为 wgs84",
        where="datum",
    )


def _cgcs2000(name: str, said: Datum | None) -> Datum:
    if said not in {None, "cgcs2000"}:
        raise DatumError(
            f"the file says {name}, which is CGCS2000, and its datum said is {said}: one is wrong",
            zh=f"文件声明为 {name}（CGCS2000），与所说的基准 {said} 矛盾，请核实",
            where="datum",
        )
    return "cgcs2000"


def _unwanted(name: str) -> DatumError:
    return DatumError(
        f"the file's CRS {name} is neither CGCS2000 nor WGS 84: convert it to EPSG:4490 first",
        zh=f"文件坐标系 {name} 既非 CGCS2000 也非 WGS 84：请先转换为 EPSG:4490",
        where="crs",
    )


def _unusable(shapes: Shapes) -> dict[int, GeometryError]:
    """Shapes that are empty or have a coordinate that is no number."""
    found = {
        int(index): GeometryError("the shape is empty", zh="几何为空")
        for index in np.flatnonzero(shapely.is_empty(shapes))
    }
    xy, owners = shapely.get_coordinates(shapes, return_index=True)
    for index in np.unique(owners[~np.isfinite(xy).all(axis=1)]):
        found[int(index)] = GeometryError(
            "a coordinate is NaN or infinite", zh="坐标含 NaN 或无穷大"
        )
    return found


def _on_globe(shapes: Shapes) -> NDArray[np.bool_]:
    west, south, east, north = shapely.bounds(shapes).T
    with np.errstate(invalid="ignore"):
        inside: NDArray[np.bool_] = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    return inside | shapely.is_missing(shapes)


def _beyond(shape: Any) -> GeometryError:  # an element of an object array
    x, y = shapely.get_coordinates(shape)[0]
    where = f"{x:.10g}, {y:.10g}"
    if -90 <= x <= 90 < abs(y) <= 180:
        return GeometryError(
            "longitude and latitude are swapped", zh="经纬度顺序颠倒：应经度在前", where=where
        )
    return GeometryError(
        "no longitude and latitude: if these are metres, the file must declare its CRS",
        zh="不是经纬度：若为米制坐标，文件须声明其坐标系",
        where=where,
    )


def _is_plainly(shapes: Shapes, wanted: Shape) -> NDArray[np.bool_]:
    """Which shapes are of the very type wanted, and valid: the most, told at once."""
    is_plain: NDArray[np.bool_] = np.isin(shapely.get_type_id(shapes), _PLAIN[wanted])
    return is_plain & shapely.is_valid(shapes)


def _fitting(shape: Any, wanted: Shape) -> Any:  # an element of an object array
    """Return the shape as the type wanted, if it is one and valid."""
    kinds = list(_MULTI) if wanted == "Geometry" else [wanted]
    fits = any(shapely.get_type_id(shape) in _MULTI[kind] for kind in kinds)
    if not fits or (wanted == "Point" and shapely.get_num_geometries(shape) > 1):
        raise GeometryError(
            f"the shape is not a {wanted}", zh=f"几何类型不是{_ZH[wanted]}", where=shape.geom_type
        )
    if not shapely.is_valid(shape):
        raise GeometryError(
            "the shape is not valid, and not repaired here",
            zh="几何无效；系统不会自动修复，请修正后再导入",
            where=shapely.is_valid_reason(shape),
        )
    return as_multi(shape, wanted)
