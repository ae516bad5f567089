"""Files to take away: a layer in a format and a CRS, and the situation map."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, HTMLResponse

from geoservice.auth import Conn, Who
from geoservice.db import district_zone
from geoservice.errors import BusyError
from geoservice.parameters import NoQuery, Parameters
from geoservice.publish.actions import export_layer, situation_map
from geoservice.publish.exports import MEDIA_TYPES, Export
from geoservice.publish.layers import OF_A_LAYER, SightHere, Sights

router = APIRouter(tags=["files"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "文件 · the file",
        "content": dict.fromkeys(MEDIA_TYPES.values(), _BINARY),
        "headers": {"X-Notes": {"schema": {"type": "string"}, "description": "What was not kept"}},
    },
    **OF_A_LAYER,
}


# A file takes a core for as long as it is written: unbounded, forty visitors' exports made a
# dispatcher wait 2.3 s for an answer of 13 ms. What visitors take is not missing to who signed in.
_VISITORS, _MEMBERS = threading.BoundedSemaphore(1), threading.BoundedSemaphore(2)


def _a_turn(who: Who) -> Iterator[None]:
    turns = _MEMBERS if who.roles else _VISITORS
    if not turns.acquire(blocking=False):
        raise BusyError(
            "other files are being written: try again in a moment",
            zh="正在生成其他文件，请稍后再试",
        )
    try:
        yield
    finally:
        turns.release()


# Before the connection, which a refused one must not wait for.
Turn = Annotated[None, Depends(_a_turn, scope="function")]


class ExportQuery(Parameters):
    """Which file is wanted."""

    format: Literal["gpkg", "geojson", "shp", "csv", "fgb", "kml"] = "gpkg"
    crs: str | None = None
    encoding: Literal["utf-8", "gbk"] = "utf-8"


@router.get("/exports/{layer_id}", summary="导出图层 · export a layer", responses=_FILE,
            response_class=Response)  # fmt: skip
def export(
    query: Annotated[ExportQuery, Query()], sight: SightHere, _turn: Turn, conn: Conn
) -> Response:
    """Return what the caller may read of the layer as a file (crs: an EPSG code, or `local`)."""
    folder = Path(tempfile.mkdtemp(prefix="geoservice-export-"))
    ending = "zip" if query.format == "shp" else query.format
    path = folder / f"{sight.layer.id}.{ending}"
    asked = Export(query.format, query.crs, query.encoding)
    try:
        report = export_layer(conn, sight=sight, path=path, export=asked)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    notes = {"X-Notes": quote("; ".join(report.notes))} if report.notes else {}
    return FileResponse(
        path,
        media_type=MEDIA_TYPES[query.format],
        filename=path.name,
        headers={"X-Rows": str(report.rows), **notes},
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )


@router.get("/situation-map", summary="单文件态势图 · situation map", response_class=HTMLResponse)
def situation(_: Annotated[NoQuery, Query()], sights: Sights, _turn: Turn, conn: Conn) -> Response:
    """Return one HTML file of every layer that the caller may read, to be mailed around."""
    at = datetime.now(UTC)
    page = situation_map(conn, sights=sights, at=at)
    name = f"situation-map-{at.astimezone(district_zone(conn)):%Y%m%d-%H%M}.html"
    return HTMLResponse(page, headers={"Content-Disposition": f'attachment; filename="{name}"'})
