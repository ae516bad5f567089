"""`/alerts`: CAP 1.2 in and out, as XML and as JSON."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field, TypeAdapter
from starlette.exceptions import HTTPException

from geoservice.alerts.actions import Filed, list_messages, read_message
from geoservice.alerts.cap import MEDIA_TYPE, write_cap
from geoservice.alerts.exchange import receive
from geoservice.alerts.feed import ATOM, atom_feed
from geoservice.alerts.message import Message
from geoservice.alerts.outbox_routes import caller_of
from geoservice.alerts.posting import JSON, TAKEN, posted_message
from geoservice.alerts.records import Listed
from geoservice.auth import Conn, Who
from geoservice.parameters import NoQuery, Parameters
from geoservice.publish.layers import Base, layers_of
from geoservice.publish.permit import Sight, sight_of
from geoservice.sensors.warnings import CLOCK

router = APIRouter(tags=["alerts"])
_FILED, _LISTED = TypeAdapter(Filed), TypeAdapter(list[Listed])
_MOST = 1000
_CAP_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            MEDIA_TYPE: {"schema": {"type": "string", "description": "a CAP 1.2 alert"}},
            JSON: {"schema": {"type": "object", "description": "the same, CAP's names"}},
        },
    }
}
_TWO_FORMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}


class ListQuery(Parameters):
    """Which alerts are wanted, and how."""

    state: Literal["active", "all"] = "active"
    before: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None
    limit: Annotated[int, Field(ge=1)] = 100
    f: Literal["json", "atom"] | None = None


class OneQuery(Parameters):
    """In which form one alert is wanted."""

    f: Literal["json", "cap"] | None = None


def _sight(request: Request, who: Who) -> Sight:
    return sight_of(layers_of(request)["alerts"], who)


async def _posted(request: Request) -> tuple[bytes, str]:
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type not in TAKEN:
        raise HTTPException(415)
    return await request.body(), media_type


AlertSight = Annotated[Sight, Depends(_sight)]


@router.post("/alerts", summary="接收或发布预警 · an alert in", status_code=201,
             response_model=Filed, openapi_extra=_CAP_BODY)  # fmt: skip
def post_alert(
    _: Annotated[NoQuery, Query()],
    posted: Annotated[tuple[bytes, str], Depends(_posted)],
    conn: Conn,
    who: Who,
) -> Response:
    """Store a CAP 1.2 message; an update or a cancellation ends what it refers to."""
    message, notes = posted_message(conn, *posted, now=CLOCK.one(conn))
    filed = receive(conn, message, caller=caller_of(who))
    filed = replace(filed, notes=(*filed.notes, *notes))
    status, headers = (200 if filed.is_repeat else 201), {"Location": f"/alerts/{filed.id}"}
    return Response(_FILED.dump_json(filed), status, headers, media_type=JSON)


@router.get("/alerts", summary="预警列表 · the alerts", response_model=list[Listed],
            responses={200: {"content": {ATOM: {"schema": {"type": "string"}}}}})  # fmt: skip
def get_alerts(
    query: Annotated[ListQuery, Query()],
    request: Request,
    sight: AlertSight,
    base: Base,
    conn: Conn,
) -> Response:
    """Return the alerts in force, or all, the newest first; `before` the last id for more."""
    found = list_messages(
        conn,
        sight=sight,
        in_force=query.state == "active",
        before=query.before,
        limit=min(query.limit, _MOST),
    )
    if query.f == "atom" or (query.f is None and _wants(request, ATOM)):
        title = f"{sight.layer.title.zh} · {sight.layer.title.en}"
        return Response(atom_feed(base, found, title=title, now=CLOCK.one(conn)), media_type=ATOM)
    return Response(_LISTED.dump_json(found), media_type=JSON)


@router.get("/alerts/{alert_id}", summary="一条预警 · one alert", response_model=Message,
            responses=_TWO_FORMS)  # fmt: skip
def get_alert(
    alert_id: Annotated[int, Path(ge=1, le=2**63 - 1)],
    query: Annotated[OneQuery, Query()],
    request: Request,
    sight: AlertSight,
    conn: Conn,
) -> Response:
    """Return one message, as JSON or as the CAP 1.2 document."""
    message = read_message(conn, sight=sight, alert_id=alert_id)
    if query.f == "cap" or (query.f is None and _wants(request, MEDIA_TYPE)):
        return Response(write_cap(message), media_type=MEDIA_TYPE)
    return Response(TypeAdapter(dict[str, Any]).dump_json(message.as_json()), media_type=JSON)


def _wants(request: Request, media_type: str) -> bool:
    return media_type in request.headers.get("accept", "")
