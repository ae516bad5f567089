"""The situation map, to take away."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import HTMLResponse

from geoservice.auth import Conn
from geoservice.db import district_zone
from geoservice.parameters import NoQuery
from geoservice.publish.actions import situation_map
from geoservice.publish.file_turns import Turn
from geoservice.publish.layers import Sights

router = APIRouter(tags=["files"])


@router.get("/situation-map", summary="单文件态势图 · situation map", response_class=HTMLResponse)
def situation(_: Annotated[NoQuery, Query()], sights: Sights, _turn: Turn, conn: Conn) -> Response:
    """Return one HTML file of every layer that the caller may read, to be mailed around."""
    at = datetime.now(UTC)
    page = situation_map(conn, sights=sights, at=at)
    name = f"situation-map-{at.astimezone(district_zone(conn)):%Y%m%d-%H%M}.html"
    return HTMLResponse(page, headers={"Content-Disposition": f'attachment; filename="{name}"'})
