"""One task a worker asks what changed, for all who listen; nobody listening, nobody asks."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from geoservice.errors import BusyError
from geoservice.events.news import State

LOG = logging.getLogger("geoservice.events")
EVERY_S = 1.0
MOST_LISTENERS = 500


class Hub:
    """Keeps the latest state, and wakes those who wait for another one.

    A slow listener holds nothing but the state it saw last: what it missed between is told
    together, so no queue grows.
    """

    def __init__(
        self, ask: Callable[[State | None], Awaitable[State]], every_s: float = EVERY_S
    ) -> None:
        self._ask = ask
        self._every_s = every_s
        self._state: State | None = None
        self._listeners = 0
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self.is_well = True
        self.is_closed = False

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return self._listeners

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Keep asking for as long as this lasts.

        Raises
        ------
        BusyError
            ``MOST_LISTENERS`` are here already.
        """
        if self._listeners >= MOST_LISTENERS:
            raise BusyError("too many pages listen to events", zh="监听更新的页面过多")
        self._listeners += 1
        if self._task is None:
            self._task = asyncio.create_task(self._keep_asking())
        try:
            yield
        finally:
            self._listeners -= 1
            if self._listeners == 0 and self._task is not None:
                self._task.cancel()
                self._task, self._state = None, None

    async def after(self, seen: State | None, within_s: float) -> State | None:
        """Return a state other than ``seen`` as soon as there is one; None: there was none."""
        until = asyncio.get_running_loop().time() + within_s
        while (self._state is None or self._state is seen) and not self.is_closed:
            left_s = until - asyncio.get_running_loop().time()
            if left_s <= 0:
                return None
            changed = self._changed
            try:
                await asyncio.wait_for(changed.wait(), left_s)
            except TimeoutError:
                return None
        return None if self._state is seen else self._state

    def close(self) -> None:
        """End all streams: the service stops."""
        self.is_closed = True
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _keep_asking(self) -> None:
        while True:
            try:
                state = await self._ask(self._state)
                self.is_well = True
                if state != self._state:
                    self._state = state
                    self._wake()
            except (
                Exception
            ):  # the database is away, say: listeners are told, and it is asked again
                if self.is_well:
                    LOG.exception("what changed cannot be asked; it is tried again and again")
                self.is_well = False
            await asyncio.sleep(self._every_s)
