"""`/dispatch/incidents/{id}/report`: what happened, who was sent, who came when, what is back."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from starlette.responses import HTMLResponse

from geoservice.auth import Conn
from geoservice.incidents.routes import IncidentId, Scope
from geoservice.orders.report_csv import csv_of
from geoservice.orders.reporting import read_report
from geoservice.parameters import Parameters
from geoservice.publish.file_turns import Turn
from geoservice.resources import folder

router = APIRouter(tags=["dispatch"])


class ReportQuery(Parameters):
    """In which form the report is wanted."""

    format: Literal["html", "csv"] = "html"


@router.get(
    "/dispatch/incidents/{incident_id}/report",
    summary="事件报告 · report of an incident",
    response_class=HTMLResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def get_report(
    incident_id: IncidentId, query: Annotated[ReportQuery, Query()], scope: Scope, _turn: Turn,
    conn: Conn,
) -> Response:  # fmt: skip
    """Return one page that needs nothing else, or a table: timeline, orders, arrivals, returns."""
    told = read_report(conn, incident_id, at=datetime.now(UTC), scope=scope)
    name = f"incident-{told.incident.code}.{query.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if query.format == "csv":
        return Response(csv_of(told), media_type="text/csv; charset=utf-8", headers=headers)
    from geoservice.orders.report_page import report_page  # folium: a large and slow import

    return HTMLResponse(report_page(told, web=folder("web")), headers=headers)
