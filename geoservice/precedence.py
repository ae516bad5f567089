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
        if self._working:
            with suppress(TimeoutError):
                async with asyncio.timeout(MOST_S):
                    await self._calm.wait()
