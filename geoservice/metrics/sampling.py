"""What a worker tells of itself every few seconds: its pools, its tiles, its roads."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from prometheus_client import Counter

from geoservice.metrics.counting import (
    ASKED,
    CONNECTIONS,
    NETWORK_VERSION,
    QUEUED,
    REFUSED,
    TILE_BYTES,
    TILES,
    WAITED_S,
    WAITING,
)
from geoservice.network.current import version_held
from geoservice.publish.tile_cache import TileCache

SAMPLE_EVERY_S = 5.0
# Of what psycopg_pool counts; in thousandths where it counts milliseconds.
_GROWING: tuple[tuple[str, Counter, float], ...] = (
    ("requests_num", ASKED, 1),
    ("requests_queued", QUEUED, 1),
    ("requests_wait_ms", WAITED_S, 0.001),
    ("requests_errors", REFUSED, 1),
)


class Sampler:
    """Tells what has come to pass in this worker since it told last."""

    def __init__(self, app: FastAPI) -> None:
        state = app.state
        self._pools = {
            "other": state.pool, "dispatch": state.dispatch_pool, "door": state.door_pool,
            "items": state.reading.items, "tiles": state.reading.tiles,
        }  # fmt: skip
        self._cache: TileCache = state.tile_cache
        self._before: dict[tuple[str, str], float] = {}

    async def repeat(self) -> None:
        """Tell it for ever."""
        while True:
            self.sample()
            await asyncio.sleep(SAMPLE_EVERY_S)

    def sample(self) -> None:
        """Tell it now."""
        for name, pool in self._pools.items():
            self._pool(name, pool.get_stats())
        self._grow("tiles", "memory", TILES.labels("memory"), self._cache.hits)
        self._grow("tiles", "made", TILES.labels("made"), self._cache.misses)
        TILE_BYTES.set(self._cache.held_bytes)
        held = version_held()
        if held is not None:
            NETWORK_VERSION.set(held)

    def _pool(self, name: str, stats: Mapping[str, Any]) -> None:
        size, idle = stats.get("pool_size", 0), stats.get("pool_available", 0)
        CONNECTIONS.labels(name, "idle").set(idle)
        CONNECTIONS.labels(name, "in_use").set(size - idle)
        WAITING.labels(name).set(stats.get("requests_waiting", 0))
        for key, counter, factor in _GROWING:
            self._grow(name, key, counter.labels(name), stats.get(key, 0) * factor)

    def _grow(self, name: str, key: str, counter: Counter, total: float) -> None:
        counter.inc(max(total - self._before.get((name, key), 0), 0))
        self._before[name, key] = total
