"""OGC API - Tiles: the tile matrix set, each layer's tile set, and the tiles themselves."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from geoservice.auth import Conn
from geoservice.parameters import NoQuery, Parameters
from geoservice.publish import tilesets
from geoservice.publish.actions import describe
from geoservice.publish.documents import MVT
from geoservice.publish.layers import (
    BAD_REQUEST,
    OF_A_LAYER,
    Base,
    DrawnHere,
    JsonQuery,
    document,
    pools_of,
)
from geoservice.publish.reading import read_tile

router = APIRouter(prefix="/ogc", tags=["ogc"])
AsJson = Annotated[JsonQuery, Query()]
_HERE = f"/collections/{{layer_id}}/tiles/{tilesets.TMS_ID}"
_TILE_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Mapbox Vector Tile",
        "content": {MVT: {"schema": {"type": "string", "format": "binary"}}},
    },
    204: {"description": "无内容 · nothing there"},
    **OF_A_LAYER,
}


class TileSetQuery(Parameters):
    """The query of a tile set's metadata."""

    f: Literal["json", "tilejson"] = "json"


@router.get("/tileMatrixSets", summary="瓦片矩阵集目录 · tile matrix sets", responses=BAD_REQUEST)
def matrix_sets(_: AsJson, base: Base) -> Response:
    """Return the one there is: WebMercatorQuad."""
    return document(tilesets.matrix_sets(base))


@router.get(f"/tileMatrixSets/{tilesets.TMS_ID}", summary="瓦片矩阵集 · tile matrix set",
            responses=BAD_REQUEST)  # fmt: skip
def matrix_set(_: AsJson) -> Response:
    """Scales and sizes of WebMercatorQuad."""
    return document(tilesets.matrix_set())


@router.get("/collections/{layer_id}/tiles", summary="图层的瓦片集 · tile sets",
            responses=OF_A_LAYER)  # fmt: skip
def tile_sets(_: AsJson, base: Base, sight: DrawnHere, conn: Conn) -> Response:
    """Return the tile sets of one layer."""
    return document(tilesets.tile_sets(base, describe(conn, [sight])[0]))


@router.get(_HERE, summary="瓦片集说明 · tile set", responses=OF_A_LAYER)
def tile_set(
    query: Annotated[TileSetQuery, Query()], base: Base, sight: DrawnHere, conn: Conn
) -> Response:
    """Say what the tiles hold and what far-out ones leave out; as TileJSON with `f=tilejson`."""
    described = describe(conn, [sight])[0]
    if query.f == "tilejson":
        return document(tilesets.tile_json(base, described))
    return document(tilesets.tile_set(base, described))


@router.get(f"{_HERE}/{{zoom}}/{{row}}/{{col}}", summary="矢量瓦片 · vector tile",
            responses=_TILE_ANSWER, response_class=Response)  # fmt: skip
async def tile(
    _: Annotated[NoQuery, Query()],
    zoom: Annotated[int, Path()],
    row: Annotated[int, Path()],
    col: Annotated[int, Path()],
    sight: DrawnHere,
    request: Request,
) -> Response:
    """Return a tile with every feature there; only a declared thinning leaves any out."""
    content = await read_tile(pools_of(request).tiles, sight, zoom, row, col)
    return Response(content, media_type=MVT) if content else Response(status_code=204)
