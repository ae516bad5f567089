"""The whole set of layers as tables of another's PostGIS, all of one moment, in place at once.

One transaction there makes a schema beside the old one, fills it, drops the old and takes its name:
whatever stops it, a killed run too, leaves the old set whole and nothing beside it.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import psycopg
from psycopg import errors as pg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import Jsonb

from geoservice.db import Connection, Query
from geoservice.errors import ConflictError, InputError, UnavailableError
from geoservice.exports.actions import opened
from geoservice.exports.records import Export
from geoservice.exports.rows import SHAPE
from geoservice.exports.sets import Published
from geoservice.exports.source import Source
from geoservice.publish.permit import Sight
from geoservice.publish.select import city_tables

DISTRICT_CODE = Query("exports", "district_code", str)
_SCHEMES = ("postgresql://", "postgres://")
_NAME = re.compile(r"^(?!pg_)[a-z_][a-z0-9_]{0,47}$")
# Readers of the old tables are waited for so long, and others wait behind us no longer.
_OPTIONS = "-c lock_timeout=20s -c client_min_messages=warning"


@dataclass(frozen=True)
class Place:
    """What the other database says of the schema; ``mark`` None: there is none of that name."""

    has_postgis: bool
    is_free: bool
    mark: str | None
    readers: list[str]


PLACE_FOR_SET = Query("exports", "place_for_set", Place)


def is_address(target: str) -> bool:
    """Return whether a target is a database, not a folder."""
    return target.startswith(_SCHEMES)


def refuse_password(address: str) -> None:
    """Refuse an address with a password: everybody on the machine would read it.

    Raises
    ------
    InputError
        There is one, or this is no address.
    """
    try:
        has_one = conninfo_to_dict(address).get("password") is not None
    except psycopg.ProgrammingError as error:
        raise InputError(
            "target: not an address such as postgresql://account@host:5432/database",
            zh="目标：须为 postgresql://账户@主机:5432/数据库 这样的地址",
            where="target",
        ) from error
    if has_one:
        raise InputError(
            "target: a password on the command line is seen by everybody on this machine; put it "
            "into ~/.pgpass (mode 0600), PGPASSWORD, or a file named by ?passfile=/path",
            zh="目标：命令行中的密码本机人人可见；请写入 ~/.pgpass（权限 0600）、"
            "环境变量 PGPASSWORD，或用 ?passfile=/路径 指定的文件",
            where="target",
        )


def schema_named(conn: Connection, asked: str | None) -> str:
    """Return the schema to write to: the one asked for, else the one of the district's code.

    Raises
    ------
    InputError
        The name is not one of small letters, digits and underscores.
    """
    name = asked
    if name is None:
        code = DISTRICT_CODE.first(conn) or "district"
        name = "geoservice_" + re.sub(r"[^a-z0-9]+", "_", code.lower())
    if not _NAME.match(name):
        raise InputError(
            f"schema {name!r}: small letters, digits and underscores, 48 at most",
            zh=f"模式名 {name!r}：只能用小写字母、数字和下划线，最多 48 个字符",
            where="schema",
        )
    return name


def publish_tables(
    conn: Connection,
    *,
    sights: Sequence[Sight],
    address: str,
    schema: str,
    crs: str | None = None,
    on_layer: Callable[[str], None] = lambda _: None,
) -> Published:
    """Write every layer as a table, and a manifest of them all, into a schema of a database.

    Who might use the schema before may read the new tables. All of it is of one moment when the
    transaction of ``conn`` is REPEATABLE READ.

    Raises
    ------
    InputError
        The CRS does not fit a layer, or the other database refuses.
    ConflictError
        The schema is somebody else's, something there hangs on its tables, or is being written.
    UnavailableError
        The other database does not answer.
    """
    staging = f"{schema}_{secrets.token_hex(4)}"
    manifests = []
    with _told(schema), psycopg.connect(address, options=_OPTIONS) as there:
        place = PLACE_FOR_SET.one(there, schema=schema)
        _refuse_unfit(place, schema)
        _run(there, city_tables.schema_made(staging))
        for sight in sights:
            on_layer(sight.layer.id)
            source, manifest = opened(conn, sight=sight, export=Export(crs=crs))
            manifests.append(_one(there, staging, source, manifest))
        if place.mark is not None:
            old = [name for (name,) in there.execute(city_tables.layers_of(schema)).fetchall()]
            _run(there, city_tables.dropped(schema, old))
        there.execute(city_tables.renamed(staging, schema))
        readers = (city_tables.readable(schema, role or None) for role in place.readers)
        _run(there, chain.from_iterable(readers))
    manifest = {"layers": manifests, "rows": sum(one["rows"] for one in manifests)}
    return Published(manifest["rows"], len(manifests), manifest)


def _one(
    there: Connection, schema: str, source: Source, manifest: dict[str, Any]
) -> dict[str, Any]:
    layer = source.layer
    srid = source.target.to_epsg() if source.has_places else None
    _run(there, city_tables.table_made(schema, source.sight, srid))
    with there.cursor() as cursor, cursor.copy(city_tables.rows_taken(schema, layer.id)) as copy:
        for row in _rows(source):
            copy.write_row(row)
    _run(there, city_tables.table_finished(schema, layer.id, has_places=source.has_places))
    said = {**manifest, "format": "postgis", "encoding": "UTF-8"}
    there.execute(
        city_tables.noted(schema),
        (layer.id, layer.title.zh, layer.title.en, srid, said["taken_at"], said["rows"],
         Jsonb(said)),
    )  # fmt: skip
    return said


def _rows(source: Source) -> Iterator[tuple[Any, ...]]:
    """Give the rows; shapes as hexadecimal WKB, which take the SRID of their column."""
    for batch in source.batches():
        columns = [column.to_pylist() for column in batch.columns]
        if SHAPE in batch.schema.names:
            columns[-1] = [None if one is None else one.hex() for one in columns[-1]]
        yield from zip(*columns, strict=True)


def _run(there: Connection, statements: Iterable[sql.Composed]) -> None:
    for one in statements:
        there.execute(one)


def _refuse_unfit(place: Place, schema: str) -> None:
    if not place.has_postgis:
        raise InputError(
            "target: that database has no PostGIS (CREATE EXTENSION postgis)",
            zh="目标数据库没有 PostGIS（CREATE EXTENSION postgis）",
            where="target",
        )
    if place.mark not in (None, city_tables.MARK):
        raise ConflictError(
            f"schema {schema}: it is there and was not published to before: name another",
            zh=f"模式 {schema}：已存在且不是发布所建：请换一个名字",
            where="schema",
        )
    if not place.is_free:
        raise ConflictError(
            f"schema {schema}: it is being published to by another run",
            zh=f"模式 {schema}：另一次发布正在进行",
            where="schema",
        )


@contextmanager
def _told(schema: str) -> Iterator[None]:
    """Say what the other database refused; what reads our own tells of itself."""
    try:
        yield
    except (pg.DependentObjectsStillExist, pg.LockNotAvailable) as error:
        raise ConflictError(
            f"schema {schema}: the old set stays, something uses or hangs on it: {error}",
            zh=f"模式 {schema}：原有内容保留，有对象依赖或正在使用它：{error}",
            where="schema",
        ) from error
    except (pg.OperationalError, psycopg.InterfaceError) as error:
        raise UnavailableError(
            f"the target database does not answer; the old set stays: {error}",
            zh=f"目标数据库没有响应，原有内容保留：{error}",
        ) from error
    except psycopg.Error as error:
        raise InputError(
            f"target: the database refuses; the old set stays: {error}",
            zh=f"目标数据库拒绝，原有内容保留：{error}",
            where="target",
        ) from error
