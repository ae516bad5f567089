"""`POST /zoning/floods/imports`: a model's result is sent as a file."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import TypeAdapter
from starlette.datastructures import FormData

from geoservice import db
from geoservice.auth import Actor, Who, pool_of
from geoservice.floods.answers import Scenario
from geoservice.floods.bodies import BroughtBody
from geoservice.floods.bringing_in import Brought, bring_in
from geoservice.imports.forms import file_in, form_of, put_down, said_in
from geoservice.imports.gate import file_name, through_gate
from geoservice.parameters import NoQuery

router = APIRouter(prefix="/zoning/floods", tags=["zoning"])
_SCENARIO = TypeAdapter(Scenario)
_TEXTS = ("name", "height_datum", "source", "official_doc", "family", "datum", "encoding", "layer",
          "arrival_unit")  # fmt: skip
_NUMBERS = ("return_period_y", "level_m", "gauge_level_m", "assumed_m")
_FORM = form_of(
    ["name", "height_datum", "source"],
    {
        "columns": {"type": "string", "description": "JSON: field -> heading"},
        **{name: {"type": "string"} for name in _TEXTS},
        **{name: {"type": "number"} for name in _NUMBERS},
    },
)


@router.post("/imports", summary="导入洪水成果 · bring a model's result in", status_code=201,
             openapi_extra=_FORM, response_model=Scenario)  # fmt: skip
async def send(request: Request, who: Who, _: Annotated[NoQuery, Query()]) -> Response:
    """Take polygons with depths, velocities and arrival times, or a GeoTIFF of depths.

    The scenario is a draft; official only with the document that says so.
    """
    scenario = await through_gate(request, who, lambda form: _take(request, who, form))
    headers = {"ETag": scenario.etag, "Location": f"/zoning/floods/{scenario.id}"}
    return Response(_SCENARIO.dump_json(scenario), 201, headers, media_type="application/json")


def _take(request: Request, who: Actor, form: FormData) -> Scenario:
    upload = file_in(form)
    said = Brought(**said_in(form, BroughtBody).model_dump(), drawn_by=who.name)
    with put_down(upload) as path, db.pooled(pool_of(request)) as conn:
        db.set_actor(conn, who.name)
        shown_as = file_name(upload.filename)
        return bring_in(conn, path, said, shown_as=shown_as, at=datetime.now(UTC))
