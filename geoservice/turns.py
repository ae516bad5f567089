"""One question for everybody who waits: asked after they came, one at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

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


class TurnsByKey(Generic[Answer]):
    """The same for each of many questions, told apart by a word; forgotten when nobody waits."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, Turns[Answer]] = WeakValueDictionary()

    def __len__(self) -> int:
        """Return how many questions somebody waits for."""
        return len(self._turns)

    async def answer(self, key: str, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return an answer to the question ``key``, asked from now on by ``ask``."""
        turns = self._turns.get(key)
        if turns is None:
            turns = self._turns[key] = Turns(ask)
        return await turns.answer()
