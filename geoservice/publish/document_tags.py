"""Entity tags of the documents about layers: they count rows, so they change when these do."""

import hashlib
from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Request

from geoservice import __version__
from geoservice.publish.layers import Base, SightHere, Sights, versions_of
from geoservice.publish.permit import Sight

# The district gives the name and the CRSs of every document.
_DISTRICT = "district"


async def _tag_of_all(request: Request, base: Base, sights: Sights) -> str:
    return await _tag(request, base, sights)


async def _tag_of_one(request: Request, base: Base, sight: SightHere) -> str:
    return await _tag(request, base, [sight])


async def _tag(request: Request, base: str, sights: Iterable[Sight]) -> str:
    """Return the tag of what these sights show, asked for in this form, at this moment."""
    seen = [
        (
            sight.layer.id,
            sight.secrecies,
            sight.towns,
            sight.open_to,
            [field.name for field in sight.fields],
        )
        for sight in sights
    ]
    versions = await versions_of(request).of_all([_DISTRICT, *(one[0] for one in seen)])
    form = (request.headers.get("accept"), request.scope["path"], request.scope["query_string"])
    said = f"{__version__} {base} {form} {seen} {versions}"
    return f'W/"{hashlib.blake2b(said.encode(), digest_size=12).hexdigest()}"'


TagOfAll = Annotated[str, Depends(_tag_of_all)]
TagOfOne = Annotated[str, Depends(_tag_of_one)]
