"""The values in a filter: the caller's fields, literals and what is worked out of them.

Every literal becomes a placeholder with a cast; a name becomes a column only when it is one of
the caller's fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

import shapely
from psycopg import sql

from geoservice.errors import InputError, UnknownNameError
from geoservice.publish.coordinates import ServedCrs
from geoservice.publish.cql2.places import place_of
from geoservice.publish.cql2.times import day_of, moment_of

_MAX_BIGINT = 2**63
# From here on a float stands for several whole numbers.
_EXACT = 2**53
NUMBERS, TIMES = ("integer", "number"), ("date", "instant")
_SAID = {
    "text": ("text", "文字"),
    "integer": ("integer", "整数"),
    "number": ("number", "数字"),
    "boolean": ("true or false", "真假值"),
    "date": ("date, written DATE('2026-01-31')", "日期，写作 DATE('2026-01-31')"),
    "instant": (
        "instant, written TIMESTAMP('2026-01-31T08:00:00Z')",
        "时刻，写作 TIMESTAMP('2026-01-31T08:00:00Z')",
    ),
    "geometry": ("geometry", "图形"),
}
_ARITHMETIC: dict[str, LiteralString] = {
    "+": "({a}::float8 + {b}::float8)",
    "-": "({a}::float8 - {b}::float8)",
    "*": "({a}::float8 * {b}::float8)",
    "/": "({a}::float8 / {b}::float8)",
    "^": "power({a}::float8, {b}::float8)",
    "%": "mod({a}::numeric, {b}::numeric)",
    "div": "div({a}::numeric, {b}::numeric)",
}
# Accents apart from their letters, then gone (Unicode's combining diacritical marks).
_FOLDED: dict[str, LiteralString] = {
    "casei": "lower({a})",
    "accenti": "regexp_replace(normalize({a}, NFD), '[\\u0300-\\u036f]', '', 'g')",
}


@dataclass(frozen=True)
class Term:
    """A value's type, its SQL, and the field it is, if it is one.

    ``last``: of an instant that is written less finely than the database has it, the last one
    that would be written so.
    """

    kind: str
    text: sql.Composable
    name: str = ""
    last: sql.Composable | None = None

    def said(self, language: int) -> str:
        """Return how a refusal speaks of it; 0 is English, 1 Chinese."""
        kind = _SAID[self.kind][language]
        return f"{self.name} ({kind})" if self.name else kind


class Writer:
    """One filter as it is written: which fields it may name, its shapes' CRS, its values."""

    def __init__(self, kinds: Mapping[str, str], crs: ServedCrs) -> None:
        self.kinds = kinds
        self.crs = crs
        self.values: dict[str, Any] = {}

    def placeholder(self, value: object, cast: LiteralString) -> sql.Composed:
        """Return the placeholder of a value."""
        name = f"f{len(self.values)}"
        self.values[name] = value
        return sql.SQL("{}::" + cast).format(sql.Placeholder(name))


def term(writer: Writer, node: Any) -> Term:  # JSON
    """Return one value of a filter.

    Raises
    ------
    InputError, UnknownNameError
        It is no value, of the wrong type, or names a field that the caller has not.
    """
    if isinstance(node, bool):
        return Term("boolean", writer.placeholder(node, "boolean"))
    if isinstance(node, int | float):
        return _number(writer, node)
    if isinstance(node, str):
        return Term("text", writer.placeholder(node, "text"))
    if not isinstance(node, dict):
        raise refusal("not a value", "不是一个值")
    if "property" in node:
        return _field(writer, node["property"])
    if "op" in node:
        return _worked_out(writer, node)
    return _literal(writer, node)


def _number(writer: Writer, number: float) -> Term:
    whole = int(number)
    if isinstance(number, float) and abs(number) >= _EXACT:
        return Term("number", writer.placeholder(number, "float8"))
    if whole == number and abs(whole) < _MAX_BIGINT:
        return Term("integer", writer.placeholder(whole, "bigint"))
    if whole == number:
        raise refusal("a whole number is too large", "整数过大")
    return Term("number", writer.placeholder(number, "float8"))


def _field(writer: Writer, name: object) -> Term:
    if not isinstance(name, str) or name not in writer.kinds:
        names = ", ".join(writer.kinds)
        raise UnknownNameError(
            f"filter: there is no such field; the fields are {names}",
            zh=f"filter：没有这个字段；可用字段：{names}",
            where="filter",
        )
    return Term(writer.kinds[name], sql.Identifier("v", name), name)


def _worked_out(writer: Writer, node: dict[str, Any]) -> Term:
    name, args = str(node["op"]), arguments(node)
    if name in _FOLDED and len(args) == 1:
        inner = term(writer, args[0])
        if inner.kind != "text":
            raise refusal(
                f"{name}: {inner.said(0)} is not text", f"{name}：{inner.said(1)} 不是文字"
            )
        return Term("text", sql.SQL(_FOLDED[name]).format(a=inner.text))
    if name in _ARITHMETIC and len(args) == 2:
        left, right = term(writer, args[0]), term(writer, args[1])
        for one in (left, right):
            if one.kind not in NUMBERS:
                raise refusal(
                    f"{name}: {one.said(0)} is not a number", f"{name}：{one.said(1)} 不是数字"
                )
        text = sql.SQL(_ARITHMETIC[name]).format(a=left.text, b=right.text)
        return Term("number", text)
    raise refusal(
        "there is no such function or operator with these arguments; functions are casei, accenti",
        "没有这种函数或运算，或参数个数不对；可用函数：casei、accenti",
    )


def _literal(writer: Writer, node: dict[str, Any]) -> Term:
    if "date" in node:
        return Term("date", writer.placeholder(day_of(node["date"]), "date"))
    if "timestamp" in node:
        first, last = moment_of(node["timestamp"])
        return Term(
            "instant",
            writer.placeholder(first, "timestamptz"),
            last=None if last == first else writer.placeholder(last, "timestamptz"),
        )
    if "type" in node or "bbox" in node:
        shape = shapely.to_wkb(place_of(node, writer.crs), include_srid=True)
        return Term("geometry", writer.placeholder(shape, "bytea::geometry"))
    raise refusal("not a value", "不是一个值")


def arguments(node: Mapping[str, Any]) -> list[Any]:
    """Return the arguments of an operation.

    Raises
    ------
    InputError
        They are not a list.
    """
    args = node.get("args")
    if not isinstance(args, list):
        raise refusal("args must be a list", "args 须为列表")
    return args


def refusal(why: str, why_zh: str) -> InputError:
    """Return the error that refuses the filter."""
    return InputError(f"filter: {why}", zh=f"filter：{why_zh}", where="filter")
