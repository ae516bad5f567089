"""`/zoning/may`: may this be done here, why, and by which version."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from shapely import Point

from geoservice.auth import Conn
from geoservice.crs import stored
from geoservice.parameters import NoQuery
from geoservice.registry.bodies import read_shape
from geoservice.zoning.asking import Asking, answered
from geoservice.zoning.bodies import MayBody, MayQuery
from geoservice.zoning.may import may
from geoservice.zoning.may_answers import may_told

router = APIRouter(prefix="/zoning", tags=["zoning"])


@router.get("/may", summary="此处可否作业 · may this be done here")
def get_may(query: Annotated[MayQuery, Query()], caller: Asking, conn: Conn) -> Response:
    """Say whether stoping, heading or exploration may be at a place, why, and by which version."""
    at = stored(Point(query.lon, query.lat))
    found = may(conn, activity=query.activity, shape=at, seam=query.seam, caller=caller)
    return answered(may_told(found))


@router.post("/may", summary="此范围可否作业 · may this be done in this shape")
def post_may(body: MayBody, _: Annotated[NoQuery, Query()], caller: Asking, conn: Conn) -> Response:
    """Say it of a line or an area: every part is listed, the worst decides."""
    shape = read_shape(body.geometry, "Geometry")
    found = may(conn, activity=body.activity, shape=shape, seam=body.seam, caller=caller)
    return answered(may_told(found))
