"""A register as data: its fields, what they are called, what their values may be (pure)."""

import re
import types
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from dataclasses import Field as DataclassField
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from geoservice.registry.records import Column, Record

Kind = Literal["text", "integer", "number", "date", "instant", "truth", "list", "json"]
Shape = Literal["Point", "MultiLineString", "MultiPolygon", "Geometry"]

_KINDS: dict[Any, Kind] = {
    str: "text", int: "integer", float: "number", date: "date", datetime: "instant", bool: "truth",
}  # fmt: skip
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


@dataclass(frozen=True)
class Label:
    """What people call something, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Shown:
    """How a layer shows a field: its label, its short export name, its codes."""

    label: Label
    export: str
    codes: Mapping[str, Label]


@dataclass(frozen=True)
class Field:
    """One field of a register."""

    name: str
    kind: Kind
    label: Label
    is_required: bool
    is_nullable: bool
    column: Column
    codes: Mapping[str, Label]
    names: frozenset[str]

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Every plain word that stands for a code."""
        found: dict[str, str] = {}
        for code, label in self.codes.items():
            said = [code, *_parts(label.zh), *_parts(label.en), *self.column.words.get(code, ())]
            found.update({plain(word): code for word in said})
        return found


@dataclass(frozen=True)
class Register:
    """One register: where it is kept, its record, its fields and the shape it takes."""

    name: str
    label: Label
    record: type[Record]
    fields: tuple[Field, ...]
    shape: Shape | None
    needs_shape: bool = True

    @property
    def table(self) -> str:
        """Name of its table in the schema `core`: one record is called so."""
        return singular(self.name)

    @property
    def names(self) -> frozenset[str]:
        """Whatever its fields are called, plain."""
        return frozenset().union(*(it.names for it in self.fields))

    def field(self, name: str) -> Field | None:
        """Return the field of that own name, if there is one."""
        return next((f for f in self.fields if f.name == name), None)


def plain(text: str) -> str:
    """Return text without what people vary: width, letter case, spaces, dashes, underscores."""
    return "".join(
        c for c in unicodedata.normalize("NFKC", text).casefold() if c not in " \t\r\n_-　·"
    )


def singular(name: str) -> str:
    """Return the singular of a register's name: water_bodies -> water_body; goods have none."""
    if name == "goods":
        return name
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


def without_brackets(text: str) -> tuple[str, str]:
    """Return a heading without its bracketed part, and that part: ``Size (km2)``."""
    text = unicodedata.normalize("NFKC", text)
    inside = _BRACKETS.search(text)
    return _BRACKETS.sub("", text).strip(), inside[1].strip() if inside else ""


def make_register(
    name: str,
    label: Label,
    record: type[Record],
    shown: Mapping[str, Shown],
    shape: Shape | None,
) -> Register:
    """Return the register of a record class, its fields labelled as its layer shows them."""
    hints = get_type_hints(record, include_extras=True)
    made = [
        _field(f.name, hints[f.name], _has_no_default(f), shown.get(f.name))
        for f in fields(record)
        if f.name != "geom"
    ]
    needs_shape = any(f.name == "geom" and f.default is MISSING for f in fields(record))
    return Register(name, label, record, tuple(made), shape, needs_shape)


def _has_no_default(field: "DataclassField[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _field(name: str, hint: Any, is_required: bool, shown: Shown | None) -> Field:
    column = next((a for a in get_args(hint) if isinstance(a, Column)), Column())
    bare = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    is_nullable = isinstance(bare, types.UnionType)
    if is_nullable:
        bare = next(t for t in get_args(bare) if t is not type(None))
    label = shown.label if shown else Label(column.zh or name, column.en or name)
    codes = {code: Label(*both) for code, both in column.codes.items()}
    said = [name, *_headings(label), *column.also, *([shown.export] if shown else [])]
    return Field(
        name=name,
        kind="json" if get_origin(bare) is dict else _KINDS.get(bare, "list"),
        label=label,
        is_required=is_required,
        is_nullable=is_nullable,
        column=column,
        codes=(shown.codes if shown and shown.codes else codes),
        names=frozenset(plain(s) for s in said),
    )


def _headings(label: Label) -> Iterable[str]:
    for text in (label.zh, label.en):
        yield text
        yield without_brackets(text)[0]


def _parts(label: str) -> Iterable[str]:
    """`Major (red)` is called so, `Major`, and `red`."""
    yield label
    yield from (part for part in without_brackets(label) if part)
