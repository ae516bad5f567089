"""`/sensors/...`: readings in, in bulk; the series of a sensor out."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AwareDatetime, Field, TypeAdapter
from starlette.exceptions import HTTPException

from geoservice.auth import Conn, Who
from geoservice.errors import InputError
from geoservice.parameters import NoQuery, Parameters
from geoservice.problems import BODY, problem
from geoservice.publish.layers import layers_of
from geoservice.publish.permit import sight_of
from geoservice.sensors.actions import Series, Taken, read_series, record_observations
from geoservice.sensors.bodies import MEDIA_TYPES, MOST_READINGS, items_of

router = APIRouter(tags=["sensors"])
_TAKEN, _SERIES = TypeAdapter(Taken), TypeAdapter(Series)
_LISTED = 20
_READING = {
    "type": "object",
    "required": ["sensor", "observed_at", "value"],
    "properties": {
        "sensor": {"type": "string", "description": "code of the sensor"},
        "observed_at": {"type": "string", "format": "date-time"},
        "value": {"type": "number", "description": "in the unit of the sensor"},
        "quality": {"enum": ["good", "suspect", "bad", "calibration"]},
        "id": {"type": "string", "description": "how the sending system calls it"},
    },
}
_READINGS = {"type": "array", "maxItems": MOST_READINGS, "items": _READING}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"observations": _READINGS}}
            },
            **{name: {"schema": {"type": "string"}} for name in MEDIA_TYPES[1:]},
        },
    }
}


class SeriesQuery(Parameters):
    """Which part of a sensor's series is wanted: instants with their zone, both ends in."""

    first: Annotated[AwareDatetime | None, Field(alias="from")] = None
    last: Annotated[AwareDatetime | None, Field(alias="to")] = None
    limit: Annotated[int, Field(ge=1)] = 1000


async def _items(request: Request) -> list[Any]:
    media_type = request.headers.get("content-type", MEDIA_TYPES[0]).split(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise HTTPException(415)
    return items_of(await request.body(), media_type)


@router.post("/sensors/observations", summary="上报读数 · readings in, in bulk",
             response_model=Taken, openapi_extra=_BODY)  # fmt: skip
def post_observations(
    _: Annotated[NoQuery, Query()],
    items: Annotated[list[Any], Depends(_items)],
    conn: Conn,
    who: Who,
) -> Response:
    """Store readings; every item is accepted, known already, or refused with its reason."""
    taken = record_observations(conn, items=items, towns=who.towns)
    if taken.refused and not taken.accepted and not taken.known:
        listed = [
            {"where": f"observations.{it.no}", "why": it.why, "why_zh": it.why_zh}
            for it in taken.refused[:_LISTED]
        ]
        count = len(taken.refused)
        zh, en = f"{count} 条读数均未接受", f"none of the {count} readings was taken"
        return problem(BODY, zh, en, errors=listed)
    return Response(_TAKEN.dump_json(taken), media_type="application/json")


@router.get("/sensors/{code}/observations", summary="读数序列 · the series of a sensor",
            response_model=Series)  # fmt: skip
def get_observations(
    code: Annotated[str, Path(max_length=100)],
    query: Annotated[SeriesQuery, Query()],
    request: Request,
    conn: Conn,
    who: Who,
) -> Response:
    """Return the latest readings between two instants, the oldest first."""
    _check_span(query.first, query.last)
    series = read_series(
        conn,
        sight=sight_of(layers_of(request)["sensors"], who),
        code=code,
        first=query.first,
        last=query.last,
        limit=min(query.limit, MOST_READINGS),
    )
    return Response(_SERIES.dump_json(series), media_type="application/json")


def _check_span(first: datetime | None, last: datetime | None) -> None:
    if first is not None and last is not None and last < first:
        raise InputError("to is before from", zh="to 早于 from", where="to")
