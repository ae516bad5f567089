"""The corner table of a licence: its area in its own plane, then its place (pure)."""

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geoservice.crs import CGCS2000, reproject, stored
from geoservice.datum import datum_named
from geoservice.errors import DatumError, FileError, GeometryError, InputError
from geoservice.registry.gauss import Metres, metres_in
from geoservice.registry.reading import Table
from geoservice.zoning.licences import AreaCheck

# EPSG: CGCS2000 in 6-degree zones, with the number of the zone and without.
_SIX_DEGREES = range(4491, 4513)
# Semi-major axis (m) and inverse flattening.
_ELLIPSOIDS = {"xian80": (6378140.0, 298.257), "beijing54": (6378245.0, 298.3)}
_NAMES = {
    "xian80": ("xian80", "xian1980", "西安80", "西安1980"),
    "beijing54": ("beijing54", "beijing1954", "北京54", "北京1954"),
}
_NUMBERS = ("dx", "dy", "dz", "rx", "ry", "rz", "ppm")
_CONVENTIONS = ("position_vector", "coordinate_frame")


@dataclass(frozen=True)
class SevenParameters:
    """From the table's datum to CGCS2000: metres, seconds of arc, parts in a million.

    Parameters
    ----------
    convention
        ``position_vector`` or ``coordinate_frame``: the signs of the rotations.
    """

    dx_m: float
    dy_m: float
    dz_m: float
    rx_s: float
    ry_s: float
    rz_s: float
    scale_ppm: float
    convention: str

    def __post_init__(self) -> None:
        """Refuse an unknown convention and numbers that no such shift has."""
        if self.convention not in _CONVENTIONS:
            raise InputError(
                f"the signs of the rotations: one of {', '.join(_CONVENTIONS)}",
                zh=f"须说明旋转参数的约定：{'、'.join(_CONVENTIONS)} 之一", where="convention",
            )  # fmt: skip
        shifts, turns = (self.dx_m, self.dy_m, self.dz_m), (self.rx_s, self.ry_s, self.rz_s)
        if not all(abs(it) < 2000 for it in shifts) or not all(abs(it) < 60 for it in turns):
            raise _implausible()
        if not abs(self.scale_ppm) < 100:
            raise _implausible()


@dataclass(frozen=True)
class LicenceTable:
    """What the corners of a licence enclose, east first, in the plane of their table."""

    shape: MultiPolygon
    metres: Metres

    @property
    def zone_width_deg(self) -> int:
        """How wide the zones of its plane are."""
        return 6 if pyproj.CRS(self.metres.crs).to_epsg() in _SIX_DEGREES else 3

    def check(self, licence_area_km2: float) -> AreaCheck:
        """Return its area against the stated one: whatever the datum, in its own plane."""
        return AreaCheck(self.metres.told.en, self.shape.area / 1e6, licence_area_km2)


def seven_of(text: str, convention: str) -> SevenParameters | None:
    """Return the seven parameters that are written ``dx,dy,dz,rx,ry,rz,ppm``; None for nothing.

    Raises
    ------
    InputError
        They are not seven numbers, or the convention of the rotations is not said.
    """
    if not text.strip():
        return None
    try:
        numbers = [float(it) for it in text.replace("，", ",").split(",")]
        if len(numbers) != len(_NUMBERS):
            raise ValueError(len(numbers))
    except ValueError as error:
        raise InputError(
            f"seven numbers are needed: {','.join(_NUMBERS)}",
            zh=f"须为七个数：{','.join(_NUMBERS)}", where="seven",
        ) from error  # fmt: skip
    dx, dy, dz, rx, ry, rz, ppm = numbers
    return SevenParameters(dx, dy, dz, rx, ry, rz, ppm, convention)


