"""A statement's row beside another's: two questions in one round trip, at one moment."""

from functools import lru_cache

from psycopg import sql

from geoservice.publish.statement import Statement


def beside(first: str, statement: Statement) -> Statement:
    """Return the statement of the columns of ``first``, then those of ``statement``'s row.

    ``first`` gives one row and takes no values. Where ``statement`` has none, its columns are NULL.
    """
    return Statement(_beside(first, statement.text.as_string(None)), statement.values)


@lru_cache(maxsize=512)
def _beside(first: str, text: str) -> sql.SQL:
    # Texts of this project, as they go to the database: `finished`, or named in `sql/queries`.
    return sql.SQL(f"SELECT * FROM ({first}) a LEFT JOIN ({text}) b ON true")  # noqa: S608
