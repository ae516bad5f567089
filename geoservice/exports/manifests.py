"""The manifest that goes with an export: what it is, of when, whole or not, and its digests."""

import hashlib
import json
import zipfile
from datetime import tzinfo
from pathlib import Path
from typing import Any

from geoservice.audit.actions import Head
from geoservice.exports.deltas import Delta
from geoservice.exports.source import Source
from geoservice.exports.tokens import Moment, token_of
from geoservice.publish.secrecy import SECRECY_CODES

NAME = "manifest.json"
# The strictest of the rows' levels is the file's.
_LEVELS = tuple(SECRECY_CODES)
_CHUNK = 1 << 20


def manifest_of(
    source: Source, delta: Delta, moment: Moment, *, zone: tzinfo, version: str, head: Head | None
) -> dict[str, Any]:
    """Return the manifest of an export, its files apart.

    ``deleted`` are the ids that went since ``since``; when ``is_complete``, every row is there
    and any other is to be dropped. ``since_token`` asks for what changes from here on.
    """
    layer, survey, export = source.layer, source.survey, source.export
    return {
        "layer": layer.id,
        "title": {"zh": layer.title.zh, "en": layer.title.en},
        "format": export.format.name,
        "encoding": export.encoding,
        "crs": _crs(source),
        "taken_at": moment.at.isoformat(),
        "taken_at_local": moment.at.astimezone(zone).isoformat(),
        "rows": survey.rows,
        "rows_without_place": survey.rows - survey.placed,
        "version": version,
        "since": export.since,
        "since_token": token_of(moment, source.sight, export.filters),
        "is_complete": delta.is_complete,
        "deleted": list(delta.deleted),
        "bbox": list(export.filters.area.bounds) if export.filters.area is not None else None,
        "filter": export.cql2,
        "secrecy": max(survey.secrecies, key=_LEVELS.index, default=None),
        "secrecies": sorted(survey.secrecies, key=_LEVELS.index),
        "licence": {"zh": layer.use.zh, "en": layer.use.en},
        "sources": list(survey.sources),
        "fields": [
            {"name": one.name, "export": one.export, "type": one.type, "zh": one.zh, "en": one.en}
            for one in source.sight.fields
        ],
        "audit_head": None if head is None else {"n": head.n, "sha256": head.sha256},
    }


def _crs(source: Source) -> dict[str, Any] | None:
    if not source.has_places:
        return None
    target = source.target
    return {"name": target.name, "epsg": target.to_epsg(), "wkt": target.to_wkt()}


def with_files(manifest: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the manifest with the name, size and digest of the file, or of each in an archive."""
    if path.suffix != ".zip":
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        files = [{"name": path.name, "bytes": path.stat().st_size, "sha256": digest}]
        return {**manifest, "files": files}
    files = []
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            sha256 = hashlib.sha256()
            with archive.open(member) as inside:
                while chunk := inside.read(_CHUNK):
                    sha256.update(chunk)
            size, digest = member.file_size, sha256.hexdigest()
            files.append({"name": member.filename, "bytes": size, "sha256": digest})
    return {**manifest, "files": files}


def written(manifest: dict[str, Any]) -> bytes:
    """Return the manifest as it is given away."""
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def put_inside(manifest: dict[str, Any], path: Path) -> None:
    """Add the manifest to an archive."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, written(manifest))


def packed(manifest: dict[str, Any], path: Path) -> Path:
    """Return an archive, beside it, of a file and its manifest."""
    archive_path = path.with_suffix(path.suffix + ".zip")
    with zipfile.ZipFile(archive_path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
        archive.writestr(NAME, written(manifest))
    return archive_path
