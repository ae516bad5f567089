"""OGC API: landing page, conformance, collections, schemas and styles."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from geoservice.auth import Conn
from geoservice.publish import documents, schemas
from geoservice.publish.actions import describe, place_of
from geoservice.publish.document_tags import TagOfAll, TagOfOne
from geoservice.publish.html import document_pages
from geoservice.publish.layers import (
    AS_PAGE,
    BAD_REQUEST,
    NOT_MODIFIED,
    OF_A_LAYER,
    VARY,
    Base,
    DrawnHere,
    FormQuery,
    JsonQuery,
    SightHere,
    Sights,
    StyleQuery,
    browsed,
    document,
    not_modified,
    wants_page,
)
from geoservice.publish.negotiation import style_form
from geoservice.publish.sld import sld_of
from geoservice.publish.styles import style_of
from geoservice.publish.tags import is_held
from geoservice.publish.tilesets import tiles_url

router = APIRouter(prefix="/ogc", tags=["ogc"])
AsJson = Annotated[JsonQuery, Query()]
Asked = Annotated[FormQuery, Query()]
_TEXT = {"schema": {"type": "string"}}
_SCHEMA_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "JSON Schema",
        "content": {
            documents.SCHEMA: {"schema": {"type": "object", "required": ["type", "properties"]}},
            documents.HTML: _TEXT,
        },
    },
    **OF_A_LAYER,
}
_STYLE_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "样式 · style",
        "content": {
            documents.STYLE: {"schema": {"type": "object", "required": ["version", "layers"]}},
            documents.SLD_1_0: _TEXT,
            documents.SLD_1_1: _TEXT,
        },
    },
    **OF_A_LAYER,
}


@router.get("", summary="OGC API 首页 · landing page", responses=AS_PAGE | BAD_REQUEST)
@router.get("/", include_in_schema=False)
def landing(asked: Asked, request: Request, base: Base, conn: Conn) -> Response:
    """Where everything is: collections, conformance, tiles, styles, the API document."""
    place = place_of(conn)
    if wants_page(request, asked.f):
        return browsed(document_pages.landing(place))
    return document(documents.landing(base, place))


@router.get(
    "/conformance", summary="遵循的标准 · conformance classes", responses=AS_PAGE | BAD_REQUEST
)
def conformance(asked: Asked, request: Request) -> Response:
    """Which conformance classes of OGC API this service implements."""
    if wants_page(request, asked.f):
        return browsed(document_pages.conformance())
    return document({"conformsTo": documents.CONFORMANCE})


@router.get(
    "/collections", summary="图层目录 · collections", responses=AS_PAGE | NOT_MODIFIED | BAD_REQUEST
)
def collections(
    asked: Asked, request: Request, base: Base, sights: Sights, tag: TagOfAll, conn: Conn
) -> Response:
    """Return the layers that the caller may read, from the lowest drawn to the highest."""
    if is_held(tag, request.headers.get("if-none-match")):
        return not_modified(tag)
    described = describe(conn, sights)
    if wants_page(request, asked.f):
        return browsed(document_pages.collections(described), tag)
    return document(documents.collections(base, described, place_of(conn)), tag=tag)


@router.get(
    "/collections/{layer_id}",
    summary="图层说明 · collection",
    responses=AS_PAGE | NOT_MODIFIED | OF_A_LAYER,
)
def collection(
    asked: Asked, request: Request, base: Base, sight: SightHere, tag: TagOfOne, conn: Conn
) -> Response:
    """One layer: extent, coordinate reference systems, fields, legend, links."""
    if is_held(tag, request.headers.get("if-none-match")):
        return not_modified(tag)
    described, place = describe(conn, [sight])[0], place_of(conn)
    if wants_page(request, asked.f):
        return browsed(document_pages.collection(described, place), tag)
    return document(documents.collection(base, described, place), tag=tag)


@router.get(
    "/collections/{layer_id}/schema", summary="字段说明 · schema", response_class=Response,
    responses=_SCHEMA_ANSWER,
)  # fmt: skip
def schema(asked: Asked, request: Request, base: Base, sight: SightHere) -> Response:
    """Return the JSON Schema of the layer's features: names, types, codes with their labels."""
    if wants_page(request, asked.f):
        return browsed(document_pages.fields(sight, "schema"))
    return document(schemas.schema(base, sight), documents.SCHEMA)


@router.get("/collections/{layer_id}/queryables", summary="可筛选字段 · queryables",
            response_class=Response, responses=_SCHEMA_ANSWER)  # fmt: skip
def queryables(asked: Asked, request: Request, base: Base, sight: SightHere) -> Response:
    """Return what a `filter` may name: a JSON Schema of the caller's fields and the geometry."""
    if wants_page(request, asked.f):
        return browsed(document_pages.fields(sight, "queryables"))
    return document(schemas.queryables(base, sight), documents.SCHEMA)


@router.get("/styles", summary="样式目录 · styles", responses=BAD_REQUEST)
def styles(_: AsJson, base: Base, sights: Sights) -> Response:
    """One style for each drawn layer that the caller may read."""
    return document(documents.styles(base, [sight.layer for sight in sights]))


@router.get("/styles/{layer_id}", summary="图层样式 · style", response_class=Response,
            responses=_STYLE_ANSWER)  # fmt: skip
def style(
    asked: Annotated[StyleQuery, Query()],
    request: Request,
    base: Base,
    sight: DrawnHere,
    conn: Conn,
) -> Response:
    """Return the layer's style: MapLibre (version 8) over its vector tiles, or SLD."""
    form = asked.f or style_form(request.headers.get("accept"))
    if form != "json":
        kind = documents.SLD_1_0 if form == "sld10" else documents.SLD_1_1
        made_sld = sld_of(sight.layer, "1.0" if form == "sld10" else "1.1")
        return Response(made_sld, headers={"Content-Type": kind} | VARY)
    bounds = describe(conn, [sight])[0].bounds
    made = style_of(sight.layer, tiles_url(base, sight.layer.id), list(bounds) if bounds else None)
    return document(made, documents.STYLE)
