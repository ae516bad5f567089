"""Statements of what changed: which rows may have, and which of them are no longer seen.

Both ends of a change count: a child that moved from one row to another is found at the new one by
its column and at the old one by its history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from psycopg import sql

from geoservice.publish.catalog import LayerDef
from geoservice.publish.permit import Sight
from geoservice.publish.select.form import finished, form_of, rows_seen, scope, view
from geoservice.publish.statement import Filters, Statement


class Hanging(Protocol):
    """A table below a view, and the columns by which it hangs on the view's base table."""

    @property
    def table_name(self) -> str:
        """Its name in the schema `core`."""

    @property
    def child_keys(self) -> list[str]:
        """Its columns that name a row of the base table."""

    @property
    def parent_keys(self) -> list[str]:
        """Columns of the base table that name one of its rows."""

    @property
    def shared_keys(self) -> list[str]:
        """Columns that name in it and in the base table a row of a third."""

    @property
    def hides(self) -> bool:
        """Whether its secrecy is that of the rows that hang on it, too."""


class Before(Protocol):
    """What the clock said at the earlier export."""

    @property
    def day(self) -> date | None:
        """The district's day; None: the layer does not read the clock."""

    @property
    def at(self) -> datetime | None:
        """The minute, of a layer that changes with it."""


class Now(Protocol):
    """What the clock says now."""

    @property
    def day(self) -> date:
        """The district's day."""

    @property
    def at(self) -> datetime:
        """The instant."""


@dataclass(frozen=True)
class Candidates:
    """The ids of rows that may have changed, and the values of their placeholders."""

    ids: sql.Composable
    values: Mapping[str, Any]


def turned(layer: LayerDef, before: Before, now: Now, base: str) -> Candidates | None:
    """Return the rows that the clock may have changed since; None: none.

    ``base`` is the table whose rows the view publishes: it tells of rows that have left the view.

    Those whose columns lie between then and now: a row that is stale, over or silent from such an
    instant on. Both ends are in, so that nothing depends on which side of its instant a row turns.
    """
    spans = []
    if before.day is not None and before.day != now.day:
        stale = sql.SQL("(SELECT core.stale_before({}))").format(sql.Literal(layer.id))
        spans.append(
            sql.SQL(
                "v.surveyed_on BETWEEN {0} - (%(day)s::date - %(was_day)s::date) AND {0}"
            ).format(stale)
        )
    has_turned = bool(spans) or before.at is not None
    by_instant = layer.changes_with == "minute"
    span = (
        "%(was_at)s::timestamptz AND %(at)s::timestamptz"
        if by_instant
        else ("%(was_day)s::date AND %(day)s::date")
    )
    spans += [
        sql.SQL("{} BETWEEN " + span).format(sql.Identifier("v", name)) for name in layer.turns
    ]
    if not has_turned:
        return None
    each = sql.SQL("SELECT v.id FROM {} v WHERE {}")
    seen = sql.Identifier("published", layer.view)
    parts = [each.format(seen, sql.SQL(" OR ").join(spans))] if spans else []
    if layer.leaves_at is not None:
        left = sql.SQL("{} BETWEEN " + span).format(sql.Identifier("v", layer.leaves_at))
        parts.append(each.format(sql.Identifier("core", base), left))
    return Candidates(
        sql.SQL(" UNION ").join(parts),
        {"was_day": before.day, "day": now.day, "was_at": before.at, "at": now.at},
    )


def candidates(
    layer: LayerDef, tables: Sequence[Hanging], clock: Candidates | None, since: str
) -> Candidates:
    """Return the rows that may have changed since a transaction, the base table being the first.

    ``clock`` are those that changed without being written.
    """
    base = sql.Identifier("core", tables[0].table_name)
    parts: list[sql.Composable] = [
        sql.SQL("SELECT b.id FROM {} b WHERE b.changed_xid >= %(since)s::xid8").format(base),
        sql.SQL(
            "SELECT e.row_id FROM core.audit_event e WHERE e.epoch = core.epoch_number()"
            " AND e.xid >= %(since)s::xid8 AND e.action = 'delete' AND e.table_name = {}"
        ).format(sql.Literal(tables[0].table_name)),
    ]
    for one in tables:
        parts += [_children(one, key) for key in one.child_keys]
        parts += [_parents(base, one, key) for key in one.parent_keys]
        if not (one.child_keys or one.parent_keys):
            parts += [_sharing(layer, base, one, key) for key in one.shared_keys]
    if clock is not None:
        parts.append(clock.ids)
    values = {} if clock is None else clock.values
    return Candidates(sql.SQL(" UNION ").join(parts), {"since": since, **values})


