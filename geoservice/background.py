"""What the service does again and again beside answering; nothing that fails once ends it."""

import asyncio
import logging
from collections.abc import Callable

from psycopg_pool import ConnectionPool
from starlette.concurrency import run_in_threadpool

from geoservice.db import Connection, pooled

LOG = logging.getLogger("geoservice.background")


async def repeat(
    job: Callable[[Connection], object], pool: ConnectionPool[Connection], *, every_s: float
) -> None:
    """Run ``job`` in a transaction of its own, for ever; a row of failures is logged once."""

    def once(pool: ConnectionPool[Connection]) -> None:
        with pooled(pool) as conn:
            job(conn)

    await repeat_apart(once, pool, every_s=every_s, name=job.__qualname__)


async def repeat_apart(
    job: Callable[[ConnectionPool[Connection]], object],
    pool: ConnectionPool[Connection],
    *,
    every_s: float,
    name: str,
) -> None:
    """Run ``job``, which takes transactions as it needs them, for ever; so is it logged."""
    is_failing = False
    while True:
        try:
            await run_in_threadpool(job, pool)
            is_failing = False
        except Exception:  # whatever it was, the next time may go well
            if not is_failing:
                LOG.exception("%s failed; it is tried again and again", name)
            is_failing = True
        await asyncio.sleep(every_s)