def licence_table(table: Table, lon: float | None) -> LicenceTable:
    """Return the one licence that a table of corners has.

    Parameters
    ----------
    lon
        Longitude of the district, for eastings without a zone.

    Raises
    ------
    FileError
        The table has no shape, or several, or the corners cross themselves; the place is given.
    GeometryError
        The corners make no area.
    InputError
        They are not in metres of a Gauss-Krüger zone.
    """
    for row, (en, zh) in table.unread.items():
        raise FileError(f"row {row}: {en}", zh=f"第 {row} 行：{zh}", where=str(row))
    found = [it for it in table.shapes if it is not None]
    if len(found) != 1:
        raise FileError(
            f"{len(found)} shapes: the corners of one licence are needed (corner number, X, Y; "
            "ring where there are excluded parts)",
            zh=f"有 {len(found)} 个图形：须为一个矿区的拐点（点号、X、Y，有扣除部分时加圈号）",
            where="file",
        )
    metres = metres_in(table.shapes, lon)
    if metres is None:
        raise InputError(
            "the corners are not in metres of a Gauss-Krüger zone", where="file",
            zh="拐点不是高斯-克吕格投影的米制坐标",
        )  # fmt: skip
    shape = _area(found[0])
    if metres.is_north_first:
        shape = shapely.transform(shape, lambda xy: xy[:, ::-1])
    return LicenceTable(shape, metres)


def placed(table: LicenceTable, datum: str, seven: SevenParameters | None) -> MultiPolygon:
    """Return the licence in ``STORE_SRID``.

    Parameters
    ----------
    datum
        ``cgcs2000``, or ``xian80`` or ``beijing54`` with ``seven``.

    Raises
    ------
    DatumError
        The datum is another, or needs seven parameters that are not given, or does not need them.
    """
    local = next((key for key, names in _NAMES.items() if _plain(datum) in names), None)
    if local is None:
        if datum_named(datum) != "cgcs2000" or seven is not None:
            raise DatumError(
                f"corners in Gauss-Krüger metres cannot be {datum}: cgcs2000, or xian80 or "
                "beijing54 with seven parameters",
                zh=f"高斯-克吕格米制拐点不能为 {datum}："
                "须为 cgcs2000，或附七参数的 xian80、beijing54",
                where="datum",
            )
        return stored(reproject(table.shape, pyproj.CRS(table.metres.crs), CGCS2000))
    if seven is None:
        datum_named(datum)  # refuses it, and says why
    return stored(_shifted(table, local, seven))  # type: ignore[arg-type]  # refused above


def _shifted(table: LicenceTable, local: str, seven: SevenParameters) -> MultiPolygon:
    plane = pyproj.CRS(table.metres.crs).coordinate_operation
    if plane is None:
        raise InputError("no projection", zh="没有投影", where="file")
    numbers = {it.name: it.value for it in plane.params}
    axis, flat = _ELLIPSOIDS[local]
    ellipsoid = f"+a={axis} +rf={flat}"
    pipeline = pyproj.Transformer.from_pipeline(
        "+proj=pipeline "
        f"+step +inv +proj=tmerc +lat_0=0 +lon_0={numbers['Longitude of natural origin']} +k=1 "
        f"+x_0={numbers['False easting']} +y_0=0 {ellipsoid} "
        f"+step +proj=cart {ellipsoid} "
        f"+step +proj=helmert +x={seven.dx_m} +y={seven.dy_m} +z={seven.dz_m} +rx={seven.rx_s} "
        f"+ry={seven.ry_s} +rz={seven.rz_s} +s={seven.scale_ppm} +convention={seven.convention} "
        "+step +inv +proj=cart +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )

    def move(xy: np.ndarray) -> np.ndarray:
        zeros = np.zeros(len(xy))
        lon, lat, _ = pipeline.transform(xy[:, 0], xy[:, 1], zeros)
        return np.column_stack([lon, lat])

    return shapely.transform(table.shape, move)


def _area(shape: BaseGeometry) -> MultiPolygon:
    if isinstance(shape, Polygon):
        return MultiPolygon([shape])
    if isinstance(shape, MultiPolygon):
        return shape
    raise GeometryError(
        f"the corners make a {shape.geom_type}, not an area", zh="拐点没有围成面", where="geom"
    )


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _implausible() -> InputError:
    return InputError(
        "seven parameters: metres, seconds of arc and parts in a million; these are too large",
        zh="七参数单位为米、角秒、百万分之一；所给数值过大", where="seven",
    )  # fmt: skip
