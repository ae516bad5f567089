"""Connections for reading published layers, asynchronous from route to cursor.

Pools apart from everybody else's: a flood of tiles must delay neither an item nor an order, and
none of them the question for versions. One statement a request, so autocommit saves the round
trips of BEGIN and COMMIT; and the server itself refuses to write and ends what takes too long. A
connection is not tried out before each use: reading can be done again, so a lost one is found
out by the first statement and that is asked once more.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors as pg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from geoservice.db import AS_SERVICE
from geoservice.errors import BusyError, NotFoundError, UnavailableError
from geoservice.publish.statement import Statement

ITEMS_TIMEOUT_S, TILES_TIMEOUT_S, VERSIONS_TIMEOUT_S = 5, 2, 2
AsyncPool = AsyncConnectionPool[psycopg.AsyncConnection[TupleRow]]


@dataclass(frozen=True)
class ReadPools:
    """The pools of items, of tiles and of the layers' versions."""

    items: AsyncPool
    tiles: AsyncPool
    versions: AsyncPool

    async def open(self) -> None:
        """Start connecting; a database that is away is waited for, not an error yet."""
        for pool in (self.items, self.tiles, self.versions):
            await pool.open()

    async def close(self) -> None:
        """Let the connections go."""
        for pool in (self.items, self.tiles, self.versions):
            await pool.close()


def open_read_pools(url: str, *, size: int = 4) -> ReadPools:
    """Return the pools for one worker, to be opened inside its event loop."""
    return ReadPools(
        items=_pool(url, size, ITEMS_TIMEOUT_S),
        tiles=_pool(url, size, TILES_TIMEOUT_S),
        versions=_pool(url, 1, VERSIONS_TIMEOUT_S),
    )


def _pool(url: str, size: int, timeout_s: int) -> AsyncPool:
    options = (
        f"{AS_SERVICE} -c default_transaction_read_only=on"
        f" -c statement_timeout={timeout_s}s -c lock_timeout=2s"
    )
    return AsyncConnectionPool(
        url,
        kwargs={"options": options, "autocommit": True},
        min_size=1,
        max_size=size,
        timeout=2.0,
        max_waiting=256,
        reconnect_timeout=2.0,
        open=False,
    )


@asynccontextmanager
async def _answering() -> AsyncIterator[None]:
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


async def fetch_one(pool: AsyncPool, statement: Statement) -> tuple[Any, ...]:
    """Return the one row of a statement.

    Raises
    ------
    NotFoundError
        There is no row.
    BusyError, UnavailableError
        Too many are waiting, it took too long, or the database is away.
    """
    async with _answering():
        try:
            row = await _row(pool, statement)
        except (pg.QueryCanceled, PoolTimeout, TooManyRequests):
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError):
            await pool.check()  # the others of this pool are likely lost as well
            row = await _row(pool, statement)
    if row is None:
        raise NotFoundError("there is no such feature", zh="没有这个要素")
    return row


async def _row(pool: AsyncPool, statement: Statement) -> tuple[Any, ...] | None:
    values: Mapping[str, Any] = statement.values
    async with pool.connection() as conn, conn.cursor(binary=True) as cursor:
        await cursor.execute(statement.text, values)
        return await cursor.fetchone()
