"""Tiles kept in memory, compressed, by entity tag: what a tag names never changes."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

# What a kept tile costs beside its bytes: the tag, the dictionary's entry.
_ENTRY_BYTES = 300


class TileCache:
    """The tiles last asked for, up to a number of bytes; each is made once however many wait."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._held = 0
        self.hits = self.misses = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._making: dict[str, asyncio.Task[bytes]] = {}

    @property
    def held_bytes(self) -> int:
        """How much is kept now."""
        return self._held

    def kept(self, tag: str) -> bytes | None:
        """Return the tile of that tag, if it is still here."""
        found = self._kept.get(tag)
        if found is not None:
            self._kept.move_to_end(tag)
        return found

    async def made(self, tag: str, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """Return the tile of that tag, made by the first who asks; raises what making raises."""
        found = self.kept(tag)
        if found is not None:
            self.hits += 1
            return found
        self.misses += 1
        making = self._making.get(tag)
        if making is None:
            making = self._making[tag] = asyncio.create_task(self._make(tag, make))
        # One who hangs up must not take the tile from the others.
        return await asyncio.shield(making)

    async def _make(self, tag: str, make: Callable[[], Awaitable[bytes]]) -> bytes:
        try:
            tile = await make()
        finally:
            del self._making[tag]
        self._keep(tag, tile)
        return tile

    def _keep(self, tag: str, tile: bytes) -> None:
        if len(tile) + _ENTRY_BYTES > self._max_bytes:
            return
        self._kept[tag] = tile
        self._held += len(tile) + _ENTRY_BYTES
        while self._held > self._max_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._held -= len(oldest) + _ENTRY_BYTES
