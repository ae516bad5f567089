"""Many rows at once: COPY for what we number ourselves, GeoDataFrames into a staging table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from geoservice.db import Connection, Query
from geoservice.violations import translated

if TYPE_CHECKING:
    import geopandas as gpd

OPEN_TEMPORARY_SCHEMA = Query("common", "open_temporary_schema", str)
TEMPORARY_SCHEMA = Query("common", "temporary_schema", str)


class _Lent:
    """Our connection as SQLAlchemy sees it: its transaction stays ours to end."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def __getattr__(self, name: str) -> Any:  # whatever the connection has
        return getattr(self._conn, name)

    def commit(self) -> None:
        """Leave the transaction open."""

    rollback = close = commit


def copy_rows(conn: Connection, query: Query[Any], rows: Iterable[tuple[object, ...]]) -> None:
    """Write rows by a named ``COPY ... FROM STDIN``, in the order of its columns.

    Shapes go in as hexadecimal EWKB. No rows write nothing.
    """
    with translated(), conn.cursor() as cursor, cursor.copy(query.text) as copy:
        for row in rows:
            copy.write_row(row)


def bulk_load(conn: Connection, frame: "gpd.GeoDataFrame", table: str) -> None:
    """Append a GeoDataFrame (in ``STORE_SRID``) to the temporary table ``table``.

    The table is made on first use, lives as long as ``conn``, and is written inside its
    transaction; a query then checks and moves the rows. An empty frame makes an empty table.
    This is the one use of SQLAlchemy and GeoAlchemy2.
    """
    from sqlalchemy import NullPool, create_engine  # slow: for loading only

    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: _Lent(conn),
        poolclass=NullPool,
        use_native_hstore=False,  # its registration wants the real connection
    )
    OPEN_TEMPORARY_SCHEMA.run(conn)
    with translated(), engine.begin() as lent:
        frame.to_postgis(table, lent, schema=TEMPORARY_SCHEMA.one(conn), if_exists="append")
