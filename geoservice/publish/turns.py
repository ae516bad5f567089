"""One question for everybody who waits: asked after they came, one at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Turns(Generic[Answer]):
    """Asks by turns: who comes while a question is under way shares the next one.

    So an answer is never older than the request that it serves, and however many wait, the
    database is asked one thing at a time.
    """

    def __init__(self, ask: Callable[[], Awaitable[Answer]]) -> None:
        self._ask = ask
        self._one_at_a_time = asyncio.Lock()
        self._next: asyncio.Task[Answer] | None = None

    async def answer(self) -> Answer:
        """Return an answer to a question asked from now on; raises what asking raises."""
        if self._next is None:
            self._next = asyncio.create_task(self._turn())
        # One who hangs up must not take the question from the others.
        return await asyncio.shield(self._next)

    async def _turn(self) -> Answer:
        async with self._one_at_a_time:
            self._next = None
            return await self._ask()
