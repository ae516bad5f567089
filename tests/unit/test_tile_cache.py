"""Tiles kept by tag: the last asked for, up to a size, each made once; and tags themselves."""

import asyncio

import pytest
from psycopg import sql

from geoservice.publish.statement import Statement
from geoservice.publish.tags import is_held, tag_of
from geoservice.publish.tile_cache import TileCache


async def _tile(content: bytes) -> bytes:
    await asyncio.sleep(0.005)
    return content


def test_whoever_waits_for_the_same_tile_gets_the_one_that_is_made() -> None:
    async def run() -> None:
        cache, made = TileCache(10_000), []

        async def make() -> bytes:
            made.append(1)
            return await _tile(b"tile")

        assert await asyncio.gather(*(cache.made("a", make) for _ in range(32))) == [b"tile"] * 32
        assert await cache.made("a", make) == b"tile"
        assert len(made) == 1

    asyncio.run(run())


def test_the_last_asked_for_stay_and_the_size_holds() -> None:
    async def run() -> None:
        cache = TileCache(4_000)
        for name in "abc":
            await cache.made(name, lambda: _tile(b"x" * 1_000))
        cache.kept("a")
        await cache.made("d", lambda: _tile(b"x" * 1_000))
        assert [name for name in "abcd" if cache.kept(name) is not None] == ["a", "c", "d"]
        assert cache.held_bytes <= 4_000
        assert len(await cache.made("huge", lambda: _tile(b"x" * 4_000))) == 4_000
        assert cache.kept("huge") is None

    asyncio.run(run())


def test_a_tile_that_could_not_be_made_is_tried_again() -> None:
    async def run() -> None:
        cache = TileCache(4_000)

        async def fail() -> bytes:
            raise ConnectionError

        for _ in range(2):
            with pytest.raises(ConnectionError):
                await cache.made("a", fail)
        assert await cache.made("a", lambda: _tile(b"")) == b""
        assert cache.kept("a") == b""

    asyncio.run(run())


def _asked(**values: object) -> Statement:
    return Statement(sql.SQL("SELECT %(a)s"), values)


def test_a_tag_tells_version_question_and_values_apart() -> None:
    tag = tag_of("v1", _asked(a=1))
    assert tag == tag_of("v1", _asked(a=1))
    others = {
        tag_of("v2", _asked(a=1)),
        tag_of("v1", _asked(a=2)),
        tag_of("v1", Statement(sql.SQL("SELECT %(a)s + 1"), {"a": 1})),
    }
    assert len(others | {tag}) == 4


def test_a_client_says_what_it_holds_in_several_ways() -> None:
    tag = 'W/"abc"'
    for held in (tag, '"abc"', 'W/"x", W/"abc"', '"x","abc"', "*"):
        assert is_held(tag, held), held
    for other in (None, "", 'W/"ab"', '"abcd"', "abc"):
        assert not is_held(tag, other), other
