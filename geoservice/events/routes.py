"""`/events`: what changed, as server-sent events."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from types import FrameType
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header, Query, Request
from psycopg import sql
from starlette.responses import Response, StreamingResponse

from geoservice.auth import Who, current_actor
from geoservice.db import Query as Named
from geoservice.errors import BusyError, SignInRequiredError
from geoservice.events.hub import MOST_LISTENERS, Hub
from geoservice.events.news import Listener, State, alerts_of, event, first_news, news
from geoservice.parameters import NoQuery
from geoservice.publish.layers import layers_of
from geoservice.publish.permit import may_read, sight_of
from geoservice.publish.pools import fetch_one
from geoservice.publish.statement import Statement

router = APIRouter(tags=["events"])
ALERTS_IN_FORCE: Named[Any] = Named("events", "alerts_in_force", list)
_ALERTS = Statement(sql.SQL(ALERTS_IN_FORCE.text), {})
BEAT_S, LIFE_S, RETRY_MS = 15.0, 600.0, 3000
MEDIA_TYPE = "text/event-stream"
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`layers`: ids of layers that changed. `alert_raised`, `alert_ended`: an "
        "alert. `beat`: the link lives, and whether the database answers.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}


def open_hub(app: FastAPI) -> Hub:
    """Return the hub of this worker, to be made inside its event loop; it ends with the service."""
    hub = Hub(partial(_ask, app))
    loop = asyncio.get_running_loop()
    if threading.current_thread() is threading.main_thread():
        # An open stream would hold up the end of the service until its patience runs out.
        for number in (signal.SIGINT, signal.SIGTERM):
            _close_first(hub, loop, number)
    return hub


@router.get("/events", summary="变化通知 · what changed", responses=_STREAM,
            response_class=StreamingResponse)  # fmt: skip
async def events(
    _: Annotated[NoQuery, Query()],
    request: Request,
    who: Who,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Tell which layers of those the caller may read change, and which alerts come and go."""
    hub: Hub = request.app.state.hub
    if hub.listeners >= MOST_LISTENERS:
        raise BusyError("too many pages listen to events", zh="监听更新的页面过多")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if request.scope.get("is_head"):
        return Response(media_type=MEDIA_TYPE, headers=headers)
    stream = _stream(hub, request, _listener(request, who), last_event_id)
    return StreamingResponse(stream, media_type=MEDIA_TYPE, headers=headers)


async def _stream(
    hub: Hub, request: Request, listener: Listener, last_id: str | None
) -> AsyncIterator[str]:
    until = asyncio.get_running_loop().time() + LIFE_S
    seen: State | None = None
    async with hub.listening():
        yield f"retry: {RETRY_MS}\n\n"
        while asyncio.get_running_loop().time() < until and not hub.is_closed:
            now = await hub.after(seen, BEAT_S)
            if now is None:
                if not await _is_still(request, listener):
                    return  # it comes back as whoever it is now
                yield _beat(hub)
                continue
            told = first_news(now, listener, last_id) if seen is None else news(seen, now, listener)
            for one in told:
                yield one
            if seen is None:
                yield _beat(hub)
            seen = now


def _beat(hub: Hub) -> str:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return event("beat", {"at": at, "database": hub.is_well})


def _listener(request: Request, who: Who) -> Listener:
    layers = layers_of(request)
    readable = tuple(one.id for one in layers.values() if may_read(one, who))
    return Listener(readable, sight_of(layers["alerts"], who) if "alerts" in readable else None)


async def _is_still(request: Request, listener: Listener) -> bool:
    """Whether the caller still is who it was: roles that end, end here too."""
    request.state.actor = None
    try:
        return _listener(request, await current_actor(request)) == listener
    except SignInRequiredError:
        return False


async def _ask(app: FastAPI, before: State | None) -> State:
    versions = await app.state.versions.of_all(app.state.layers)
    if before is not None and before.versions == versions:
        return before
    if before is not None and before.versions.get("alerts") == versions.get("alerts"):
        return State(versions, before.alerts)
    (rows,) = await fetch_one(app.state.reading.items, _ALERTS)
    return State(versions, alerts_of(rows))


def _close_first(hub: Hub, loop: asyncio.AbstractEventLoop, number: signal.Signals) -> None:
    usual = signal.getsignal(number)
    if not callable(usual):
        return  # nobody stops the service by this one

    def closing(signum: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.close)
        usual(signum, frame)

    signal.signal(number, closing)
