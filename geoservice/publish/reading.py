"""Items and tiles, read asynchronously: the features are built in SQL and passed through."""

import base64
import binascii
import json
from dataclasses import replace
from typing import Any

from psycopg import errors as pg

from geoservice.errors import InputError, NotFoundError
from geoservice.publish.coordinates import DEGREES, ServedCrs, served_crs
from geoservice.publish.permit import Sight
from geoservice.publish.pools import AsyncPool, fetch_one
from geoservice.publish.select import district_place, item, page, tile
from geoservice.publish.statement import Page, Statement
from geoservice.publish.tilesets import MAX_ZOOM

MAX_ID = 2**63 - 1


class Items:
    """One page as it came: the features' text, their number, where the next page starts."""

    def __init__(self, row: tuple[Any, ...]) -> None:
        self.text, self.returned, last_id, has_more, self.matched = row
        self.next_after: str | None = page_mark(last_id) if has_more else None

    def body(self, members: dict[str, Any]) -> bytes:
        """Return the FeatureCollection with these further members."""
        counted = {} if self.matched is None else {"numberMatched": self.matched}
        all_members = {**counted, "numberReturned": self.returned, **members}
        rest = json.dumps(all_members, ensure_ascii=False)
        return f'{{"type":"FeatureCollection","features":[{self.text}],{rest[1:]}'.encode()


def page_mark(last_id: int) -> str:
    """Return the opaque word that stands for "after this id" in a link to the next page."""
    return base64.urlsafe_b64encode(last_id.to_bytes(8, "big")).rstrip(b"=").decode()


def _id_after(mark: str) -> int:
    try:
        raw = base64.b64decode(mark + "=" * (-len(mark) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    found = int.from_bytes(raw, "big")
    if len(raw) != 8 or found > MAX_ID:
        raise InputError(
            "after: not a word of this service; follow the link to the next page as it is",
            zh="after：不是本服务给出的值；请原样使用下一页链接",
            where="after",
        )
    return found


async def offered_crs(pool: AsyncPool, *uris: str | None) -> tuple[ServedCrs, ...]:
    """Return the CRSs to choose from; the district is asked for only when its zone may be meant."""
    plain = {None, *(crs.uri for crs in DEGREES)}
    if plain.issuperset(uris):
        return DEGREES
    try:
        _, _, lon = await fetch_one(pool, district_place())
    except NotFoundError:
        lon = None
    return served_crs(lon)


async def read_items(pool: AsyncPool, sight: Sight, asked: Page, mark: str | None) -> Items:
    """Return a page of the features that the caller sees, after the page that ``mark`` ended.

    Raises
    ------
    InputError
        The mark is not one of ours, or the filter cannot be worked out.
    """
    if mark is not None:
        asked = replace(asked, after=_id_after(mark), is_counted=False)
    try:
        return Items(await fetch_one(pool, page(sight, asked)))
    except (pg.DataError, pg.InternalError) as error:
        # A division by zero, a number too large, a pattern that ends with an escape: what a filter
        # asks for shows only when it is worked out.
        if asked.filters.condition is None:
            raise
        raise InputError(
            "filter: it cannot be worked out: a division by zero, a number that is too large, "
            "an unfinished escape in a pattern, or a geometry that the operator does not take",
            zh="filter：无法计算：除以零、数值过大、LIKE 模式以转义符结尾，或该运算不支持此图形",
            where="filter",
        ) from error


async def read_item(pool: AsyncPool, sight: Sight, item_id: str, crs: ServedCrs) -> str:
    """Return one feature as GeoJSON text.

    Raises
    ------
    NotFoundError
        There is no such feature, or not for the caller.
    """
    if not (item_id.isascii() and item_id.isdigit() and int(item_id[:20]) <= MAX_ID):
        raise NotFoundError("there is no such feature", zh="没有这个要素", where="feature_id")
    text: str = (await fetch_one(pool, item(sight, int(item_id[:20]), crs)))[0]
    return text


async def read_tile(pool: AsyncPool, sight: Sight, zoom: int, row: int, col: int) -> bytes:
    """Return one vector tile; empty where there is nothing.

    Raises
    ------
    NotFoundError
        There is no such tile in the matrix set.
    """
    if not (0 <= zoom <= MAX_ZOOM and 0 <= row < 2**zoom and 0 <= col < 2**zoom):
        raise NotFoundError(
            f"there is no such tile: zoom 0 to {MAX_ZOOM}, row and column below 2^zoom",
            zh=f"没有这个瓦片：缩放 0 至 {MAX_ZOOM}，行列号须小于 2 的缩放次方",
        )
    statement: Statement = tile(sight, zoom, row, col)
    content: bytes = (await fetch_one(pool, statement))[0]
    return content
