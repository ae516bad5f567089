"""A record -> the JSON that the database's `core.store` takes, and back (pure)."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.crs import STORE_SRID, stored
from geoservice.registry.fields import Register, Shape
from geoservice.registry.places import as_multi
from geoservice.registry.records import Record

R = TypeVar("R", bound=Record)
_AS_THEY_ARE = {str, int, float, bool}
_NAMES: dict[type, tuple[str, ...]] = {}  # of fields, which a dataclass works out every time


def as_kept(record: R, shape: Shape | None) -> R:
    """Return the record with its shape as its table has it, stamped."""
    geom = getattr(record, "geom", None)
    if geom is None or shape is None:
        return record
    kept = as_multi(geom, shape)
    if kept is geom and shapely.get_srid(geom) == STORE_SRID:
        return record
    return replace(record, geom=stored(kept))  # type: ignore[call-arg]  # a record that has one


def to_row(record: Record) -> dict[str, Any]:
    """Return a record as PostgreSQL reads it out of JSON: shapes as hexadecimal EWKB.

    Raises
    ------
    TypeError
        A shape is not stamped with ``STORE_SRID``.
    """
    return {name: _json(getattr(record, name)) for name in _names(record)}


def to_record(register: Register, row: Mapping[str, Any]) -> Record:
    """Return the record of a row as `core.standing` and `core.record_of` give it."""
    values = {it.name: _value(it.kind, row[it.name]) for it in register.fields}
    if register.shape is not None:
        values["geom"] = None if row["geom"] is None else shapely.from_wkb(row["geom"])
    return register.record(**values)


def _names(record: Record) -> tuple[str, ...]:
    kind = type(record)
    if kind not in _NAMES:
        _NAMES[kind] = tuple(it.name for it in fields(kind))
    return _NAMES[kind]


def _json(value: object) -> object:
    if value is None or type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, BaseGeometry):
        if shapely.get_srid(value) != STORE_SRID:
            raise TypeError(f"a shape of SRID {shapely.get_srid(value)}, not {STORE_SRID}")
        return shapely.to_wkb(value, hex=True, include_srid=True)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _value(kind: str, value: Any) -> Any:  # JSON in, field type out
    if value is None:
        return None
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "instant":
        return datetime.fromisoformat(value)
    if kind == "list":
        return tuple(value)
    return float(value) if kind == "number" else value
