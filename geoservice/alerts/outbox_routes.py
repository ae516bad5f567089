"""`/alerts/outbox`: what waits for a partner, and its acks; `/alerts/exchange`: the log."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field, TypeAdapter

from geoservice.alerts.actions import Origin
from geoservice.alerts.exchange import (
    Caller,
    Exchanged,
    Waiting,
    acknowledge,
    exchanged,
    waiting_for,
)
from geoservice.auth import Actor, Conn, Who
from geoservice.parameters import Parameters

router = APIRouter(prefix="/alerts", tags=["alerts"])
_WAITING, _EXCHANGED = TypeAdapter(list[Waiting]), TypeAdapter(list[Exchanged])
_MOST, _MOST_ID = 500, 2**63 - 1
_JSON = "application/json"


class PartnerQuery(Parameters):
    """Whose outbox: a partner's own token says it, a publisher names one by its code."""

    partner: Annotated[str | None, Field(max_length=100)] = None


class OutboxQuery(PartnerQuery):
    """Which part of an outbox is wanted; ``since`` the last id of the page before."""

    since: Annotated[int, Field(ge=0, le=_MOST_ID)] = 0
    limit: Annotated[int, Field(ge=1)] = 100


class LogQuery(PartnerQuery):
    """How much of the exchange log is wanted."""

    limit: Annotated[int, Field(ge=1)] = 100


class Acknowledged(BaseModel):
    """The answer to an acknowledgement."""

    id: int
    is_repeat: bool


def caller_of(who: Actor) -> Caller:
    """Return the caller as the exchange sees it."""
    commands = who.has("dispatcher") or who.has("publisher")
    origin = Origin(towns=who.towns, may_be_ours=commands, may_end_others=commands)
    return Caller(
        token_id=who.token_id,
        origin=origin,
        may_file=commands or who.has("keeper"),
        may_see_all=who.has("publisher"),
    )


@router.get("/outbox", summary="待收预警 · what waits for a partner", response_model=list[Waiting])
def get_outbox(query: Annotated[OutboxQuery, Query()], conn: Conn, who: Who) -> Response:
    """Return every message that the partner has not acknowledged, in order."""
    found = waiting_for(
        conn,
        caller=caller_of(who),
        code=query.partner,
        since=query.since,
        limit=min(query.limit, _MOST),
    )
    return Response(_WAITING.dump_json(found), media_type=_JSON)


@router.post("/outbox/{outbox_id}/ack", summary="确认收到 · acknowledge")
def post_ack(
    outbox_id: Annotated[int, Path(ge=1, le=_MOST_ID)],
    query: Annotated[PartnerQuery, Query()],
    conn: Conn,
    who: Who,
) -> Acknowledged:
    """Say that the partner has a message; it is not offered again."""
    is_new = acknowledge(conn, caller=caller_of(who), code=query.partner, outbox_id=outbox_id)
    return Acknowledged(id=outbox_id, is_repeat=not is_new)


@router.get("/exchange", summary="交换记录 · the exchange log", response_model=list[Exchanged])
def get_log(query: Annotated[LogQuery, Query()], conn: Conn) -> Response:
    """Return what went to and came from partners, the newest first."""
    found = list(exchanged(conn, partner=query.partner, limit=min(query.limit, _MOST)))
    return Response(_EXCHANGED.dump_json(found), media_type=_JSON)
