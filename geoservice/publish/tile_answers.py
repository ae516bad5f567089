"""A tile's answer: not modified, from memory, or made now; and the memory of this worker.

The version of the layer is asked first, always, and everything else is a matter of equal tags.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from geoservice.errors import NotFoundError
from geoservice.publish.documents import MVT
from geoservice.publish.drawing import (
    COARSE_CELL,
    FINE_CELL,
    MOST_FINE,
    MOST_WHOLE,
    drawn,
    thins_out,
)
from geoservice.publish.packing import packed, unpacked
from geoservice.publish.permit import Sight
from geoservice.publish.pools import AsyncPool, fetch_one
from geoservice.publish.select import cells, crowd, tile
from geoservice.publish.statement import Statement
from geoservice.publish.tags import is_held, tag_of
from geoservice.publish.tile_cache import TileCache
from geoservice.publish.tilesets import MAX_ZOOM
from geoservice.publish.versions import Versions

_LONG_BYTES = 500_000  # compressing more takes longer than handing it to a thread


@dataclass(frozen=True)
class TileAsked:
    """Which tile: zoom, row from the north, column from the west; with which fields, if said."""

    zoom: int
    row: int
    col: int
    fields: frozenset[str] | None = None

    def __post_init__(self) -> None:
        """Refuse a tile that the matrix set does not have."""
        size = 2**self.zoom if 0 <= self.zoom <= MAX_ZOOM else 0
        if not (0 <= self.row < size and 0 <= self.col < size):
            raise NotFoundError(
                f"there is no such tile: zoom 0 to {MAX_ZOOM}, row and column below 2^zoom",
                zh=f"没有这个瓦片：缩放 0 至 {MAX_ZOOM}，行列号须小于 2 的缩放次方",
            )


class Tiles:
    """Answers for tiles from the database of ``pool``, kept in ``cache``."""

    def __init__(self, pool: AsyncPool, versions: Versions, cache: TileCache) -> None:
        self._pool = pool
        self._versions = versions
        self._cache = cache

    async def answer(
        self, sight: Sight, at: TileAsked, headers: Mapping[str, str], *, is_anonymous: bool
    ) -> Response:
        """Return the tile as the request's headers want it: whole, compressed, or 304.

        Raises
        ------
        UnavailableError, BusyError
            The database does not answer, or not in time.
        """
        place = at.zoom, at.row, at.col
        thins = thins_out(sight.layer, at.zoom)
        most = MOST_WHOLE if thins else None
        asked = [tile(drawn(sight, at.zoom, at.fields), *place, most)]
        if thins:
            asked += [cells(sight, *place, cell) for cell in (FINE_CELL, COARSE_CELL)]
        tag = tag_of(await self._versions.of(sight.layer.id), *asked)
        # Anybody may keep what everybody sees; even then it is asked for anew each time.
        keeper = "public" if is_anonymous and sight.layer.is_public else "private"
        said = {"ETag": tag, "Cache-Control": f"{keeper}, no-cache", "Vary": "Accept-Encoding"}
        if is_held(tag, headers.get("if-none-match")):
            return Response(status_code=304, headers=said)
        held = await self._cache.made(tag, lambda: self._made(crowd(sight, *place), asked))
        if not held:
            return Response(status_code=204, headers=said)
        if "gzip" in headers.get("accept-encoding", ""):
            return Response(held, media_type=MVT, headers={**said, "Content-Encoding": "gzip"})
        return Response(unpacked(held), media_type=MVT, headers=said)

    async def _made(self, crowded: Statement, asked: Sequence[Statement]) -> bytes:
        """Make a tile: of each feature, or by fine or coarse cells where there are too many."""
        whole, *by_cells = asked
        content, number = await fetch_one(self._pool, whole)
        if by_cells and number > MOST_WHOLE:
            (number,) = await fetch_one(self._pool, crowded)
            content = (await fetch_one(self._pool, by_cells[number > MOST_FINE]))[0]
        if not content:
            return b""
        if len(content) > _LONG_BYTES:
            return await asyncio.to_thread(packed, content)
        return packed(content)