def _children(one: Hanging, key: str) -> sql.Composable:
    return sql.SQL(
        "SELECT t.{key} FROM {table} t WHERE t.changed_xid >= %(since)s::xid8 UNION"
        " SELECT (h.kept ->> {name})::bigint FROM core.history h"
        " WHERE h.table_name = {bare} AND h.ended_xid >= %(since)s::xid8"
    ).format(
        key=sql.Identifier(key),
        table=sql.Identifier("core", one.table_name),
        name=sql.Literal(key),
        bare=sql.Literal(one.table_name),
    )


def _parents(base: sql.Identifier, one: Hanging, key: str) -> sql.Composable:
    return sql.SQL(
        "SELECT b.id FROM {base} b JOIN {table} p ON p.id = b.{key}"
        " WHERE p.changed_xid >= %(since)s::xid8"
    ).format(base=base, table=sql.Identifier("core", one.table_name), key=sql.Identifier(key))


def _sharing(layer: LayerDef, base: sql.Identifier, one: Hanging, key: str) -> sql.Composable:
    """Return the rows that are seen now: no row goes by what such a table says."""
    return sql.SQL(
        "SELECT b.id FROM {view} v JOIN {base} b ON b.id = v.id JOIN {table} t ON t.{key} = b.{key}"
        " WHERE t.changed_xid >= %(since)s::xid8"
    ).format(
        view=sql.Identifier("published", layer.view),
        base=base,
        table=sql.Identifier("core", one.table_name),
        key=sql.Identifier(key),
    )


def gone(
    sight: Sight, filters: Filters, found: Candidates, base: str, feeders: Sequence[Hanging]
) -> Statement:
    """Return the statement of the ids that may have changed and are not seen: retired, moved away.

    Told are those that the caller may have seen since: no version of the others was for its eyes,
    by their own secrecy and town, and by the secrecy of what they hang on. Of rows deleted for
    good (the demonstration's) nothing is kept that could say so: all of them are told.
    """
    form = form_of(sight, filters)
    parents = [(one, key) for one in feeders if one.hides for key in one.parent_keys]
    keys = sorted({key for _, key in parents})
    text = sql.SQL(
        "SELECT c.id FROM ({ids}) c WHERE c.id IS NOT NULL AND NOT EXISTS"
        " (SELECT FROM {view} v WHERE v.id = c.id AND {rows}) AND"
        " (NOT EXISTS (SELECT FROM {table} b WHERE b.id = c.id) OR EXISTS (SELECT FROM"
        " (SELECT {own} FROM {table} b WHERE b.id = c.id UNION ALL"
        " SELECT {kept} FROM core.history h WHERE h.table_name = {bare} AND h.row_id = c.id"
        " AND h.ended_xid >= %(since)s::xid8) v WHERE {visible})) ORDER BY c.id"
    ).format(
        ids=found.ids,
        view=view(form),
        rows=rows_seen(form),
        table=sql.Identifier("core", base),
        bare=sql.Literal(base),
        own=_columns("b.{}", ["secrecy", "town_code", *keys]),
        kept=sql.SQL(", ").join([
            _columns("h.kept ->> {}", ["secrecy", "town_code"], is_text=True),
            *(_columns("(h.kept ->> {})::bigint", [key], is_text=True) for key in keys),
        ]),
        visible=sql.SQL(" AND ").join([
            rows_seen(form_of(sight)), *(_parent_seen(one, key) for one, key in parents)
        ]),
    )  # fmt: skip
    return Statement(finished(text), {**scope(sight), **filters.values, **found.values})


def _columns(each: str, names: Sequence[str], *, is_text: bool = False) -> sql.Composable:
    made = (sql.Literal(name) if is_text else sql.Identifier(name) for name in names)
    pattern = sql.SQL(each)
    return sql.SQL(", ").join(pattern.format(one) for one in made)


def _parent_seen(one: Hanging, key: str) -> sql.Composable:
    """Whether the row hangs on nothing there, or on a row that was not too secret since."""
    return sql.SQL(
        "(v.{key} IS NULL OR EXISTS (SELECT FROM"
        " (SELECT p.secrecy FROM {table} p WHERE p.id = v.{key} UNION ALL"
        " SELECT h.kept ->> 'secrecy' FROM core.history h WHERE h.table_name = {bare}"
        " AND h.row_id = v.{key} AND h.ended_xid >= %(since)s::xid8) p (secrecy)"
        " WHERE p.secrecy = ANY(%(secrecies)s)))"
    ).format(
        key=sql.Identifier(key),
        table=sql.Identifier("core", one.table_name),
        bare=sql.Literal(one.table_name),
    )
