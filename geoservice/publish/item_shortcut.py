"""A short way to features: the same answers, without routing and injected dependencies.

These take longer than PostgreSQL does for a page. Only what the caller may see is answered here;
everything else, refusals too, goes the usual way, and so does everything as soon as `access.py`
leaves features not to their layer.
"""

import re

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from geoservice import access, problems
from geoservice.auth import current_actor
from geoservice.errors import GeoServiceError
from geoservice.middleware import protect
from geoservice.publish.item_parameters import ItemQuery, asked_of
from geoservice.publish.item_routes import answer_item, answer_items
from geoservice.publish.layers import sight_here
from geoservice.publish.packing import packed
from geoservice.publish.reading import CHUNK

_PATH = re.compile(r"/ogc/collections/(\w+)/items(?:/(\d{1,19}))?", re.ASCII)
_ROUTES = [("GET", "/ogc/collections/{layer_id}/items"),
           ("GET", "/ogc/collections/{layer_id}/items/{feature_id}")]  # fmt: skip
_SHORT_BYTES = 1400
_REFUSED = (GeoServiceError, RequestValidationError, ValidationError)


class ItemShortcut:
    """Answers a plain request for features before routes and dependencies are worked out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        response = None
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            found = _PATH.fullmatch(scope["path"])
            if found is not None and _are_left_to_the_layer():
                response = await _short(Request(scope, receive), found[1], found[2])
                if response is not None:
                    scope["answered_as"] = _ROUTES[found[2] is not None][1]
        await (response or self.app)(scope, receive, send)


def _are_left_to_the_layer() -> bool:
    return all(access.ROUTES.get(route) == access.BY_LAYER for route in _ROUTES)


async def _short(request: Request, layer_id: str, feature_id: str | None) -> Response | None:
    given = request.query_params
    if len(given.multi_items()) != len(given):
        return None
    try:
        who = await current_actor(request)
        sight = sight_here(layer_id, request, who)
        wanted = asked_of(request, sight) if feature_id is None else None
        query = ItemQuery() if wanted else ItemQuery.model_validate(dict(given))
    except _REFUSED:
        return None
    if wanted is not None and wanted.query.limit > CHUNK:
        return None  # it is streamed, and packed as it goes
    try:
        if wanted is not None:
            response = await answer_items(request, sight, who, wanted)
        else:
            response = await answer_item(request, sight, who, query, feature_id or "")
    except GeoServiceError as error:
        response = problems.of_ours(request, error)
    except Exception as error:  # noqa: BLE001  # logged there, as the last resort does
        response = problems.of_unexpected(request, error)
    _pack(request, response)
    protect(response.raw_headers)
    if request.method == "HEAD":
        response.body = b""
    return response


def _pack(request: Request, response: Response) -> None:
    """Compress what is longer than a packet, where the client takes it so."""
    if len(response.body) < _SHORT_BYTES:
        return
    response.headers.add_vary_header("Accept-Encoding")
    if "gzip" in request.headers.get("accept-encoding", ""):
        response.body = packed(bytes(response.body))
        response.headers["content-encoding"] = "gzip"
        response.headers["content-length"] = str(len(response.body))
