"""`POST /zoning/floods/imports`: a model's result is sent as a file."""

import asyncio
import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from geoservice import db
from geoservice.auth import Actor, Who, pool_of, settings_of
from geoservice.errors import FileError, InputError
from geoservice.floods.answers import Scenario
from geoservice.floods.bodies import BroughtBody
from geoservice.floods.bringing_in import Brought, bring_in
from geoservice.imports.jobs import upload_slot
from geoservice.parameters import NoQuery

router = APIRouter(prefix="/zoning/floods", tags=["zoning"])
_SCENARIO = TypeAdapter(Scenario)
_TEXTS = ("name", "height_datum", "source", "official_doc", "family", "datum", "encoding", "layer",
          "arrival_unit")  # fmt: skip
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "name", "height_datum", "source"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "columns": {"type": "string", "description": "JSON: field -> heading"},
                        **{name: {"type": "string"} for name in _TEXTS},
                        **{
                            name: {"type": "number"}
                            for name in ("return_period_y", "level_m", "gauge_level_m", "assumed_m")
                        },
                    },
                }
            }
        },
    }
}


@router.post("/imports", summary="导入洪水成果 · bring a model's result in", status_code=201,
             openapi_extra=_FORM, response_model=Scenario)  # fmt: skip
async def send(request: Request, who: Who, _: Annotated[NoQuery, Query()]) -> Response:
    """Take polygons with depths, velocities and arrival times, or a GeoTIFF of depths.

    The scenario is a draft; official only with the document that says so.
    """
    settings = settings_of(request)
    with upload_slot(who.name):
        try:
            within = asyncio.timeout(settings.upload_within_s)
            async with within, request.form(max_files=1) as form:
                scenario = await run_in_threadpool(_take, request, who, form)
        except TimeoutError:
            raise HTTPException(408) from None
    headers = {"ETag": scenario.etag, "Location": f"/zoning/floods/{scenario.id}"}
    return Response(_SCENARIO.dump_json(scenario), 201, headers, media_type="application/json")


def _take(request: Request, who: Actor, form: FormData) -> Scenario:
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        raise FileError("`file` is needed", zh="须有 file", where="file")
    said = _said(form, who)
    shown_as = (upload.filename or "").replace("\\", "/").rpartition("/")[2][:120] or "file"
    with tempfile.TemporaryDirectory(prefix="geoservice-flood-") as folder:
        path = Path(folder) / "sent"
        with path.open("wb") as out:
            shutil.copyfileobj(upload.file, out)
        with db.pooled(pool_of(request)) as conn:
            db.set_actor(conn, who.name)
            return bring_in(conn, path, said, shown_as=shown_as, at=datetime.now(UTC))


def _said(form: FormData, who: Actor) -> Brought:
    given: dict[str, Any] = {
        name: value for name, value in form.multi_items() if name != "file" and value != ""
    }
    try:
        given["columns"] = json.loads(str(given.get("columns", "{}")))
        said = BroughtBody.model_validate(given)
    except ValidationError as error:
        wrongs = [{**it, "loc": ("body", *it["loc"])} for it in error.errors()]
        raise RequestValidationError(wrongs) from error
    except ValueError as error:
        raise InputError("columns: not JSON", zh="columns：不是 JSON", where="columns") from error
    return Brought(**said.model_dump(), drawn_by=who.name)
