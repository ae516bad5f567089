"""`/zoning/mines/{id}/licence`: the corner table of a licence becomes the area of a mine."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import FormData

from geoservice import db
from geoservice.auth import Who, pool_of
from geoservice.imports.forms import file_in, form_of, put_down
from geoservice.imports.gate import file_name, through_gate
from geoservice.parameters import NoQuery
from geoservice.zoning.asking import Asking, Id, answered
from geoservice.zoning.callers import Caller
from geoservice.zoning.licence_tables import seven_of
from geoservice.zoning.licensing import Asked, Licensed, add_licence
from geoservice.zoning.versions import read_mine

router = APIRouter(prefix="/zoning", tags=["zoning"])
_FORM = form_of(
    ["datum"],
    {
        "datum": {"type": "string", "enum": ["cgcs2000", "xian80", "beijing54"]},
        "seven": {"type": "string", "description": "dx,dy,dz,rx,ry,rz,ppm"},
        "convention": {"type": "string", "enum": ["position_vector", "coordinate_frame"]},
    },
)


@router.post(
    "/mines/{mine_id}/licence", summary="矿区拐点表 · the corner table of a licence",
    status_code=201, openapi_extra=_FORM,
)  # fmt: skip
async def post_licence(
    mine_id: Id, request: Request, who: Who, _: Annotated[NoQuery, Query()], caller: Asking
) -> Response:
    """Take a table of corners (number, X, Y, and ring where there are excluded parts).

    The area is checked against the licence in the table's own plane: 0.1 % off at most.
    """
    made = await through_gate(request, who, lambda form: _take(request, mine_id, caller, form))
    return answered(asdict(made), 201)


def _take(request: Request, mine_id: int, caller: Caller, form: FormData) -> Licensed:
    upload = file_in(form)
    said = {name: str(form.get(name) or "") for name in ("datum", "seven", "convention")}
    seven = seven_of(said["seven"], said["convention"])
    with put_down(upload) as path, db.pooled(pool_of(request)) as conn:
        db.set_actor(conn, caller.name)
        mine = read_mine(conn, mine_id, caller)
        caller.refuse_foreign(mine.town_code, mine.secrecy, mine.name)
        asked = Asked(file_name(upload.filename), said["datum"], seven)
        return add_licence(conn, mine_id=mine_id, path=path, asked=asked)
