"""Dispatch goes first: while an order or a question of dispatch is worked on, tiles wait.

One process has one interpreter. Tiles from memory by the thousand would leave dispatch, which
works in a thread, a small part of it; a map can wait for a moment, an order not.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# So long at most: a map must not stand still either.
MOST_S = 0.1


class Precedence:
    """Who goes first, and who waits meanwhile."""

    def __init__(self) -> None:
        self._working = 0
        self._calm = asyncio.Event()
        self._door = asyncio.Lock()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Go first for the length of a block."""
        self._working += 1
        self._calm.clear()
        try:
            yield
        finally:
            self._working -= 1
            if not self._working:
                self._calm.set()

    async def give_way(self) -> None:
        """Wait while somebody goes first, ``MOST_S`` at most."""
        if not self._working:
            return
        until = asyncio.get_running_loop().time() + MOST_S
        # One comes out at a time: the next question of dispatch gets in between, not behind all.
        async with self._door:
            if self._working:
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(until):
                        await self._calm.wait()
            await asyncio.sleep(0)
