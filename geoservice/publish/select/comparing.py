"""Comparisons; an instant that is written to the second stands for the whole of it.

Clients show and send instants to the second or the millisecond, the database has microseconds:
who asks for `updated_at = TIMESTAMP('2026-01-31T08:00:00Z')` means the row that shows just that.
The parameter is widened, never the column cut, so that an index still serves.
"""

from typing import LiteralString

from psycopg import sql

from geoservice.publish.select.terms import Term

_PLAIN: dict[str, LiteralString] = {
    "=": "{a} = {b}",
    "<>": "{a} <> {b}",
    "<": "{a} < {b}",
    "<=": "{a} <= {b}",
    ">": "{a} > {b}",
    ">=": "{a} >= {b}",
}
COMPARISONS = frozenset(_PLAIN)
_WHOLE: dict[str, LiteralString] = {
    "=": "({a} >= {b} AND {a} <= {last})",
    "<>": "({a} < {b} OR {a} > {last})",
    "<": "{a} < {b}",
    "<=": "{a} <= {last}",
    ">": "{a} > {last}",
    ">=": "{a} >= {b}",
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compared(name: str, left: Term, right: Term) -> sql.Composable:
    """Return the comparison of two values of one type."""
    if left.last is not None and right.last is None:
        return compared(_TURNED.get(name, name), right, left)
    if right.last is None or left.last is not None:
        return sql.SQL(_PLAIN[name]).format(a=left.text, b=right.text)
    return sql.SQL(_WHOLE[name]).format(a=left.text, b=right.text, last=right.last)
