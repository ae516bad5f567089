"""OGC API - Tiles: the tile matrix set, each layer's tile set, and the tiles themselves."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from geoservice.auth import Conn
from geoservice.parameters import Parameters
from geoservice.publish import tilesets
from geoservice.publish.actions import describe
from geoservice.publish.layers import (
    BAD_REQUEST,
    OF_A_LAYER,
    Base,
    DrawnHere,
    JsonQuery,
    document,
)

router = APIRouter(prefix="/ogc", tags=["ogc"])
AsJson = Annotated[JsonQuery, Query()]
_HERE = f"/collections/{{layer_id}}/tiles/{tilesets.TMS_ID}"


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
