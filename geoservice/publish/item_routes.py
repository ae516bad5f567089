"""OGC API - Features: items and single items, asynchronous from here to the cursor."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from geoservice.publish.coordinates import ServedCrs, crs_of
from geoservice.publish.documents import GEOJSON, JSON, link
from geoservice.publish.filtering import filters_of
from geoservice.publish.item_parameters import (
    ITEMS_PARAMETERS,
    MAX_LIMIT,
    Asked,
    ItemQuery,
    items_asked,
)
from geoservice.publish.layers import OF_A_LAYER, Base, SightHere, pools_of
from geoservice.publish.reading import offered_crs, read_item, read_items
from geoservice.publish.statement import Page

_GEOJSON_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "GeoJSON",
        "content": {GEOJSON: {"schema": {"type": "object"}}},
        "headers": {"Content-Crs": {"schema": {"type": "string"}}},
    },
    **OF_A_LAYER,
}

router = APIRouter(prefix="/ogc/collections/{layer_id}/items", tags=["ogc"])


@router.get("", summary="要素 · features", responses=_GEOJSON_ANSWER,
            response_class=Response, openapi_extra={"parameters": ITEMS_PARAMETERS})  # fmt: skip
async def items(
    wanted: Annotated[Asked, Depends(items_asked)],
    sight: SightHere,
    base: Base,
    request: Request,
) -> Response:
    """Return a page of the layer's features, by id; follow the link `next` for more."""
    pool, query = pools_of(request).items, wanted.query
    offered = await offered_crs(pool, query.crs, query.bbox_crs, query.filter_crs)
    crs = crs_of(query.crs, offered, "crs")
    filters = filters_of(wanted, sight, offered)
    asked = Page(min(query.limit, MAX_LIMIT), crs=crs, filters=filters)
    found = await read_items(pool, sight, asked, query.after)
    here = f"{base}/ogc/collections/{sight.layer.id}"
    links = [
        link(_with(f"{here}/items", request, query.after), "self", GEOJSON),
        link(here, "collection", JSON, sight.layer.title.zh),
    ]
    if found.next_after:
        links.append(link(_with(f"{here}/items", request, found.next_after), "next", GEOJSON))
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _geojson(found.body({"timeStamp": stamp, "links": links}), crs)


@router.get("/{feature_id}", summary="单个要素 · feature", responses=_GEOJSON_ANSWER,
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
    text = await read_item(pool, sight, feature_id, crs)
    here = f"{base}/ogc/collections/{sight.layer.id}"
    links = [
        link(_with(f"{here}/items/{int(feature_id)}", request, None), "self", GEOJSON),
        link(here, "collection", JSON, sight.layer.title.zh),
    ]
    body = f'{text[:-1]},"links":{json.dumps(links, ensure_ascii=False)}}}'
    return _geojson(body.encode(), crs)


def _with(href: str, request: Request, after: str | None) -> str:
    """Return the address with the query as it was asked, the page mark apart."""
    asked = {name: value for name, value in request.query_params.items() if name != "after"}
    query = urlencode(asked if after is None else {**asked, "after": after})
    return f"{href}?{query}" if query else href


def _geojson(body: bytes, crs: ServedCrs) -> Response:
    return Response(body, media_type=GEOJSON, headers={"Content-Crs": f"<{crs.uri}>"})
