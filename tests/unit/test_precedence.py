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
