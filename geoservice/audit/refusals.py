"""What somebody signed in was refused goes into the audit, in a transaction of its own."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geoservice import db
from geoservice.audit.actions import note

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Not allowed, or against the state of things. Slips of the pen (4xx otherwise) are not refusals.
_REFUSED = frozenset({403, 409, 412})


class AuditRefusals:
    """Writes down refused changes, after the answer is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and look at the status of its answer."""
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self.app(scope, receive, noting)
        actor = scope.get("state", {}).get("actor")
        if status in _REFUSED and scope["method"] not in _SAFE and actor is not None:
            await run_in_threadpool(_note, scope, actor.name, status)


def _note(scope: Scope, actor: str, status: int) -> None:
    with db.pooled(scope["app"].state.pool) as conn:
        client: Any = scope.get("client")
        db.set_request(conn, actor, address=client[0] if client else "")
        change = {"method": scope["method"], "path": scope["path"]}
        note(conn, "refused", change=change, result=str(status))
