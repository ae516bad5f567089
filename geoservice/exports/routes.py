"""`/exports/{layer}`: a layer as a file, in a format and a CRS."""

import shutil
from collections.abc import Iterator
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from geoservice import db
from geoservice.auth import Who, pool_of, settings_of
from geoservice.exports.actions import export_layer
from geoservice.exports.formats import FORMATS, encoding_named
from geoservice.exports.manifests import packed
from geoservice.exports.records import Export, Report
from geoservice.exports.snapshots import snapshot
from geoservice.exports.spool import new_folder
from geoservice.exports.wanted import rows_wanted
from geoservice.parameters import Parameters
from geoservice.publish.file_turns import Turn
from geoservice.publish.layers import OF_A_LAYER, PROBLEM, SightHere
from geoservice.publish.permit import Sight

router = APIRouter(tags=["files"])
_HEADERS = {
    "X-Rows": "Rows in the file",
    "X-CRS": "Name of the CRS, percent-encoded",
    "X-Taken-At": "Instant of the snapshot",
    "X-Layer-Version": "Version of the layer then",
    "X-Since-Token": "Send it as `since` to have what changes from here on",
    "X-Deleted": "Ids in the manifest's `deleted`",
    "X-Complete": "Whether every row is there; then any other has gone",
    "X-SHA256": "Digest of the file that the manifest describes, where it is one",
    "X-Notes": "What was not kept as it was, percent-encoded",
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "文件 · the file",
        "content": {
            one.media_type: {"schema": {"type": "string", "format": "binary"}}
            for one in FORMATS.values()
        },
        "headers": {
            name: {"schema": {"type": "string"}, "description": description}
            for name, description in _HEADERS.items()
        },
    },
    **OF_A_LAYER,
    410: {"description": "增量标记已失效 · the token has expired: take it all", "content": PROBLEM},
}


class ExportQuery(Parameters):
    """Which file is wanted."""

    format: Literal[
        "gpkg", "geojson", "shp", "csv", "corners", "fgb", "kml", "parquet", "dxf", "xlsx"
    ] = "gpkg"
    crs: str | None = None
    encoding: Literal["utf-8", "gbk"] = "utf-8"
    bbox: str | None = None
    filter: str | None = None
    since: str | None = None
    manifest: bool = False

    def asked(self, sight: Sight) -> Export:
        """Return what is asked for."""
        return Export(
            format=FORMATS[self.format],
            crs=self.crs,
            encoding=encoding_named(self.encoding),
            filters=rows_wanted(sight, bbox=self.bbox, cql2=self.filter),
            cql2=self.filter,
            since=self.since,
        )


def _of_one_moment(request: Request, who: Who) -> Iterator[db.Connection]:
    """Lend a connection whose whole reading is of one moment."""
    with db.pooled(pool_of(request)) as conn, snapshot(conn):
        db.set_actor(conn, who.name)
        yield conn


Snapshot = Annotated[db.Connection, Depends(_of_one_moment, scope="function")]


@router.get("/exports/{layer_id}", summary="导出图层 · export a layer", responses=_FILE,
            response_class=Response)  # fmt: skip
def export(
    query: Annotated[ExportQuery, Query()], sight: SightHere, _turn: Turn, conn: Snapshot,
    request: Request,
) -> Response:  # fmt: skip
    """Return what the caller may read of the layer as a file.

    `crs`: an EPSG code of CGCS2000, 4326, 3857, or `local` for the 3-degree zone of the place.
    `bbox`: west, south, east, north in degrees; `filter`: CQL2 text.
    `format=corners`: a table of corners, X north. `since`: the `since_token` of an earlier export
    with the same layer, filter and caller; the answer is then an archive of the changed rows and
    a manifest, whose `deleted` are the ids that went. `manifest`: an archive of file and manifest.
    """
    folder = new_folder(settings_of(request).home)
    asked = query.asked(sight)
    path = folder / f"{sight.layer.id}.{asked.format.ending}"
    try:
        report = export_layer(conn, sight=sight, path=path, export=asked)
        if (query.manifest or query.since) and path.suffix != ".zip":
            path = packed(report.manifest, path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(
        path,
        media_type="application/zip" if path.suffix == ".zip" else asked.format.media_type,
        filename=path.name,
        headers=_headers(report),
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )


def _headers(report: Report) -> dict[str, str]:
    manifest = report.manifest
    headers = {
        "X-Rows": str(report.rows),
        "X-CRS": quote(report.crs),
        "X-Taken-At": manifest["taken_at"],
        "X-Layer-Version": manifest["version"],
        "X-Since-Token": manifest["since_token"],
        "X-Deleted": str(len(manifest["deleted"])),
        "X-Complete": "true" if manifest["is_complete"] else "false",
    }
    if len(manifest["files"]) == 1:
        headers["X-SHA256"] = manifest["files"][0]["sha256"]
    return headers | ({"X-Notes": quote("; ".join(report.notes))} if report.notes else {})
