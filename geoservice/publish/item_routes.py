"""OGC API - Features: items and single items, asynchronous from here to the cursor."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import HTMLResponse

from geoservice import __version__
from geoservice.auth import ANONYMOUS, Actor, Who
from geoservice.errors import NotFoundError
from geoservice.publish import item_answers
from geoservice.publish.coordinates import ServedCrs, crs_of
from geoservice.publish.documents import GEOJSON
from geoservice.publish.filtering import page_of
from geoservice.publish.html import item_pages
from geoservice.publish.item_answers import FORMS, Wanted
from geoservice.publish.item_links import ItemLinks
from geoservice.publish.item_parameters import ITEMS_PARAMETERS, Asked, ItemQuery, items_asked
from geoservice.publish.layers import (
    NOT_MODIFIED,
    OF_A_LAYER,
    SightHere,
    base_of,
    counts_of,
    keeper_of,
    pools_of,
    versions_of,
)
from geoservice.publish.negotiation import preferred
from geoservice.publish.permit import Sight
from geoservice.publish.reading import id_of, offered_crs, zone_shown
from geoservice.publish.select import item as item_statement
from geoservice.publish.select import page
from geoservice.publish.tags import held_record_tag, is_held, record_tag, tag_of

_ITEM_FORMS = {form: FORMS[form] for form in ("json", "html")}
_TEXT = {"schema": {"type": "string"}}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_HEADERS = {"Content-Crs": _TEXT, "ETag": _TEXT}
_ITEMS_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "要素 · features",
        "content": {
            GEOJSON: {"schema": {"type": "object"}},
            FORMS["html"]: _TEXT,
            FORMS["csv"]: _TEXT,
            FORMS["fgb"]: _BINARY,
        },
        "headers": _HEADERS,
    },
    **NOT_MODIFIED,
    **OF_A_LAYER,
}
_ITEM_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "要素 · feature",
        "content": {GEOJSON: {"schema": {"type": "object"}}, FORMS["html"]: _TEXT},
        "headers": _HEADERS,
    },
    **NOT_MODIFIED,
    **OF_A_LAYER,
}

router = APIRouter(prefix="/ogc/collections/{layer_id}/items", tags=["ogc"])


@router.get("", summary="要素 · features", responses=_ITEMS_ANSWER,
            response_class=Response, openapi_extra={"parameters": ITEMS_PARAMETERS})  # fmt: skip
async def items(
    wanted: Annotated[Asked, Depends(items_asked)], sight: SightHere, who: Who, request: Request
) -> Response:
    """Return a page of the layer's features, by id unless sorted; follow `next` for more."""
    return await answer_items(request, sight, who, wanted)


@router.get("/{feature_id}", summary="单个要素 · feature", responses=_ITEM_ANSWER,
            response_class=Response)  # fmt: skip
async def item(
    query: Annotated[ItemQuery, Query()],
    feature_id: str,
    sight: SightHere,
    who: Who,
    request: Request,
) -> Response:
    """Return one feature; its ETag begins with the version of the record, for `If-Match`."""
    return await answer_item(request, sight, who, query, feature_id)


async def answer_items(request: Request, sight: Sight, who: Actor, wanted: Asked) -> Response:
    """Return a page of features as an answer to ``request``."""
    pool, query = pools_of(request).items, wanted.query
    offered = await offered_crs(pool, query.crs, query.bbox_crs, query.filter_crs)
    form: Any = query.f or preferred(request.headers.get("accept"), FORMS)
    asked = page_of(wanted, sight, offered, form)
    version = await versions_of(request).of(sight.layer.id)
    tag = tag_of(_said(version, form, request), page(sight, asked))
    headers = _headers(asked.shape.crs, tag, sight, who)
    if is_held(tag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    here = f"{base_of(request)}/ogc/collections/{sight.layer.id}/items"
    links = ItemLinks(here, dict(request.query_params), form, FORMS, sight.layer)
    page_wanted = Wanted(sight, asked, links, version)
    return await item_answers.answer(pool, counts_of(request), page_wanted, headers)


async def answer_item(
    request: Request, sight: Sight, who: Actor, query: ItemQuery, feature_id: str
) -> Response:
    """Return one feature as an answer to ``request``."""
    pools, record_id = pools_of(request), id_of(feature_id)
    crs = crs_of(query.crs, await offered_crs(pools.items, query.crs), "crs")
    form = query.f or preferred(request.headers.get("accept"), _ITEM_FORMS)
    statement, versions = item_statement(sight, record_id, crs), versions_of(request)
    if_none_match = request.headers.get("if-none-match")
    if if_none_match is not None:
        version = await versions.of(sight.layer.id)
        held = held_record_tag(tag_of(_said(version, form, request), statement), if_none_match)
        if held is not None:
            return Response(status_code=304, headers=_headers(crs, held, sight, who))
    version, (content, record_version) = await versions.with_row(sight.layer.id, pools, statement)
    if content is None:
        raise NotFoundError("there is no such feature", zh="没有这个要素")
    tag = tag_of(_said(version, form, request), statement)
    headers = _headers(crs, record_tag(tag, record_id, record_version), sight, who)
    if form == "html":
        zone = await zone_shown(pools.items)
        text = item_pages.item(sight, json.loads(content), request.query_params, zone)
        return HTMLResponse(text, headers=headers)
    here = f"{base_of(request)}/ogc/collections/{sight.layer.id}/items/{record_id}"
    links = ItemLinks(here, dict(request.query_params), "json", _ITEM_FORMS, sight.layer)
    said = json.dumps(links.of_page(None), ensure_ascii=False).encode()
    body = b"".join([content[:-1], b',"links":', said, b"}"])
    return Response(body, media_type=GEOJSON, headers=headers)


def _said(version: str, form: str, request: Request) -> str:
    """Return what decides an answer beside the rows: its form, its links, and this program."""
    return f"{version} {form} {request.scope['query_string']!r} {__version__}"


def _headers(crs: ServedCrs, tag: str, sight: Sight, who: Actor) -> dict[str, str]:
    return {
        "Content-Crs": f"<{crs.uri}>",
        "ETag": tag,
        "Cache-Control": f"{keeper_of(sight, is_anonymous=who is ANONYMOUS)}, no-cache",
        "Vary": "Accept, Authorization, Cookie",
    }
