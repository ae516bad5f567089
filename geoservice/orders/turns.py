"""Orders take turns at the database: they queue without holding a thread, and are never shed."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import Depends, Request

from geoservice.errors import UnavailableError

# As many as the pool of dispatch has connections: more would wait for one, or for others' lots.
AT_ONCE = 4
_WAIT_S = 8.0


async def _a_turn(request: Request) -> AsyncIterator[None]:
    turns: asyncio.Semaphore = request.app.state.order_turns
    try:
        async with asyncio.timeout(_WAIT_S):
            await turns.acquire()
    except TimeoutError as error:
        raise UnavailableError(
            f"other orders took longer than {_WAIT_S:g} s: send it again with the same key",
            zh=f"其他调度令处理超过 {_WAIT_S:g} 秒：请用同一 Idempotency-Key 重新提交",
        ) from error
    try:
        with request.app.state.precedence.first():
            yield
    finally:
        turns.release()


# Of a route, so that it comes before the connection, which who waits must not hold.
IN_TURN = Depends(_a_turn, scope="function")
