"""OGC API - Features: items and single items, asynchronous from here to the cursor."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError

from geoservice.parameters import Parameters
from geoservice.publish.coordinates import CRS84, ServedCrs, crs_of
from geoservice.publish.documents import GEOJSON, JSON, link
from geoservice.publish.layers import OF_A_LAYER, Base, SightHere, pools_of
from geoservice.publish.reading import filters_of, offered_crs, read_item, read_items
from geoservice.publish.statement import Page

DEFAULT_LIMIT, MAX_LIMIT = 100, 10_000
_CRS_NOTE = f"{CRS84.uri} unless given; those of the collection's `crs`"


class ItemsQuery(Parameters):
    """The query of a page of items."""

    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    bbox: str | None = None
    bbox_crs: Annotated[str | None, Field(alias="bbox-crs")] = None
    datetime: str | None = None
    crs: str | None = None
    after: str | None = None
    f: Literal["json"] = "json"


class ItemQuery(Parameters):
    """The query of one item."""

    crs: Annotated[str | None, Field(description=_CRS_NOTE)] = None
    f: Literal["json"] = "json"


def _parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    described = {"name": name, "in": "query", "required": False, "description": description}
    return {**described, "style": "form", "explode": False, "schema": schema}


# Written out, because FastAPI cannot say `explode: false`, which the standard wants of bbox.
_ITEMS_PARAMETERS = [
    _parameter("limit", "Most features in one answer; a larger number is lowered to the maximum.",
               type="integer", minimum=1, maximum=MAX_LIMIT, default=DEFAULT_LIMIT),
    _parameter("bbox", "Four or six numbers: the corners, in the axis order of bbox-crs.",
               type="array", items={"type": "number"}, minItems=4, maxItems=6),
    _parameter("bbox-crs", _CRS_NOTE, type="string", format="uri", default=CRS84.uri),
    _parameter("datetime", "Surveyed then: an RFC 3339 instant or interval, `..` for an open end. "
               "Features without a survey day match.", type="string"),
    _parameter("crs", _CRS_NOTE, type="string", format="uri", default=CRS84.uri),
    _parameter("after", "Where the last page ended; only as the next link has it.", type="string"),
    _parameter("f", "Format", type="string", enum=["json"], default="json"),
]  # fmt: skip
_GEOJSON_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "GeoJSON",
        "content": {GEOJSON: {"schema": {"type": "object"}}},
        "headers": {"Content-Crs": {"schema": {"type": "string"}}},
    },
    **OF_A_LAYER,
}

router = APIRouter(prefix="/ogc/collections/{layer_id}/items", tags=["ogc"])


def _items_query(request: Request) -> ItemsQuery:
    try:
        return ItemsQuery.model_validate(dict(request.query_params))
    except ValidationError as error:
        found = [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(found) from error


@router.get("", summary="要素 · features", responses=_GEOJSON_ANSWER,
            response_class=Response, openapi_extra={"parameters": _ITEMS_PARAMETERS})  # fmt: skip
async def items(
    query: Annotated[ItemsQuery, Depends(_items_query)],
    sight: SightHere,
    base: Base,
    request: Request,
) -> Response:
    """Return a page of the layer's features, by id; follow the link `next` for more."""
    pool = pools_of(request).items
    offered = await offered_crs(pool, query.crs, query.bbox_crs)
    crs = crs_of(query.crs, offered, "crs")
    filters = filters_of(query.bbox, query.bbox_crs, query.datetime, offered)
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
