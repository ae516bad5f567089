"""Connections for reading published layers, asynchronous from route to cursor.

Pools apart from everybody else's: a flood of tiles must delay neither an item nor an order, and
none of them the question for versions. One statement a request, so autocommit saves the round
trips of BEGIN and COMMIT; and the server itself refuses to write and ends what takes too long. A
connection is not tried out before each use: reading can be done again, so a lost one is found
out by the first statement and that is asked once more. What is short goes by pipelines.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors as pg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from geoservice.db import AS_SERVICE
from geoservice.errors import BusyError, NotFoundError, UnavailableError
from geoservice.publish.pipeline import Pipeline
from geoservice.publish.statement import Statement

ITEMS_TIMEOUT_S, TILES_TIMEOUT_S, VERSIONS_TIMEOUT_S = 5, 2, 2
SHORT_TIMEOUT_S, SHORT_WAIT_S = 0.25, 0.01
AsyncPool = AsyncConnectionPool[psycopg.AsyncConnection[TupleRow]]


@dataclass(frozen=True)
class ReadPools:
    """The pools of items and of tiles; the pipelines of versions and of what is short, if it is."""

    items: AsyncPool
    tiles: AsyncPool
    versions: Pipeline
    short: Pipeline

    async def open(self) -> None:
        """Start connecting; a database that is away is waited for, not an error yet."""
        for pool in (self.items, self.tiles):
            await pool.open()

    async def close(self) -> None:
        """Let the connections go."""
        for pipeline in (self.versions, self.short):
            pipeline.close()
        for pool in (self.items, self.tiles):
            await pool.close()


def open_read_pools(url: str, *, size: int = 4) -> ReadPools:
    """Return the pools for one worker, to be opened inside its event loop."""
    return ReadPools(
        items=_pool(url, size, ITEMS_TIMEOUT_S),
        tiles=_pool(url, size, TILES_TIMEOUT_S),
        versions=Pipeline(url, _options(VERSIONS_TIMEOUT_S)),
        short=Pipeline(url, _options(SHORT_TIMEOUT_S, SHORT_WAIT_S)),
    )


def _options(timeout_s: float, wait_s: float = 2.0) -> str:
    return (
        f"{AS_SERVICE} -c default_transaction_read_only=on"
        f" -c statement_timeout={timeout_s * 1000:.0f} -c lock_timeout={wait_s * 1000:.0f}"
    )


def _pool(url: str, size: int, timeout_s: float) -> AsyncPool:
    return AsyncConnectionPool(
        url,
        kwargs={"options": _options(timeout_s), "autocommit": True},
        min_size=1,
        max_size=size,
        timeout=2.0,
        max_waiting=256,
        reconnect_timeout=2.0,
        open=False,
    )


@contextmanager
def _answering() -> Iterator[None]:
    """Say what a full pool, a slow statement or a lost database mean."""
    try:
        yield
    except TooManyRequests as error:
        raise BusyError("too many requests at once", zh="请求过多，请稍后再试") from error
    except pg.QueryCanceled as error:
        raise UnavailableError(
            "reading took too long and was ended; ask for a smaller area or fewer rows",
            zh="读取超时已中止；请缩小范围或减少条数",
        ) from error
    except (PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise UnavailableError("the database does not answer", zh="数据库没有响应") from error


async def fetch_soon(pools: ReadPools, statement: Statement) -> tuple[Any, ...]:
    """Return the one row of a statement that is short unless its table is locked, say.

    Then it is asked where it delays nobody else. Raises what `fetch_one` does.
    """
    try:
        row = await pools.short.row(statement)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        return await fetch_one(pools.items, statement)
    return _there(row)


async def fetch_one(pool: AsyncPool | Pipeline, statement: Statement) -> tuple[Any, ...]:
    """Return the one row of a statement.

    Raises
    ------
    NotFoundError
        There is no row.
    BusyError, UnavailableError
        Too many are waiting, it took too long, or the database is away.
    """
    with _answering():
        try:
            row = await _row(pool, statement)
        except (pg.QueryCanceled, PoolTimeout, TooManyRequests):
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError):
            if not isinstance(pool, Pipeline):
                await pool.check()  # the others of this pool are likely lost as well
            row = await _row(pool, statement)
    return _there(row)


def _there(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    if row is None:
        raise NotFoundError("there is no such feature", zh="没有这个要素")
    return row


async def _row(pool: AsyncPool | Pipeline, statement: Statement) -> tuple[Any, ...] | None:
    if isinstance(pool, Pipeline):
        return await pool.row(statement)
    values: Mapping[str, Any] = statement.values
    async with pool.connection() as conn, conn.cursor(binary=True) as cursor:
        await cursor.execute(statement.text, values)
        return await cursor.fetchone()
