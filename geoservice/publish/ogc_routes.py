"""OGC API: landing page, conformance, collections, schemas and styles."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from geoservice.auth import Conn
from geoservice.publish import documents, schemas
from geoservice.publish.actions import describe, place_of
from geoservice.publish.layers import (
    BAD_REQUEST,
    OF_A_LAYER,
    Base,
    DrawnHere,
    JsonQuery,
    SightHere,
    Sights,
    document,
)
from geoservice.publish.styles import style_of
from geoservice.publish.tilesets import tiles_url

router = APIRouter(prefix="/ogc", tags=["ogc"])
AsJson = Annotated[JsonQuery, Query()]


@router.get("", summary="OGC API 首页 · landing page", responses=BAD_REQUEST)
@router.get("/", include_in_schema=False)
def landing(_: AsJson, base: Base, conn: Conn) -> Response:
    """Where everything is: collections, conformance, tiles, styles, the API document."""
    return document(documents.landing(base, place_of(conn)))


@router.get("/conformance", summary="遵循的标准 · conformance classes", responses=BAD_REQUEST)
def conformance(_: AsJson) -> Response:
    """Which conformance classes of OGC API this service implements."""
    return document({"conformsTo": documents.CONFORMANCE})


@router.get("/collections", summary="图层目录 · collections", responses=BAD_REQUEST)
def collections(_: AsJson, base: Base, sights: Sights, conn: Conn) -> Response:
    """Return the layers that the caller may read, from the lowest drawn to the highest."""
    return document(documents.collections(base, describe(conn, sights), place_of(conn)))


@router.get("/collections/{layer_id}", summary="图层说明 · collection", responses=OF_A_LAYER)
def collection(_: AsJson, base: Base, sight: SightHere, conn: Conn) -> Response:
    """One layer: extent, coordinate reference systems, fields, legend, links."""
    return document(documents.collection(base, describe(conn, [sight])[0], place_of(conn)))


@router.get("/collections/{layer_id}/schema", summary="字段说明 · schema", responses=OF_A_LAYER)
def schema(_: AsJson, base: Base, sight: SightHere) -> Response:
    """Return the JSON Schema of the layer's features: names, types, codes with their labels."""
    return document(schemas.schema(base, sight), documents.SCHEMA)


@router.get("/collections/{layer_id}/queryables", summary="可筛选字段 · queryables",
            responses=OF_A_LAYER)  # fmt: skip
def queryables(_: AsJson, base: Base, sight: SightHere) -> Response:
    """Return what a `filter` may name: a JSON Schema of the caller's fields and the geometry."""
    return document(schemas.queryables(base, sight), documents.SCHEMA)


@router.get("/styles", summary="样式目录 · styles", responses=BAD_REQUEST)
def styles(_: AsJson, base: Base, sights: Sights) -> Response:
    """One style for each drawn layer that the caller may read."""
    return document(documents.styles(base, [sight.layer for sight in sights]))


@router.get("/styles/{layer_id}", summary="图层样式 · style", responses=OF_A_LAYER)
def style(_: AsJson, base: Base, sight: DrawnHere, conn: Conn) -> Response:
    """Return the layer's MapLibre style (version 8) over its vector tiles."""
    bounds = describe(conn, [sight])[0].bounds
    made = style_of(sight.layer, tiles_url(base, sight.layer.id), list(bounds) if bounds else None)
    return document(made, documents.STYLE)
