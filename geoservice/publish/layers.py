"""What every route of this area needs: the layer asked for, as the caller sees it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Depends, Request, Response
from pydantic import Field
from starlette.responses import HTMLResponse, JSONResponse

from geoservice.auth import Actor, Who, settings_of
from geoservice.errors import NotFoundError
from geoservice.parameters import Parameters
from geoservice.publish.catalog import LayerDef
from geoservice.publish.counts import Counts
from geoservice.publish.documents import HTML
from geoservice.publish.negotiation import preferred
from geoservice.publish.permit import Sight, may_read, sight_of
from geoservice.publish.pools import ReadPools
from geoservice.publish.tile_answers import Tiles
from geoservice.publish.versions import Versions

# Answers common to the routes of one layer, for the API document.
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
BAD_REQUEST: dict[int | str, dict[str, Any]] = {
    400: {"description": "参数有误 · invalid or unknown parameter", "content": PROBLEM}
}
OF_A_LAYER: dict[int | str, dict[str, Any]] = {
    **BAD_REQUEST,
    401: {"description": "需要登录 · the layer is not public", "content": PROBLEM},
    403: {"description": "没有权限 · without the role", "content": PROBLEM},
    404: {"description": "没有找到 · no such layer or feature", "content": PROBLEM},
}


NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "未改变 · not modified since the ETag that was sent"}
}


class JsonQuery(Parameters):
    """The query of a document that has one format."""

    f: Literal["json"] = "json"


class StyleQuery(Parameters):
    """The query of a style: MapLibre's JSON or SLD."""

    f: Annotated[
        Literal["json", "sld10", "sld11"] | None,
        Field(description="The Accept header decides otherwise."),
    ] = None


# A document that is there as a page to browse, too.
AS_PAGE: dict[int | str, dict[str, Any]] = {
    200: {"content": {HTML: {"schema": {"type": "string"}}}},
}


class FormQuery(Parameters):
    """The query of a document that is there as JSON and as a page."""

    f: Annotated[
        Literal["json", "html"] | None, Field(description="The Accept header decides otherwise.")
    ] = None


VARY = {"Vary": "Accept, Authorization, Cookie"}


def wants_page(request: Request, form: str | None) -> bool:
    """Return whether the client would rather have a page to browse than JSON."""
    offered = {"json": "application/json", "html": HTML}
    return (form or preferred(request.headers.get("accept"), offered)) == "html"


def browsed(html: str, tag: str | None = None) -> Response:
    """Return a page to browse."""
    return HTMLResponse(html, headers=_tagged(tag))


def not_modified(tag: str) -> Response:
    """Return the answer to a client that has the present one already."""
    return Response(status_code=304, headers=_tagged(tag))


def _tagged(tag: str | None) -> dict[str, str]:
    return VARY if tag is None else {**VARY, "ETag": tag}


def layers_of(request: Request) -> Mapping[str, LayerDef]:
    """Return every layer by its id."""
    layers: Mapping[str, LayerDef] = request.app.state.layers
    return layers


def pools_of(request: Request) -> ReadPools:
    """Return the pools for reading published layers."""
    pools: ReadPools = request.app.state.reading
    return pools


def versions_of(request: Request) -> Versions:
    """Return who knows the version of each layer."""
    versions: Versions = request.app.state.versions
    return versions


def tiles_of(request: Request) -> Tiles:
    """Return who answers for tiles."""
    tiles: Tiles = request.app.state.tiles
    return tiles


def counts_of(request: Request) -> Counts:
    """Return what is known of how many rows there are."""
    counts: Counts = request.app.state.counts
    return counts


def keeper_of(sight: Sight, *, is_anonymous: bool) -> str:
    """Return who may keep an answer: anybody what everybody sees, else the asker alone."""
    return "public" if is_anonymous and sight.layer.is_public else "private"


def base_of(request: Request) -> str:
    """Return the service's address, without a slash at the end."""
    return settings_of(request).public_url


async def _base(request: Request) -> str:
    return base_of(request)


async def sight_of_path(layer_id: str, request: Request, who: Who) -> Sight:
    """Return what the caller may see of the layer named in the path (no thread for that)."""
    return sight_here(layer_id, request, who)


def sight_here(layer_id: str, request: Request, who: Actor) -> Sight:
    """Return what the caller may see of the layer named in the path.

    Raises
    ------
    NotFoundError, SignInRequiredError, ForbiddenError
        There is no such layer, or it is not for the caller.
    """
    layer = layers_of(request).get(layer_id)
    if layer is None:
        raise NotFoundError("there is no such layer", zh="没有这个图层", where="layer_id")
    return sight_of(layer, who)


async def drawn_of_path(sight: Annotated[Sight, Depends(sight_of_path)]) -> Sight:
    """Return what the caller may see of the layer named in the path, which has a place."""
    return drawn_here(sight)


def drawn_here(sight: Sight) -> Sight:
    """Return what the caller may see of the layer named in the path, which has a place.

    Raises
    ------
    NotFoundError
        It is a table: there is nothing to draw.
    """
    if not sight.layer.is_drawn:
        raise NotFoundError(
            f"{sight.layer.id} has no place on a map: read its items",
            zh=f"“{sight.layer.title.zh}”没有空间位置：请读取其条目（items）",
            where="layer_id",
        )
    return sight


async def _sights(request: Request, who: Who) -> list[Sight]:
    return [sight_of(one, who) for one in layers_of(request).values() if may_read(one, who)]


Base = Annotated[str, Depends(_base)]
SightHere = Annotated[Sight, Depends(sight_of_path)]
DrawnHere = Annotated[Sight, Depends(drawn_of_path)]
Sights = Annotated[list[Sight], Depends(_sights)]


def document(
    content: Mapping[str, Any], media_type: str = "application/json", tag: str | None = None
) -> Response:
    """Return a document as JSON of this media type, to be asked for anew each time."""
    return JSONResponse(dict(content), media_type=media_type, headers=_tagged(tag))
