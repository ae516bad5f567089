"""Commit what a request has written, and tell when nobody can say whether it is."""

import os
import socket
import threading
import time
from contextlib import suppress

import psycopg
from psycopg import errors as pg

from geoservice.db import Connection
from geoservice.errors import OutcomeUnknownError

WITHIN_S = 5.0
# What a server says that goes away; everything else with a code was decided, and is not written.
_GOING = (pg.AdminShutdown, pg.CrashShutdown, pg.CannotConnectNow)


class _Watch:
    """Cuts the connections whose commit takes too long; one thread for all of a process."""

    def __init__(self, every_s: float = 0.1) -> None:
        self._every_s = every_s
        self._until: dict[Connection, float] = {}
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, conn: Connection, within_s: float) -> None:
        """Watch a connection from now on."""
        self._until[conn] = time.monotonic() + within_s
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(
                        target=self._look, name="commit-watch", daemon=True
                    )
                    self._thread.start()

    def end(self, conn: Connection) -> None:
        """Watch it no more."""
        self._until.pop(conn, None)

    def _look(self) -> None:
        while True:
            time.sleep(self._every_s)
            now = time.monotonic()
            for conn, until in list(self._until.items()):
                if now > until:
                    _cut(conn)


_WATCH = _Watch()


def commit(conn: Connection, *, within_s: float = WITHIN_S) -> None:
    """Commit.

    No timeout of the database's bounds a COMMIT that waits for a standby (measured: over 30 s), so
    the connection is cut when it takes longer. It is not cancelled: PostgreSQL would then report
    it as done here alone.

    Raises
    ------
    OutcomeUnknownError
        The connection was lost meanwhile: it is written, or it is not.
    """
    _WATCH.begin(conn, within_s)
    try:
        conn.commit()
    except (pg.OperationalError, psycopg.InterfaceError) as error:
        if error.sqlstate is not None and not isinstance(error, _GOING):
            raise
        raise OutcomeUnknownError(
            "the database was lost while this was being written: it is done, or it is not. "
            "Send it again with the same Idempotency-Key: it is done once",
            zh="写入时与数据库失去联系：可能已完成，也可能没有。"
            "请用同一 Idempotency-Key 重新提交，只会办一次",
        ) from error
    finally:
        _WATCH.end(conn)


def _cut(conn: Connection) -> None:
    """End the connection's socket under whoever waits on it."""
    with suppress(OSError, psycopg.OperationalError):
        end = socket.socket(fileno=os.dup(conn.fileno()))
        end.shutdown(socket.SHUT_RDWR)
        end.close()
