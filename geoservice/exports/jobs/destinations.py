"""Where a set of layers goes and in which form: a folder's files, or a database's tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoservice.db import Connection
from geoservice.errors import InputError
from geoservice.exports.city_sets import is_address, publish_tables, schema_named
from geoservice.exports.formats import FORMATS, encoding_named, format_named
from geoservice.exports.records import Export
from geoservice.exports.sets import Published, publish_set
from geoservice.exports.target import target_crs
from geoservice.publish.permit import Sight


@dataclass(frozen=True)
class Destination:
    """A folder with its format and encoding, or the address of a database with its schema."""

    target: str
    schema_name: str | None = None
    format: str | None = None
    crs: str | None = None
    encoding: str = "utf-8"


def check_destination(conn: Connection, to: Destination) -> None:
    """Refuse a destination that nothing could be written to, whatever is there.

    Raises
    ------
    InputError
        A format, CRS, encoding or schema that there is not, or not of this kind of target.
    """
    is_database = is_address(to.target)
    if (to.format if is_database else to.schema_name) is not None:
        raise InputError(
            "--format is for a folder, --schema for a database",
            zh="--format 用于目录，--schema 用于数据库",
            where="format" if is_database else "schema",
        )
    encoding_named(to.encoding)
    if is_database:
        schema_named(conn, to.schema_name)
    target_crs(None, to.crs, FORMATS["gpkg"] if is_database else _export(to).format)


def hand_over(
    conn: Connection,
    to: Destination,
    *,
    sights: Sequence[Sight],
    on_layer: Callable[[str], None],
    address: str | None = None,
) -> Published:
    """Write the set; ``address`` is how the database is reached, where the target does not say all.

    Raises
    ------
    GeoServiceError
        As ``publish_set`` and ``publish_tables``.
    """
    if not is_address(to.target):
        folder = Path(to.target)
        return publish_set(
            conn, sights=sights, folder=folder, export=_export(to), on_layer=on_layer
        )
    return publish_tables(
        conn, sights=sights, address=address or to.target,
        schema=schema_named(conn, to.schema_name), crs=to.crs, on_layer=on_layer,
    )  # fmt: skip


def _export(to: Destination) -> Export:
    return Export(format_named(to.format or "gpkg", ""), to.crs, encoding_named(to.encoding))
