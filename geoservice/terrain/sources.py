"""The files of a load: opened, checked, and tiles of one grid joined before they are warped.

Tiles are joined first, for a tile warped alone has nothing beyond its edge to interpolate with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pyproj
import rasterio
import shapely
from affine import Affine
from rasterio.enums import MaskFlags
from shapely.geometry.base import BaseGeometry

from geoservice import crs as systems
from geoservice.crs import CGCS2000
from geoservice.errors import InputError
from geoservice.terrain import refusals
from geoservice.terrain.records import HeightDatum

_HGT = (".hgt", ".hgt.zip", ".hgt.gz")
_AXIS_M = 6378137.0  # of WGS 84, GRS 80 and CGCS2000
_STEPS = 64  # points along an edge, which is no straight line in another projection
_SNAP = 1e-3  # of a cell: tiles whose corners fit so closely are of one grid
_SAID = {"EGM96": "EGM96", "1985": "1985", "1956": "1956"}
_VRT_TYPES = {"int16": "Int16", "uint16": "UInt16", "int32": "Int32", "float32": "Float32",
              "float64": "Float64", "uint8": "Byte", "int8": "Int8"}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Source:
    """One file of heights, north up."""

    path: Path
    crs: pyproj.CRS
    transform: Affine
    rows: int
    cols: int
    nodata: float | None
    kind: str

    @property
    def grid(self) -> tuple[Any, ...]:
        """What tiles share that can be joined cell to cell."""
        a, e = self.transform.a, self.transform.e
        phase = tuple(round(v / _SNAP) % round(1 / _SNAP)
                      for v in (self.transform.c / a, self.transform.f / e))  # fmt: skip
        return (self.crs.to_wkt(), round(a, 12), round(e, 12), phase)

    def footprint(self, target: pyproj.CRS) -> BaseGeometry:
        """Return the outline of its cells in another system."""
        west, north = self.transform.c, self.transform.f
        east, south = self._place(self.rows, self.cols)
        box = shapely.box(west, south, east, north)
        dense = shapely.segmentize(box, max(east - west, north - south) / _STEPS)
        return systems.reproject(dense, self.crs, target)

    def cell_m(self, target: pyproj.CRS) -> tuple[float, float]:
        """Return how wide and high a cell in its middle is in another system, metres."""
        row, col = self.rows / 2, self.cols / 2
        ends = [self._place(row, col), self._place(row, col + 1), self._place(row + 1, col)]
        moved = systems.reproject(shapely.MultiPoint(ends), self.crs, target)
        middle, beside, below = shapely.get_parts(moved)
        return float(middle.distance(beside)), float(middle.distance(below))

    def _place(self, row: float, col: float) -> tuple[float, float]:
        t = self.transform
        return (t.c + t.a * col, t.f + t.e * row)


@dataclass(frozen=True, eq=False)
class Mosaic:
    """Tiles of one grid as one raster: what GDAL calls a virtual one."""

    tiles: tuple[Source, ...]

    @property
    def crs(self) -> pyproj.CRS:
        """The system of every tile."""
        return self.tiles[0].crs

    @property
    def nodata(self) -> float | None:
        """The value of a cell without height."""
        return self.tiles[0].nodata

    def described(self) -> str:
        """Return it as GDAL reads it. Where tiles overlap the later holds, but not its voids."""
        a, e = self.tiles[0].transform.a, self.tiles[0].transform.e
        west = min(t.transform.c for t in self.tiles)
        north = max(t.transform.f for t in self.tiles)
        at = [(round((t.transform.c - west) / a), round((t.transform.f - north) / e))
              for t in self.tiles]  # fmt: skip
        placed = list(zip(self.tiles, at, strict=True))
        cols = max(col + t.cols for t, (col, _) in placed)
        rows = max(row + t.rows for t, (_, row) in placed)
        kinds = {t.kind for t in self.tiles}
        kind = _VRT_TYPES[kinds.pop()] if len(kinds) == 1 else "Float64"
        nodata = "" if self.nodata is None else f"<NoDataValue>{_number(self.nodata)}</NoDataValue>"
        inner = "".join(_part(t, col, row) for t, (col, row) in placed)
        return (
            f'<VRTDataset rasterXSize="{cols}" rasterYSize="{rows}">'
            f"<SRS>{escape(_horizontal(self.crs))}</SRS>"
            f"<GeoTransform>{west!r}, {a!r}, 0, {north!r}, 0, {e!r}</GeoTransform>"
            f'<VRTRasterBand dataType="{kind}" band="1">{nodata}{inner}</VRTRasterBand>'
            "</VRTDataset>"
        )


def read_sources(paths: Sequence[Path], datum: HeightDatum) -> list[Source]:
    """Return the files, each checked.

    Raises
    ------
    FileError
        One cannot be read, is rotated, or tells its voids by a mask.
    DatumError
        One has no coordinate system, one of another ellipsoid, or says another height datum.
    InputError
        One says that its heights are not in metres.
    """
    return [_read(path, datum) for path in paths]


def mosaics(sources: Sequence[Source]) -> list[Mosaic]:
    """Return the files joined where they are of one grid, in the order given."""
    grids: dict[tuple[Any, ...], list[Source]] = {}
    for source in sources:
        grids.setdefault((*source.grid, _number(source.nodata)), []).append(source)
    return [Mosaic(tuple(tiles)) for tiles in grids.values()]


def _read(path: Path, datum: HeightDatum) -> Source:
    if not path.is_file():
        raise refusals.not_a_dem(path.name, "no such file")
    driver = "SRTMHGT" if path.name.lower().endswith(_HGT) else "GTiff"
    try:
        with rasterio.open(path, driver=driver) as raster:
            return _checked(path, raster, datum)
    except rasterio.errors.RasterioError as error:
        raise refusals.not_a_dem(path.name, str(error)) from error


def _checked(path: Path, raster: Any, datum: HeightDatum) -> Source:
    if raster.crs is None:
        raise refusals.no_crs(path.name)
    system = pyproj.CRS.from_wkt(raster.crs.to_wkt())
    _check_system(path.name, system, datum)
    unit = (raster.units[0] or "m").strip().casefold()
    if unit not in {"m", "metre", "meter", "metres", "meters"}:
        raise refusals.not_metres(path.name, raster.units[0])
    _check_layout(path.name, raster)
    kind = raster.dtypes[0]
    if kind not in _VRT_TYPES:
        raise refusals.not_a_dem(path.name, kind)
    is_real = kind.startswith("float")
    nodata = np.nan if raster.nodata is None and is_real else raster.nodata
    return Source(
        path.absolute(), system, raster.transform, raster.height, raster.width, nodata, kind
    )


def _check_layout(file: str, raster: Any) -> None:
    if raster.count != 1:
        raise refusals.several_bands(file, raster.count)
    if (raster.scales[0], raster.offsets[0]) != (1, 0):
        raise refusals.scaled(file)
    if MaskFlags.per_dataset in raster.mask_flag_enums[0]:
        raise refusals.masked(file)
    t = raster.transform
    if t.b or t.d or t.a <= 0 or t.e >= 0:
        raise refusals.rotated(file)


def _check_system(file: str, system: pyproj.CRS, datum: HeightDatum) -> None:
    flat = system.sub_crs_list[0] if system.is_compound else system
    body = flat.ellipsoid
    if body is None or abs(body.semi_major_metre - _AXIS_M) > 0.5:  # Xi'an 80: 3 m
        raise refusals.other_ellipsoid(file, flat.name)
    for part in system.sub_crs_list:
        if not part.is_vertical:
            continue
        unit = part.axis_info[0].unit_name
        if unit not in {"metre", "meter"}:
            raise refusals.not_metres(file, unit)
        said = next((name for word, name in _SAID.items() if word in part.name), None)
        if said is not None and said != datum:
            raise refusals.other_height_datum(file, part.name, datum)


def _part(tile: Source, col: int, row: int) -> str:
    size = f'xSize="{tile.cols}" ySize="{tile.rows}"'
    nodata = "" if tile.nodata is None else f"<NODATA>{_number(tile.nodata)}</NODATA>"
    return (
        f"<ComplexSource><SourceFilename>{escape(str(tile.path))}</SourceFilename>"
        f'<SourceBand>1</SourceBand><SrcRect xOff="0" yOff="0" {size}/>'
        f'<DstRect xOff="{col}" yOff="{row}" {size}/>{nodata}</ComplexSource>'
    )


def _number(value: float | None) -> str:
    if value is None:
        return "none"
    return "nan" if np.isnan(value) else repr(float(value))


def _horizontal(system: pyproj.CRS) -> str:
    """Return the horizontal part alone: heights are not moved from datum to datum."""
    flat = system.sub_crs_list[0] if system.is_compound else system
    return flat.to_wkt()


def covered_bounds(sources: Sequence[Source]) -> tuple[float, float, float, float]:
    """Return west, south, east, north of all files, degrees.

    Raises
    ------
    InputError
        There is no file.
    """
    if not sources:
        raise InputError("no file was given", zh="未给出文件")
    outlines = [source.footprint(CGCS2000) for source in sources]
    west, south, east, north = shapely.total_bounds(outlines)
    return float(west), float(south), float(east), float(north)
