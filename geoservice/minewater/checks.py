"""What is refused before anything is derived: each wrong with its place, all of them at once."""

import math
from collections.abc import Iterator

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from geoservice.errors import DatumError, GeometryError, InputError, RecordError
from geoservice.minewater.inputs import (
    Argument,
    Clearance,
    Column,
    Fault,
    Goaf,
    InputShape,
    MineInputs,
    Override,
    Pillar,
    RoofAquifer,
    Shaft,
    Treatment,
)
from geoservice.minewater.setting import named

MOST_AREA_SHARE = 0.001  # a licence that differs more from its stated area is refused
_AREAS = (Goaf, Column, RoofAquifer, Treatment, Argument, Clearance, Pillar, Override)
# What can be in a coal mine, metres, degrees and MPa; outside it is another unit.
_LIMITS: dict[str, tuple[float, float]] = {
    "thickness_m": (0.05, 60.0),
    "mining_height_m": (0.05, 60.0),
    "dip_deg": (0.0, 90.0),
    "slices": (1, 30),
    "stage_height_m": (1.0, 500.0),
    "fracture_height_m": (0.0, 1000.0),
    "floor_damage_m": (0.0, 200.0),
    "coal_tensile_mpa": (0.01, 20.0),
    "movement_deg": (10.0, 90.0),
    "level_m": (-2500.0, 6000.0),
    "floor_m": (-2500.0, 6000.0),
    "volume_m3": (0.0, 1e10),
    "pressure_mpa": (0.0, 25.0),
    "head_mpa": (0.0, 25.0),
    "throw_m": (0.0, 5000.0),
    "cover_m": (-50.0, 2500.0),
    "collar_m": (-500.0, 6000.0),
    "flood_level_m": (-500.0, 6000.0),
    "inrush_mpa_per_m": (0.0, 1.0),
}
_LEAST_DIP_DEG = 1.0


def check_inputs(inputs: MineInputs) -> None:
    """Go on if a seam can be zoned from these.

    Raises
    ------
    RecordError
        It cannot; ``wrongs`` are all that is wrong, each with its place.
    """
    wrongs = [*_crs(inputs.crs), *_licence(inputs), *_seam(inputs)]
    for shape in inputs.shapes:
        wrongs += [*_shape(shape), *_numbers(shape, named(shape))]
    wrongs += [*_twice(inputs), *_datums(inputs)]
    if wrongs:
        raise RecordError(wrongs)


def _crs(crs: pyproj.CRS | None) -> Iterator[InputError]:
    if crs is None:
        yield DatumError("the CRS of the shapes is missing", zh="缺少图形的坐标系", where="crs")
    elif not crs.is_projected or crs.axis_info[0].unit_conversion_factor != 1.0:
        yield DatumError(f"{crs.name} is not in metres", zh=f"{crs.name} 不以米为单位", where="crs")


def _licence(inputs: MineInputs) -> Iterator[InputError]:
    licence = inputs.licence
    if wrong := _geometry(licence, "licence", is_area=True):
        yield wrong
        return
    stated = inputs.licence_area_m2
    if stated is not None and abs(licence.area - stated) > MOST_AREA_SHARE * stated:
        yield GeometryError(
            f"the licence covers {licence.area / 1e6:.4f} km2, {stated / 1e6:.4f} km2 are stated: "
            "more than 0.1 % apart",
            zh=f"矿权范围面积为 {licence.area / 1e6:.4f} km2，登记面积为 {stated / 1e6:.4f} km2："
            "相差超过 0.1%",
            where="licence",
        )


def _seam(inputs: MineInputs) -> Iterator[InputError]:
    yield from _numbers(inputs.seam, f"seam:{inputs.seam.code}")


