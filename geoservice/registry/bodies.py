"""A JSON body -> the values of a record, and a record -> JSON (pure)."""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime, tzinfo
from typing import Any

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from geoservice.errors import GeometryError, InputError, RecordError, UnknownNameError
from geoservice.registry.fields import Field, Register, Shape
from geoservice.registry.places import Placement, place
from geoservice.registry.records import Record
from geoservice.registry.values import Habits, value_of

_DIGITS_DEG = 9  # 0.1 mm
# Who may say that a record is of the demonstration: nobody but its generator.
_NOT_WRITTEN = ("is_demo",)


@dataclass(frozen=True)
class Given:
    """What a body says: values by field, and which of its names were wrong."""

    values: Mapping[str, Any]
    wrongs: tuple[InputError, ...]


def read_body(
    register: Register,
    body: Mapping[str, Any],
    *,
    zone: tzinfo,
    ignored: Collection[str] = (),
) -> Given:
    """Return the values of a body: fields by name, and ``geometry`` as GeoJSON in CGCS2000.

    Parameters
    ----------
    zone
        Of times that do not say theirs.
    ignored
        Names that are computed or kept by the service: a client that sends them back is not
        refused.
    """
    values: dict[str, Any] = {}
    wrongs: list[InputError] = []
    for name, cell in body.items():
        try:
            if name == "geometry":
                values |= _shape(register, cell)
            elif name not in ignored:
                it = _field(register, name)
                values[name] = _value(it, cell, Habits(zone=zone))
        except InputError as error:
            wrongs.append(_at(error, name))
    return Given(values, tuple(wrongs))


def new_record(register: Register, given: Given) -> Record:
    """Return the record that a body makes.

    Raises
    ------
    RecordError
        Something is wrong or missing; each with its field.
    """
    missing = [
        InputError(f"{it.label.en} is missing", zh=f"缺少“{it.label.zh}”", where=it.name)
        for it in register.fields
        if it.is_required and it.name not in given.values
        and it.name not in {wrong.where for wrong in given.wrongs}
    ]  # fmt: skip
    if register.needs_shape and given.values.get("geom") is None:
        said = any(wrong.where == "geometry" for wrong in given.wrongs)
        missing += (
            [] if said else [GeometryError("it needs a place", zh="缺少位置", where="geometry")]
        )
    if given.wrongs or missing:
        raise RecordError([*given.wrongs, *missing])
    try:
        return register.record(**given.values)
    except InputError as error:  # what the fields must be to each other
        raise RecordError([error]) from error


def to_body(register: Register, record: Record, hidden: Collection[str] = ()) -> dict[str, Any]:
    """Return a record as JSON values, with ``geometry``; ``hidden`` fields are left out."""
    body = {
        it.name: _plain(getattr(record, it.name))
        for it in fields(record)
        if it.name != "geom" and it.name not in hidden
    }
    if register.shape is not None:
        body["geometry"] = geojson(getattr(record, "geom", None))
    return body


def geojson(shape: BaseGeometry | None) -> dict[str, Any] | None:
    """Return a stored shape as GeoJSON, longitude first."""
    if shape is None:
        return None
    rounded = shapely.transform(shape, lambda xy: np.round(xy, _DIGITS_DEG))
    found: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return found


def _field(register: Register, name: str) -> Field:
    it = register.field(name)
    if it is None or name in _NOT_WRITTEN:
        known = ", ".join(f.name for f in register.fields if f.name not in _NOT_WRITTEN)
        raise UnknownNameError(
            f"no such field; there are: {known}", zh=f"没有此字段；可用：{known}"
        )
    return it


def _value(it: Field, cell: object, habits: Habits) -> Any:  # JSON in, field type out
    value = value_of(it, cell, habits)
    if value is None and it.kind == "list":
        return ()
    if value is None and not it.is_nullable:
        raise InputError("it may not be empty", zh="不能为空")
    return value


def _shape(register: Register, cell: object) -> dict[str, Any]:
    if register.shape is None:
        if cell is None:
            return {}
        raise GeometryError("this register has no places", zh="本登记簿不含几何")
    if cell is None:
        if register.needs_shape:
            raise _placeless()
        return {"geom": None}
    return {"geom": read_shape(cell, register.shape)}


def read_shape(cell: object, kind: Shape) -> BaseGeometry:
    """Return a GeoJSON geometry in CGCS2000 as a valid shape in ``STORE_SRID``.

    Raises
    ------
    GeometryError
        It is none, not of that kind, or not valid; with the place of the fault.
    """
    placed = place(np.array([_read(cell)], dtype=object), Placement("cgcs2000"), kind)
    for error in placed.refused.values():
        raise _detailed(error)
    shape: BaseGeometry = placed.shapes[0]
    return shape


def shape_said(cell: object, kind: Shape, name: str = "geometry") -> BaseGeometry:
    """Return the shape in the field ``name`` of a body.

    Raises
    ------
    RecordError
        As `read_shape`, of that field.
    """
    with wrong_body(name):
        return read_shape(cell, kind)


@contextmanager
def wrong_body(name: str | None = None) -> Iterator[None]:
    """Tell what cannot be done with a body as a fault of the body, in the field ``name``.

    Raises
    ------
    RecordError
        Something was refused; it names its own field without ``name``.
    """
    try:
        yield
    except RecordError:
        raise
    except InputError as error:
        raise RecordError([error if name is None else _at(error, name)]) from error


def _placeless() -> GeometryError:
    return GeometryError("it needs a place", zh="缺少位置")


def _read(cell: object) -> BaseGeometry:
    try:
        shape: BaseGeometry = shapely.from_geojson(json.dumps(cell))
    except (ShapelyError, ValueError, TypeError) as error:
        raise GeometryError(
            "not a GeoJSON geometry with longitude and latitude",
            zh="不是 GeoJSON 几何（经度、纬度）",
        ) from error
    return shape


def _detailed(error: GeometryError) -> GeometryError:
    """Say the place of the fault in the sentence, because ``where`` will be the field."""
    if error.where is None:
        return error
    return GeometryError(f"{error.message} ({error.where})", zh=f"{error.zh}（{error.where}）")


def _at(error: InputError, name: str) -> InputError:
    return InputError(error.message, zh=error.zh, where=name)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
