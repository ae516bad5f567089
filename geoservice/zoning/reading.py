"""What a seam is zoned from, read from the registers: all of it, or why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geoservice.crs import CGCS2000, metric_crs, reproject, to_store
from geoservice.db import Connection, require_district
from geoservice.errors import FileError, InputError, RecordError
from geoservice.keeping.archive import sha256_of
from geoservice.minewater.inputs import InputShape, MineInputs, Rasters, Seam
from geoservice.minewater.results import Note
from geoservice.texts import Text
from geoservice.zoning import input_shapes
from geoservice.zoning.input_rows import (
    AREAS,
    BOREHOLES,
    RASTERS,
    SEAM,
    SHAFTS,
    STRUCTURES,
    WATERS,
    AreaRow,
    Near,
    RasterRow,
    SeamRow,
    ShaftRow,
    WaterRow,
)
from geoservice.zoning.licences import AreaCheck, area_is_off, check_stored
from geoservice.zoning.raster_files import raster_folder

# Further away than any pillar, exploration line or slant of the rock reaches.
NEAR_M = 2000.0
_NEEDED = ("thickness_m", "mining_height_m", "dip_deg", "roof_class")


@dataclass(frozen=True)
class ReadInputs:
    """What a seam is zoned from, and what somebody should look at before."""

    inputs: MineInputs
    notes: tuple[Note, ...] = ()


def mine_inputs(conn: Connection, *, home: Path, mine_seam_id: int) -> MineInputs:
    """Return what a seam is zoned from; `read_inputs` has the notes too."""
    return read_inputs(conn, home=home, mine_seam_id=mine_seam_id).inputs


def read_inputs(conn: Connection, *, home: Path, mine_seam_id: int) -> ReadInputs:
    """Return what a seam is zoned from, metres of the district's zone, levels of one datum.

    Parameters
    ----------
    home
        The state folder, in which the rasters lie.

    Raises
    ------
    NotFoundError
        There is no such seam.
    NoDistrictError
        No boundary is loaded.
    RecordError
        The seam cannot be zoned from what is on record: no licence, or one whose corners are more
        than 0.1 % off what it states, what a seam needs missing, a level without datum, datums that
        are not to be compared, rasters damaged. Every wrong is named.
    """
    require_district(conn)
    row = SEAM.one(conn, mine_seam_id=mine_seam_id)
    wrongs = [*_seam_wrongs(row), *_licence_wrongs(row)]
    if row.licence is None or row.lon is None:
        raise RecordError(wrongs)
    plane = metric_crs(row.lon)
    licence = reproject(row.licence, CGCS2000, plane)
    around = to_store(shapely.box(*licence.bounds).buffer(NEAR_M, join_style="mitre"), plane)
    found = _Found(conn, row, around)
    stored = RASTERS.all(conn, mine_seam_id=row.id)
    rasters = _rasters(row, stored, home, wrongs)
    levels = input_shapes.levels_of(found.levels(), rasters.height_datum if rasters else None)
    shapes = [*found.shapes(levels)]
    wrongs += levels.wrongs
    if wrongs:
        raise RecordError(_once(wrongs))
    inputs = MineInputs(
        licence=licence, seam=_seam(row), crs=plane,
        shapes=tuple(replace(it, geom=reproject(it.geom, CGCS2000, plane)) for it in shapes),
        rasters=rasters, licence_area_m2=_stated_m2(row, licence),
        hydro_type=row.hydro_type,  # type: ignore[arg-type]  # the table's CHECK has the same
    )  # fmt: skip
    return ReadInputs(inputs, (*_area_notes(row), *found.notes()))


class _Found:
    """What the registers have near a mine, and which of it counts for the seam."""

    def __init__(self, conn: Connection, seam: SeamRow, around: BaseGeometry) -> None:
        near = {"mine_seam_id": seam.id, "around": around}
        self.seam = seam
        waters = WATERS.all(conn, **near)
        self.surface = [row for row in waters if row.kind != "goaf"]
        self.goafs, self._other_goafs = _split(waters, seam, "goaf")
        self.structures, self._other_structures = input_shapes.counted(
            STRUCTURES.all(conn, **near), seam
        )
        self.boreholes, self._other_boreholes = input_shapes.counted(
            BOREHOLES.all(conn, **near), seam
        )
        self.areas: list[AreaRow] = input_shapes.counted(AREAS.all(conn, **near), seam)[0]
        self.shafts: list[ShaftRow] = SHAFTS.all(conn, mine_id=seam.mine_id)

    def levels(self) -> Iterator[tuple[str, float | None, str | None]]:
        for goaf in self.goafs:
            yield f"goaf:{goaf.code}", goaf.level_m, goaf.height_datum
            yield f"goaf:{goaf.code}", goaf.floor_m, goaf.height_datum
        for shaft in self.shafts:
            yield f"shaft:{shaft.code}", shaft.collar_m, shaft.height_datum
            yield f"shaft:{shaft.code}", shaft.flood_level_m, shaft.flood_datum

    def shapes(self, levels: input_shapes.Levels) -> Iterator[InputShape]:
        clearances = [
            row for row in self.areas
            if row.kind == "clearance" and row.is_approved and row.mine_seam_id == self.seam.id
        ]  # fmt: skip
        yield from input_shapes.goafs(self.goafs, levels)
        yield from input_shapes.surface_waters(self.surface, clearances)
        yield from input_shapes.structures(self.structures)
        yield from input_shapes.boreholes(self.boreholes)
        yield from input_shapes.areas(self.areas, self.seam)
        yield from input_shapes.shafts(self.shafts, levels)

    def notes(self) -> Iterator[Note]:
        others: Sequence[Near] = [
            *self._other_goafs, *self._other_structures, *self._other_boreholes
        ]  # fmt: skip
        for row in others:
            text = Text(
                zh=f"{row.code} 登记在 {row.seam} 煤层，未计入本煤层：请核对其对本煤层有无影响",
                en=f"{row.code} is on record for seam {row.seam} and not counted here: does it "
                "reach this seam?",
            )
            yield Note("OTHER_SEAM", text)
        for area in self.areas:
            if area.kind in ("treatment", "argument", "clearance") and not area.is_approved:
                text = Text(
                    zh=f"{area.code} 尚未批准，未计入", en=f"{area.code} is not approved: left out"
                )
                yield Note("NOT_APPROVED", text)


def _split(
    rows: Sequence[WaterRow], seam: SeamRow, kind: str
) -> tuple[list[WaterRow], list[WaterRow]]:
    return input_shapes.counted([row for row in rows if row.kind == kind], seam)


def _seam_wrongs(row: SeamRow) -> Iterator[InputError]:
    for name in _NEEDED:
        if getattr(row, name) is None:
            yield InputError(
                f"seam {row.code} has no {name}", zh=f"煤层 {row.code} 未登记 {name}",
                where=f"seam:{row.code}.{name}",
            )  # fmt: skip


def _licence_wrongs(row: SeamRow) -> Iterator[InputError]:
    if row.licence is None:
        yield InputError(
            f"mine {row.mine_code} has no licence area: load it into mine_licences",
            zh=f"矿井 {row.mine_code} 未登记矿区范围（mine_licences）", where="licence",
        )  # fmt: skip
    elif (check := _check(row)) is not None and check.is_off:
        yield area_is_off(check, row.licence_code or "")


def _check(row: SeamRow) -> AreaCheck | None:
    if row.licence is None or row.licence_area_km2 is None:
        return None
    return check_stored(
        row.licence, zone_width_deg=row.zone_width_deg or 3, licence_area_km2=row.licence_area_km2
    )


def _stated_m2(row: SeamRow, licence: MultiPolygon) -> float | None:
    """Return the stated area as the district's plane sees it: a plane of 6 degrees is larger."""
    check = _check(row)
    return None if check is None else licence.area * check.licence_area_km2 / check.area_km2


