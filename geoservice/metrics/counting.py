"""Counts and seconds of requests, and of what they wait for, summed over all workers.

Workers count in files that they map (`prometheus_client`, multiprocess mode), so that any of them
can tell the sum; a process by itself, as in tests, counts in its memory.
"""

import os
import time
from functools import cache
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, multiprocess
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geoservice.metrics.folder import FOLDER

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Histogram(
    "geoservice_request_seconds", "Requests and their seconds, by route and status",
    ["method", "route", "status"], buckets=_BUCKETS,
)  # fmt: skip
CONNECTIONS = Gauge(
    "geoservice_pool_connections", "Connections of each pool", ["pool", "state"],
    multiprocess_mode="livesum",
)  # fmt: skip
WAITING = Gauge(
    "geoservice_pool_waiting", "Requests that wait for a connection now", ["pool"],
    multiprocess_mode="livesum",
)  # fmt: skip
ASKED = Counter("geoservice_pool_requests", "Connections asked for", ["pool"])
QUEUED = Counter("geoservice_pool_queued", "Of these, those that had to wait", ["pool"])
WAITED_S = Counter("geoservice_pool_wait_seconds", "Seconds they waited", ["pool"])
REFUSED = Counter("geoservice_pool_refused", "Of these, those that got none", ["pool"])
TILES = Counter("geoservice_tiles", "Tiles from the memory of a worker, or made", ["found"])
TILE_BYTES = Gauge(
    "geoservice_tile_cache_bytes", "Bytes of tiles in memory", multiprocess_mode="livesum"
)
NETWORK_VERSION = Gauge(
    "geoservice_network_graph_version",
    "The newest graph version that a worker has answered from, 0: none yet; lowest of all workers",
    multiprocess_mode="livemin",
)


def registry() -> CollectorRegistry:
    """Return what has been counted, by all workers that live or lived since the service began."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return REGISTRY
    _forget_dead(Path(folder))
    found = CollectorRegistry()
    multiprocess.MultiProcessCollector(found, folder)  # type: ignore[no-untyped-call]  # theirs
    return found


def _forget_dead(folder: Path) -> None:
    """Drop what workers that are gone held; what they counted stays."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = path.stem.rsplit("_", 1)[1]
        if not Path(f"/proc/{pid}").exists():
            path.unlink(missing_ok=True)


class CountRequests:
    """Counts every request by the route that answered it, and how long that took.

    An answer without end (events) is counted when it begins.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and look at the clock."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, is_endless = time.perf_counter(), 500, False

        async def noting(message: Message) -> None:
            nonlocal status, is_endless
            if message["type"] == "http.response.start":
                status = message["status"]
                is_endless = any(
                    name.lower() == b"content-type" and value.startswith(b"text/event-stream")
                    for name, value in message["headers"]
                )
                if is_endless:
                    _count(scope, status, started)
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            if not is_endless:
                _count(scope, status, started)


def _count(scope: Scope, status: int, started: float) -> None:
    method = scope["method"] if scope["method"] in _METHODS else "other"
    route = scope.get("answered_as") or getattr(scope.get("route"), "path_format", "none")
    _kind(method, route, status).observe(time.perf_counter() - started)


@cache
def _kind(method: str, route: str, status: int) -> Histogram:
    """Return where requests of a kind are counted; looking it up takes longer than counting."""
    return REQUESTS.labels(method, route, str(status))
