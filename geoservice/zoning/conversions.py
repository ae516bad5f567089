"""Conversion reports: recorded once they are approved; what they say stands."""

from dataclasses import dataclass
from datetime import date, datetime

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from geoservice.crs import stored
from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, InputError, NotFoundError
from geoservice.zoning.callers import Caller
from geoservice.zoning.versions import read_mine, seam_of
from geoservice.zoning.words import RANK


@dataclass(frozen=True)
class Conversion:
    """An approved conversion report: ``code`` is the document's number."""

    id: int
    code: str
    name: str
    mine_id: int
    mine_seam_id: int
    mine: str
    seam: str
    from_zone: str
    to_zone: str
    signer: str
    approved_on: date
    sha256: str | None
    town_code: str | None
    secrecy: str
    created_by: str
    created_at: datetime
    geom: MultiPolygon


@dataclass(frozen=True)
class Report:
    """A conversion report as it is put down; ``geom`` is where it holds, ``STORE_SRID``."""

    document: str
    name: str | None
    from_zone: str
    to_zone: str
    signer: str
    approved_on: date
    geom: BaseGeometry
    sha256: str | None = None


CONVERSIONS = Query("zoning", "conversions", Conversion)
ADD_CONVERSION = Query("zoning", "add_conversion", int)


def add_conversion(
    conn: Connection, report: Report, caller: Caller, *, mine_id: int, seam: str | None
) -> Conversion:
    """Record a report that the mining company's chief engineer has approved.

    Raises
    ------
    NotFoundError, ForbiddenError
        There is no such mine or seam, or it is of another town.
    InputError
        It does not lower.
    ConflictError
        That report is recorded already.
    """
    mine = read_mine(conn, mine_id, caller)
    caller.refuse_foreign(mine.town_code, mine.secrecy, mine.code)
    it = seam_of(conn, mine_id, seam)
    if RANK[report.from_zone] <= RANK[report.to_zone]:
        raise InputError(
            "a conversion leads to a lower zone: no_mining > slow_mining > workable",
            zh="转换只能降低等级：禁采区 > 缓采区 > 可采区", where="to_zone",
        )  # fmt: skip
    if any(known.code == report.document for known in list_conversions(conn, caller)):
        raise ConflictError(
            f"report {report.document} is recorded already",
            zh=f"转换报告 {report.document} 已登记", where="document",
        )  # fmt: skip
    number = ADD_CONVERSION.one(
        conn, seam_id=it.id, document=report.document, from_zone=report.from_zone,
        name=report.name or f"{it.mine} {it.seam} 煤层三区转换报告", to_zone=report.to_zone,
        signer=report.signer, approved_on=report.approved_on, sha256=report.sha256,
        geom=stored(MultiPolygon([*shapely.get_parts(report.geom)])),
    )  # fmt: skip
    return read_conversion(conn, number, caller)


def list_conversions(
    conn: Connection, caller: Caller, *, seam_id: int | None = None
) -> list[Conversion]:
    """Return the conversion reports of a seam, or all, the newest first."""
    return CONVERSIONS.all(conn, id=None, seam_id=seam_id, **_scope(caller))


def read_conversion(conn: Connection, conversion_id: int, caller: Caller) -> Conversion:
    """Return a conversion report.

    Raises
    ------
    NotFoundError
        There is none of that number, or it is not the caller's to see.
    """
    found = CONVERSIONS.first(conn, id=conversion_id, seam_id=None, **_scope(caller))
    if found is None:
        raise NotFoundError(
            f"there is no conversion {conversion_id}", zh=f"没有转换报告 {conversion_id}",
            where="conversion_id",
        )  # fmt: skip
    return found


def _scope(caller: Caller) -> dict[str, object]:
    scope = caller.scope()
    return {"secrecies": scope["secrecies"], "towns": scope["towns"]}
