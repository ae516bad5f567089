"""`/zoning/mines/{id}/...`: rasters of its seams; what it lacks; its collars and the floods."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import FormData

from geoservice import db
from geoservice.auth import Conn, Who, pool_of, settings_of
from geoservice.imports.forms import file_in, form_of, put_down
from geoservice.imports.gate import file_name, through_gate
from geoservice.parameters import NoQuery
from geoservice.zoning.asking import Asking, Id, answered
from geoservice.zoning.bodies import DayQuery, InterpolationBody
from geoservice.zoning.callers import Caller
from geoservice.zoning.complying import check_shafts, mine_compliance, shaft_told
from geoservice.zoning.interpolating import Wish, interpolate_raster
from geoservice.zoning.rasters import KINDS, MineRaster, add_raster, list_rasters, retire_raster
from geoservice.zoning.versions import read_mine, seam_of

router = APIRouter(prefix="/zoning", tags=["zoning"])
Nothing = Annotated[NoQuery, Query()]
_TEXTS = ("seam", "kind", "datum")
_FORM = form_of(
    ["kind"],
    {
        "seam": {"type": "string", "description": "code or name"},
        "kind": {"type": "string", "enum": list(KINDS)},
        "datum": {"type": "string", "enum": ["1985", "1956", "EGM96", "local"]},
    },
)


@router.get("/mines/{mine_id}/rasters", summary="煤层栅格 · rasters of a mine")
def get_rasters(mine_id: Id, _: Nothing, caller: Asking, conn: Conn) -> Response:
    """Return the rasters in use: method and error, datum, grid, where they know nothing."""
    read_mine(conn, mine_id, caller)
    return answered([asdict(it) for it in list_rasters(conn, mine_id=mine_id)])


@router.post(
    "/mines/{mine_id}/rasters", summary="上传煤层栅格 · send a raster", status_code=201,
    openapi_extra=_FORM,
)  # fmt: skip
async def post_raster(
    mine_id: Id, request: Request, who: Who, _: Nothing, caller: Asking
) -> Response:
    """Take a GeoTIFF in metres of the district's zone as a raster of a seam.

    It replaces the one of its kind. Heights (``head_m``, ``floor_m``) need their datum.
    """
    made = await through_gate(request, who, lambda form: _take(request, mine_id, caller, form))
    return answered(asdict(made), 201)


@router.post(
    "/mines/{mine_id}/rasters/interpolated", summary="由钻孔推算栅格 · a raster from boreholes",
    status_code=201,
)  # fmt: skip
def post_interpolated(
    mine_id: Id, body: InterpolationBody, request: Request, _: Nothing, caller: Asking, conn: Conn
) -> Response:
    """Work a raster out from the boreholes of a seam; the answer has its leave-one-out error.

    Outside the boreholes nothing is known. It replaces the raster of its kind.
    """
    mine = read_mine(conn, mine_id, caller)
    caller.refuse_foreign(mine.town_code, mine.secrecy, mine.name)
    made = interpolate_raster(
        conn, home=settings_of(request).home, mine_seam_id=seam_of(conn, mine_id, body.seam).id,
        wish=Wish(body.kind, body.method, body.cell_m),
    )  # fmt: skip
    return answered(asdict(made), 201)


@router.delete(
    "/mines/{mine_id}/rasters/{raster_id}", summary="停用煤层栅格 · retire a raster",
    status_code=204,
)  # fmt: skip
def delete_raster(mine_id: Id, raster_id: Id, _: Nothing, caller: Asking, conn: Conn) -> None:
    """Take a raster out of use; zones that were derived from it stay."""
    mine = read_mine(conn, mine_id, caller)
    caller.refuse_foreign(mine.town_code, mine.secrecy, mine.name)
    retire_raster(conn, mine_id=mine_id, raster_id=raster_id)


def _take(request: Request, mine_id: int, caller: Caller, form: FormData) -> MineRaster:
    upload = file_in(form)
    said = {name: str(form.get(name) or "") or None for name in _TEXTS}
    home = settings_of(request).home
    with put_down(upload, folder=home) as path, db.pooled(pool_of(request)) as conn:
        db.set_actor(conn, caller.name)
        mine = read_mine(conn, mine_id, caller)
        caller.refuse_foreign(mine.town_code, mine.secrecy, mine.name)
        return add_raster(
            conn, home=home, mine_seam_id=seam_of(conn, mine_id, said["seam"]).id,
            kind=said["kind"] or "", path=path, name=file_name(upload.filename),
            datum=said["datum"],
        )  # fmt: skip


@router.get("/mines/{mine_id}/compliance", summary="三专两探一撤 · what a mine lacks")
def get_compliance(
    mine_id: Id, query: Annotated[DayQuery, Query()], caller: Asking, conn: Conn
) -> Response:
    """Return what the mine and each of its driven headings lack on a day, and by which rule."""
    mine = read_mine(conn, mine_id, caller)
    found = mine_compliance(conn, mine_id=mine_id, hydro_type=mine.hydro_type, on=query.on)
    return answered({"mine": mine.code, "name": mine.name, **found})


@router.get("/mines/{mine_id}/shafts", summary="井口与最高洪水位 · collars and the flood level")
def get_shafts(mine_id: Id, _: Nothing, caller: Asking, conn: Conn) -> Response:
    """Return every shaft collar and yard against the highest flood level; flags need somebody."""
    mine = read_mine(conn, mine_id, caller)
    found = [shaft_told(it) for it in check_shafts(conn, mine_id=mine_id)]
    flags = sum(it["is_flag"] for it in found)
    return answered({"mine": mine.code, "name": mine.name, "flags": flags, "shafts": found})
