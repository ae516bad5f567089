"""Statements of what changed: which rows may have, and which of them are no longer seen.

Both ends of a change count: a child that moved from one row to another is found at the new one by
its column and at the old one by its history.
"""

from collections.abc import Sequence
from typing import Protocol

from psycopg import sql

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


def candidates(tables: Sequence[Hanging]) -> sql.Composed:
    """Return the ids of the rows that may have changed, by `%(since)s`; the base table is first."""
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
    return sql.SQL(" UNION ").join(parts)


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


def gone(sight: Sight, filters: Filters, tables: Sequence[Hanging], since: str) -> Statement:
    """Return the statement of the ids that may have changed and are not seen: retired, moved away.

    Ids of rows that the caller never saw are among them; a number alone says nothing.
    """
    form = form_of(sight, filters)
    text = sql.SQL(
        "SELECT c.id FROM ({candidates}) c WHERE c.id IS NOT NULL AND NOT EXISTS"
        " (SELECT FROM {view} v WHERE v.id = c.id AND {rows}) ORDER BY c.id"
    ).format(candidates=candidates(tables), view=view(form), rows=rows_seen(form))
    return Statement(finished(text), {**scope(sight), **filters.values, "since": since})
