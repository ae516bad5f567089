"""Versions of the zones, read: their mines, zones, cells, and why a place has its zone."""

from dataclasses import dataclass, replace

from shapely import Point

from geoservice.crs import stored
from geoservice.db import Connection
from geoservice.errors import ConflictError, InputError, NotFoundError
from geoservice.zoning.callers import Caller
from geoservice.zoning.comparing import Transition, transitions
from geoservice.zoning.plane import district_plane
from geoservice.zoning.records import (
    CELLS,
    EVIDENCE,
    MINES,
    OVERRIDES,
    SEAM_OF,
    VERSIONS,
    ZONES_OF,
    CellRow,
    EvidenceRow,
    Mine,
    OverrideRow,
    SeamOf,
    Version,
    ZoneRow,
)
from geoservice.zoning.words import RANK

_MOST = 1000


@dataclass(frozen=True)
class Why:
    """Why a place has its zone: what was derived there, and what planners said since."""

    zone: str
    derived_zone: str
    cells: list[CellRow]
    evidence: list[EvidenceRow]
    overrides: list[OverrideRow]


def list_mines(conn: Connection, caller: Caller) -> list[Mine]:
    """Return the mines that the caller may see."""
    return MINES.all(conn, id=None, **caller.scope())


def read_mine(conn: Connection, mine_id: int, caller: Caller) -> Mine:
    """Return a mine.

    Raises
    ------
    NotFoundError
        There is none of that number, or it is not the caller's to see.
    """
    found = MINES.first(conn, id=mine_id, **caller.scope())
    if found is None:
        raise NotFoundError(f"there is no mine {mine_id}", zh=f"没有矿井 {mine_id}", where="mine")
    return found


def seam_of(conn: Connection, mine_id: int, seam: str | None) -> SeamOf:
    """Return a seam of a mine by its code or name; without one, the only one there is.

    Raises
    ------
    NotFoundError
        There is no such seam.
    InputError
        There are several, and none is named.
    """
    found = SEAM_OF.all(conn, mine_id=mine_id, seam=seam)
    if not found:
        raise NotFoundError(
            f"mine {mine_id} has no seam {seam or ''}".rstrip(),
            zh=f"矿井 {mine_id} 没有煤层 {seam or ''}".rstrip(), where="seam",
        )  # fmt: skip
    if len(found) > 1:
        codes = ", ".join(it.code for it in found)
        raise InputError(f"say which seam: {codes}", zh=f"请指明煤层：{codes}", where="seam")
    return found[0]


def list_versions(
    conn: Connection, caller: Caller, *, mine_id: int | None = None, seam_id: int | None = None
) -> list[Version]:
    """Return versions of the zones, by seam, the newest first."""
    return VERSIONS.all(
        conn, id=None, mine_id=mine_id, seam_id=seam_id, most=_MOST, **caller.scope()
    )


def read_version(conn: Connection, version_id: int, caller: Caller) -> Version:
    """Return a version.

    Raises
    ------
    NotFoundError
        There is none of that number, or it is not the caller's to see.
    """
    found = VERSIONS.first(
        conn, id=version_id, mine_id=None, seam_id=None, most=1, **caller.scope()
    )
    if found is None:
        raise no_version(version_id)
    return found


def no_version(version_id: int) -> NotFoundError:
    """Return the refusal of a version that is not there."""
    return NotFoundError(
        f"there is no zone version {version_id}", zh=f"没有分区版本 {version_id}", where="version"
    )


def zones_of(conn: Connection, version: Version) -> list[ZoneRow]:
    """Return the zones of a version, words included, the worst first."""
    return ZONES_OF.all(conn, version=version.id)


def evidence_of(conn: Connection, version: Version) -> list[EvidenceRow]:
    """Return all evidence of a version."""
    return EVIDENCE.all(conn, version=version.id, numbers=None)


def overrides_of(conn: Connection, version: Version) -> list[OverrideRow]:
    """Return the planners' words on a version, in the order in which they were said."""
    return OVERRIDES.all(conn, version=version.id, at=None)


def why(conn: Connection, version: Version, *, lon: float, lat: float) -> Why:
    """Return why a place has its zone; on an edge the worst of the cells that meet there holds.

    Raises
    ------
    NotFoundError
        The place is not in the mine, as this version has it.
    """
    at = stored(Point(lon, lat))
    cells = CELLS.all(conn, version=version.id, at=at)
    zones = [it.zone for it in ZONES_OF.all(conn, version=version.id) if it.geom.intersects(at)]
    if not zones:
        raise NotFoundError(
            f"{lon}, {lat} is not in the mine of {version.code}",
            zh=f"{lon}, {lat} 不在 {version.code} 的矿区内", where="lon",
        )  # fmt: skip
    numbers = sorted({no for it in cells for no in it.evidence})
    worst = max(zones, key=RANK.__getitem__)
    return Why(
        zone=worst,
        derived_zone=max((it.zone for it in cells), key=RANK.__getitem__, default=worst),
        cells=cells,
        evidence=EVIDENCE.all(conn, version=version.id, numbers=numbers),
        overrides=OVERRIDES.all(conn, version=version.id, at=at),
    )


def compare(conn: Connection, before: Version, after: Version) -> list[Transition]:
    """Return what became what between two versions of a seam, areas in ``STORE_SRID``.

    Raises
    ------
    ConflictError
        They are of two seams.
    """
    if before.mine_seam_id != after.mine_seam_id:
        raise ConflictError(
            f"{before.code} and {after.code} are of two seams",
            zh=f"{before.code} 与 {after.code} 不是同一煤层", where="other",
        )  # fmt: skip
    plane = district_plane(conn)
    was, becomes = (
        {it.zone: plane.metres(it.geom) for it in zones_of(conn, version)}
        for version in (before, after)
    )
    return [replace(it, geom=plane.degrees(it.geom)) for it in transitions(was, becomes)]
