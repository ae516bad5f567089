"""`/zoning/may`: may this be done here, why, and by which version."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from shapely import Point

from geoservice.auth import Conn
from geoservice.crs import stored
from geoservice.parameters import NoQuery
from geoservice.registry.bodies import read_shape
from geoservice.zoning.answers import version_brief
from geoservice.zoning.asking import Asking, answered
from geoservice.zoning.bodies import MayBody, MayQuery
from geoservice.zoning.may import Answer, may
from geoservice.zoning.permits import ACTIVITIES, Part
from geoservice.zoning.words import EN, ZH

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


def may_told(it: Answer) -> dict[str, Any]:
    """Return an answer as JSON values."""
    return {
        "activity": it.activity, "activity_zh": ACTIVITIES[it.activity],
        "may": it.verdict == "allowed", "verdict": it.verdict,
        "text": {"zh": it.text.zh, "en": it.text.en},
        "parts": [_part(one) for one in it.parts],
        "versions": [version_brief(one) for one in it.versions],
    }  # fmt: skip


def _part(it: Part) -> dict[str, Any]:
    said = {name: value for name, value in vars(it).items() if name not in {"text", "amount"}}
    is_line = it.geometry is not None and it.geometry["type"].endswith("LineString")
    names = {"zh": ZH[it.zone], "en": EN[it.zone]} if it.zone else {"zh": None, "en": None}
    return {
        **said, **names, "may": it.verdict == "allowed",
        "text": {"zh": it.text.zh, "en": it.text.en},
        "area_m2": None if is_line else it.amount, "length_m": it.amount if is_line else None,
    }  # fmt: skip
