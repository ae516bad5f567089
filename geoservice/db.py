"""The database: connections, and named queries with typed rows.

SQL text lives in `sql/queries/<area>.sql`; a `Query` finds it by name. A geometry goes in and
comes out as a shapely shape in `crs.STORE_SRID`; one of another SRID is refused here, because
PostGIS would stamp an unknown SRID with the column's and store metres as degrees.
"""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import is_dataclass
from functools import cache
from typing import Any, Generic, LiteralString, TypeVar, cast
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray
from psycopg.rows import class_row, scalar_row, tuple_row
from psycopg.types import TypeInfo
from psycopg.types.shapely import register_shapely
from psycopg_pool import ConnectionPool, PoolTimeout, TooManyRequests
from shapely.geometry.base import BaseGeometry

from geoservice.crs import STORE_SRID
from geoservice.errors import (
    CrowdedError,
    NoDistrictError,
    NotFoundError,
    UnavailableError,
)
from geoservice.resources import folder
from geoservice.timezones import zone_named
from geoservice.violations import translated

Connection = psycopg.Connection[tuple[Any, ...]]
Row = TypeVar("Row")

# PostGIS's costs make the planner compile small questions: seconds for milliseconds of work.
AS_SERVICE = "-c role=geoservice_app -c jit=off"


