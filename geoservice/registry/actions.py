"""Store records by their code, and set the district."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.crs import STORE_SRID, stored
from geoservice.db import Connection, Query
from geoservice.errors import ConflictError
from geoservice.registry.boundary import service_envelope
from geoservice.registry.fields import Shape
from geoservice.registry.places import as_multi
from geoservice.registry.records import District, Record
from geoservice.registry.registers import register_named
from geoservice.registry.tables import KEPT
from geoservice.timezones import usual_zone, zone_named

_AT_ONCE = 1000
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Outside:
    """Rows of a table that lie outside a would-be envelope."""

    table_name: str
    outside: int


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
        A stock lot names a depot that is not there.
    """
    it = register_named(register)
    kept, shape = KEPT[it.name], it.shape
    wanted = {record.code: _as_kept(record, shape) for record in rows}
    standing = {it.code: it for it in kept.standing.all(conn, codes=list(wanted))}
    changed = [it for code, it in wanted.items() if _differs(it, standing.get(code))]
    written: dict[str, int] = {}
    for some in _batches(changed):
        found = kept.store.all(conn, rows=json.dumps([_row(it) for it in some]))
        written |= {it.code: it.version for it in found}
    lost = [it.code for it in changed if it.code not in written]
    if lost:
        raise ConflictError(
            f"no depot for the stock lots {', '.join(lost[:10])}",
            zh=f"库存 {'、'.join(lost[:10])} 所属的储备点不存在",
        )
    return Stored(
        inserted=tuple(code for code in written if code not in standing),
        amended=tuple(code for code in written if code in standing),
        unchanged=tuple(code for code in wanted if code not in written),
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
    district = _as_kept(district, "MultiPolygon")
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


def _as_kept(record: R, shape: Shape | None) -> R:
    """Return the record with its shape as its table has it, stamped."""
    geom = getattr(record, "geom", None)
    if geom is None or shape is None:
        return record
    return dataclasses.replace(record, geom=stored(as_multi(geom, shape)))  # type: ignore[call-arg]  # a record that has one


def _differs(record: Record, standing: Record | None) -> bool:
    """Whether a record is not what stands; arrays of the database are lists, ours are tuples."""
    if standing is None:
        return True
    for it in fields(record):
        mine, theirs = getattr(record, it.name), getattr(standing, it.name)
        if mine != (tuple(theirs) if isinstance(theirs, list) else theirs):
            return True
    return False


def _batches(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    for start in range(0, len(records), _AT_ONCE):
        yield records[start : start + _AT_ONCE]


def _row(record: Record) -> dict[str, Any]:
    return {it.name: _json(getattr(record, it.name)) for it in fields(record)}


def _json(value: object) -> object:
    """Return a value as PostgreSQL reads it out of JSON."""
    if isinstance(value, BaseGeometry):
        if shapely.get_srid(value) != STORE_SRID:
            raise TypeError(f"a shape of SRID {shapely.get_srid(value)}, not {STORE_SRID}")
        return shapely.to_wkb(value, hex=True, include_srid=True)
    return value.isoformat() if isinstance(value, date | datetime) else value
