"""Store records by their code, and set the district."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from shapely.geometry.base import BaseGeometry

from geoservice.db import Connection, Query
from geoservice.errors import ConflictError
from geoservice.registry.boundary import service_envelope
from geoservice.registry.derived import prepare
from geoservice.registry.fields import Register
from geoservice.registry.records import District, Record
from geoservice.registry.registers import register_named
from geoservice.registry.rows import as_kept, to_record, to_row
from geoservice.timezones import usual_zone, zone_named

_AT_ONCE = 1000
_LISTED = 10


@dataclass(frozen=True)
class Outside:
    """Rows of a table that lie outside a would-be envelope."""

    table_name: str
    outside: int


@dataclass(frozen=True)
class Written:
    """A record that was written."""

    id: int
    code: str
    version: int
    is_new: bool


@dataclass(frozen=True)
class Missing:
    """A record that refers to one that is not there."""

    code: str
    field: str
    given: str


STANDING: Query[Any] = Query("registry", "standing", dict)
STORE = Query("registry", "store", Written)
REWRITE = Query("registry", "rewrite", int)
MISSING_REFERENCES = Query("registry", "missing_references", Missing)
HOLD_DISTRICT = Query("registry", "hold_district", str)
DISTRICT_STANDING = Query("registry", "district_standing", District)
RETIRE_DISTRICT = Query("registry", "retire_district", str)
STORE_DISTRICT = Query("registry", "store_district", str)
OUTSIDE_ENVELOPE = Query("registry", "outside_envelope", Outside)
GUARD_ALL_GEOMETRY = Query("registry", "guard_all_geometry", str)


@dataclass(frozen=True)
class ChosenZone:
    """A district's time zone, and why it is that: said, kept as it stood, or told by the place."""

    name: str
    origin: Literal["said", "kept", "place"]


@dataclass(frozen=True)
class Stored:
    """What became of the records, by code."""

    inserted: tuple[str, ...] = ()
    amended: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def store(conn: Connection, register: str, rows: Sequence[Record]) -> Stored:
    """Write records by their code: insert the new, amend the changed, leave the same alone.

    Shapes are degrees of ``STORE_SRID``, stamped here; no rows do nothing.

    Raises
    ------
    UnknownNameError
        There is no such register.
    OutsideDistrictError, InputError
        The database refuses a value; then nothing is written.
    ConflictError
        A record refers to one that is not there: a stock lot of an unknown depot.
    """
    it = register_named(register)
    wanted = [as_kept(record, it.shape) for record in rows]
    written: dict[str, Written] = {}
    booked: set[str] = set()
    for some in _batches(wanted):
        ready = prepare(conn, register, some)
        booked |= set(ready.booked)
        listed = json.dumps([to_row(record) for record in ready.records])
        _refuse_missing(conn, it, listed)
        written |= {done.code: done for done in STORE.all(conn, register=it.table, rows=listed)}
        ready.finish(conn)
    new = tuple(code for code, done in written.items() if done.is_new)
    amended = (written.keys() | booked) - set(new)
    codes = tuple(record.code for record in wanted)
    return Stored(
        inserted=new,
        amended=tuple(code for code in codes if code in amended),
        unchanged=tuple(code for code in codes if code not in written and code not in booked),
    )


def standing(conn: Connection, register: str, codes: Sequence[str]) -> dict[str, Record]:
    """Return the current records of these codes, locked until the end of the transaction."""
    it = register_named(register)
    found = STANDING.all(conn, register=it.table, codes=list(codes))
    return {row["code"]: to_record(it, row) for row in found}


def rewrite(conn: Connection, register: Register, record_id: int, record: Record) -> None:
    """Write one record by its id, its code too; the same again writes nothing.

    Raises
    ------
    ConflictError
        Its code is another's, or it refers to a record that is not there.
    OutsideDistrictError, InputError
        The database refuses a value.
    """
    ready = prepare(conn, register.name, [as_kept(record, register.shape)])
    listed = json.dumps([to_row(it) for it in ready.records])
    _refuse_missing(conn, register, listed)
    REWRITE.one(conn, register=register.table, record_id=record_id, rows=listed)
    ready.finish(conn)


def _refuse_missing(conn: Connection, register: Register, rows: str) -> None:
    missing = MISSING_REFERENCES.all(conn, register=register.table, rows=rows)
    if not missing:
        return
    listed = ", ".join(f"{it.code} ({it.field} {it.given})" for it in missing[:_LISTED])
    raise ConflictError(
        f"{register.name}: {listed} refer to records that are not there",
        zh=f"{register.label.zh}：{listed} 引用的记录不存在",
        where=missing[0].field,
    )


def choose_zone(conn: Connection, *, code: str, geom: BaseGeometry, said: str | None) -> ChosenZone:
    """Return the time zone of a district to be set, ``geom`` being its outline in degrees.

    A corrected outline of the district that stands keeps what was said with the one before.

    Raises
    ------
    InputError
        There is no zone of the name that is said.
    """
    if said is not None:
        return ChosenZone(zone_named(said).key, "said")
    HOLD_DISTRICT.one(conn)
    standing = DISTRICT_STANDING.first(conn)
    if standing and standing.code == code:
        return ChosenZone(standing.time_zone, "kept")
    return ChosenZone(usual_zone(geom.centroid.x, geom.centroid.y), "place")


def set_district(conn: Connection, district: District) -> bool:
    """Make this the district; return False when it is so already.

    The one before is retired, the envelope computed, and every table guarded by it.

    Raises
    ------
    ConflictError
        Rows that are there already lie outside the new envelope.
    """
    HOLD_DISTRICT.one(conn)
    district = as_kept(district, "MultiPolygon")
    if not _differs(district, DISTRICT_STANDING.first(conn)):
        return False
    envelope = service_envelope(district.geom)
    outside = OUTSIDE_ENVELOPE.all(conn, envelope=envelope)
    if outside:
        listed = ", ".join(f"{it.table_name}: {it.outside}" for it in outside)
        raise ConflictError(
            f"{district.name}: rows that are here already lie outside its service envelope "
            f"(boundary + 20 km): {listed}. One district is one database",
            zh=f"{district.name}：库中已有数据位于其服务范围（边界外扩 20 km）之外："
            f"{listed}。一个行政区对应一个数据库",
            where="geom",
        )
    RETIRE_DISTRICT.run(conn)
    values = {it.name: getattr(district, it.name) for it in fields(district)}
    STORE_DISTRICT.run(conn, **values, envelope=envelope)
    GUARD_ALL_GEOMETRY.one(conn)
    return True


def _differs(record: Record, standing: Record | None) -> bool:
    return standing is None or any(
        getattr(record, it.name) != getattr(standing, it.name) for it in fields(record)
    )


def _batches(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    for start in range(0, len(records), _AT_ONCE):
        yield records[start : start + _AT_ONCE]
