"""What every route of zones shares: who asks, and how an answer looks."""

from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response
from pydantic_core import to_json

from geoservice.auth import Actor, Who
from geoservice.publish.layers import layers_of
from geoservice.publish.permit import sight_of
from geoservice.zoning.answers import version_told
from geoservice.zoning.callers import Caller
from geoservice.zoning.records import Version

GEOJSON = "application/geo+json"
Id = Annotated[int, Path(ge=1, lt=2**63)]


async def caller_of(request: Request, who: Who) -> Caller:
    """Return who asks, with the mines that they may see."""
    return caller(request, who)


def caller(request: Request, who: Actor) -> Caller:
    """Return an actor as a caller of zones."""
    sight = sight_of(layers_of(request)["mines"], who)
    return Caller(who.name, who.roles, who.towns, sight.secrecies)


Asking = Annotated[Caller, Depends(caller_of)]


def answered(
    value: Any, status: int = 200, *, kind: str = "application/json", **headers: str
) -> Response:
    """Return JSON values; numbers with all their digits."""
    return Response(to_json(value), status, headers, media_type=kind)


def version_answered(version: Version, status: int = 200, **headers: str) -> Response:
    """Return a version with the ETag that a change of it must name."""
    return answered(version_told(version), status, ETag=version.etag, **headers)