def _area_notes(row: SeamRow) -> Iterator[Note]:
    if row.licence_area_km2 is None:
        text = Text(
            zh=f"矿井 {row.mine_code} 未登记许可证面积，矿区范围无法核对",
            en=f"mine {row.mine_code} states no licence area: its corners were not checked",
        )
        yield Note("LICENCE_AREA_UNKNOWN", text, where=None)


def _seam(row: SeamRow) -> Seam:
    given: dict[str, Any] = {it.name: getattr(row, it.name) for it in fields(Seam)}
    return Seam(**{name: value for name, value in given.items() if value is not None})


def _rasters(
    row: SeamRow, stored: Sequence[RasterRow], home: Path, wrongs: list[InputError]
) -> Rasters | None:
    if not stored:
        return None
    wrongs += [wrong for it in stored for wrong in _damaged(it, home)]
    datums = sorted({it.height_datum for it in stored if it.height_datum is not None})
    if len(datums) > 1:
        wrongs.append(
            InputError(
                f"the rasters are in {len(datums)} height datums: {', '.join(datums)}",
                zh=f"栅格采用了 {len(datums)} 种高程基准：{'、'.join(datums)}",
                where="rasters",
            )
        )
    if row.pressure_datum is None:
        wrongs.append(
            InputError(
                f"seam {row.code} does not say where the head counts (pressure_datum: "
                "aquiclude_base or floor): it changes zones",
                zh=f"煤层 {row.code} 未登记水压计算位置（隔水层底面或煤层底板）：分区因之而异",
                where=f"seam:{row.code}.pressure_datum",
            )
        )
        return None
    paths: dict[str, Any] = {it.kind: str(raster_folder(home) / it.file) for it in stored}
    return Rasters(
        pressure_datum=row.pressure_datum,  # type: ignore[arg-type]  # the table's CHECK has the same
        height_datum=datums[0] if datums else None, **paths,
    )  # fmt: skip


def _damaged(raster: RasterRow, home: Path) -> Iterator[InputError]:
    path = raster_folder(home) / raster.file
    if not path.is_file() or sha256_of(path) != raster.sha256:
        yield FileError(
            f"raster {raster.kind} is missing or damaged ({raster.file}): add it again",
            zh=f"栅格 {raster.kind} 缺失或已损坏（{raster.file}）：请重新导入", where=raster.kind,
        )  # fmt: skip


def _once(wrongs: Sequence[InputError]) -> list[InputError]:
    return list({(it.where, it.message): it for it in wrongs}.values())
