"""A layer written to a file, as one caller sees it at one moment."""

from collections.abc import Callable
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from psycopg.rows import dict_row

from geoservice.audit.actions import HEAD
from geoservice.db import DISTRICT_ZONE, Connection, Query
from geoservice.exports import manifests
from geoservice.exports.deltas import MOMENT, Delta, delta_of, everything
from geoservice.exports.formats import refuse_unfit
from geoservice.exports.records import Export, Report, Survey
from geoservice.exports.source import Source
from geoservice.exports.target import described, target_crs
from geoservice.exports.tokens import Moment
from geoservice.publish.permit import Sight
from geoservice.publish.select.copies import Wanted, survey
from geoservice.publish.versions import version_now
from geoservice.timezones import zone_named
from geoservice.violations import translated
from geoservice.whole_files import replaced

READ_LONG = Query("exports", "read_long", str)


def _nobody(_rows: int, _of: int) -> None:
    """Nobody watches."""


def export_layer(
    conn: Connection,
    *,
    sight: Sight,
    path: Path,
    export: Export,
    on_rows: Callable[[int, int], None] = _nobody,
) -> Report:
    """Write what the caller sees of a layer to a file; what was there before is replaced.

    An archive has its manifest inside. All of it is of one moment when the transaction is
    REPEATABLE READ.

    Raises
    ------
    InputError, FileError
        The format, CRS or encoding does not fit the rows; the path cannot be written.
    ExpiredTokenError
        What changed since then cannot be told any more.
    """
    from geoservice.exports.writing import write_source  # pandas and GDAL: large and slow imports

    refuse_unfit(export.format, is_table=not sight.layer.is_drawn)
    source, said = opened(conn, sight=sight, export=export, on_rows=on_rows)
    with replaced(path) as part:
        notes = write_source(source, part)
        manifest = manifests.with_files(said, part)
        manifest["notes"] = notes
        if part.suffix == ".zip":
            manifests.put_inside(manifest, part)
    crs = described(source.target) if source.has_places else ""
    return Report(source.survey.rows, crs, manifest, notes)


def opened(
    conn: Connection,
    *,
    sight: Sight,
    export: Export,
    on_rows: Callable[[int, int], None] = _nobody,
) -> tuple[Source, dict[str, Any]]:
    """Return the rows of an export, looked over, and their manifest without its files.

    Raises
    ------
    InputError, ExpiredTokenError
        The CRS does not fit the rows; what changed since then cannot be told any more.
    """
    READ_LONG.one(conn)
    moment = MOMENT.one(conn)
    delta = delta_of(conn, sight, export, moment)
    source = _source(conn, delta, export, on_rows)
    return source, _manifest(source, delta, moment)


def _source(
    conn: Connection, delta: Delta, export: Export, on_rows: Callable[[int, int], None]
) -> Source:
    found = survey_of(conn, delta.wanted)
    bounds = found.bounds
    if not delta.is_complete:  # the same CRS as the whole has
        bounds = survey_of(conn, everything(delta.wanted.sight, export).wanted).bounds
    target = target_crs(bounds, export.crs, export.format)
    return Source(conn, delta.wanted, export, target, found, on_rows)


def survey_of(conn: Connection, wanted: Wanted) -> Survey:
    """Return what is to be written, looked over: number, places, kinds, sources."""
    statement = survey(wanted)
    with translated(), conn.cursor(row_factory=dict_row) as cursor:
        cursor.execute(statement.text, statement.values)
        found = cursor.fetchone() or {}
    # What there is nothing of, and a row without a place, come as NULL.
    lists = ("dimensions", "types", "secrecies", "sources")
    seen = {name: tuple(one for one in found[name] or () if one is not None) for name in lists}
    return Survey(**{**found, **seen})


def _manifest(source: Source, delta: Delta, moment: Moment) -> dict[str, Any]:
    name = DISTRICT_ZONE.first(source.conn)
    zone: tzinfo = UTC if name is None else zone_named(name)
    return manifests.manifest_of(
        source, delta, moment, zone=zone,
        version=version_now(source.conn, source.layer), head=HEAD.first(source.conn),
    )  # fmt: skip