def _shape(shape: InputShape) -> Iterator[InputError]:
    is_area = isinstance(shape, _AREAS)
    if wrong := _geometry(shape.geom, named(shape), is_area=is_area):
        yield wrong
    if isinstance(shape, Fault) and shape.dip_deg is not None and shape.dip_deg < _LEAST_DIP_DEG:
        yield InputError(
            f"{named(shape)} dips {shape.dip_deg:g} deg: at least {_LEAST_DIP_DEG:g}",
            zh=f"{named(shape)} 倾角为 {shape.dip_deg:g}°：不得小于 {_LEAST_DIP_DEG:g}°",
            where=f"{named(shape)}.dip_deg",
        )
    if isinstance(shape, Override) and not shape.reason.strip():
        yield InputError(
            f"{named(shape)} gives no reason", zh=f"{named(shape)} 未说明理由",
            where=f"{named(shape)}.reason",
        )  # fmt: skip


def _geometry(geom: BaseGeometry, where: str, *, is_area: bool) -> InputError | None:
    if not np.isfinite(shapely.get_coordinates(geom)).all():
        return GeometryError(f"{where} has no place", zh=f"{where} 坐标无效", where=where)
    if not geom.is_valid:
        why = explain_validity(geom)
        return GeometryError(
            f"{where} is not valid: {why}", zh=f"{where} 图形有误：{why}", where=where
        )
    if geom.is_empty or (is_area and geom.area == 0.0):
        return GeometryError(f"{where} has no area", zh=f"{where} 没有面积", where=where)
    west, south, east, north = geom.bounds
    if max(abs(west), abs(east)) <= 180.0 and max(abs(south), abs(north)) <= 90.0:
        return GeometryError(
            f"{where} lies within ({west:g}, {south:g}) and ({east:g}, {north:g}): degrees, or not "
            "where any mine is; metres of the district's zone are needed",
            zh=f"{where} 坐标为 ({west:g}, {south:g}) 至 ({east:g}, {north:g})：疑为经纬度，须为米",
            where=where,
        )
    return None


def _numbers(thing: object, where: str) -> Iterator[InputError]:
    for name, (low, high) in _LIMITS.items():
        value = getattr(thing, name, None)
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            yield InputError(
                f"{where}.{name} is {value:g}, which is not between {low:g} and {high:g}: "
                "another unit?",
                zh=f"{where}.{name} 为 {value:g}，不在 {low:g} 至 {high:g} 之间：单位有误？",
                where=f"{where}.{name}",
            )


def _twice(inputs: MineInputs) -> Iterator[InputError]:
    names = [named(it) for it in inputs.shapes]
    for name in sorted({it for it in names if names.count(it) > 1}):
        yield InputError(f"{name} is given twice", zh=f"{name} 重复", where=name)


def _datums(inputs: MineInputs) -> Iterator[InputError]:
    """Give what is wrong with height datums: one that is missing, or two."""
    found: dict[str, str] = {}
    for where, datum in _levels(inputs):
        if datum is None:
            yield DatumError(
                f"the height datum of {where} is missing", zh=f"{where} 缺少高程基准", where=where
            )
        else:
            found.setdefault(datum, where)
    if len(found) > 1:
        told = ", ".join(f"{datum} ({where})" for datum, where in sorted(found.items()))
        yield DatumError(
            f"levels are in {len(found)} height datums: {told}; bring them to one first",
            zh=f"标高采用了 {len(found)} 种高程基准：{told}；请先统一",
            where="height_datum",
        )


def _levels(inputs: MineInputs) -> Iterator[tuple[str, str | None]]:
    for shape in inputs.shapes:
        heights: tuple[float | None, ...] = ()
        if isinstance(shape, Goaf):
            heights = (shape.level_m, shape.floor_m)
        if isinstance(shape, Shaft):
            heights = (shape.collar_m, shape.flood_level_m)
        if isinstance(shape, Goaf | Shaft) and any(it is not None for it in heights):
            yield named(shape), shape.height_datum
    rasters = inputs.rasters
    if rasters is not None and (rasters.head_m or rasters.floor_m):
        yield "rasters", rasters.height_datum
