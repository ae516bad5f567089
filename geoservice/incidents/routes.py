"""`/dispatch/incidents`: put down, amended, closed."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field, TypeAdapter

from geoservice.auth import Conn, Who
from geoservice.incidents.actions import (
    add_incident,
    amend_incident,
    close_incident,
    list_incidents,
    read_incident,
)
from geoservice.incidents.bodies import IncidentBody, IncidentChanges
from geoservice.incidents.records import Incident, Report
from geoservice.parameters import NoQuery, Parameters
from geoservice.publish.layers import layers_of
from geoservice.publish.permit import sight_of
from geoservice.registry.editing import Editor
from geoservice.registry.preconditions import IfMatch, version_of
from geoservice.registry.routes import Why

router = APIRouter(prefix="/dispatch/incidents", tags=["dispatch"])
IncidentId = Annotated[int, Path(ge=1, lt=2**63)]
_INCIDENT, _INCIDENTS = TypeAdapter(Incident), TypeAdapter(list[Incident])
_MOST = 1000


class ListQuery(Parameters):
    """Which incidents are wanted: newest first, ``before`` is the last id of the page before."""

    state: Literal["open", "closed", "all"] = "open"
    before: Annotated[int | None, Field(ge=1, lt=2**63)] = None
    limit: Annotated[int, Field(ge=1)] = 100


async def scope_of(request: Request, who: Who) -> Editor:
    """Return which incidents the caller may see and change."""
    sight = sight_of(layers_of(request)["incidents"], who)
    return Editor(towns=who.towns, secrecies=sight.secrecies)


Scope = Annotated[Editor, Depends(scope_of)]


@router.post("", summary="登记事件 · put an incident down", status_code=201,
             response_model=Incident)  # fmt: skip
def post_incident(
    body: IncidentBody, _: Annotated[NoQuery, Query()], scope: Scope, conn: Conn
) -> Response:
    """Put an incident or a drill down; the answer names the command post that must confirm."""
    said = body.model_dump(exclude={"needs"})
    needs: tuple[dict[str, Any], ...] = tuple(it.model_dump(mode="json") for it in body.needs)
    incident = add_incident(conn, Report(**said, needs=needs), scope)
    return _answer(incident, 201, Location=f"/dispatch/incidents/{incident.id}")


@router.get("", summary="事件列表 · incidents", response_model=list[Incident])
def get_incidents(query: Annotated[ListQuery, Query()], scope: Scope, conn: Conn) -> Response:
    """Return the incidents that are open, closed, or all, the newest first."""
    state = None if query.state == "all" else query.state
    limit = min(query.limit, _MOST)
    found = list_incidents(conn, scope, state=state, before=query.before, limit=limit)
    return Response(_INCIDENTS.dump_json(found), media_type="application/json")


@router.get("/{incident_id}", summary="一起事件 · an incident", response_model=Incident)
def get_incident(
    incident_id: IncidentId, _: Annotated[NoQuery, Query()], scope: Scope, conn: Conn
) -> Response:
    """Return an incident with its needs, and the ETag that a change of it must name."""
    return _answer(read_incident(conn, incident_id, scope))


@router.patch("/{incident_id}", summary="修改事件 · amend an incident", response_model=Incident)
def patch_incident(
    incident_id: IncidentId, body: IncidentChanges, _: Annotated[Why, Query()], scope: Scope,
    conn: Conn, if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Change the fields that the body names; `needs` are said anew as a whole."""
    version = version_of(if_match, incident_id)
    return _answer(amend_incident(conn, incident_id, body.said(), version=version, scope=scope))


@router.post("/{incident_id}/close", summary="结束事件 · close an incident",
             response_model=Incident)  # fmt: skip
def post_close(
    incident_id: IncidentId, _: Annotated[Why, Query()], scope: Scope, conn: Conn
) -> Response:
    """Say that it is over; refused while orders of it are open."""
    return _answer(close_incident(conn, incident_id, scope))


def _answer(incident: Incident, status: int = 200, **headers: str) -> Response:
    headers = {"ETag": incident.etag, **headers}
    return Response(_INCIDENT.dump_json(incident), status, headers, media_type="application/json")
