"""`/zoning/versions/{id}/sheet` and `/report`: on paper, and with every reason."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from geoservice.auth import Conn
from geoservice.parameters import Parameters
from geoservice.publish.file_turns import Turn
from geoservice.publish.layers import layers_of
from geoservice.zoning.asking import Asking, Id
from geoservice.zoning.bodies import ReportForm, SheetForm, SheetSize
from geoservice.zoning.report import read_report, report_csv, report_html
from geoservice.zoning.sheet import MEDIA_TYPES, print_sheet
from geoservice.zoning.versions import read_version

router = APIRouter(prefix="/zoning/versions", tags=["zoning"])


class SheetQuery(Parameters):
    """As which file, and on which paper."""

    format: SheetForm = "pdf"
    size: SheetSize = "A3"


class ReportQuery(Parameters):
    """In which form."""

    format: ReportForm = "html"


@router.get("/{version_id}/sheet", summary="三区图打印件 · printed sheet", response_class=Response)
def get_sheet(
    version_id: Id, query: Annotated[SheetQuery, Query()], request: Request, caller: Asking,
    _turn: Turn, conn: Conn,
) -> Response:  # fmt: skip
    """Return the map of the zones with legend, scale, area table and signatures: PDF or PNG."""
    version = read_version(conn, version_id, caller)
    layer = layers_of(request)["mine_water_zones"]
    content = print_sheet(
        conn, version, layer, form=query.format, size=query.size, at=datetime.now(UTC)
    )
    return _file(content, f"{_name(version.id)}.{query.format}", MEDIA_TYPES[query.format])


@router.get("/{version_id}/report", summary="划分依据报告 · evidence report",
            response_class=Response)  # fmt: skip
def get_report(
    version_id: Id, query: Annotated[ReportQuery, Query()], caller: Asking, _turn: Turn, conn: Conn
) -> Response:
    """Return every reason, parameter and step of a version as one page or a table."""
    told = read_report(conn, read_version(conn, version_id, caller))
    is_table = query.format == "csv"
    text = report_csv(told) if is_table else report_html(told)
    kind = "text/csv; charset=utf-8" if is_table else "text/html; charset=utf-8"
    return _file(text.encode(), f"{_name(version_id)}.{query.format}", kind)


def _name(version_id: int) -> str:
    return f"mine-water-zones-{version_id}"


def _file(content: bytes, name: str, kind: str) -> Response:
    where = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=where)
