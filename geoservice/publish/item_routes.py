"""OGC API - Features: items and single items, asynchronous from here to the cursor."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import HTMLResponse

from geoservice.publish import item_answers
from geoservice.publish.coordinates import crs_of
from geoservice.publish.documents import GEOJSON
from geoservice.publish.filtering import page_of
from geoservice.publish.html import item_pages
from geoservice.publish.item_answers import FORMS, content_headers
from geoservice.publish.item_links import ItemLinks
from geoservice.publish.item_parameters import ITEMS_PARAMETERS, Asked, ItemQuery, items_asked
from geoservice.publish.layers import OF_A_LAYER, Base, SightHere, pools_of
from geoservice.publish.negotiation import preferred
from geoservice.publish.permit import Sight
from geoservice.publish.reading import offered_crs, read_in_chunks, read_item, read_items
from geoservice.publish.statement import Page

_TEXT = {"schema": {"type": "string"}}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_CRS_HEADER = {"Content-Crs": {"schema": {"type": "string"}}}
_ITEMS_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "要素 · features",
        "content": {
            GEOJSON: {"schema": {"type": "object"}},
            FORMS["html"]: _TEXT,
            FORMS["csv"]: _TEXT,
            FORMS["fgb"]: _BINARY,
        },
        "headers": _CRS_HEADER,
    },
    **OF_A_LAYER,
}
_ITEM_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "要素 · feature",
        "content": {GEOJSON: {"schema": {"type": "object"}}, FORMS["html"]: _TEXT},
        "headers": _CRS_HEADER,
    },
    **OF_A_LAYER,
}

router = APIRouter(prefix="/ogc/collections/{layer_id}/items", tags=["ogc"])


@router.get("", summary="要素 · features", responses=_ITEMS_ANSWER,
            response_class=Response, openapi_extra={"parameters": ITEMS_PARAMETERS})  # fmt: skip
async def items(
    wanted: Annotated[Asked, Depends(items_asked)],
    sight: SightHere,
    base: Base,
    request: Request,
) -> Response:
    """Return a page of the layer's features, by id unless sorted; follow `next` for more."""
    pool, query = pools_of(request).items, wanted.query
    offered = await offered_crs(pool, query.crs, query.bbox_crs, query.filter_crs)
    form: Any = query.f or preferred(request.headers.get("accept"), FORMS)
    asked = page_of(wanted, sight, offered, form)
    here = f"{base}/ogc/collections/{sight.layer.id}/items"
    links = ItemLinks(here, dict(request.query_params), form, FORMS, sight.layer)
    headers = content_headers(asked.shape.crs)
    if form == "json":
        parts = read_in_chunks(pool, sight, asked)
        return await item_answers.geojson(parts, asked.limit, links, headers)
    found = await read_items(pool, sight, asked)
    if form == "html":
        return item_answers.browsed(found, sight, request.query_params, headers)
    if form == "csv":
        return item_answers.table(found, _columns(sight, asked), links, headers)
    return await item_answers.flatgeobuf(found, sight, asked, links, headers)


def _columns(sight: Sight, asked: Page) -> list[str]:
    places = ["wkt"] if asked.has_shapes and sight.layer.is_drawn else []
    return ["id", *(asked.fields or ()), *places]


@router.get("/{feature_id}", summary="单个要素 · feature", responses=_ITEM_ANSWER,
            response_class=Response)  # fmt: skip
async def item(
    query: Annotated[ItemQuery, Query()],
    feature_id: str,
    sight: SightHere,
    base: Base,
    request: Request,
) -> Response:
    """Return one feature."""
    pool = pools_of(request).items
    crs = crs_of(query.crs, await offered_crs(pool, query.crs), "crs")
    content = await read_item(pool, sight, feature_id, crs)
    here = f"{base}/ogc/collections/{sight.layer.id}/items/{int(feature_id)}"
    forms = {form: FORMS[form] for form in ("json", "html")}
    form = query.f or preferred(request.headers.get("accept"), forms)
    headers = content_headers(crs)
    if form == "html":
        text = item_pages.item(sight, json.loads(content), request.query_params)
        return HTMLResponse(text, headers=headers)
    links = ItemLinks(here, dict(request.query_params), "json", forms, sight.layer)
    said = json.dumps(links.of_page(None), ensure_ascii=False).encode()
    body = b"".join([content[:-1], b',"links":', said, b"}"])
    return Response(body, media_type=GEOJSON, headers=headers)
