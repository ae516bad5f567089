"""Features as an answer: GeoJSON, streamed where it is long, CSV, FlatGeobuf, or a page to browse.

The version of the layer is asked first, so that an answer is never newer than its tag says.
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from fastapi import Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, StreamingResponse

from geoservice.exports.formats import FORMATS
from geoservice.publish.counts import Counts, counted_as
from geoservice.publish.documents import GEOJSON, HTML
from geoservice.publish.flatgeobuf import written
from geoservice.publish.html import item_pages
from geoservice.publish.item_links import ItemLinks
from geoservice.publish.permit import Sight
from geoservice.publish.pools import AsyncPool
from geoservice.publish.reading import CHUNK, Items, read_in_chunks, read_items, zone_shown
from geoservice.publish.statement import Page

FORMS = {
    "json": GEOJSON,
    "html": HTML,
    "csv": FORMATS["csv"].media_type,
    "fgb": FORMATS["fgb"].media_type,
}
_BOM = "\ufeff".encode()
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Wanted:
    """One page of one layer at one version, for one caller."""

    sight: Sight
    page: Page
    links: ItemLinks
    version: str


async def answer(pool: AsyncPool, counts: Counts, wanted: Wanted, headers: Headers) -> Response:
    """Return the page in the form that it is wanted in."""
    key = counted_as(wanted.version, wanted.sight, wanted.page)
    asked = counts.without(key, wanted.page)
    parts = _parts(pool, wanted.sight, asked)
    first = await anext(parts)
    first.matched = counts.number(key, first.matched, asked)
    if asked.shape.form == "json":
        return await _geojson(first, parts, wanted, headers)
    if asked.shape.form == "html":
        return _browsed(first, wanted, headers, await zone_shown(pool))
    if asked.shape.form == "csv":
        return _table(first, wanted, headers)
    return await _flatgeobuf(first, wanted, headers)


async def _parts(pool: AsyncPool, sight: Sight, asked: Page) -> AsyncIterator[Items]:
    if asked.shape.form != "json":
        yield await read_items(pool, sight, asked)
        return
    async for part in read_in_chunks(pool, sight, asked):
        yield part


async def _geojson(
    first: Items, parts: AsyncIterator[Items], wanted: Wanted, headers: Headers
) -> Response:
    """Return a page of GeoJSON; its first part is read before the answer begins."""
    if wanted.page.limit > CHUNK and first.next_after is not None:
        streamed = _streamed(first, parts, wanted.links)
        return StreamingResponse(streamed, media_type=GEOJSON, headers=headers)
    body = b"".join([_HEAD, first.content, _members(first, first, first.returned, wanted.links)])
    return Response(body, media_type=GEOJSON, headers=headers)


_HEAD = b'{"type":"FeatureCollection","features":['


async def _streamed(
    first: Items, parts: AsyncIterator[Items], links: ItemLinks
) -> AsyncIterator[bytes]:
    yield _HEAD + first.content
    last, returned = first, first.returned
    async for part in parts:
        yield b"," + part.content if part.returned else b""
        last, returned = part, returned + part.returned
    yield _members(first, last, returned, links)


def _members(first: Items, last: Items, returned: int, links: ItemLinks) -> bytes:
    """Return what follows the features."""
    counted = {} if first.matched is None else {"numberMatched": first.matched}
    members: dict[str, Any] = {
        **counted,
        "numberReturned": returned,
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "links": links.of_page(last.next_after),
    }
    return b"]," + json.dumps(members, ensure_ascii=False).encode()[1:]


def _browsed(found: Items, wanted: Wanted, headers: Headers, zone: tzinfo) -> Response:
    features = json.loads(b"[" + found.content + b"]")
    query = wanted.links.asked
    text = item_pages.items(wanted.sight, features, query, found.next_after, found.matched, zone)
    return HTMLResponse(text, headers=headers)


def _table(found: Items, wanted: Wanted, headers: Headers) -> Response:
    """Return a page as CSV, with the mark by which spreadsheets know UTF-8."""
    asked = wanted.page
    places = ["wkt"] if asked.has_shapes and wanted.sight.layer.is_drawn else []
    head = ",".join(["id", *(asked.fields or ()), *places]).encode()
    lines = [head, found.content] if found.content else [head]
    body = _BOM + b"\r\n".join(lines) + b"\r\n"
    return Response(body, media_type=FORMS["csv"], headers=_with_links(found, wanted, headers))


async def _flatgeobuf(found: Items, wanted: Wanted, headers: Headers) -> Response:
    body = await run_in_threadpool(written, found.columns, wanted.sight, wanted.page)
    return Response(body, media_type=FORMS["fgb"], headers=_with_links(found, wanted, headers))


def _with_links(found: Items, wanted: Wanted, headers: Headers) -> dict[str, str]:
    counted = {} if found.matched is None else {"OGC-NumberMatched": str(found.matched)}
    return {
        **headers,
        **counted,
        "OGC-NumberReturned": str(found.returned),
        "Link": ", ".join(
            f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"'
            for one in wanted.links.of_page(found.next_after)
        ),
    }
