"""A CQL2 tree -> the condition of a statement: checked types, bound values, known fields."""

from collections.abc import Callable, Mapping
from typing import Any, LiteralString

from psycopg import sql

from geoservice.publish.coordinates import ServedCrs
from geoservice.publish.select import temporal
from geoservice.publish.select.comparing import COMPARISONS, compared
from geoservice.publish.select.terms import (
    NUMBERS,
    TIMES,
    Term,
    Writer,
    arguments,
    refusal,
    term,
)
from geoservice.publish.statement import Condition

_SPATIAL: dict[str, LiteralString] = {
    "s_intersects": "ST_Intersects({a}, {b})",
    "s_equals": "ST_Equals({a}, {b})",
    "s_disjoint": "ST_Disjoint({a}, {b})",
    "s_touches": "ST_Touches({a}, {b})",
    "s_within": "ST_Within({a}, {b})",
    "s_overlaps": "ST_Overlaps({a}, {b})",
    "s_crosses": "ST_Crosses({a}, {b})",
    "s_contains": "ST_Contains({a}, {b})",
}


def condition_of(tree: Any, kinds: Mapping[str, str], crs: ServedCrs) -> Condition:  # JSON
    """Return the condition of a filter's tree.

    Parameters
    ----------
    kinds
        The fields that the caller may name, with their types.
    crs
        The CRS of the shapes in the filter.

    Raises
    ------
    InputError, UnknownNameError
        A type does not fit, an operator is unknown, or a name is not one of ``kinds``.
    """
    writer = Writer(kinds, crs)
    made = sql.Composed([_condition(writer, tree)])
    return Condition(made.as_string(None), writer.values)


def _condition(writer: Writer, node: Any) -> sql.Composable:  # JSON
    if isinstance(node, dict) and "op" in node:
        name = node["op"]
        write = _OPERATORS.get(name) if isinstance(name, str) else None
        if write is not None:
            return write(writer, node)
    found = term(writer, node)
    if found.kind != "boolean":
        raise refusal(f"{found.said(0)} is not a condition", f"{found.said(1)} 不是条件")
    return found.text


def _all_or_any(writer: Writer, node: dict[str, Any]) -> sql.Composable:
    parts = [_condition(writer, part) for part in arguments(node)]
    if not parts:
        raise refusal("and, or: at least two arguments", "and、or 至少须有两个参数")
    word: LiteralString = " AND " if node["op"] == "and" else " OR "
    return sql.SQL("({})").format(sql.SQL(word).join(parts))


def _not(writer: Writer, node: dict[str, Any]) -> sql.Composable:
    return sql.SQL("(NOT {})").format(_condition(writer, _exactly(node, 1)[0]))


def _comparison(writer: Writer, node: dict[str, Any]) -> sql.Composable:
    left, right = (term(writer, part) for part in _exactly(node, 2))
    left, right = _alike(left, right)
    if left.kind == "geometry" or (left.kind == "boolean" and node["op"] not in ("=", "<>")):
        raise refusal(f"{left.said(0)} has no order", f"{left.said(1)} 不能比较大小")
    return compared(node["op"], left, right)


def _alike(left: Term, right: Term) -> tuple[Term, Term]:
    """Return both as one type, or refuse: a text is not a number, and a day not a text."""
    if left.kind in TIMES and right.kind in TIMES and left.kind != right.kind:
        return temporal.as_instant(left), temporal.as_instant(right)
    if left.kind != right.kind and not (left.kind in NUMBERS and right.kind in NUMBERS):
        raise refusal(
            f"{left.said(0)} cannot be compared with {right.said(0)}",
            f"{left.said(1)} 不能与 {right.said(1)} 比较",
        )
    return left, right


def _between(writer: Writer, node: dict[str, Any]) -> sql.Composable:
    value, low, high = (term(writer, part) for part in _exactly(node, 3))
    if value.kind in ("boolean", "geometry"):
        raise refusal(f"{value.said(0)} has no order", f"{value.said(1)} 不能比较大小")
    first, low = _alike(value, low)
    second, high = _alike(value, high)
    both = (compared(">=", first, low), compared("<=", second, high))
    return sql.SQL("({} AND {})").format(*both)


def _in(writer: Writer, node: dict[str, Any]) -> sql.Composable:
    subject, listed = _exactly(node, 2)
    value = term(writer, subject)
    if not isinstance(listed, list) or not listed or value.kind == "geometry":
        raise refusal("in takes a value and a list", "in 须有一个值和一个列表")
    pairs = [_alike(value, term(writer, one)) for one in listed]
    if len({first.kind for first, _ in pairs}) > 1:
        raise refusal("in: the list mixes days and instants", "in：列表混用了日期和时刻")
    if any(other.last is not None for _, other in pairs):
        either = sql.SQL(" OR ").join(compared("=", *pair) for pair in pairs)
        return sql.SQL("({})").format(either)
    choices = sql.SQL(", ").join(other.text for _, other in pairs)
    return sql.SQL("{} IN ({})").format(pairs[0][0].text, choices)


def _like(writer: Writer, node: dict[str, Any]) -> sql.Composable:
    value, pattern = (term(writer, part) for part in _exactly(node, 2))
    for one in (value, pattern):
        if one.kind != "text":
            raise refusal(f"like: {one.said(0)} is not text", f"like：{one.said(1)} 不是文字")
    return sql.SQL("{} LIKE {}").format(value.text, pattern.text)


def _is_null(writer: Writer, node: dict[str, Any]) -> sql.Composable:
    return sql.SQL("({} IS NULL)").format(term(writer, _exactly(node, 1)[0]).text)


def _spatial(writer: Writer, node: dict[str, Any]) -> sql.Composable:
    left, right = (term(writer, part) for part in _exactly(node, 2))
    for one in (left, right):
        if one.kind != "geometry":
            raise refusal(f"{one.said(0)} is not a geometry", f"{one.said(1)} 不是图形")
    return sql.SQL(_SPATIAL[node["op"]]).format(a=left.text, b=right.text)


def _exactly(node: dict[str, Any], count: int) -> list[Any]:
    args = arguments(node)
    if len(args) != count:
        raise refusal(f"{node['op']} takes {count} arguments", f"{node['op']} 须有 {count} 个参数")
    return args


_OPERATORS: dict[str, Callable[[Writer, dict[str, Any]], sql.Composable]] = {
    "and": _all_or_any,
    "or": _all_or_any,
    "not": _not,
    **dict.fromkeys(COMPARISONS, _comparison),
    "between": _between,
    "in": _in,
    "like": _like,
    "isNull": _is_null,
    **dict.fromkeys(_SPATIAL, _spatial),
    **dict.fromkeys(temporal.NAMES, temporal.temporal),
}
