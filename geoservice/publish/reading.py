"""Items and tiles, read asynchronously: the features are built in SQL and passed through."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import errors as pg
from psycopg import sql

from geoservice.db import Query
from geoservice.errors import InputError, NotFoundError
from geoservice.publish.coordinates import DEGREES, ServedCrs, served_crs
from geoservice.publish.ordering import MAX_ID, Key, mark_of, unknown_mark, word_of
from geoservice.publish.permit import Sight
from geoservice.publish.pools import AsyncPool, fetch_one
from geoservice.publish.select import district_place, page
from geoservice.publish.select.items import MOST_COUNTED
from geoservice.publish.statement import Page, Statement
from geoservice.timezones import zone_named

CHUNK = 1000
ZONE_SHOWN = Query("common", "zone_shown", str)
_ZONE = Statement(sql.SQL(ZONE_SHOWN.text), {})


class Items:
    """Some features as they came: their text or columns, where the next page starts."""

    def __init__(self, row: tuple[Any, ...], order: tuple[Key, ...]) -> None:
        *self.columns, self.returned, last, has_more, matched = row
        # More than are counted unasked: how many more is not known.
        self.matched: int | None = None if matched == MOST_COUNTED + 1 else matched
        self.next_after: str | None = word_of(order, last) if has_more else None

    @property
    def content(self) -> bytes:
        """The features' text."""
        text: bytes = self.columns[0]
        return text


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


async def zone_shown(pool: AsyncPool) -> ZoneInfo:
    """Return the time zone in which pages show instants: the district's."""
    (name,) = await fetch_one(pool, _ZONE)
    return zone_named(name)


async def read_items(pool: AsyncPool, sight: Sight, asked: Page) -> Items:
    """Return a page of the features that the caller sees.

    Raises
    ------
    InputError
        The filter cannot be worked out, or the place where the page begins is none.
    """
    try:
        return Items(await fetch_one(pool, page(sight, asked)), asked.order)
    except (pg.DataError, pg.InternalError) as error:
        # A division by zero, a number too large, a pattern that ends with an escape: what a filter
        # asks for shows only when it is worked out.
        if asked.filters.condition is not None:
            raise InputError(
                "filter: it cannot be worked out: a division by zero, a number that is too large, "
                "an unfinished escape in a pattern, or a geometry that the operator does not take",
                zh="filter：无法计算：除以零、数值过大、LIKE 模式以转义符结尾，"
                "或该运算不支持此图形",
                where="filter",
            ) from error
        if asked.after is not None and asked.after.values:
            raise unknown_mark() from error
        raise


async def read_in_chunks(pool: AsyncPool, sight: Sight, asked: Page) -> AsyncIterator[Items]:
    """Give a page in parts of ``CHUNK`` features; no connection waits for the client meanwhile."""
    left = asked.limit
    while True:
        found = await read_items(pool, sight, replace(asked, limit=min(left, CHUNK)))
        yield found
        left -= found.returned
        if found.next_after is None or left <= 0:
            return
        asked = replace(asked, after=mark_of(found.next_after, asked.order), counting="none")


def id_of(text: str) -> int:
    """Return the id that a path names.

    Raises
    ------
    NotFoundError
        It can be no id.
    """
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= MAX_ID):
        raise NotFoundError("there is no such feature", zh="没有这个要素", where="feature_id")
    return int(text[:20])
