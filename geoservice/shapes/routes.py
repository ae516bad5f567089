"""`/shapes`: what the drawing tools ask; nothing is read and nothing stored."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import shapely
from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geoservice.crs import to_metric
from geoservice.parameters import Body, NoQuery
from geoservice.registry.bodies import shape_said, wrong_body
from geoservice.registry.fields import Shape
from geoservice.shapes import working

router = APIRouter(prefix="/shapes", tags=["shapes"])
Work = Literal["cut", "split", "reshape"]
Geometry = Annotated[dict[str, Any], Field(description="GeoJSON, CGCS2000, longitude first")]
Distance = Annotated[float, Field(ge=-100_000, le=100_000, description="metres; < 0 narrows")]

_AREA: Shape = "MultiPolygon"
_LINE: Shape = "MultiLineString"
_WORKS: dict[str, tuple[Shape, Callable[..., list[shapely.Polygon]]]] = {
    "cut": (_AREA, working.cut),
    "split": (_LINE, working.split),
    "reshape": (_LINE, working.reshape),
}


class WorkBody(Body):
    """An area, and the line or area that works on it."""

    geometry: Geometry
    other: Geometry


class JoinBody(Body):
    """Areas that touch or lie over one another."""

    geometries: Annotated[tuple[Geometry, ...], Field(min_length=2, max_length=1000)]


class WidenBody(Body):
    """A shape and by how much it grows."""

    geometry: Geometry
    distance_m: Distance


class Piece(BaseModel):
    """One piece of the answer; its area on the plane of the 3-degree zone."""

    geometry: dict[str, Any]
    area_m2: float


@router.post("/widen", summary="缓冲 · everything within a distance")
def post_widen(body: WidenBody, _: Annotated[NoQuery, Query()]) -> list[Piece]:
    """Return the shape grown (or narrowed) by metres."""
    with wrong_body():
        return _pieces(working.widen(shape_said(body.geometry, "Geometry"), body.distance_m))


@router.post("/join", summary="合并 · areas joined")
def post_join(body: JoinBody, _: Annotated[NoQuery, Query()]) -> list[Piece]:
    """Return the areas joined where they touch."""
    with wrong_body():
        return _pieces(
            working.join([shape_said(one, _AREA, "geometries") for one in body.geometries])
        )


@router.post("/{work}", summary="裁剪、分割、修边 · an area worked on")
def post_work(
    work: Annotated[Work, Path()], body: WorkBody, _: Annotated[NoQuery, Query()]
) -> list[Piece]:
    """Return the pieces; corners that are kept stay exactly where they are."""
    kind, do = _WORKS[work]
    with wrong_body():
        return _pieces(do(shape_said(body.geometry, _AREA), shape_said(body.other, kind, "other")))


def _pieces(found: list[shapely.Polygon]) -> list[Piece]:
    return [Piece(geometry=mapping(one), area_m2=round(_area_m2(one), 2)) for one in found]


def _area_m2(shape: BaseGeometry) -> float:
    return float(to_metric(shape, float(shape.centroid.x)).area)
