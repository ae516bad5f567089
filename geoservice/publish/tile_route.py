"""The tiles themselves, asynchronous from here to the cursor; and a short way to them."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from starlette.types import ASGIApp, Receive, Scope, Send

from geoservice import access, problems
from geoservice.auth import ANONYMOUS, Actor, Who, current_actor
from geoservice.errors import GeoServiceError
from geoservice.middleware import protect
from geoservice.parameters import Parameters
from geoservice.precedence import Precedence
from geoservice.publish.documents import MVT
from geoservice.publish.layers import OF_A_LAYER, DrawnHere, drawn_here, sight_here, tiles_of
from geoservice.publish.ordering import fields_of
from geoservice.publish.permit import Sight
from geoservice.publish.tile_answers import TileAsked
from geoservice.publish.tilesets import TMS_ID

_PATH = f"/collections/{{layer_id}}/tiles/{TMS_ID}/{{zoom}}/{{row}}/{{col}}"
_ROUTE = ("GET", f"/ogc{_PATH}")
_PLAIN = re.compile(
    rf"/ogc/collections/(\w+)/tiles/{TMS_ID}/(\d{{1,2}})/(\d{{1,8}})/(\d{{1,8}})", re.ASCII
)
_TILE_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Mapbox Vector Tile",
        "content": {MVT: {"schema": {"type": "string", "format": "binary"}}},
    },
    204: {"description": "无内容 · nothing there"},
    304: {"description": "未改变 · not modified since the ETag that was sent"},
    **OF_A_LAYER,
}


class TileQuery(Parameters):
    """The query of a tile."""

    properties: Annotated[str | None, Field(description="only these fields; else by zoom")] = None


router = APIRouter(prefix="/ogc", tags=["ogc"])


@router.get(_PATH, summary="矢量瓦片 · vector tile",
            responses=_TILE_ANSWER, response_class=Response)  # fmt: skip
async def tile(
    query: Annotated[TileQuery, Query()],
    zoom: Annotated[int, Path()],
    row: Annotated[int, Path()],
    col: Annotated[int, Path()],
    sight: DrawnHere,
    who: Who,
    request: Request,
) -> Response:
    """Return a tile as the tile set describes it: every feature, or fewer marks by its rule."""
    wanted = None
    if query.properties is not None:
        names = tuple(field.name for field in sight.fields)
        wanted = frozenset(fields_of(query.properties, names))
    return await _answer(request, sight, TileAsked(zoom, row, col, wanted), who)


async def _answer(request: Request, sight: Sight, at: TileAsked, who: Actor) -> Response:
    return await tiles_of(request).answer(sight, at, request.headers, is_anonymous=who is ANONYMOUS)


class TileShortcut:
    """Answers a tile asked for plainly before routes and their dependencies are worked out.

    A map asks for tiles by the hundred, and finding the route takes longer than answering from
    memory does. Only what the caller may see is answered here; everything else, refusals too, goes
    the usual way, and so do all tiles as soon as `access.py` leaves them not to the layer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on; what dispatch asks goes first."""
        response = None
        precedence: Precedence = scope["app"].state.precedence
        if scope["type"] == "http" and scope["path"].startswith("/dispatch/"):
            with precedence.first():
                await self.app(scope, receive, send)
            return
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            found = None if scope["query_string"] else _PLAIN.fullmatch(scope["path"])
            if found is not None and access.ROUTES.get(_ROUTE) == access.BY_LAYER:
                await precedence.give_way()
                response = await _short(Request(scope, receive), *found.groups())
                if response is not None:
                    scope["answered_as"] = _ROUTE[1]
        await (response or self.app)(scope, receive, send)


async def _short(request: Request, layer_id: str, zoom: str, row: str, col: str) -> Response | None:
    try:
        who = await current_actor(request)
        sight = drawn_here(sight_here(layer_id, request, who))
        at = TileAsked(int(zoom), int(row), int(col))
    except GeoServiceError:
        return None
    try:
        response = await _answer(request, sight, at, who)
    except GeoServiceError as error:
        response = problems.of_ours(request, error)
    except Exception as error:  # noqa: BLE001  # logged there, as the last resort does
        response = problems.of_unexpected(request, error)
    protect(response.raw_headers)
    if request.method == "HEAD":
        response.body = b""
    return response
