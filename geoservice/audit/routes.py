"""`/audit/...`: for auditors."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from geoservice.audit.actions import EVENTS, verify
from geoservice.auth import Conn
from geoservice.parameters import NoQuery, Parameters

router = APIRouter(prefix="/audit", tags=["audit"])
MOST = 1000


class EventsQuery(Parameters):
    """Which events: newest first, before an id."""

    before: Annotated[int, Field(ge=1, lt=2**63)] = 2**63 - 1
    limit: Annotated[int, Field(ge=1)] = 100
    actor: str | None = None
    action: str | None = None
    table_name: str | None = None
    row_id: Annotated[int | None, Field(ge=1, lt=2**63)] = None


@router.get("/events", summary="审计事件 · events")
def events(query: Annotated[EventsQuery, Query()], conn: Conn) -> list[dict[str, Any]]:
    """Return who did what, newest first."""
    asked = query.model_dump() | {"limit": min(query.limit, MOST)}
    return [asdict(it) for it in EVENTS.all(conn, **asked)]


@router.get("/verification", summary="核验审计链 · verify the chain")
def verification(_: Annotated[NoQuery, Query()], conn: Conn) -> dict[str, Any]:
    """Return whether the sealed events are as they were; the newest may wait for their seal."""
    found = verify(conn)
    return {**asdict(found), "is_sound": not found.broken}
