"""A page of features as an answer: GeoJSON, streamed where it is long, CSV or FlatGeobuf."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, StreamingResponse

from geoservice.publish.coordinates import ServedCrs
from geoservice.publish.documents import GEOJSON, HTML
from geoservice.publish.exports import MEDIA_TYPES
from geoservice.publish.flatgeobuf import written
from geoservice.publish.html import item_pages
from geoservice.publish.item_links import ItemLinks
from geoservice.publish.permit import Sight
from geoservice.publish.reading import CHUNK, Items
from geoservice.publish.statement import Page

FORMS = {"json": GEOJSON, "html": HTML, "csv": MEDIA_TYPES["csv"], "fgb": MEDIA_TYPES["fgb"]}
_BOM = "\ufeff".encode()


def content_headers(crs: ServedCrs) -> dict[str, str]:
    """Return the headers that every answer with features has."""
    return {"Content-Crs": f"<{crs.uri}>", "Vary": "Accept"}


async def geojson(
    parts: AsyncIterator[Items], limit: int, links: ItemLinks, headers: Mapping[str, str]
) -> Response:
    """Return a page of GeoJSON; its first part is read before the answer begins."""
    first = await anext(parts)
    body = _collection(first, parts, links)
    if limit > CHUNK and first.next_after is not None:
        return StreamingResponse(body, media_type=GEOJSON, headers=headers)
    return Response(b"".join([piece async for piece in body]), media_type=GEOJSON, headers=headers)


async def _collection(
    first: Items, parts: AsyncIterator[Items], links: ItemLinks
) -> AsyncIterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    yield first.content
    last, returned = first, first.returned
    async for part in parts:
        yield b"," + part.content if part.returned else b""
        last, returned = part, returned + part.returned
    counted = {} if first.matched is None else {"numberMatched": first.matched}
    members: dict[str, Any] = {
        **counted,
        "numberReturned": returned,
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "links": links.of_page(last.next_after),
    }
    yield b"]," + json.dumps(members, ensure_ascii=False).encode()[1:]


def browsed(
    found: Items, sight: Sight, query: Mapping[str, str], headers: Mapping[str, str]
) -> Response:
    """Return a page of features to be read by a person."""
    features = json.loads(b"[" + found.content + b"]")
    text = item_pages.items(sight, features, query, found.next_after, found.matched)
    return HTMLResponse(text, headers=headers)


def table(
    found: Items, columns: list[str], links: ItemLinks, headers: Mapping[str, str]
) -> Response:
    """Return a page as CSV, with the mark by which spreadsheets know UTF-8."""
    head = ",".join(columns).encode()
    lines = [head, found.content] if found.content else [head]
    body = _BOM + b"\r\n".join(lines) + b"\r\n"
    return Response(body, media_type=FORMS["csv"], headers=_with_links(found, links, headers))


async def flatgeobuf(
    found: Items, sight: Sight, asked: Page, links: ItemLinks, headers: Mapping[str, str]
) -> Response:
    """Return a page as FlatGeobuf."""
    body = await run_in_threadpool(written, found.columns, sight, asked)
    more = _with_links(found, links, headers)
    return Response(body, media_type=FORMS["fgb"], headers=more)


def _with_links(found: Items, links: ItemLinks, headers: Mapping[str, str]) -> dict[str, str]:
    counted = {} if found.matched is None else {"OGC-NumberMatched": str(found.matched)}
    return {
        **headers,
        **counted,
        "OGC-NumberReturned": str(found.returned),
        "Link": ", ".join(
            f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"'
            for one in links.of_page(found.next_after)
        ),
    }
