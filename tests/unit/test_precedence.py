"""Tiles wait while dispatch is worked on, a moment at most."""

import asyncio
import time

from geoservice.precedence import MOST_S, Precedence


def test_who_gives_way_waits_until_the_last_of_the_first_is_done() -> None:
    async def run() -> None:
        precedence, done = Precedence(), []

        async def tile() -> None:
            await precedence.give_way()
            done.append("tile")

        with precedence.first():
            with precedence.first():
                waiting = asyncio.create_task(tile())
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.01)
            done.append("order")
        await waiting
        assert done == ["order", "tile"]

    asyncio.run(run())


def test_nobody_waits_when_nothing_goes_first_and_nobody_for_long() -> None:
    async def run() -> None:
        precedence = Precedence()
        started = time.monotonic()
        await precedence.give_way()
        assert time.monotonic() - started < MOST_S
        with precedence.first():
            await precedence.give_way()
        assert time.monotonic() - started >= MOST_S

    asyncio.run(run())


def test_the_next_question_gets_between_those_that_have_waited() -> None:
    async def run() -> None:
        precedence, done = Precedence(), []

        async def tile(number: int) -> None:
            await precedence.give_way()
            done.append(number)

        with precedence.first():
            waiting = [asyncio.create_task(tile(number)) for number in range(10)]
            await asyncio.sleep(0.01)
        while not done:
            await asyncio.sleep(0)
        with precedence.first():
            await asyncio.sleep(MOST_S / 4)
            assert 0 < len(done) < 10
        await asyncio.gather(*waiting)
        assert done == list(range(10))

    asyncio.run(run())


def test_nobody_waits_longer_however_many_wait() -> None:
    async def run() -> None:
        precedence = Precedence()
        started = time.monotonic()
        with precedence.first():
            await asyncio.gather(*(precedence.give_way() for _ in range(50)))
        assert MOST_S <= time.monotonic() - started < 5 * MOST_S

    asyncio.run(run())
