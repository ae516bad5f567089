"""`/dispatch/closures` and `/dispatch/floods`: what shuts and slows the roads."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field, TypeAdapter

from geoservice.auth import Conn, Who
from geoservice.closures import actions
from geoservice.closures.bodies import ClosureBody, ClosureChanges, FloodChanges
from geoservice.closures.records import Closure, Flood
from geoservice.parameters import AtQuery
from geoservice.publish.layers import layers_of
from geoservice.registry.editing import Editor
from geoservice.registry.hands import writer
from geoservice.registry.preconditions import IfMatch, version_of
from geoservice.registry.routes import Why

router = APIRouter(prefix="/dispatch", tags=["dispatch"])
RecordId = Annotated[int, Path(ge=1, lt=2**63)]
_CLOSURE, _CLOSURES = TypeAdapter(Closure), TypeAdapter(list[Closure])
_FLOOD, _FLOODS = TypeAdapter(Flood), TypeAdapter(list[Flood])
_MOST = 1000


class ListQuery(AtQuery):
    """Which closures, and as of when."""

    state: Literal["in_force", "to_come", "past", "all"] = "in_force"
    limit: Annotated[int, Field(ge=1)] = 200


async def hands_of(request: Request, who: Who) -> Editor:
    """Return which closures the caller may change."""
    return writer(layers_of(request), actions.REGISTER, who)


Hands = Annotated[Editor, Depends(hands_of)]


@router.post("/closures", summary="封闭道路 · close a road", status_code=201,
             response_model=Closure)  # fmt: skip
def post_closure(
    body: ClosureBody, _: Annotated[Why, Query()], editor: Hands, conn: Conn
) -> Response:
    """Close or slow the roads under a point, line or area; in force for the next question."""
    said = body.model_dump(mode="json")
    closure = actions.close_road(conn, said, at=datetime.now(UTC), editor=editor)
    return _answer(closure, 201, Location=f"/dispatch/closures/{closure.id}")


@router.get("/closures", summary="封闭列表 · closures", response_model=list[Closure])
def get_closures(query: Annotated[ListQuery, Query()], conn: Conn) -> Response:
    """Return the closures in force, to come, past or all, with the arcs they lie on."""
    most = min(query.limit, _MOST)
    found = actions.list_closures(conn, at=query.instant, state=query.state, most=most)
    return Response(_CLOSURES.dump_json(found), media_type="application/json")


@router.get("/closures/{closure_id}", summary="一处封闭 · a closure", response_model=Closure)
def get_closure(closure_id: RecordId, query: Annotated[AtQuery, Query()], conn: Conn) -> Response:
    """Return a closure, and the ETag that a change of it must name."""
    return _answer(actions.read_closure(conn, closure_id, at=query.instant))


@router.patch("/closures/{closure_id}", summary="修改封闭 · amend a closure",
              response_model=Closure)  # fmt: skip
def patch_closure(
    closure_id: RecordId, body: ClosureChanges, _: Annotated[Why, Query()], editor: Hands,
    conn: Conn, if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Change the fields that the body names."""
    version = version_of(if_match, closure_id)
    closure = actions.amend_closure(
        conn, closure_id, body.said(), at=datetime.now(UTC), version=version, editor=editor
    )
    return _answer(closure)


@router.post("/closures/{closure_id}/reopen", summary="解除封闭 · open the road again",
             response_model=Closure, responses={204: {"description": "withdrawn"}})  # fmt: skip
def post_reopen(
    closure_id: RecordId, _: Annotated[Why, Query()], editor: Hands, conn: Conn,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """End a closure now; one still to come is withdrawn (204)."""
    version = version_of(if_match, closure_id)
    closure = actions.reopen_road(
        conn, closure_id, at=datetime.now(UTC), version=version, editor=editor
    )
    return Response(status_code=204) if closure is None else _answer(closure)


@router.get("/floods", summary="洪水情景 · flood scenarios", response_model=list[Flood])
def get_floods(query: Annotated[AtQuery, Query()], conn: Conn) -> Response:
    """Return the flood scenarios, and which of them are on the roads."""
    found = actions.list_floods(conn, at=query.instant)
    return Response(_FLOODS.dump_json(found), media_type="application/json")


@router.patch("/floods/{flood_id}", summary="洪水生效或解除 · a flood on the roads",
              response_model=Flood)  # fmt: skip
def patch_flood(
    flood_id: RecordId, body: FloodChanges, _: Annotated[Why, Query()], conn: Conn,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    """Put a scenario's water on the roads, for a period if given, or take it off."""
    version = version_of(if_match, flood_id)
    changes = body.model_dump()
    flood = actions.set_flood(conn, flood_id, changes, at=datetime.now(UTC), version=version)
    headers = {"ETag": flood.etag}
    return Response(_FLOOD.dump_json(flood), 200, headers, media_type="application/json")


@router.get("/floods/{flood_id}", summary="一个洪水情景 · a flood scenario", response_model=Flood)
def get_flood(flood_id: RecordId, query: Annotated[AtQuery, Query()], conn: Conn) -> Response:
    """Return a scenario, and the ETag that a change of it must name."""
    flood = actions.read_flood(conn, flood_id, at=query.instant)
    headers = {"ETag": flood.etag}
    return Response(_FLOOD.dump_json(flood), 200, headers, media_type="application/json")


def _answer(closure: Closure, status: int = 200, **headers: str) -> Response:
    headers = {"ETag": closure.etag, **headers}
    return Response(_CLOSURE.dump_json(closure), status, headers, media_type="application/json")
