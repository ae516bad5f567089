"""Many short questions on one connection: each gets its own answer, whatever befalls the others."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import errors as pg
from psycopg import sql

from geoservice.errors import UnavailableError
from geoservice.publish.pools import ReadPools, fetch_one, fetch_soon, open_read_pools
from geoservice.publish.statement import Statement

MANY = 300


def _asked(text: LiteralString, **values: Any) -> Statement:
    return Statement(sql.SQL(text), values)


def _with_pools(url: str, work: Callable[[ReadPools], Awaitable[None]]) -> None:
    async def run() -> None:
        pools = open_read_pools(url)
        await pools.open()
        try:
            await work(pools)
        finally:
            await pools.close()

    asyncio.run(run())


def test_each_gets_its_own_answer(database_url: str) -> None:
    async def work(pools: ReadPools) -> None:
        asked = [
            _asked("SELECT %(n)s::int, %(word)s::text, 5 %% 3 WHERE %(n)s::int > 0", n=n, word="中")
            for n in range(MANY)
        ]
        rows = await asyncio.gather(*(pools.short.row(one) for one in asked))
        assert rows == [None, *((n, "中", 2) for n in range(1, MANY))]

    _with_pools(database_url, work)


def test_an_error_is_for_who_asked_and_the_statement_works_again(database_url: str) -> None:
    async def work(pools: ReadPools) -> None:
        divided = [_asked("SELECT 6 / %(n)s::int", n=n) for n in (1, 0, 2, 0, 3)]
        for _ in range(2):
            answers = await asyncio.gather(
                *(pools.short.row(one) for one in divided), return_exceptions=True
            )
            assert [answers[0], answers[2], answers[4]] == [(6,), (3,), (2,)]
            assert isinstance(answers[1], pg.DivisionByZero)
            assert isinstance(answers[3], pg.DivisionByZero)

    _with_pools(database_url, work)


def test_more_statements_than_are_kept_prepared(database_url: str) -> None:
    async def work(pools: ReadPools) -> None:
        texts = [sql.SQL(f"SELECT {n} + %(n)s::int") for n in range(MANY)]  # type: ignore[arg-type]
        for _ in range(2):
            rows = await asyncio.gather(
                *(pools.short.row(Statement(text, {"n": 1})) for text in texts)
            )
            assert rows == [(n + 1,) for n in range(MANY)]

    _with_pools(database_url, work)


def test_what_is_longer_than_the_socket_takes_is_sent_whole(database_url: str) -> None:
    async def work(pools: ReadPools) -> None:
        asked = _asked("SELECT length(%(word)s::text)", word="x" * 5_000_000)
        assert await fetch_one(pools.versions, asked) == (5_000_000,)

    _with_pools(database_url, work)


def test_a_lost_connection_is_told_to_all_who_wait_and_made_anew(database_url: str) -> None:
    async def work(pools: ReadPools) -> None:
        (pid,) = await fetch_one(pools.versions, _asked("SELECT pg_backend_pid()"))
        slow = _asked("SELECT pg_sleep(1)::text")
        waiting = [asyncio.ensure_future(pools.versions.row(slow)) for _ in range(5)]
        await asyncio.sleep(0.05)
        with psycopg.connect(database_url) as conn:
            conn.execute("SELECT pg_terminate_backend(%s)", [pid])
        lost = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(one, psycopg.OperationalError) for one in lost)
        (other,) = await fetch_one(pools.versions, _asked("SELECT pg_backend_pid()"))
        assert other != pid

    _with_pools(database_url, work)


def test_what_takes_long_is_asked_again_where_it_delays_nobody(clone_url: str) -> None:
    async def work(pools: ReadPools) -> None:
        slow = asyncio.ensure_future(fetch_soon(pools, _asked("SELECT pg_sleep(0.6)::text")))
        await asyncio.sleep(0.4)
        assert await asyncio.wait_for(fetch_soon(pools, _asked("SELECT 1")), 0.15) == (1,)
        assert await slow == ("",)

    _with_pools(clone_url, work)


def test_a_locked_table_holds_up_only_its_own_questions(clone_url: str) -> None:
    async def work(pools: ReadPools) -> None:
        with psycopg.connect(clone_url) as conn:
            conn.execute("LOCK TABLE core.depot")
            locked = asyncio.ensure_future(
                fetch_soon(pools, _asked("SELECT count(*) FROM core.depot"))
            )
            await asyncio.sleep(0.3)
            assert await asyncio.wait_for(fetch_soon(pools, _asked("SELECT 1")), 0.5) == (1,)
            assert not locked.done()
            conn.rollback()
            assert await locked == (0,)
            conn.execute("LOCK TABLE core.depot")
            with pytest.raises(UnavailableError):
                await fetch_soon(pools, _asked("SELECT count(*) FROM core.depot"))

    _with_pools(clone_url, work)
