"""The temporal operators of CQL2, by the starts and ends of both sides (OGC 21-065r2, table 9)."""

from typing import Any, LiteralString

from psycopg import sql

from geoservice.publish.cql2.times import is_day
from geoservice.publish.select.comparing import compared
from geoservice.publish.select.terms import TIMES, Term, Writer, arguments, refusal, term

_RELATIONS: dict[str, LiteralString] = {
    "t_after": "{a} > {d}",
    "t_before": "{b} < {c}",
    "t_contains": "({a} < {c} AND {b} > {d})",
    "t_disjoint": "({b} < {c} OR {a} > {d})",
    "t_during": "({a} > {c} AND {b} < {d})",
    "t_equals": "({a} = {c} AND {b} = {d})",
    "t_finishedby": "({a} < {c} AND {b} = {d})",
    "t_finishes": "({a} > {c} AND {b} = {d})",
    "t_intersects": "({a} <= {d} AND {b} >= {c})",
    "t_meets": "{b} = {c}",
    "t_metby": "{a} = {d}",
    "t_overlappedby": "({a} > {c} AND {a} < {d} AND {b} > {d})",
    "t_overlaps": "({a} < {c} AND {b} > {c} AND {b} < {d})",
    "t_startedby": "({a} = {c} AND {b} > {d})",
    "t_starts": "({a} = {c} AND {b} < {d})",
}
NAMES = frozenset(_RELATIONS)
# Between two instants they say what a comparison does.
_OF_MOMENTS = {"t_after": ">", "t_before": "<", "t_equals": "=", "t_disjoint": "<>",
               "t_intersects": "="}  # fmt: skip


def temporal(writer: Writer, node: dict[str, Any]) -> sql.Composable:
    """Return the condition of one temporal operator.

    Days stand for their midnight in UTC where the other side is an instant.

    Raises
    ------
    InputError
        A side is neither a day, an instant nor an interval of them.
    """
    args = arguments(node)
    if len(args) != 2:
        raise refusal(f"{node['op']} takes two arguments", f"{node['op']} 须有两个参数")
    ends = [end for side in args for end in _ends(writer, side)]
    if not all(end.kind == "date" for end in ends):
        ends = [as_instant(end) for end in ends]
    if node["op"] in _OF_MOMENTS and ends[0] is ends[1] and ends[2] is ends[3]:
        return compared(_OF_MOMENTS[node["op"]], ends[0], ends[2])
    a, b, c, d = (end.text for end in ends)
    return sql.SQL(_RELATIONS[node["op"]]).format(a=a, b=b, c=c, d=d)


def as_instant(one: Term) -> Term:
    """Return a day as the instant of its midnight in UTC; an instant as it is."""
    if one.kind == "instant":
        return one
    text = sql.SQL("({}::timestamp AT TIME ZONE 'UTC')").format(one.text)
    return Term("instant", text, one.name)


def _ends(writer: Writer, side: Any) -> tuple[Term, Term]:  # JSON
    if isinstance(side, dict) and "interval" in side:
        both = side["interval"]
        if not isinstance(both, list) or len(both) != 2:
            raise refusal("an interval has a start and an end", "时段须有起止两端")
        return _end(writer, both[0], "-infinity"), _end(writer, both[1], "infinity")
    one = _moment(writer, side)
    return one, one


def _end(writer: Writer, end: Any, when_open: LiteralString) -> Term:  # JSON
    if end == "..":
        return Term("date", sql.SQL("{}::date").format(sql.Literal(when_open)))
    if isinstance(end, str):
        return term(writer, {"date": end} if is_day(end) else {"timestamp": end})
    return _moment(writer, end)


def _moment(writer: Writer, node: Any) -> Term:  # JSON
    found = term(writer, node)
    if found.kind not in TIMES:
        raise refusal(f"{found.said(0)} is not a time", f"{found.said(1)} 不是时间")
    return found
