"""Short questions by the thousand on one connection: sent one behind another, answered in turn.

Of a feature by its id PostgreSQL knows sooner than a pool lends a connection and psycopg a cursor
(40 against 80 microseconds). libpq's pipeline takes the next question before the last is answered,
so that nobody waits for a connection. Only for what is short: those behind it wait.
"""

import asyncio
import itertools
import re
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult
from psycopg_pool import TooManyRequests

from geoservice.publish.statement import Statement

_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")
_MOST_WAITING, _MOST_PREPARED = 512, 200
_DEAD_AFTER_S = 5.0
Row = tuple[Any, ...]


@dataclass
class _Question:
    """What somebody waits for, and what has come of it so far."""

    text: str
    answer: "asyncio.Future[Row | None]"
    asked_at: float
    row: Row | None = None
    error: psycopg.Error | None = None


class _Line:
    """A connection in libpq's pipeline mode, and who waits on it."""

    def __init__(self, conn: psycopg.AsyncConnection) -> None:
        self.waiting: deque[_Question] = deque()
        self.is_open = True
        self._conn, self._pgconn, self._fd = conn, conn.pgconn, conn.fileno()
        self._types = Transformer(conn)
        self._names: dict[str, bytes] = {}
        self._numbers = itertools.count()
        self._loop = asyncio.get_running_loop()
        self._pgconn.nonblocking = 1
        self._pgconn.enter_pipeline_mode()
        self._loop.add_reader(self._fd, self._readable)

    def close(self, why: psycopg.Error) -> None:
        """Tell everybody who waits, and hang up."""
        if self.is_open:
            self.is_open = False
            self._loop.remove_reader(self._fd)
            self._loop.remove_writer(self._fd)
            self._pgconn.finish()
            for one in self.waiting:
                if not one.answer.done():
                    one.answer.set_exception(why)

    def send(self, asked: _Question, values: dict[str, Any]) -> None:
        """Send a question behind those that wait."""
        command, names = _numbered(asked.text)
        if len(self._names) >= _MOST_PREPARED:
            self._pgconn.send_query_params(b"DEALLOCATE ALL", None)
            self._names.clear()
        name = self._names.get(asked.text)
        if name is None:
            name = self._names[asked.text] = b"q%d" % next(self._numbers)
            self._pgconn.send_prepare(name, command)
        given = [str(values[one]).encode() for one in names]
        self._pgconn.send_query_prepared(name, given, result_format=Format.BINARY)
        self._pgconn.pipeline_sync()
        self.waiting.append(asked)
        self._writable()

    def _writable(self) -> None:
        if self._pgconn.flush():
            self._loop.add_writer(self._fd, self._writable)
        else:
            self._loop.remove_writer(self._fd)

    def _readable(self) -> None:
        try:
            self._pgconn.consume_input()
            while self.waiting and not self._pgconn.is_busy():
                result = self._pgconn.get_result()
                if result is not None:
                    self._take(result)
        except psycopg.Error as error:
            self.close(error)

    def _take(self, result: PGresult) -> None:
        """Take one of a question's results; the last says that it was the last."""
        asked = self.waiting[0]
        if result.status == ExecStatus.TUPLES_OK and result.ntuples:
            self._types.set_pgresult(result)
            asked.row = self._types.load_row(0, tuple)
        elif result.status == ExecStatus.FATAL_ERROR:
            asked.error = error_from_result(result)
            self._names.pop(asked.text, None)
        elif result.status == ExecStatus.PIPELINE_SYNC:
            self.waiting.popleft()
            if asked.answer.done():
                return  # nobody waits any more
            if asked.error is None:
                asked.answer.set_result(asked.row)
            else:
                asked.answer.set_exception(asked.error)


class Pipeline:
    """One connection, made when it is needed and made anew when it was lost; for one event loop."""

    def __init__(self, url: str, options: str) -> None:
        self._url, self._options = url, options
        self._opening = asyncio.Lock()
        self._line: _Line | None = None

    def close(self) -> None:
        """Let the connection go."""
        if self._line is not None:
            self._line.close(psycopg.OperationalError("the service stops"))

    async def row(self, statement: Statement) -> Row | None:
        """Return the first row of a statement whose values are texts and whole numbers.

        Raises
        ------
        psycopg.Error
            As from a cursor; too many wait; the connection was lost meanwhile.
        """
        line, loop = await self._open_line(), asyncio.get_running_loop()
        now, answer = loop.time(), loop.create_future()
        if line.waiting and now - line.waiting[0].asked_at > _DEAD_AFTER_S:
            line.close(psycopg.OperationalError("the database does not answer"))
        if len(line.waiting) >= _MOST_WAITING:
            raise TooManyRequests("too many questions wait")
        asked = _Question(statement.text.as_string(None), answer, now)
        try:
            line.send(asked, statement.values)
        except psycopg.Error as error:
            line.close(error)
            raise
        return await asked.answer

    async def _open_line(self) -> _Line:
        if self._line is None or not self._line.is_open:
            async with self._opening:
                if self._line is None or not self._line.is_open:
                    self._line = _Line(
                        await psycopg.AsyncConnection.connect(
                            self._url, options=self._options, autocommit=True, connect_timeout=2
                        )
                    )
        return self._line


@lru_cache(maxsize=1024)
def _numbered(text: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a statement as PostgreSQL takes it, and the names of $1, $2, ..."""
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        name = found[1]
        return "%" if name is None else f"${names.setdefault(name, len(names) + 1)}"

    return _PLACEHOLDER.sub(number, text).encode(), tuple(names)
