"""`/analysis/within`: what is inside a shape."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from geoservice.analysis.actions import Found, Inside, look_inside
from geoservice.auth import Conn
from geoservice.errors import UnknownNameError
from geoservice.parameters import Body, NoQuery
from geoservice.publish.layers import Sights
from geoservice.publish.permit import Sight
from geoservice.registry.bodies import geojson, shape_said, wrong_body

router = APIRouter(prefix="/analysis", tags=["analysis"])
MOST_ROWS = 1000
Name = Annotated[str, Field(min_length=1, max_length=63)]


class WithinBody(Body):
    """A shape, perhaps widened, and the layers looked into; all that the caller may read."""

    geometry: Annotated[dict[str, Any], Field(description="GeoJSON, CGCS2000, longitude first")]
    buffer_m: Annotated[float, Field(ge=0, le=100_000, description="metres round it")] = 0.0
    layers: Annotated[tuple[Name, ...] | None, Field(max_length=200)] = None
    limit: Annotated[int, Field(ge=0, description="rows listed a layer")] = 50


class Text(BaseModel):
    """One text in both languages."""

    zh: str
    en: str


class SumAnswer(BaseModel):
    """What a field comes to."""

    field: str
    label: Text
    total: float


class InsideAnswer(BaseModel):
    """What of one layer is inside; ``measure`` in metres of lines, square metres of areas."""

    layer: str
    title: Text
    count: int
    measure: float | None
    sums: list[SumAnswer]
    classes: dict[str, int]
    rows: list[dict[str, Any]]


class WithinAnswer(BaseModel):
    """The shape looked in, its area on the ellipsoid, and what it holds."""

    geometry: dict[str, Any] | None
    area_m2: float
    layers: list[InsideAnswer]


@router.post("/within", summary="范围内有什么 · what is inside a shape")
def post_within(
    body: WithinBody, _: Annotated[NoQuery, Query()], sights: Sights, conn: Conn
) -> WithinAnswer:
    """Return counts, sums and the first rows of every layer that has anything inside."""
    shape = shape_said(body.geometry, "Geometry")
    with wrong_body():
        asked = _asked(sights, body.layers)
        most = min(body.limit, MOST_ROWS)
        found = look_inside(conn, asked, shape=shape, buffer_m=body.buffer_m, most=most)
    return _told(found)


def _asked(sights: list[Sight], names: tuple[str, ...] | None) -> list[Sight]:
    if names is None:
        return sights
    known = {sight.layer.id: sight for sight in sights}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownNameError(
            f"no such layer: {', '.join(unknown)}; there are: {', '.join(known)}",
            zh=f"没有图层：{'、'.join(unknown)}；可用：{'、'.join(known)}",
            where="layers",
        )
    return [known[name] for name in dict.fromkeys(names)]


def _told(found: Found) -> WithinAnswer:
    layers = [_layer(it) for it in found.layers]
    return WithinAnswer(
        geometry=geojson(found.geom), area_m2=round(found.area_m2, 2), layers=layers
    )


def _layer(it: Inside) -> InsideAnswer:
    sums = [
        SumAnswer(field=one.field, label=Text(zh=one.label.zh, en=one.label.en), total=one.total)
        for one in it.sums
    ]
    title = Text(zh=it.title.zh, en=it.title.en)
    return InsideAnswer(
        layer=it.layer, title=title, count=it.count, measure=it.measure, sums=sums,
        classes=it.classes, rows=it.rows,
    )  # fmt: skip
