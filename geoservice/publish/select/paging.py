"""The order of a page and where it begins: by the values of the last row, never by an offset."""

from collections.abc import Sequence
from typing import Any, LiteralString

from psycopg import sql

from geoservice.publish.ordering import Key, Mark

_CASTS: dict[str, LiteralString] = {
    "text": "text",
    "integer": "bigint",
    "number": "numeric",
    "boolean": "boolean",
    "date": "date",
    "instant": "timestamptz",
    "gap": "boolean",
}


def order_by(order: tuple[Key, ...]) -> sql.Composable:
    """Return the list of an ORDER BY over ``v``; rows without a value come last."""
    return sql.SQL(", ").join(map(_ordered, order))


def _column(key: Key) -> sql.Composable:
    column = sql.Identifier("v", key.name)
    return sql.SQL("({} IS NULL)").format(column) if key.kind == "gap" else column


def _ordered(key: Key) -> sql.Composable:
    column = _column(key)
    direction = sql.SQL("DESC" if key.is_falling else "ASC")
    if key.name == "id":
        return sql.SQL("{} {}").format(column, direction)  # never empty; the index is as it is
    return sql.SQL("{} {} NULLS LAST").format(column, direction)


def last_row(order: tuple[Key, ...]) -> sql.Composable:
    """Return the aggregate that gives the last row shown, where another follows.

    Its id, or the JSON text of its sort values.
    """
    if len(order) == 1:
        return sql.SQL("max(v.id) FILTER (WHERE v._n = %(limit)s)")
    values = sql.SQL(", ").join(sql.SQL("{}::text").format(_column(key)) for key in order)
    text = "max(json_build_array({})::text) FILTER (WHERE v._n = %(limit)s)"
    return sql.SQL(text).format(values)


def mark_values(mark: Mark | None) -> dict[str, Any]:
    """Return the values of the placeholders that `after` writes."""
    if mark is None:
        return {}
    values = {f"s{i}": value for i, value in enumerate(mark.values) if value is not None}
    return {"after": mark.last_id, **values}


def after(order: tuple[Key, ...], gaps: tuple[bool, ...]) -> sql.Composable:
    """Return the condition of the rows behind the last one seen.

    Parameters
    ----------
    gaps
        For each key before the id: whether the last row has no value there.
    """
    choices: list[sql.Composable] = []
    alike: list[sql.Composable] = []
    for i, (key, is_gap) in enumerate(zip(order[:-1], gaps, strict=True)):
        column = _column(key)
        if is_gap:  # nothing comes behind the rows without a value
            alike.append(sql.SQL("{} IS NULL").format(column))
            continue
        value = sql.SQL("{}::" + _CASTS[key.kind]).format(sql.Placeholder(f"s{i}"))
        behind = "({} < {} OR {} IS NULL)" if key.is_falling else "({} > {} OR {} IS NULL)"
        choices.append(_all([*alike, sql.SQL(behind).format(column, value, column)]))
        alike.append(sql.SQL("{} = {}").format(column, value))
    behind_id = "v.id < %(after)s" if order[-1].is_falling else "v.id > %(after)s"
    choices.append(_all([*alike, sql.SQL(behind_id)]))
    return sql.SQL("({})").format(sql.SQL(" OR ").join(choices))


def _all(parts: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL("({})").format(sql.SQL(" AND ").join(parts))
