"""Commit what a request has written, and tell when nobody can say whether it is."""

import os
import socket
import threading
from contextlib import suppress

import psycopg
from psycopg import errors as pg

from geoservice.db import Connection
from geoservice.errors import OutcomeUnknownError

WITHIN_S = 5.0
# What a server says that goes away; everything else with a code was decided, and is not written.
_GOING = (pg.AdminShutdown, pg.CrashShutdown, pg.CannotConnectNow)


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
    cut = threading.Timer(within_s, _cut, [conn])
    cut.start()
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
        cut.cancel()


def _cut(conn: Connection) -> None:
    """End the connection's socket under whoever waits on it."""
    with suppress(OSError, psycopg.OperationalError):
        end = socket.socket(fileno=os.dup(conn.fileno()))
        end.shutdown(socket.SHUT_RDWR)
        end.close()
