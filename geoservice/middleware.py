"""Around every request: headers that protect the page, a limit on bodies, HEAD from GET."""

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geoservice.problems import HTTP, problem

MAX_BODY_BYTES = 1_000_000
# By path: ten thousand readings; a file to be imported; a raster or the corner table of a mine.
MORE_BYTES = (
    (re.compile(r"/sensors/observations"), 4_000_000),
    (re.compile(r"/registry/imports"), 50_000_000),
    (re.compile(r"/zoning/mines/\d+/(rasters|licence)"), 50_000_000),
)

# No inline script, nothing from elsewhere; data: and blob: are what OpenLayers draws with.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self' 'unsafe-inline'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
PROTECTION = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # What an answer holds depends on who asks: no shared cache may keep it.
    "Cache-Control": "private, no-cache",
}


_PROTECTION = [(name.lower().encode(), value.encode()) for name, value in PROTECTION.items()]


def protect(headers: list[tuple[bytes, bytes]]) -> None:
    """Add the headers of ``PROTECTION`` that an answer has not set itself."""
    there = {name for name, _ in headers}
    headers += [one for one in _PROTECTION if one[0] not in there]


def _most_bytes(path: str) -> int:
    found = (most for pattern, most in MORE_BYTES if pattern.fullmatch(path))
    return next(found, MAX_BODY_BYTES)


class ProtectiveHeaders:
    """Adds the headers of ``PROTECTION`` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its answer's headers completed."""

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = headers = list(message["headers"])
                protect(headers)
            await send(message)

        await self.app(scope, receive, protected)


class HeadFromGet:
    """Answers HEAD wherever GET is answered (RFC 9110 section 9.1 asks for both)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for the same by GET and drop the body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        as_get = {**scope, "method": "GET", "is_head": True}
        await self.app(as_get, receive, bodiless)
        scope["route"] = as_get.get("route")


class BodyLimit:
    """Refuses a body over the limit of its path, counted as it comes: the stated length may lie."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = _most_bytes(scope["path"])
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared) > most:
            kind, zh, en = HTTP[413]
            await problem(kind, zh, en)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)
