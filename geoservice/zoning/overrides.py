"""Planners' words on a draft: said, taken back, or drawn; the zones follow at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.crs import stored
from geoservice.db import Connection
from geoservice.errors import ConflictError, InputError, NotFoundError
from geoservice.zoning import overlay
from geoservice.zoning.answers import fault_told
from geoservice.zoning.callers import Caller
from geoservice.zoning.conversions import Conversion, read_conversion
from geoservice.zoning.drawn import Differences, Drawn, differences
from geoservice.zoning.lifecycle import hold_draft
from geoservice.zoning.plane import Plane, district_plane
from geoservice.zoning.records import (
    ADD_OVERRIDE,
    CELLS,
    OVERRIDES,
    RETIRE_OVERRIDES,
    CellRow,
    HeldVersion,
    OverrideRow,
    Version,
)
from geoservice.zoning.storing import Zone, store_zones
from geoservice.zoning.versions import read_version
from geoservice.zoning.words import RANK, ZONES, Fault, Lowering, Pieces, Word, spoken


@dataclass(frozen=True)
class Said:
    """That a place is to be of a zone: its shape in ``STORE_SRID``, why, by which conversion."""

    zone: str
    geom: BaseGeometry
    reason: str | None = None
    conversion_id: int | None = None


@dataclass(frozen=True)
class Checked:
    """What a drawing comes to: its words, their areas by zone, and what is wrong."""

    differences: Differences
    areas_m2: dict[str, float]
    plane: Plane


def add_override(
    conn: Connection, version_id: int, said: Said, caller: Caller, *, version: int | None
) -> Version:
    """Say a word on a draft; its zones follow.

    Raises
    ------
    NotFoundError, VersionError, ConflictError, ForbiddenError
        As of `hold_draft`; it lowers places without a conversion that allows that: with each.
    InputError
        It has no reason.
    """
    held = hold_draft(conn, version_id, caller, version=version)
    if not said.reason:
        raise InputError("reason is needed: say why", zh="须说明理由", where="reason")
    if said.conversion_id is not None:
        _conversion(conn, held, said.conversion_id, caller)
    _write(conn, held, [said])
    redraw(conn, held)
    return read_version(conn, version_id, caller)


def remove_override(
    conn: Connection, version_id: int, override_id: int, caller: Caller, *, version: int | None
) -> Version:
    """Take a word back; what was said after it must still hold.

    Raises
    ------
    NotFoundError, VersionError, ConflictError, ForbiddenError
        As of `hold_draft`; there is no such word; without it a later one would lower a place.
    """
    held = hold_draft(conn, version_id, caller, version=version)
    if not RETIRE_OVERRIDES.all(conn, version=held.id, ids=[override_id]):
        raise NotFoundError(
            f"{held.code} has no override {override_id}",
            zh=f"{held.code} 没有调整 {override_id}", where="override",
        )  # fmt: skip
    redraw(conn, held)
    return read_version(conn, version_id, caller)


def draw_zones(
    conn: Connection, version_id: int, drawn: Sequence[Said], caller: Caller, *, version: int | None
) -> Version:
    """Make a draft's zones what was drawn: what differs from the derived ones become its words.

    Raises
    ------
    NotFoundError, VersionError, ConflictError, ForbiddenError
        As of `hold_draft`; there is a gap, an overlap, a change without a reason, or a lowering
        without a conversion: each with its place.
    """
    held = hold_draft(conn, version_id, caller, version=version)
    found = _checked(conn, held, drawn, caller)
    _refuse(found.differences.faults, found.plane)
    RETIRE_OVERRIDES.all(conn, version=held.id, ids=None)
    words = [
        Said(
            zone=ZONES[it.word.rank], geom=found.plane.degrees(it.word.geom), reason=it.reason,
            conversion_id=it.conversion_id,
        )
        for it in found.differences.words
    ]  # fmt: skip
    _write(conn, held, words)
    redraw(conn, held)
    return read_version(conn, version_id, caller)


def check_zones(
    conn: Connection, version_id: int, drawn: Sequence[Said], caller: Caller
) -> Checked:
    """Return what drawing this would come to, and what is wrong with it; nothing is stored."""
    return _checked(conn, hold_draft(conn, version_id, caller, version=None), drawn, caller)


def redraw(conn: Connection, held: HeldVersion) -> None:
    """Work out a draft's zones from its cells and its words, and store them.

    Raises
    ------
    ConflictError
        A word lowers a place and may not.
    """
    plane = district_plane(conn)
    rows = CELLS.all(conn, version=held.id, at=None)
    words = [_word(it, plane) for it in OVERRIDES.all(conn, version=held.id, at=None)]
    pieces, faults = spoken(pieces_of(rows, plane), words)
    _refuse(faults, plane)
    store_zones(conn, held, zones_of(pieces, rows), plane)


def pieces_of(rows: Sequence[CellRow], plane: Plane) -> Pieces:
    """Return derived cells in metres.

    Raises
    ------
    ConflictError
        There are none: the version was drawn before there were derivations.
    """
    if not rows:
        raise ConflictError(
            "this version has no cells: derive the zones anew", zh="该版本没有推导单元：请重新推导",
            where="version",
        )  # fmt: skip
    geoms = plane.all_metres(overlay.array_of([it.geom for it in rows]))
    ranks = np.array([RANK[it.zone] for it in rows], np.int64)
    return Pieces(geoms, ranks, np.arange(len(rows)))


def zones_of(pieces: Pieces, rows: Sequence[CellRow]) -> list[Zone]:
    """Return the pieces of each rank joined, with the hazards of the cells that were so derived."""
    zones = []
    for rank, zone in enumerate(ZONES):
        mine = pieces.ranks == rank
        if mine.any():
            cells = [rows[cell] for cell in np.unique(pieces.cells[mine])]
            hazards = {code for it in cells if it.zone == zone for code in it.water_hazards}
            geom = overlay.dissolved(pieces.geoms[mine])
            zones.append(Zone(zone, geom, tuple(sorted(hazards))))
    return zones


def _checked(conn: Connection, held: HeldVersion, drawn: Sequence[Said], caller: Caller) -> Checked:
    plane = district_plane(conn)
    rows = CELLS.all(conn, version=held.id, at=None)
    cells = pieces_of(rows, plane)
    standing = [
        Drawn(_word(it, plane), it.reason, it.conversion_id)
        for it in OVERRIDES.all(conn, version=held.id, at=None)
    ]
    wanted = [_drawn(conn, held, it, plane, caller) for it in drawn]
    found = differences(cells, standing, wanted)
    pieces, faults = spoken(cells, [it.word for it in found.words])
    areas = {it.zone: float(it.geom.area) for it in zones_of(pieces, rows)}
    known = {fault.what for fault in found.faults}
    more = () if "lowering" in known else tuple(faults)
    return Checked(replace(found, faults=found.faults + more), areas, plane)


def _drawn(conn: Connection, held: HeldVersion, said: Said, plane: Plane, caller: Caller) -> Drawn:
    lowering = None
    if said.conversion_id is not None:
        lowering = _lowering(_conversion(conn, held, said.conversion_id, caller), plane)
    word = Word(RANK[said.zone], plane.metres(said.geom), lowering)
    return Drawn(word, said.reason, said.conversion_id)


def _conversion(
    conn: Connection, held: HeldVersion, conversion_id: int, caller: Caller
) -> Conversion:
    found = read_conversion(conn, conversion_id, caller)
    if found.mine_seam_id != held.mine_seam_id:
        raise ConflictError(
            f"conversion {found.code} is of another seam ({found.mine} {found.seam})",
            zh=f"转换报告 {found.code} 属于另一煤层（{found.mine} {found.seam}）",
            where="conversion_id",
        )
    return found


def _lowering(it: Conversion, plane: Plane) -> Lowering:
    return Lowering(RANK[it.from_zone], RANK[it.to_zone], plane.metres(it.geom))


def _word(it: OverrideRow, plane: Plane) -> Word:
    allowed = it.lowering
    if allowed is not None:
        allowed = replace(allowed, geom=plane.metres(allowed.geom))
    return Word(RANK[it.zone], plane.metres(it.geom), allowed)


def _write(conn: Connection, held: HeldVersion, words: Sequence[Said]) -> None:
    for it in words:
        geom = stored(shapely.MultiPolygon([*shapely.get_parts(it.geom)]))
        ADD_OVERRIDE.one(
            conn, version=held.id, zone=it.zone, reason=it.reason,
            conversion_id=it.conversion_id, geom=geom,
        )  # fmt: skip


def _refuse(faults: Sequence[Fault], plane: Plane) -> None:
    if not faults:
        return
    told = [fault_told(it, plane.degrees(it.at)) for it in faults]
    first = faults[0].text
    raise ConflictError(
        f"{first.en}; {len(faults)} such places are listed" if len(faults) > 1 else first.en,
        zh=f"{first.zh}；共列出 {len(faults)} 处" if len(faults) > 1 else first.zh,
        where="geometry", changes=told,
    )  # fmt: skip
