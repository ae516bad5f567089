"""What changed since an earlier export, as one caller sees it now."""

from dataclasses import dataclass

from geoservice.db import Connection, Query
from geoservice.exports.changes import Feeder, traced
from geoservice.exports.records import Export
from geoservice.exports.tokens import Moment, seen_by
from geoservice.publish.permit import Sight
from geoservice.publish.select.changes import candidates, gone, turned
from geoservice.publish.select.copies import Wanted
from geoservice.violations import translated

MOMENT = Query("exports", "moment", Moment)
FEEDERS = Query("exports", "feeders", Feeder)


@dataclass(frozen=True)
class Delta:
    """Which rows to send, and the ids of those that went.

    ``is_complete``: every row is sent, and what is not among them has gone.
    """

    wanted: Wanted
    deleted: tuple[int, ...]
    is_complete: bool


def everything(sight: Sight, export: Export) -> Delta:
    """Return the whole of what the caller sees."""
    return Delta(Wanted(sight, export.filters), (), is_complete=True)


def delta_of(conn: Connection, sight: Sight, export: Export, moment: Moment) -> Delta:
    """Return what may have changed since the export that the token is of; all without a token.

    Raises
    ------
    InputError, ExpiredTokenError
        The token is none of ours; or it is of another life, layer, filter or caller.
    """
    if export.since is None:
        return everything(sight, export)
    seen = seen_by(export.since, moment, sight, export.filters)
    if seen is None:
        return everything(sight, export)
    feeders = FEEDERS.all(conn, view=sight.layer.view, since=seen.horizon)
    tables = traced(feeders)
    if tables is None:
        return everything(sight, export)
    base = tables[0].table_name
    clock = turned(sight.layer, seen, moment, base)
    found = candidates(sight.layer, tables, clock, seen.horizon)
    statement = gone(sight, export.filters, found, base, feeders)
    with translated(), conn.cursor() as cursor:
        cursor.execute(statement.text, statement.values)
        deleted = tuple(row[0] for row in cursor.fetchall())
    return Delta(Wanted(sight, export.filters, found), deleted, is_complete=False)
