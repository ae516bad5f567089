"""The whole set of layers in one folder, all of one moment, switched to at once.

The folder is a link: each publication is written beside it and the link is turned to it when all of
it is there, so that a reader meets the old set or the new one, and a killed run leaves the old.
"""

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoservice.db import Connection
from geoservice.errors import FileError
from geoservice.exports.actions import export_layer
from geoservice.exports.formats import FORMATS
from geoservice.exports.manifests import NAME, written
from geoservice.exports.records import Export
from geoservice.publish.permit import Sight

# Sets before the last one, and what a killed run left, go after so long.
_READ_WITHIN_S = 3600


@dataclass(frozen=True)
class Published:
    """What was published: rows and files of the set, and its manifest."""

    rows: int
    layers: int
    manifest: dict[str, Any]


def publish_set(
    conn: Connection,
    *,
    sights: Sequence[Sight],
    folder: Path,
    export: Export,
    on_layer: Callable[[str], None] = lambda _: None,
) -> Published:
    """Write every layer and a manifest of them all; ``folder`` then leads to the new set.

    A layer that the format has no room for (a table without places) is written as CSV. All of it
    is of one moment when the transaction is REPEATABLE READ.

    Raises
    ------
    FileError
        The folder is one that was not published to before, or cannot be written.
    InputError
        The CRS or encoding does not fit a layer.
    """
    _refuse_foreign(folder)
    made = folder.with_name(f".{folder.name}-{secrets.token_hex(6)}")
    try:
        made.mkdir(parents=True)
        manifests = []
        for sight in sights:
            on_layer(sight.layer.id)
            manifests.append(_one(conn, sight, made, export))
        manifest = {"layers": manifests, "rows": sum(one["rows"] for one in manifests)}
        (made / NAME).write_bytes(written(manifest))
        _turn_to(made, folder)
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        why = error.strerror or str(error)
        raise FileError(
            f"{folder}: cannot be written: {why}", zh=f"{folder}：无法写入：{why}", where="folder"
        ) from error
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return Published(manifest["rows"], len(manifests), manifest)


def _one(conn: Connection, sight: Sight, made: Path, export: Export) -> dict[str, Any]:
    form = export.format
    if not sight.layer.is_drawn and not form.takes_tables:
        form = FORMATS["csv"]
    asked = Export(form, export.crs if sight.layer.is_drawn else None, export.encoding)
    path = made / f"{sight.layer.id}.{form.ending}"
    return export_layer(conn, sight=sight, path=path, export=asked).manifest


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not folder.is_symlink():
        raise FileError(
            f"{folder}: it is there and was not published to before: name a new folder",
            zh=f"{folder}：已存在且不是发布目录：请换一个新目录名",
            where="folder",
        )


def _turn_to(made: Path, folder: Path) -> None:
    """Let the link lead to the new set in one step; the one before stays for who is reading it."""
    before = folder.resolve() if folder.is_symlink() else made
    link = made.with_name(f"{made.name}.link")
    link.symlink_to(made.name)
    link.replace(folder)
    old = made.stat().st_mtime - _READ_WITHIN_S
    for other in folder.parent.glob(f".{folder.name}-*"):
        if other not in (made, before) and other.stat().st_mtime < old:
            shutil.rmtree(other, ignore_errors=True)
