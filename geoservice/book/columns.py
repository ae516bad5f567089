"""Which columns the book's tables have, and how a value is written in them (pure)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from geoservice.book.records import Listed, Placed, Reached
from geoservice.book.volume import Line, Sheet
from geoservice.publish.catalog import LayerDef
from geoservice.texts import Text

Row = TypeVar("Row", bound=Listed)
In = TypeVar("In", bound=Listed, contravariant=True)
Layers = Mapping[str, LayerDef]
STALE = Text("久未核实", "not verified lately")
MISSING = Text("未登记", "not on record")
_MOBILE, _AREA = re.compile(r"1\d{10}"), re.compile(r"(0(?:10|2\d)|0[3-9]\d{2})(\d{7,8})")


@dataclass(frozen=True)
class Column(Generic[In]):
    """A column: its head, its width beside the others, and what a row says in it."""

    head: Text
    width: float
    said: Callable[[In], object]


def sheet(zh: str, en: str, columns: Iterable[Column[Row]], rows: Iterable[Row]) -> Sheet:
    """Return the table of these rows, which ends with when each was verified; no rows, no lines."""
    all_columns = (*columns, Column[Row](Text("核实", "Verified"), 3.1, verified))
    return Sheet(
        Text(zh, en),
        tuple(it.head for it in all_columns),
        tuple(it.width for it in all_columns),
        tuple(
            Line(tuple(written(it.said(row)) for it in all_columns), row.is_stale) for row in rows
        ),
    )


def column(zh: str, en: str, width: float, said: Callable[[Row], object]) -> Column[Row]:
    """Return a column."""
    return Column(Text(zh, en), width, said)


def code() -> Column[Listed]:
    """Return the column of codes."""
    return column("编号", "Code", 2.6, lambda it: it.code)


def name() -> Column[Listed]:
    """Return the column of names; what is invented says so."""
    return column("名称", "Name", 4, lambda it: f"【演示】{it.name}" if it.is_demo else it.name)


def contact(zh: str, en: str) -> tuple[Column[Reached], Column[Reached]]:
    """Return the columns of who answers, and by which telephone."""
    return (
        column(zh, en, 2, lambda it: it.contact),
        column("电话", "Phone", 2.8, lambda it: dialled(it.phone) or MISSING.zh),
    )


def place() -> Column[Placed]:
    """Return the column of coordinates."""
    return column("经纬度", "Lon, lat", 2.6, _lon_lat)


def _lon_lat(row: Placed) -> str:
    return "" if row.lon is None or row.lat is None else f"{row.lon:.5f}, {row.lat:.5f}"


def verified(row: Listed) -> str:
    """Return the day of the last survey, with a mark where that was too long ago."""
    day = written(row.surveyed_on)
    return f"{day} {STALE.zh}".strip() if row.is_stale else day


def label(layers: Layers, layer: str, field: str, value: str | None) -> str:
    """Return a code's word as the layer file has it; one it does not know as it is."""
    found = layers[layer].codes.get(field, {}).get(value or "")
    return (value or "") if found is None else found.zh


def dialled(phone: str | None) -> str:
    """Return a telephone number in groups: easier to dial, and no number for a spreadsheet."""
    text = phone or ""
    if _MOBILE.fullmatch(text):
        return f"{text[:3]} {text[3:7]} {text[7:]}"
    found = _AREA.fullmatch(text)
    return f"{found[1]}-{found[2]}" if found else text


def written(value: object) -> str:
    """Return a value as a person reads it: no zeros that say nothing, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        text = f"{value:.3f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return value.isoformat() if isinstance(value, date) else str(value)
