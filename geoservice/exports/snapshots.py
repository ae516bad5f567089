"""One moment for everything that is read in a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import IsolationLevel

from geoservice.db import Connection


@contextmanager
def snapshot(conn: Connection) -> Iterator[None]:
    """Read only, and all of it as of one moment, until the end; ``conn`` is in no transaction."""
    conn.isolation_level, conn.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with conn.transaction():
            yield
    finally:
        if not conn.closed:
            conn.isolation_level, conn.read_only = None, None