_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@cache
def _statements(area: str) -> dict[str, LiteralString]:
    """Return the named statements of one file."""
    text = (folder("sql") / "queries" / f"{area}.sql").read_text("utf-8")
    parts = _NAME.split(text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


class Query(Generic[Row]):
    """One named statement of `sql/queries/<area>.sql` and the type of its rows.

    Parameters
    ----------
    area, name
        The file and the statement's name in it.
    row_type
        A dataclass whose fields are the columns, or a plain type for a single column.

    Raises
    ------
    LookupError
        There is no such statement.
    """

    def __init__(self, area: str, name: str, row_type: type[Row]) -> None:
        self.where = f"{area}.{name}"
        # The text is a file of this project, never of a caller.
        self.text: LiteralString = _statements(area)[name]
        self.row_type = row_type
        self.parameters = frozenset(_PLACEHOLDER.findall(self.text))

    def all(self, conn: Connection, **params: object) -> list[Row]:
        """Return every row; an empty list when there is none."""
        with self._executed(conn, params) as cursor:
            return cursor.fetchall()

    def first(self, conn: Connection, **params: object) -> Row | None:
        """Return the first row, or None."""
        with self._executed(conn, params) as cursor:
            return cursor.fetchone()

    def one(self, conn: Connection, **params: object) -> Row:
        """Return the one row.

        Raises
        ------
        NotFoundError
            There is no row.
        """
        row = self.first(conn, **params)
        if row is None:
            given = ", ".join(f"{k}={v}" for k, v in params.items() if isinstance(v, str | int))
            raise NotFoundError(
                f"{self.where}: nothing for {given or 'this'}", zh=f"没有找到：{given}"
            )
        return row

    def run(self, conn: Connection, **params: object) -> int:
        """Execute, and return the number of rows touched."""
        with self._executed(conn, params, rows=False) as cursor:
            return cursor.rowcount

    def columns(self, conn: Connection, **params: object) -> dict[str, NDArray[Any]]:
        """Return the rows as one numpy array a column, for bulk; no rows give empty arrays."""
        self._check(params)
        with translated(), conn.cursor(row_factory=tuple_row, binary=True) as cursor:
            cursor.execute(self.text, params or None)
            names = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        values = list(zip(*rows, strict=True)) if rows else [() for _ in names]
        return {name: np.asarray(value) for name, value in zip(names, values, strict=True)}

    def _check(self, params: Mapping[str, object]) -> None:
        if params.keys() != self.parameters:
            raise TypeError(f"{self.where} takes {sorted(self.parameters)}, got {sorted(params)}")
        for name, value in params.items():
            if isinstance(value, BaseGeometry) and shapely.get_srid(value) != STORE_SRID:
                raise TypeError(
                    f"{self.where}: {name} has SRID {shapely.get_srid(value)}, not {STORE_SRID}"
                )

    @contextmanager
    def _executed(
        self, conn: Connection, params: Mapping[str, object], *, rows: bool = True
    ) -> Iterator[psycopg.Cursor[Row]]:
        self._check(params)
        factory = class_row(self.row_type) if is_dataclass(self.row_type) else scalar_row
        with translated(), conn.cursor(row_factory=factory if rows else tuple_row) as cursor:
            cursor.execute(self.text, params or None)
            yield cast("psycopg.Cursor[Row]", cursor)


def connect(url: str, *, role: str = "geoservice_app") -> Connection:
    """Return a connection that acts as ``role``, shapes registered.

    Raises
    ------
    UnavailableError
        The database does not answer.
    """
    with translated():
        conn = psycopg.connect(url, options=f"{AS_SERVICE} -c role={role}")
    prepare(conn)
    return conn


def prepare(conn: Connection) -> None:
    """Make shapely shapes go in and out of this connection."""
    info = TypeInfo.fetch(conn, "geometry")
    if info is None:
        raise UnavailableError("PostGIS is not in this database", zh="数据库中没有 PostGIS 扩展")
    register_shapely(info, conn)
    conn.rollback()


def open_pool(url: str, *, size: int = 8) -> ConnectionPool[Connection]:
    """Return an open pool of connections that act as the service's role.

    A short reconnect time, because the pool's back-off, not PostgreSQL, decides how long a
    restart of the database is felt (measured: 0.6-2.1 s against 0.9-7.9 s with the default).
    """
    return ConnectionPool(
        url,
        kwargs={"options": f"{AS_SERVICE} -c statement_timeout=8s -c lock_timeout=2s"},
        configure=prepare,
        check=_check_rested,
        min_size=2,
        max_size=size,
        timeout=2.0,
        max_waiting=64,
        reconnect_timeout=2.0,
        open=True,
    )


_TRUSTED_FOR_S = 1.0
_lent_at: WeakKeyDictionary[Connection, float] = WeakKeyDictionary()


def _check_rested(conn: Connection) -> None:
    """Ask a connection whether it lives, but not again within a second: that is a round trip."""
    now = time.monotonic()
    if now - _lent_at.get(conn, 0.0) > _TRUSTED_FOR_S:
        ConnectionPool.check_connection(conn)
    _lent_at[conn] = now


@contextmanager
def pooled(pool: ConnectionPool[Connection]) -> Iterator[Connection]:
    """Lend a connection for one transaction: committed at the end, rolled back on an error.

    Raises
    ------
    CrowdedError, UnavailableError
        No connection became free in time, or the database is away.
    """
    try:
        with pool.connection() as conn:
            yield conn
    except TooManyRequests as error:
        raise CrowdedError("too many requests at once", zh="请求过多，请稍后再试") from error
    except PoolTimeout as error:
        raise UnavailableError("the database does not answer", zh="数据库没有响应") from error


SET_ACTOR = Query("common", "set_actor", str)
SET_REQUEST = Query("common", "set_request", str)
DISTRICT_IS_SET = Query("common", "district_is_set", bool)
DISTRICT_ZONE = Query("common", "district_zone", str)


def set_actor(conn: Connection, name: str) -> None:
    """Say who acts in this transaction; kept with every row it writes."""
    SET_ACTOR.one(conn, name=name)


def set_request(
    conn: Connection, name: str, *, request_id: str = "", address: str = "", reason: str = ""
) -> None:
    """Say who acts in this transaction, by which request, from where and why; kept in the audit."""
    SET_REQUEST.one(conn, name=name, request_id=request_id, address=address, reason=reason)


def require_district(conn: Connection) -> None:
    """Refuse to go on while no boundary is loaded.

    Raises
    ------
    NoDistrictError
        There is no district.
    """
    if not DISTRICT_IS_SET.one(conn):
        raise NoDistrictError(
            "no district yet: load its boundary first (geoservice load boundary FILE)",
            zh="尚未设定行政区：请先导入边界（geoservice load boundary 文件）",
        )


def district_zone(conn: Connection) -> ZoneInfo:
    """Return the time zone in which the district's times are shown.

    Raises
    ------
    NoDistrictError
        There is no district.
    """
    require_district(conn)
    return zone_named(DISTRICT_ZONE.one(conn))
